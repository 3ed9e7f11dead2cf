"""``declare`` for a whole file: the same rules, asked once for all in a fixed number of queries.

``declare`` costs ten queries a promise, which is nothing for a form and a minute for five thousand lines. Tests hold
both to the same refusals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from commitments.models import Commitment, Deadline, Location
from ministries.authoring import REFUSALS, Author, Refused, StaleForm, writing
from ministries.declaring import NO_ADDRESS, NO_OBSTACLE, overdue, said
from ministries.models import Act, Declaration, Ministry, Responsibility
from ministries.permissions import Action
from ministries.standing import standings

Status = Declaration.Status


@dataclass(frozen=True)
class Statement:
    """What ``declare`` takes for one promise. ``seen``: the declaration that was shown, None when there was none."""

    commitment: int
    seen: int | None
    status: str
    comment: str = ""
    note: str = ""
    obstacle_kind: str = ""
    obstacle: str = ""
    source_url: str = ""


class RefusedMany(Exception):
    """By commitment, what ``declare`` would have raised. Nothing is written."""

    def __init__(self, refusals: dict[int, Exception]) -> None:
        super().__init__(f"{len(refusals)} refusals")
        self.refusals = refusals


def declare_many(author: Author, statements: Sequence[Statement]) -> list[Declaration]:
    """Declare each promise once, all or none. Raises RefusedMany."""
    with writing(author):
        ids = [one.commitment for one in statements]
        # Always in the same order: two files that meet wait for each other, and never for ever.
        locked = {one.pk: one for one in Commitment.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
        streams = _Streams(author, ids, statements)
        rows: list[Declaration] = []
        capacities = []
        refusals: dict[int, Exception] = {}
        for one in statements:
            try:
                capacity = author.rights.capacity(Action.DECLARE, streams.answering.get(one.commitment, []))
                values = said(one.status, one.comment, one.note, one.obstacle_kind, one.obstacle, one.source_url)
                streams.check(one, values)
            except REFUSALS as refused:
                refusals[one.commitment] = refused
                continue
            capacities.append(capacity)
            rows.append(
                Declaration(
                    commitment=locked[one.commitment],
                    declared_on=author.today,
                    ministry=capacity.ministry,
                    agent=author.agent,
                    by_function=capacity.function,
                    **values,
                )
            )
        if refusals:
            raise RefusedMany(refusals)
        Declaration.objects.bulk_create(rows, batch_size=500)
        for row, capacity in zip(rows, capacities, strict=True):
            author.record(Act.Verb.DECLARE, capacity, commitment=row.commitment, row=row)
        return rows


class _Streams:
    """What the rules ask of the base, read once the promises are locked."""

    def __init__(self, author: Author, ids: Sequence[int], statements: Sequence[Statement]) -> None:
        day = author.today
        self.answering: dict[int, list[Ministry]] = defaultdict(list)
        in_force = Responsibility.objects.filter(
            Q(until=None) | Q(until__gt=day), commitment__in=ids, since__lte=day
        ).select_related("ministry")
        lead = Responsibility.Part.LEAD
        for row in sorted(in_force, key=lambda row: (row.part != lead, row.since, row.pk)):
            self.answering[row.commitment_id].append(row.ministry)
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
        last = self.last.get(one.commitment)
        if (last.pk if last is not None else None) != one.seen:
            raise StaleForm(last)
        if one.status == Status.DONE and one.commitment not in self.located:
            raise Refused("address", NO_ADDRESS)
        if one.commitment in self.overdue and not values["obstacle"]:
            raise Refused("obstacle", NO_OBSTACLE)
