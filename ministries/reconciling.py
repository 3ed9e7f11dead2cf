"""Writes contradictions as they begin and end: what the rules find on a day against what was open. Only adds rows.

``catch_up`` is what tasks and writers call: it looks again at the promises of which something was recorded since the
last time, on the days that the new rows speak of, then today. When nothing changed it costs two small reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from commitments.days import paris_day
from commitments.models import Commitment, Observation, Reading, Verdict, Version
from ministries.contradictions import MISTAKES, Found, Kind, contradictions, ending, holds
from ministries.models import Contradiction, ContradictionEnd, Declaration, FalseAlarm, Reconciliation
from ministries.standing import Standing, standings

OVERLAP = timedelta(hours=2)
"""Rows recorded a little before the last time are looked at again: their transaction, or the clock, may be late."""

Days = Mapping[date, set[int]]
"""Days, each with the promises (ids) of which something new speaks on that day."""


@dataclass(frozen=True)
class Written:
    """How many contradictions were opened, how many were ended."""

    opened: int = 0
    closed: int = 0

    def __bool__(self) -> bool:
        return bool(self.opened or self.closed)

    def __add__(self, other: Written) -> Written:
        return Written(self.opened + other.opened, self.closed + other.closed)


@transaction.atomic
def reconcile(found: Iterable[Standing], today: date) -> Written:
    """Open the contradictions that these situations show, and end those that no longer hold.

    Writing twice gives the same rows. A situation of a past day ends and opens on that day, but for our own mistakes:
    they end what they caused on ``today``, when they were owned. What was recorded of later days is left alone.
    """
    _lock()
    situations = list(found)
    last = _last_of_each([s.commitment.pk for s in situations])
    opened: list[Contradiction] = []
    ends: list[ContradictionEnd] = []
    for situation in situations:
        shown = {one.kind: one for one in contradictions(situation)}
        for kind in Kind:
            row = last.get((situation.commitment.pk, kind))
            end = row.end if row else None
            if row is not None and end is None:
                if (closing := _closing(row, kind, situation, today)) is not None:
                    ends.append(closing)
            elif kind in shown and (end is None or end.ended_on <= situation.as_of):
                opened.append(_opening(shown[kind], situation, end))
    Contradiction.objects.bulk_create(opened)
    ContradictionEnd.objects.bulk_create(ends)
    if opened or ends:
        Version.bump()
    return Written(len(opened), len(ends))


def replay(days: Days, today: date) -> Written:
    """Look at past days in their order, each for the promises named: what happened then begins and ends then."""
    written = Written()
    for day in sorted(days):
        asked = Commitment.objects.public().filter(pk__in=days[day])
        written += reconcile(standings(day, commitments=asked), today)
    return written


def catch_up(now: datetime) -> Written | None:
    """Write what began and ended since the last time; None when nothing was recorded meanwhile.

    The first time of a day, every promise is looked at.
    """
    today = paris_day(now)
    state = Reconciliation.objects.filter(pk=1).first()
    if state is not None and (state.version, state.day) == (Version.current(), today):
        return None
    with transaction.atomic():
        Version.hold()
        state = _lock()
        version, begun = Version.current(), timezone.now()
        days = news(state.done_at - OVERLAP if state.done_at else None)
        written = replay({day: ids for day, ids in days.items() if day < today}, today)
        asked = Commitment.objects.public()
        if state.day == today:
            asked = asked.filter(pk__in=set().union(*days.values()))
        written += reconcile(standings(today, commitments=asked), today)
        # The version read first: what another wrote meanwhile, or what we did, asks for one more look.
        state.version, state.day, state.done_at = version, today, begun
        state.save()
    return written


def news(since: datetime | None) -> Days:
    """The days of which something was recorded from ``since`` on (None: ever), with the promises concerned."""
    found: dict[date, set[int]] = defaultdict(set)
    recorded = Q(recorded_at__gte=since) if since else Q()
    rows: list[tuple[date, int]] = [
        *Verdict.objects.filter(recorded).values_list("since", "deliverable__commitment").distinct(),
        *Declaration.objects.filter(recorded).values_list("declared_on", "commitment").distinct(),
        *FalseAlarm.objects.filter(recorded).values_list("marked_on", "verdict__deliverable__commitment"),
    ]
    corrections = Reading.objects.filter(recorded, corrects__isnull=False)
    rows += [(paris_day(at), commitment) for at, commitment in corrections.values_list("recorded_at", "commitment")]
    dismissed = Observation.objects.filter(dismissed_at__isnull=False)
    if since:
        dismissed = dismissed.filter(dismissed_at__gte=since)
    told = dismissed.values_list("dismissed_at", "location__deliverable__commitment")
    rows += [(paris_day(at), commitment) for at, commitment in told if at is not None]
    for day, commitment in rows:
        found[day].add(commitment)
    return dict(found)


def _lock() -> Reconciliation:
    """One writer of contradictions at a time: two would open the same one twice.

    Whoever comes here holds the version already: in the other order two would wait for each other for ever.
    """
    Reconciliation.objects.get_or_create(pk=1)
    return Reconciliation.objects.select_for_update().get(pk=1)


def _last_of_each(commitments: list[int]) -> dict[tuple[int, Kind], Contradiction]:
    """The last contradiction of each promise and kind, with its ends."""
    followed = Contradiction.objects.filter(follows__contradiction=OuterRef("pk"))
    rows = Contradiction.objects.filter(~Exists(followed), commitment__in=commitments).select_related("verdict")
    rows = rows.only("commitment", "kind", "opened_on", "verdict__deliverable").prefetch_related("ends")
    return {(row.commitment_id, Kind(row.kind)): row for row in rows}


def _opening(found: Found, situation: Standing, before: ContradictionEnd | None) -> Contradiction:
    return Contradiction(
        commitment=situation.commitment,
        kind=found.kind,
        opened_on=max(found.since, before.ended_on) if before else found.since,
        verdict_id=found.verdict_id,
        declaration_id=found.declaration_id,
        deadline_id=found.deadline_id,
        text=found.text,
        follows=before and _first(before),
    )


def _first(end: ContradictionEnd) -> ContradictionEnd:
    """The end as it was first written: what the next contradiction follows, whatever its cause was corrected to."""
    return min(end.contradiction.ends.all(), key=lambda one: one.pk)


def _closing(row: Contradiction, kind: Kind, situation: Standing, today: date) -> ContradictionEnd | None:
    deliverable = row.verdict.deliverable_id
    if situation.as_of < row.opened_on or holds(kind, situation, deliverable) is not False:
        return None
    how = ending(kind, situation, deliverable)
    if how.cause in MISTAKES and situation.as_of < today:
        return None
    return ContradictionEnd(
        contradiction=row,
        ended_on=situation.as_of,
        cause=how.cause,
        verdict_id=how.verdict_id,
        declaration_id=how.declaration_id,
        text=how.text,
    )
