"""From findings to verdicts: reads what was seen, asks the rules, and says what would change. Only adds rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from commitments.ageing import expired
from commitments.days import midnight_after, paris_day
from commitments.findings import (
    Access,
    Check,
    HumanFinding,
    Judgment,
    Kind,
    MachineFinding,
    Outcome,
    ReadingState,
    Reason,
    State,
)
from commitments.models import (
    Definition,
    Deliverable,
    Location,
    Observation,
    PollRun,
    Publisher,
    Reading,
    Verdict,
    Version,
)
from commitments.portals.addresses import ASKABLE
from commitments.rules import METHOD_VERSION
from commitments.telling import seen
from commitments.verdicts import judge

AT_ONCE = 200
LASTING = (State.KEPT, State.PARTIAL)
AGED = "constat-ancien"
"""The rule by which a verdict is unknown for want of a newer finding: told on reading, never stored."""


@dataclass(frozen=True)
class Change:
    """A verdict that differs from the one in force: what ``settle`` weighs before it is written.

    ``before`` is the state that readers were shown: a verdict grown too old counts as unknown, so that its end is
    not taken for a fall.
    """

    deliverable: Deliverable
    before: State | None
    judgment: Judgment
    since: date
    observation: Observation | None
    reading: Reading | None

    @property
    def ends_kept(self) -> bool:
        return self.before == State.KEPT and self.judgment.state != State.KEPT

    def verdict(self, run: PollRun | None = None) -> Verdict:
        return Verdict(
            deliverable=self.deliverable,
            state=self.judgment.state,
            since=self.since,
            reasons=[asdict(reason) for reason in self.judgment.reasons],
            checks=[asdict(check) for check in self.judgment.checks],
            opened_on=self.judgment.opened_on,
            opened_from=self.judgment.opened_from,
            rule_version=METHOD_VERSION,
            observation=self.observation,
            reading=self.reading,
            run=run,
        )


def changes(deliverables: Sequence[Deliverable], day: date) -> list[Change]:
    """What judging these deliverables as of ``day`` would change. Writes nothing.

    A fixed number of queries for each two hundred, whose evidence is then forgotten: memory stays small.
    """
    found = []
    for start in range(0, len(deliverables), AT_ONCE):
        some = deliverables[start : start + AT_ONCE]
        evidence = _Evidence.read(some, day)
        found += [change for d in some if (change := evidence.change(d)) is not None]
    return found


@transaction.atomic
def write(found: Iterable[Change], run: PollRun | None = None) -> int:
    """Add these verdicts. Returns how many."""
    written = list(found)
    Verdict.objects.bulk_create((change.verdict(run) for change in written), batch_size=500)
    if written:
        Version.bump()
        seen.send(write, commitments={change.deliverable.commitment_id for change in written})
    return len(written)


def kept_on(day: date) -> int:
    """How many deliverables are shown as kept on that day: what the brake compares a round's endings with."""
    last = Verdict.objects.known(day).last_of_each().filter(state=State.KEPT)
    return sum(
        1
        for read_on in last.values_list("reading__read_on", flat=True)
        if read_on is None or not expired(State.KEPT, seen_on=read_on, by="reading", today=day)
    )


@transaction.atomic
def rejudge(deliverables: Sequence[Deliverable] | None = None, *, today: date) -> int:
    """Replay the judgment of every day on which a person read something, then today's. Returns verdicts added.

    Days are replayed in order, so that readings of 2021 loaded in 2026 give verdicts of 2021.
    """
    asked = list(Deliverable.objects.select_related("commitment") if deliverables is None else deliverables)
    days: dict[date, list[Deliverable]] = defaultdict(list)
    readings = Reading.objects.filter(commitment__in={d.commitment_id for d in asked}, read_on__lte=today)
    read: dict[int, set[date]] = defaultdict(set)
    for commitment, day in readings.exclude(state=ReadingState.NOT_VERIFIED).values_list("commitment", "read_on"):
        read[commitment].add(day)
    for deliverable in asked:
        for day in read[deliverable.commitment_id] | {today}:
            days[day].append(deliverable)
    added: list[Change] = []
    for day in sorted(days):
        found = changes(days[day], day)
        Verdict.objects.bulk_create((change.verdict() for change in found), batch_size=500)
        added += found
    if added:
        Version.bump()
        seen.send(rejudge, commitments={change.deliverable.commitment_id for change in added})
    return len(added)


@dataclass(frozen=True)
class _Evidence:
    """All that the rules need to judge some deliverables on a day."""

    day: date
    locations: dict[int, list[Location]]
    observations: dict[int, list[Observation]]
    readings: dict[int, list[Reading]]
    verdicts: dict[int, list[Verdict]]
    publishers: dict[int, set[str]]
    definitions: dict[int, list[str]]

    @classmethod
    def read(cls, deliverables: Sequence[Deliverable], day: date) -> _Evidence:
        ids = [d.pk for d in deliverables]
        commitments = {d.commitment_id for d in deliverables}
        # What is looked at no more was looked at then: a day of the past is judged by the addresses it had.
        known = {one.pk: one for one in Location.objects.open_on(day).filter(deliverable__in=ids)}
        locations: dict[int, list[Location]] = defaultdict(list)
        for location in known.values():
            locations[location.deliverable_id].append(location)
        observations: dict[int, list[Observation]] = defaultdict(list)
        definitive = Observation.objects.definitive().filter(first_seen_at__lt=midnight_after(day))
        for observation in definitive.last_of(known):
            observation.location = known[observation.location_id]
            observations[observation.location.deliverable_id].append(observation)
        readings: dict[int, list[Reading]] = defaultdict(list)
        for reading in Reading.objects.filter(commitment__in=commitments, corrected_by=None, read_on__lte=day):
            readings[reading.commitment_id].append(reading)
        verdicts: dict[int, list[Verdict]] = defaultdict(list)
        judged = Verdict.objects.known(day).filter(deliverable__in=ids).select_related("reading")
        for verdict in judged.order_by("since", "id"):
            verdicts[verdict.deliverable_id].append(verdict)
        publishers: dict[int, set[str]] = defaultdict(set)
        for commitment, portal_id in Publisher.objects.filter(commitment__in=commitments).values_list(
            "commitment", "portal_id"
        ):
            publishers[commitment].add(portal_id)
        # Oldest first: the last one is in force.
        asked = Definition.objects.in_force(day).filter(deliverable__in=ids)
        definitions = dict(asked.values_list("deliverable", "criteria"))
        return cls(day, locations, observations, readings, verdicts, publishers, definitions)

    def change(self, deliverable: Deliverable) -> Change | None:
        # Of a plain page only that it answers is known: any other place says more, even if seen a little before.
        last_seen = max(
            self.observations[deliverable.pk],
            key=lambda o: (o.location.portal != Location.Portal.URL, o.last_seen_at, o.pk),
            default=None,
        )
        readings = [r for r in self.readings[deliverable.commitment_id] if r.deliverable_id in (None, deliverable.pk)]
        history = self.verdicts[deliverable.pk]
        before = as_judgment(history[-1]) if history else None
        locations = self.locations[deliverable.pk]
        publishers = frozenset(self.publishers[deliverable.commitment_id])
        judgment = judge(
            Kind(deliverable.kind),
            Access(deliverable.access_promised),
            criteria=self.definitions.get(deliverable.pk),
            machine=None if last_seen is None else machine_finding(last_seen, self.day),
            readings=[HumanFinding(ReadingState(r.state), r.read_on, r.opened_on, r.label) for r in readings],
            located=bool(locations),
            asked=any(location.portal in ASKABLE for location in locations),
            publishers=publishers,
            publishers_closed=deliverable.commitment.publishers_known and bool(publishers),
            kept_before=any(State(v.state) in LASTING for v in history),
            regressed_on=_regressed_on(history),
            previous=before,
            today=self.day,
        )
        if not judgment.grounded_by or any(reason.code == AGED for reason in judgment.reasons):
            return None
        if before is not None and _same(before, judgment):
            return None
        ground = judgment.grounded_by
        reading = _ground(readings) if ground == "reading" else None
        return Change(
            deliverable=deliverable,
            before=shown(history[-1], self.day) if history else None,
            judgment=judgment,
            since=self.day,
            observation=last_seen if ground == "machine" else None,
            reading=reading,
        )


def machine_finding(observation: Observation, day: date) -> MachineFinding:
    """An interval of observation as the rules read it on a day that it began by."""
    return MachineFinding(
        Outcome(observation.outcome),
        observation.facts,
        first_seen=paris_day(observation.first_seen_at),
        last_seen=min(paris_day(observation.last_seen_at), day),
        checks=observation.checks,
    )


def as_judgment(verdict: Verdict) -> Judgment:
    """A stored verdict as the value that the rules gave."""
    return Judgment(
        State(verdict.state),
        tuple(Reason(r["code"], r["text"], r.get("criterion", "")) for r in verdict.reasons),
        tuple(Check(c["criterion"], c["holds"], c["text"]) for c in verdict.checks),
        verdict.opened_on,
        verdict.opened_from,
        "machine" if verdict.observation_id else "reading" if verdict.reading_id else "",
    )


def shown(verdict: Verdict, day: date) -> State:
    """The state of a stored verdict as readers saw it: a reading stands for a year, then it is unknown."""
    if verdict.reading is None:
        return State(verdict.state)
    aged = expired(as_judgment(verdict), seen_on=verdict.reading.read_on, by="reading", today=day)
    return aged.state if aged else State(verdict.state)


def _ground(readings: Sequence[Reading]) -> Reading | None:
    usable = [r for r in readings if r.state != ReadingState.NOT_VERIFIED]
    return max(usable, key=lambda r: (r.read_on, r.pk), default=None)


def _regressed_on(history: Sequence[Verdict]) -> date | None:
    """The last day it was judged gone: what was opened before that day has been closed since."""
    return max((v.since for v in history if v.state == State.GONE), default=None)


def _same(before: Judgment, after: Judgment) -> bool:
    """Whether nothing that a reader is told has changed: state, reasons' rules, checklist's answers, opening day."""
    return (
        before.state == after.state
        and [(r.code, r.text) for r in before.reasons] == [(r.code, r.text) for r in after.reasons]
        and {(c.criterion, c.holds) for c in before.checks} == {(c.criterion, c.holds) for c in after.checks}
        and before.opened_on == after.opened_on
        and before.grounded_by == after.grounded_by
    )
