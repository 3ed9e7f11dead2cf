"""``declare`` and ``prepare`` for a whole file: the same rules, asked once for all in a fixed number of queries.

One by one they cost ten queries a promise, which is nothing for a form and a minute for five thousand lines. Tests
hold both ways to the same refusals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Q

from commitments.models import Commitment, Deadline, Location
from ministries.authoring import REFUSALS, Author, Refused, same_as_seen, writing
from ministries.declaring import NO_ADDRESS, NO_OBSTACLE, overdue, said
from ministries.models import Act, Declaration, Draft, Ministry, Responsibility
from ministries.permissions import Action, Capacity
from ministries.standing import standings

Status = Declaration.Status
BATCH = 500
Row = TypeVar("Row", Declaration, Draft)


@dataclass(frozen=True)
class Statement:
    """What ``declare`` or ``prepare`` takes for one promise. ``seen``: the row that was shown, None without any."""

    commitment: int
    seen: int | None
    status: str
    comment: str = ""
    note: str = ""
    obstacle_kind: str = ""
    obstacle: str = ""
    source_url: str = ""

    def said(self) -> dict[str, str]:
        """As a row keeps it. Raises Refused."""
        return said(self.status, self.comment, self.note, self.obstacle_kind, self.obstacle, self.source_url)


Accepted = tuple[Statement, Capacity, dict[str, str]]


class RefusedMany(Exception):
    """By commitment, what each would have raised alone. Nothing is written."""

    def __init__(self, refusals: dict[int, Exception]) -> None:
        super().__init__(f"{len(refusals)} refusals")
        self.refusals = refusals


def declare_many(author: Author, statements: Sequence[Statement]) -> list[Declaration]:
    """Declare each promise once, all or none. Raises RefusedMany."""
    with writing(author):
        locked, answering = _held(author, statements)
        accepted = _accepted(author, statements, Action.DECLARE, answering, _Streams(author, statements).check)
        rows = [
            Declaration(commitment=locked[one.commitment], declared_on=author.today, **_by(author, capacity), **values)
            for one, capacity, values in accepted
        ]
        return _written(author, Act.Verb.DECLARE, Declaration.objects.bulk_create(rows, batch_size=BATCH), accepted)


def prepare_many(author: Author, statements: Sequence[Statement]) -> list[Draft]:
    """Prepare a declaration for each promise once, all or none. Raises RefusedMany."""
    with writing(author):
        locked, answering = _held(author, statements)
        pending = Draft.objects.pending().filter(commitment__in=locked).order_by("id")
        last = {draft.commitment_id: draft for draft in pending}

        def check(one: Statement, values: Mapping[str, str]) -> None:
            same_as_seen(last.get(one.commitment), one.seen)

        accepted = _accepted(author, statements, Action.PREPARE, answering, check)
        rows = [
            Draft(commitment=locked[one.commitment], **_by(author, capacity), **values)
            for one, capacity, values in accepted
        ]
        return _written(author, Act.Verb.PREPARE, Draft.objects.bulk_create(rows, batch_size=BATCH), accepted)


def _accepted(
    author: Author,
    statements: Sequence[Statement],
    action: Action,
    answering: Mapping[int, list[Ministry]],
    check: Callable[[Statement, dict[str, str]], None],
) -> list[Accepted]:
    """Every statement with who makes it and what a row keeps of it. Raises RefusedMany, with each refusal."""
    accepted: list[Accepted] = []
    refusals: dict[int, Exception] = {}
    for one in statements:
        try:
            capacity = author.rights.capacity(action, answering[one.commitment])
            values = one.said()
            check(one, values)
        except REFUSALS as refused:
            refusals[one.commitment] = refused
        else:
            accepted.append((one, capacity, values))
    if refusals:
        raise RefusedMany(refusals)
    return accepted


def _by(author: Author, capacity: Capacity) -> dict[str, Any]:
    return {"ministry": capacity.ministry, "agent": author.agent, "by_function": capacity.function}


def _written(author: Author, verb: Act.Verb, rows: list[Row], accepted: Sequence[Accepted]) -> list[Row]:
    """The rows, each told in the journal."""
    for row, (_, capacity, _) in zip(rows, accepted, strict=True):
        author.record(verb, capacity, commitment=row.commitment, row=row)
    return rows


def _held(
    author: Author, statements: Sequence[Statement]
) -> tuple[dict[int, Commitment], Mapping[int, list[Ministry]]]:
    """The promises, held until the end, always in one order (two files that meet wait for each other, and never for
    ever); and who answers for each of them, the lead first."""
    ids = [one.commitment for one in statements]
    locked = {one.pk: one for one in Commitment.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    answering: dict[int, list[Ministry]] = defaultdict(list)
    in_force = Responsibility.objects.filter(
        Q(until=None) | Q(until__gt=author.today), commitment__in=ids, since__lte=author.today
    ).select_related("ministry")
    lead = Responsibility.Part.LEAD
    for row in sorted(in_force, key=lambda row: (row.part != lead, row.since, row.pk)):
        answering[row.commitment_id].append(row.ministry)
    return locked, answering


class _Streams:
    """What the rules ask of the base, read once the promises are locked."""

    def __init__(self, author: Author, statements: Sequence[Statement]) -> None:
        day, ids = author.today, [one.commitment for one in statements]
        declared = Declaration.objects.filter(commitment__in=ids).order_by("declared_on", "id")
        self.last = {row.commitment_id: row for row in declared}
        self.located = set(
            Location.objects.filter(deliverable__commitment__in=ids, until=None).values_list(
                "deliverable__commitment", flat=True
            )
        )
        silent = [one.commitment for one in statements if one.status != Status.DONE and not one.obstacle.strip()]
        deadlines = Deadline.objects.filter(commitment__in=silent, corrected_by=None, announced_on__lte=day).order_by(
            "announced_on", "id"
        )
        current = dict(deadlines.values_list("commitment", "last_day"))
        passed = [pk for pk, last_day in current.items() if last_day is not None and last_day < day]
        found = standings(day, commitments=Commitment.objects.filter(pk__in=passed)) if passed else []
        self.overdue = {one.commitment.pk for one in found if overdue(one)}

    def check(self, one: Statement, values: dict[str, Any]) -> None:
        """The refusals of ``declare``, in its order. Raises StaleForm, Refused."""
        same_as_seen(self.last.get(one.commitment), one.seen)
        if one.status == Status.DONE and one.commitment not in self.located:
            raise Refused("address", NO_ADDRESS)
        if one.commitment in self.overdue and not values["obstacle"]:
            raise Refused("obstacle", NO_OBSTACLE)
