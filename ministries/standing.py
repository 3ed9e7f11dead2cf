"""The situation of promises as of a day: promised, declared and observed side by side, never merged into one status.

The only place where the three streams meet. ``standings`` reads them in a fixed number of queries and gives one
``Standing`` per promise; today and any day of the past go through the same code. A row counts when its effective
day (announced, declared, seen) is not after ``as_of`` and, when ``known_at`` is given, when it had been recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from commitments.ageing import expired, expiry
from commitments.days import midnight_after, paris_day
from commitments.findings import Check, Judgment, Outcome, ReadingState, Reason, State
from commitments.judging import as_judgment
from commitments.models import (
    Commitment,
    Deadline,
    Deliverable,
    Location,
    Observation,
    Reading,
    Verdict,
)
from commitments.portals.addresses import ASKABLE
from commitments.verdicts import combine, judge_nothing
from ministries.contradictions import Cause
from ministries.models import Contradiction, Declaration, FalseAlarm, Ministry, Responsibility
from ministries.timeliness import Timeliness, timeliness


@dataclass(frozen=True)
class Promised:
    """Every date announced, oldest first. ``days_moved``: from the first last day to the current one (may be < 0)."""

    deadlines: tuple[Deadline, ...] = ()

    @property
    def first(self) -> Deadline | None:
        return self.deadlines[0] if self.deadlines else None

    @property
    def current(self) -> Deadline | None:
        return self.deadlines[-1] if self.deadlines else None

    @property
    def moves(self) -> tuple[tuple[Deadline, int], ...]:
        """Each later date with the days it moved by (0 when either has no last day)."""
        return tuple((later, _days(before, later)) for before, later in pairwise(self.deadlines))

    @property
    def postponements(self) -> int:
        """How many times the date was put off: one brought forward is a move, not a postponement."""
        return sum(1 for _, days in self.moves if days > 0)

    @property
    def moved_late(self) -> frozenset[int]:
        """The ids of the dates announced once the one before them had passed."""
        pairs = pairwise(self.deadlines)
        return frozenset(new.pk for old, new in pairs if old.last_day is not None and new.announced_on > old.last_day)

    @property
    def days_moved(self) -> int:
        return _days(self.first, self.current)


def _days(before: Deadline | None, after: Deadline | None) -> int:
    if before is None or after is None or before.last_day is None or after.last_day is None:
        return 0
    return (after.last_day - before.last_day).days


@dataclass(frozen=True)
class Observed:
    """What is observed on the day, with what it rests on. ``checked_on``: the last definitive finding's day."""

    state: State
    since: date | None = None
    checked_on: date | None = None
    opened_on: date | None = None
    opened_from: str = ""
    reasons: tuple[Reason, ...] = ()
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class DeliverableStanding:
    """``set_aside``: the verdicts that were wrong (by id), and whose mistake it was: they stay, and accuse nobody."""

    deliverable: Deliverable
    observed: Observed
    locations: tuple[Location, ...]
    verdicts: tuple[Verdict, ...]
    set_aside: Mapping[int, Cause] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """A promise on a day. ``promised``, ``declared`` and ``observed`` are three answers; nothing here merges them.

    ``declared`` is the last of ``declarations``, which are in the order in which they were made.
    """

    commitment: Commitment
    as_of: date
    ministry: Ministry
    promised_by: Ministry
    joint: tuple[Ministry, ...]
    ministry_to_verify: bool
    promised: Promised
    declared: Declaration | None
    observed: Observed
    timeliness: Timeliness
    deliverables: tuple[DeliverableStanding, ...]
    readings: tuple[Reading, ...]
    already_online: bool
    contradictions: tuple[Contradiction, ...] = ()
    declarations: tuple[Declaration, ...] = ()

    @property
    def ref(self) -> str:
        return self.commitment.ref


def standings(
    as_of: date, known_at: datetime | None = None, *, commitments: QuerySet[Commitment] | None = None
) -> list[Standing]:
    """Every public promise announced by ``as_of``, by reference. A fixed number of queries, whatever the size.

    ``commitments`` narrows the answer (a filter, one reference); drafts never come unless it asks for them.
    """
    asked = Commitment.objects.public() if commitments is None else commitments
    asked = (
        asked.filter(announced_on__lte=as_of).select_related("engagement__citp").prefetch_related("recommendations")
    )
    if known_at is not None:
        asked = asked.filter(recorded_at__lte=known_at)
    found = list(asked.order_by("ref"))
    streams = _Streams.read([c.pk for c in found], as_of, known_at)
    return [standing for c in found if (standing := streams.standing(c)) is not None]


def standing(ref: str, as_of: date, known_at: datetime | None = None) -> Standing | None:
    """One public promise on a day, or None when it does not exist or was not announced yet."""
    found = standings(as_of, known_at, commitments=Commitment.objects.public().filter(ref=ref))
    return found[0] if found else None


@dataclass(frozen=True)
class _Streams:
    """The rows of every stream that count on the day, by promise or deliverable, oldest first."""

    as_of: date
    deadlines: Mapping[int, Sequence[Deadline]]
    declarations: Mapping[int, Sequence[Declaration]]
    responsibilities: Mapping[int, Sequence[Responsibility]]
    deliverables: Mapping[int, Sequence[Deliverable]]
    locations: Mapping[int, Sequence[Location]]
    readings: Mapping[int, Sequence[Reading]]
    verdicts: Mapping[int, Sequence[Verdict]]
    machine_seen: Mapping[int, date]
    contradictions: Mapping[int, Sequence[Contradiction]]

    @classmethod
    def read(cls, ids: list[int], as_of: date, known_at: datetime | None) -> _Streams:
        recorded = Q(recorded_at__lte=known_at) if known_at else Q()
        superseded = Q(corrected_by__recorded_at__lte=known_at) if known_at else Q(corrected_by__isnull=False)
        deliverables = Deliverable.objects.filter(commitment__in=ids)
        end_of_day = midnight_after(as_of)
        seen_by = min(end_of_day, known_at) if known_at else end_of_day
        robot = "locations__observations__"
        definitive = Q(
            Q(**{f"{robot}dismissed_at": None}) | Q(**{f"{robot}dismissed_at__gt": seen_by}),
            ~Q(**{f"{robot}outcome": Outcome.NO_OBSERVATION}),
            **{f"{robot}first_seen_at__lt": seen_by},
        )
        delivered = list(
            deliverables.annotate(seen_at=Max(f"{robot}last_seen_at", filter=definitive)).order_by("rank")
        )
        responsibilities = Responsibility.objects.filter(recorded, commitment__in=ids, since__lte=as_of)
        return cls(
            as_of=as_of,
            deadlines=_by(
                "commitment_id",
                Deadline.objects.filter(recorded, commitment__in=ids, announced_on__lte=as_of)
                .exclude(superseded)
                .order_by("announced_on", "id"),
            ),
            declarations=_by(
                "commitment_id",
                Declaration.objects.filter(recorded, commitment__in=ids, declared_on__lte=as_of)
                .select_related("ministry")
                .order_by("declared_on", "id"),
            ),
            responsibilities=_by("commitment_id", responsibilities.select_related("ministry").order_by("since", "id")),
            deliverables=_by("commitment_id", delivered),
            locations=_by(
                "deliverable_id",
                Location.objects.open_on(as_of).filter(recorded, deliverable__in=deliverables).order_by("since", "id"),
            ),
            readings=_by(
                "commitment_id",
                Reading.objects.filter(recorded, commitment__in=ids, read_on__lte=as_of)
                .exclude(superseded)
                .order_by("read_on", "id"),
            ),
            verdicts=_by(
                "deliverable_id",
                _with_mistakes(Verdict.objects.known(as_of, known_at), as_of, recorded, seen_by)
                .filter(deliverable__in=deliverables)
                .order_by("since", "id"),
            ),
            machine_seen={d.pk: min(paris_day(d.seen_at), as_of) for d in delivered if d.seen_at is not None},
            contradictions=_by(
                "commitment_id",
                Contradiction.objects.open_on(as_of, known_at).filter(commitment__in=ids).order_by("opened_on", "id"),
            ),
        )

    def standing(self, commitment: Commitment) -> Standing | None:
        """The promise's situation, or None when no ministry answered for it yet on that day."""
        parts = self.responsibilities.get(commitment.pk, ())
        leads = [part for part in parts if part.part == Responsibility.Part.LEAD]
        if not leads:
            return None
        today = [part for part in parts if part.until is None or part.until > self.as_of]
        lead = next((part for part in reversed(today) if part.part == Responsibility.Part.LEAD), leads[-1])
        promised = Promised(tuple(self.deadlines.get(commitment.pk, ())))
        declarations = tuple(self.declarations.get(commitment.pk, ()))
        declared = declarations[-1] if declarations else None
        readings = tuple(self.readings.get(commitment.pk, ()))
        delivered = tuple(self._deliverable(d, readings) for d in self.deliverables.get(commitment.pk, ()))
        observed = self._combined(commitment, delivered, readings)
        opened_on, opened_from = self._opened(delivered) or (observed.opened_on, observed.opened_from)
        return Standing(
            commitment=commitment,
            as_of=self.as_of,
            ministry=lead.ministry,
            promised_by=leads[0].ministry,
            joint=tuple(part.ministry for part in today if part.part == Responsibility.Part.JOINT),
            ministry_to_verify=lead.certainty == "inferred",
            promised=promised,
            declared=declared,
            observed=observed,
            timeliness=timeliness(
                closed=declared is not None and declared.status in Declaration.CLOSING,
                state=observed.state,
                opened_on=opened_on,
                opened_exactly=opened_from != "first_seen",
                was_kept_since_last_gone=bool(delivered) and all(_was_kept(d.verdicts) for d in delivered),
                current_last=promised.current.last_day if promised.current else None,
                first_last=promised.first.last_day if promised.first else None,
                today=self.as_of,
            ),
            deliverables=delivered,
            readings=readings,
            already_online=opened_on is not None and opened_on < commitment.announced_on,
            contradictions=tuple(self.contradictions.get(commitment.pk, ())),
            declarations=declarations,
        )

    def _deliverable(self, deliverable: Deliverable, readings: tuple[Reading, ...]) -> DeliverableStanding:
        locations = tuple(self.locations.get(deliverable.pk, ()))
        verdicts = tuple(self.verdicts.get(deliverable.pk, ()))
        return DeliverableStanding(
            deliverable,
            self._observed(deliverable, verdicts, locations, readings),
            locations,
            verdicts,
            {verdict.pk: mistake for verdict in verdicts if (mistake := _mistake(verdict)) is not None},
        )

    def _observed(
        self,
        deliverable: Deliverable,
        verdicts: tuple[Verdict, ...],
        locations: tuple[Location, ...],
        readings: tuple[Reading, ...],
    ) -> Observed:
        """The last verdict of the day, aged: what was seen too long ago is said to be unknown since then."""
        if not verdicts:
            return _never_judged(locations)
        verdict = verdicts[-1]
        judgment = as_judgment(verdict)
        seen_on = self._seen_on(deliverable, verdict, readings)
        observed = Observed(
            judgment.state,
            since=_state_since(verdicts),
            checked_on=seen_on,
            opened_on=judgment.opened_on,
            opened_from=judgment.opened_from,
            reasons=judgment.reasons,
            checks=judgment.checks,
        )
        if seen_on is None:
            return observed
        aged = expired(judgment, seen_on=seen_on, by=judgment.grounded_by, today=self.as_of)
        if aged is None:
            return observed
        return Observed(
            aged.state,
            since=expiry(seen_on, judgment.grounded_by) + timedelta(days=1),
            checked_on=seen_on,
            opened_on=judgment.opened_on,
            opened_from=judgment.opened_from,
            reasons=aged.reasons,
            checks=aged.checks,
        )

    def _seen_on(self, deliverable: Deliverable, verdict: Verdict, readings: tuple[Reading, ...]) -> date | None:
        if verdict.observation_id is not None:
            return self.machine_seen.get(deliverable.pk)
        if verdict.reading_id is None:
            return None
        days = [
            r.read_on
            for r in readings
            if r.deliverable_id in (None, deliverable.pk) and r.state != ReadingState.NOT_VERIFIED
        ]
        return max(days, default=None)

    def _combined(
        self, commitment: Commitment, delivered: tuple[DeliverableStanding, ...], readings: tuple[Reading, ...]
    ) -> Observed:
        """What is observed of the whole promise: of its only deliverable, or of all of them."""
        findings = [r for r in readings if r.state != ReadingState.NOT_VERIFIED]
        judged = combine(
            [
                Judgment(
                    d.observed.state,
                    d.observed.reasons,
                    d.observed.checks,
                    d.observed.opened_on,
                    d.observed.opened_from,
                )
                for d in delivered
            ],
            open_ended=commitment.open_ended,
            settled_by_reading=bool(findings) and findings[-1].state == ReadingState.OPEN,
        )
        days = [d.observed.checked_on for d in delivered if d.observed.checked_on]
        since = [d.observed.since for d in delivered if d.observed.since]
        return Observed(
            judged.state,
            since=max(since, default=None),
            checked_on=min(days, default=None),
            opened_on=judged.opened_on,
            opened_from=judged.opened_from,
            reasons=judged.reasons,
            checks=judged.checks,
        )

    def _opened(self, delivered: tuple[DeliverableStanding, ...]) -> tuple[date, str] | None:
        """The day everything promised had been seen available, with its provenance: kept in mind once unseen."""
        days = [
            next(
                ((v.opened_on, v.opened_from) for v in reversed(d.verdicts) if v.state == State.KEPT and v.opened_on),
                None,
            )
            for d in delivered
        ]
        known = [day for day in days if day is not None]
        return max(known) if known and len(known) == len(days) else None


def _with_mistakes(verdicts: QuerySet[Verdict], as_of: date, recorded: Q, seen_by: datetime) -> QuerySet[Verdict]:
    """Each with whether the robot was wrong (false alarm, or observation dismissed), and whether a person was."""
    marked = FalseAlarm.objects.filter(recorded, verdict=OuterRef("pk"), marked_on__lte=as_of)
    dismissed = Observation.objects.filter(pk=OuterRef("observation"), dismissed_at__lt=seen_by)
    corrected = Reading.objects.filter(recorded, corrects=OuterRef("reading"))
    return verdicts.annotate(robot_was_wrong=Exists(marked) | Exists(dismissed), finding_was_wrong=Exists(corrected))


def _mistake(verdict: Any) -> Cause | None:
    if verdict.robot_was_wrong:
        return Cause.ROBOT
    return Cause.FINDING if verdict.finding_was_wrong else None


def _never_judged(locations: Sequence[Location]) -> Observed:
    judgment = judge_nothing(bool(locations), asked=any(location.portal in ASKABLE for location in locations))
    return Observed(judgment.state, reasons=judgment.reasons)


def _state_since(verdicts: Sequence[Verdict]) -> date:
    """The first day of the run of verdicts of the same state that ends with the last one."""
    since = verdicts[-1].since
    for verdict in reversed(verdicts):
        if verdict.state != verdicts[-1].state:
            break
        since = verdict.since
    return since


def _was_kept(verdicts: Iterable[Verdict]) -> bool:
    """Whether it was seen kept, and never seen gone since."""
    kept = False
    for verdict in verdicts:
        if verdict.state == State.KEPT:
            kept = True
        elif verdict.state == State.GONE:
            kept = False
    return kept


def _by(key: str, rows: Iterable[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, key)].append(row)
    return dict(grouped)
