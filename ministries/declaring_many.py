"""``declare`` and ``prepare`` for a whole file: the same rules, asked once for all in a fixed number of queries.

Tests hold both ways to the same refusals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from commitments.models import Commitment, Deadline, Location
from ministries.authoring import Author, Refused, same_as_seen, writing
from ministries.declaring import NO_ADDRESS, NO_OBSTACLE, overdue, said
from ministries.many import BATCH, held, recorded
from ministries.models import Act, Declaration, Draft
from ministries.permissions import Action
from ministries.standing import standings

Status = Declaration.Status


@dataclass(frozen=True)
class Statement:
    """What ``declare`` or ``prepare`` takes for one promise. ``seen``: the row that was shown, None without any.

    ``draft``: the prepared declaration that this one publishes, already checked by who asks.
    """

    commitment: int
    seen: int | None
    status: str
    comment: str = ""
    note: str = ""
    obstacle_kind: str = ""
    obstacle: str = ""
    source_url: str = ""
    draft: int | None = None

    def said(self) -> dict[str, str]:
        """As a row keeps it. Raises Refused."""
        return said(self.status, self.comment, self.note, self.obstacle_kind, self.obstacle, self.source_url)


def declare_many(author: Author, statements: Sequence[Statement]) -> Sequence[Declaration]:
    """Declare each promise once, all or none. Raises RefusedMany."""
    with writing(author):
        promises = held(author, statements)
        found = promises.accepted(author, Action.DECLARE, statements, _Streams(author, statements).judge)
        rows = [
            Declaration(
                commitment=one.commitment,
                declared_on=author.today,
                draft_id=one.one.draft,
                **author.signature(one.capacity),
                **one.said,
            )
            for one in found
        ]
        return recorded(author, Act.Verb.DECLARE, Declaration.objects.bulk_create(rows, batch_size=BATCH), found)


def prepare_many(author: Author, statements: Sequence[Statement]) -> Sequence[Draft]:
    """Prepare a declaration for each promise once, all or none. Raises RefusedMany."""
    with writing(author):
        promises = held(author, statements)
        pending = Draft.objects.pending().filter(commitment__in=promises.locked).order_by("id")
        last = {draft.commitment_id: draft for draft in pending}

        def judge(one: Statement) -> dict[str, str]:
            values = one.said()
            same_as_seen(last.get(one.commitment), one.seen)
            return values

        found = promises.accepted(author, Action.PREPARE, statements, judge)
        rows = [Draft(commitment=one.commitment, **author.signature(one.capacity), **one.said) for one in found]
        return recorded(author, Act.Verb.PREPARE, Draft.objects.bulk_create(rows, batch_size=BATCH), found)


class _Streams:
    """What the rules ask of the base, read once the promises are locked."""

    def __init__(self, author: Author, statements: Sequence[Statement]) -> None:
        day, ids = author.today, [one.commitment for one in statements]
        declared = Declaration.objects.filter(commitment__in=ids).only("commitment").order_by("declared_on", "id")
        self.last = {row.commitment_id: row for row in declared}
        self.located = set(
            Location.objects.filter(deliverable__commitment__in=ids, until=None).values_list(
                "deliverable__commitment", flat=True
            )
        )
        silent = [one.commitment for one in statements if one.status != Status.DONE and not one.obstacle.strip()]
        deadlines = Deadline.objects.filter(commitment__in=silent).announced(day).only("commitment", "last_day")
        current = {row.commitment_id: row for row in deadlines}
        passed = [pk for pk, deadline in current.items() if deadline.passed(day)]
        found = standings(day, commitments=Commitment.objects.filter(pk__in=passed)) if passed else []
        self.overdue = {one.commitment.pk for one in found if overdue(one)}

    def judge(self, one: Statement) -> dict[str, Any]:
        """What a row keeps; the refusals of ``declare``, in its order. Raises StaleForm, Refused."""
        values = one.said()
        same_as_seen(self.last.get(one.commitment), one.seen)
        if one.status == Status.DONE and one.commitment not in self.located:
            raise Refused("address", NO_ADDRESS)
        if one.commitment in self.overdue and not values["obstacle"]:
            raise Refused("obstacle", NO_OBSTACLE)
        return values
