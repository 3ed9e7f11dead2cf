"""The situation of promises as of a day: promised, declared and observed side by side, never merged into one status.

The only place where the three streams meet. ``standings`` reads them in a fixed number of queries and gives one
``Standing`` per promise; today and any day of the past go through the same code. A row counts when its effective
day (announced, declared, seen) is not after ``as_of`` and, when ``known_at`` is given, when it had been recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db.models import QuerySet

from commitments.ageing import expired, expiry
from commitments.findings import Check, Judgment, ReadingState, Reason, State
from commitments.judging import as_judgment
from commitments.models import (
    Commitment,
    Deadline,
    Deliverable,
    Location,
    Reading,
    Verdict,
)
from commitments.portals.addresses import ASKABLE
from commitments.verdicts import combine, judge_nothing
from ministries.contradictions import Cause
from ministries.models import Contradiction, Declaration, Ministry, Responsibility
from ministries.streams import Rows, Streams, mistake
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
        return frozenset(new.pk for old, new in pairs if old.passed(new.announced_on))

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
    rows = Rows.read(as_of, known_at, commitments, (as_of,))
    return _of(rows, as_of)


def on_both_days(
    since: date, as_of: date, *, commitments: QuerySet[Commitment] | None = None
) -> tuple[list[Standing], list[Standing]]:
    """The situations of two days, the earlier first, from rows read once."""
    rows = Rows.read(as_of, None, commitments, (since, as_of))
    return _of(rows, since), _of(rows, as_of)


def _of(rows: Rows, day: date) -> list[Standing]:
    situations = _Situations(**vars(rows.on(day)))
    known = [promise for promise in rows.commitments if promise.announced_on <= day]
    return [standing for promise in known if (standing := situations.standing(promise)) is not None]


def standing(ref: str, as_of: date, known_at: datetime | None = None) -> Standing | None:
    """One public promise on a day, or None when it does not exist or was not announced yet."""
    found = standings(as_of, known_at, commitments=Commitment.objects.public().filter(ref=ref))
    return found[0] if found else None


@dataclass(frozen=True)
class _Situations(Streams):
    """The rules, on what counts that day."""

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
            {v.pk: wrong for v in verdicts if (wrong := mistake(v, self.as_of, self.seen_by)) is not None},
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
