"""The rows of the three streams that tell of promises on a day, or on two, read in seven queries. No rule.

A row counts when its effective day (announced, declared, seen) is not after the day and, when ``known_at`` is given,
when it had been recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, FilteredRelation, Max, OuterRef, Q, QuerySet, Subquery

from commitments.days import midnight_after, paris_day
from commitments.findings import Outcome
from commitments.models import Commitment, Deadline, Deliverable, Location, Observation, Reading, Verdict
from ministries.contradictions import Cause
from ministries.models import Contradiction, ContradictionEnd, Declaration, FalseAlarm, Responsibility


@dataclass(frozen=True)
class Streams:
    """The rows of every stream that count on the day, by promise or deliverable, oldest first."""

    as_of: date
    seen_by: datetime
    deadlines: Mapping[int, Sequence[Deadline]]
    declarations: Mapping[int, Sequence[Declaration]]
    responsibilities: Mapping[int, Sequence[Responsibility]]
    deliverables: Mapping[int, Sequence[Deliverable]]
    locations: Mapping[int, Sequence[Location]]
    readings: Mapping[int, Sequence[Reading]]
    verdicts: Mapping[int, Sequence[Verdict]]
    machine_seen: Mapping[int, date]
    contradictions: Mapping[int, Sequence[Contradiction]]


@dataclass(frozen=True)
class Rows:
    """The rows of every stream that count on one of some days, by promise or deliverable, oldest first.

    Each says by itself on which days it counts: ``on`` keeps those of one day.
    """

    last: date
    known_at: datetime | None
    commitments: Sequence[Commitment]
    deadlines: Mapping[int, Sequence[Deadline]]
    declarations: Mapping[int, Sequence[Declaration]]
    responsibilities: Mapping[int, Sequence[Responsibility]]
    deliverables: Mapping[int, Sequence[Deliverable]]
    locations: Mapping[int, Sequence[Location]]
    readings: Mapping[int, Sequence[Reading]]
    verdicts: Mapping[int, Sequence[Verdict]]
    machine_seen: Mapping[date, Mapping[int, date]]
    contradictions: Mapping[int, Sequence[Any]]

    @classmethod
    def read(
        cls, last: date, known_at: datetime | None, asked: QuerySet[Commitment] | None, days: Sequence[date]
    ) -> Rows:
        """Seven queries. ``days``: those that will be asked, none after ``last``."""
        recorded = Q(recorded_at__lte=known_at) if known_at else Q()
        superseded = Q(corrected_by__recorded_at__lte=known_at) if known_at else Q(corrected_by__isnull=False)
        promises, answering = _promises(asked, last, known_at)
        ids = [promise.pk for promise in promises]
        delivered, places = _delivered(ids, days, known_at)
        verdicts = Verdict.objects.known(last, known_at).filter(deliverable__in=list(delivered))
        return cls(
            last=last,
            known_at=known_at,
            commitments=promises,
            deadlines=_by(
                "commitment_id",
                Deadline.objects.filter(recorded, commitment__in=ids, announced_on__lte=last)
                .exclude(superseded)
                .order_by("announced_on", "id"),
            ),
            declarations=_by(
                "commitment_id",
                Declaration.objects.filter(recorded, commitment__in=ids, declared_on__lte=last)
                .select_related("ministry")
                .order_by("declared_on", "id"),
            ),
            responsibilities=answering,
            deliverables=_by("commitment_id", delivered.values()),
            locations=places,
            readings=_by(
                "commitment_id",
                Reading.objects.filter(recorded, commitment__in=ids, read_on__lte=last)
                .exclude(superseded)
                .order_by("read_on", "id"),
            ),
            verdicts=_by("deliverable_id", _with_mistakes(verdicts, recorded).order_by("since", "id")),
            machine_seen={day: _seen(delivered.values(), rank, day) for rank, day in enumerate(days)},
            contradictions=_by(
                "commitment_id",
                _with_ends(Contradiction.objects.known(last, known_at), recorded)
                .filter(Q(ended_on=None) | Q(ended_on__gt=min(days)), commitment__in=ids)
                .order_by("opened_on", "id"),
            ),
        )

    def on(self, day: date) -> Streams:
        """What counts on that day."""

        def by(rows: Mapping[int, Sequence[Any]], counts: Callable[[Any], bool]) -> Mapping[int, Sequence[Any]]:
            if day == self.last:
                return rows
            return {key: [row for row in those if counts(row)] for key, those in rows.items()}

        def open_then(row: Any) -> bool:
            return bool(row.since <= day and (row.until is None or row.until > day))

        return Streams(
            as_of=day,
            seen_by=_seen_by(day, self.known_at),
            deadlines=by(self.deadlines, lambda row: row.announced_on <= day),
            declarations=by(self.declarations, lambda row: row.declared_on <= day),
            responsibilities=by(self.responsibilities, lambda row: row.since <= day),
            deliverables=self.deliverables,
            locations={key: [row for row in rows if open_then(row)] for key, rows in self.locations.items()},
            readings=by(self.readings, lambda row: row.read_on <= day),
            verdicts=by(self.verdicts, lambda row: row.since <= day),
            machine_seen=self.machine_seen[day],
            contradictions={
                key: [row for row in rows if row.opened_on <= day and (row.ended_on is None or row.ended_on > day)]
                for key, rows in self.contradictions.items()
            },
        )


def _promises(
    asked: QuerySet[Commitment] | None, last: date, known_at: datetime | None
) -> tuple[list[Commitment], Mapping[int, Sequence[Responsibility]]]:
    """Every promise with who answered for it, by reference: one row of the base for each of both."""
    part = Q(answering__since__lte=last) & (Q(answering__recorded_at__lte=known_at) if known_at else Q())
    public = Commitment.objects.public() if asked is None else asked
    rows = public.filter(announced_on__lte=last, **({"recorded_at__lte": known_at} if known_at else {}))
    joined = rows.annotate(answering=FilteredRelation("responsibilities")).filter(part)
    promises: dict[int, Commitment] = {}
    answering: dict[int, list[Responsibility]] = defaultdict(list)
    named: Any = ("engagement__citp", "answering__ministry")
    for row in joined.select_related(*named).order_by("ref", "answering__since", "answering__id"):
        promises.setdefault(row.pk, row)
        answering[row.pk].append(row.answering)
    return list(promises.values()), answering


def _delivered(
    ids: Sequence[int], days: Sequence[date], known_at: datetime | None
) -> tuple[dict[int, Any], Mapping[int, Sequence[Location]]]:
    """Every deliverable by id, with where it was looked for: one row of the base for each of both.

    ``seen_0``, ``seen_1``…: when the robot last had an answer of it, as of each of ``days``.
    """
    open_then = Q(locations__since__lte=max(days)) & (Q(locations__until=None) | Q(locations__until__gt=min(days)))
    if known_at:
        open_then &= Q(locations__recorded_at__lte=known_at)
    rows = (
        Deliverable.objects.filter(commitment__in=ids)
        .annotate(place=FilteredRelation("locations", condition=open_then))
        .annotate(**{f"seen_{rank}": _last_answer(day, known_at) for rank, day in enumerate(days)})
    )
    delivered: dict[int, Any] = {}
    places: dict[int, list[Location]] = defaultdict(list)
    named: Any = ("place",)
    for row in rows.select_related(*named).order_by("rank", "id", "place__since", "place__id"):
        delivered.setdefault(row.pk, row)
        if getattr(row, "place", None) is not None:  # not set when nothing was joined
            places[row.pk].append(row.place)
    return delivered, places


def _last_answer(day: date, known_at: datetime | None) -> Subquery:
    """When the last definitive answer came, of those that had begun by the end of the day."""
    seen_by = _seen_by(day, known_at)
    answers = Observation.objects.filter(
        Q(dismissed_at=None) | Q(dismissed_at__gt=seen_by),
        location__deliverable=OuterRef("pk"),
        first_seen_at__lt=seen_by,
    ).exclude(outcome=Outcome.NO_OBSERVATION)
    return Subquery(answers.order_by().values("location__deliverable").values(last=Max("last_seen_at")))


def _seen_by(day: date, known_at: datetime | None) -> datetime:
    end = midnight_after(day)
    return min(end, known_at) if known_at else end


def _seen(delivered: Iterable[Any], rank: int, day: date) -> dict[int, date]:
    seen = ((row.pk, getattr(row, f"seen_{rank}")) for row in delivered)
    return {pk: min(paris_day(at), day) for pk, at in seen if at is not None}


def _with_mistakes(verdicts: QuerySet[Verdict], recorded: Q) -> QuerySet[Verdict]:
    """Each with the days on which the robot was found wrong (alarm marked, observation dismissed), and whether a
    person was."""
    marked = FalseAlarm.objects.filter(recorded, verdict=OuterRef("pk")).values("marked_on")[:1]
    corrected = Reading.objects.filter(recorded, corrects=OuterRef("reading"))
    return verdicts.annotate(
        marked_on=Subquery(marked), dismissed_at=F("observation__dismissed_at"), finding_was_wrong=Exists(corrected)
    )


def _with_ends(contradictions: QuerySet[Contradiction], recorded: Q) -> QuerySet[Contradiction]:
    """Each with the day on which it ended, None while it lasts."""
    ends = ContradictionEnd.objects.filter(recorded, contradiction=OuterRef("pk")).order_by("ended_on")
    return contradictions.annotate(ended_on=Subquery(ends.values("ended_on")[:1]))


def mistake(verdict: Any, day: date, seen_by: datetime) -> Cause | None:
    """Whose mistake a verdict was, as known on that day; None for one that nobody found wrong."""
    marked = verdict.marked_on is not None and verdict.marked_on <= day
    if marked or (verdict.dismissed_at is not None and verdict.dismissed_at < seen_by):
        return Cause.ROBOT
    return Cause.FINDING if verdict.finding_was_wrong else None


def _by(key: str, rows: Iterable[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, key)].append(row)
    return dict(grouped)
