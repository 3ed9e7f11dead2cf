"""How many promises were in each state at the end of each month, by ministry: one pass over the verdicts.

The same rules as a situation (``ministries.standing``), without its texts: five years of months cost seven queries.
A test holds the two equal, month by month.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import attrgetter, itemgetter

from commitments.ageing import MACHINE_STANDS, READING_STANDS, expired
from commitments.days import paris_day
from commitments.findings import Judgment, Outcome, ReadingState, State
from commitments.models import Commitment, Deliverable, Location, Observation, Reading, Verdict
from commitments.verdicts import combine, judge_nothing
from ministries.counting import STATES
from ministries.models import Ministry, Responsibility


@dataclass(frozen=True)
class Month:
    """One ministry at the end of a month, or on the day asked for the month that is not over."""

    month: str
    as_of: date
    ministry: Ministry
    states: dict[State, int]

    @property
    def promises(self) -> int:
        return sum(self.states.values())


@dataclass
class _Delivered:
    """What is known of a deliverable, in order of days. ``seen``: intervals of definitive observations."""

    verdicts: list[Verdict] = field(default_factory=list)
    seen: list[tuple[date, date, datetime | None]] = field(default_factory=list)
    located: list[tuple[date, date | None]] = field(default_factory=list)


@dataclass
class _Promise:
    announced_on: date
    open_ended: bool
    leads: list[tuple[date, date | None, Ministry]] = field(default_factory=list)
    delivered: dict[int, _Delivered] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)


def month_ends(first: date, last: date) -> Iterator[date]:
    """The last day of each month from that of ``first``; ``last`` closes the one that is not over."""
    day = first
    while True:
        following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        end = following - timedelta(days=1)
        if end >= last:
            yield last
            return
        yield end
        day = following


def progress(as_of: date) -> list[Month]:
    """Every month since the first promise, oldest first; within a month, ministries by code."""
    promises = _read(as_of)
    if not promises:
        return []
    days = list(month_ends(min(promise.announced_on for promise in promises), as_of))
    counts: list[dict[int, dict[State, int]]] = [{} for _ in days]
    ministries: dict[int, Ministry] = {}
    for promise in promises:
        moments = _moments(promise)
        told: tuple[Ministry | None, State] | None = None
        passed = 0
        for rank in range(bisect_left(days, promise.announced_on), len(days)):
            day = days[rank]
            before, passed = passed, bisect_right(moments, day)
            # Between two months in which nothing happened, a promise stays what it is.
            if told is None or passed != before:
                told = (_lead(promise, day), _state(promise, day))
            lead, state = told
            if lead is not None:
                ministries[lead.pk] = lead
                of_month = counts[rank].get(lead.pk)
                if of_month is None:
                    of_month = counts[rank][lead.pk] = dict.fromkeys(STATES, 0)
                of_month[state] += 1
    return [
        Month(f"{day:%Y-%m}", day, ministries[pk], states)
        for day, of_month in zip(days, counts, strict=True)
        for pk, states in sorted(of_month.items(), key=lambda item: ministries[item[0]].code)
    ]


def _moments(promise: _Promise) -> list[date]:
    """Every day on which its situation may change, in order: what is said, seen, decided, and grown too old."""
    moments = {since for since, _, _ in promise.leads} | {until for _, until, _ in promise.leads if until}
    for reading in promise.readings:
        moments |= {reading.read_on, reading.read_on + timedelta(days=READING_STANDS + 1)}
    for delivered in promise.delivered.values():
        delivered.seen = _joined(delivered.seen)
        moments |= {verdict.since for verdict in delivered.verdicts}
        moments |= {since for since, _ in delivered.located} | {until for _, until in delivered.located if until}
        for first, last, dismissed in delivered.seen:
            moments |= {first, last + timedelta(days=MACHINE_STANDS + 1)}
            if dismissed is not None:
                moments.add(paris_day(dismissed))
    return sorted(moments)


def _joined(seen: list[tuple[date, date, datetime | None]]) -> list[tuple[date, date, datetime | None]]:
    """Intervals so near that no finding grows too old between them are one; those set aside stay apart."""
    joined: list[tuple[date, date, datetime | None]] = []
    for first, last, dismissed in sorted(seen, key=itemgetter(0, 1)):
        if joined and dismissed is None and joined[-1][2] is None:
            begun, ended, _ = joined[-1]
            if (first - ended).days <= MACHINE_STANDS:
                joined[-1] = (begun, max(ended, last), None)
                continue
        joined.append((first, last, dismissed))
    return joined


def _read(as_of: date) -> list[_Promise]:
    promises = {
        pk: _Promise(announced_on, open_ended)
        for pk, announced_on, open_ended in Commitment.objects.public()
        .filter(announced_on__lte=as_of)
        .order_by("pk")
        .values_list("pk", "announced_on", "open_ended")
    }
    leads = Responsibility.objects.filter(part=Responsibility.Part.LEAD, since__lte=as_of).select_related("ministry")
    for lead in leads.order_by("since", "id"):
        if lead.commitment_id in promises:
            promises[lead.commitment_id].leads.append((lead.since, lead.until, lead.ministry))
    delivered: dict[int, _Delivered] = {}
    for pk, commitment in Deliverable.objects.order_by("rank").values_list("pk", "commitment"):
        if commitment in promises:
            delivered[pk] = promises[commitment].delivered[pk] = _Delivered()
    for deliverable, since, until in Location.objects.values_list("deliverable", "since", "until"):
        if deliverable in delivered:
            delivered[deliverable].located.append((since, until))
    readings = Reading.objects.filter(read_on__lte=as_of, corrected_by=None)
    for reading in readings.exclude(state=ReadingState.NOT_VERIFIED).order_by("read_on", "id"):
        if reading.commitment_id in promises:
            promises[reading.commitment_id].readings.append(reading)
    verdicts = Verdict.objects.known(as_of).order_by("since", "id")
    for verdict in verdicts.only("deliverable_id", "state", "since", "observation_id", "reading_id"):
        if verdict.deliverable_id in delivered:
            delivered[verdict.deliverable_id].verdicts.append(verdict)
    observations = Observation.objects.exclude(outcome=Outcome.NO_OBSERVATION)
    columns = ("location__deliverable", "first_seen_at", "last_seen_at", "dismissed_at")
    for deliverable, first, last, dismissed in observations.values_list(*columns):
        if deliverable in delivered:
            interval = (paris_day(first), paris_day(last), dismissed)
            delivered[deliverable].seen.append(interval)
    return list(promises.values())


def _lead(promise: _Promise, day: date) -> Ministry | None:
    """Who answers on that day, as a situation tells it: the last in force, else the last that was."""
    known = [lead for lead in promise.leads if lead[0] <= day]
    in_force = [lead for lead in known if lead[1] is None or lead[1] > day]
    return (in_force or known)[-1][2] if known else None


def _state(promise: _Promise, day: date) -> State:
    readings = [reading for reading in promise.readings if reading.read_on <= day]
    states = [_delivered(pk, delivered, readings, day) for pk, delivered in promise.delivered.items()]
    settled = bool(readings) and readings[-1].state == ReadingState.OPEN
    return combine([Judgment(s) for s in states], open_ended=promise.open_ended, settled_by_reading=settled).state


def _delivered(pk: int, delivered: _Delivered, readings: Sequence[Reading], day: date) -> State:
    rank = bisect_right(delivered.verdicts, day, key=attrgetter("since"))
    if not rank:
        located = any(since <= day and (until is None or until > day) for since, until in delivered.located)
        return judge_nothing(located).state
    verdict = delivered.verdicts[rank - 1]
    state = State(verdict.state)
    seen_on, by = _seen_on(pk, delivered, verdict, readings, day)
    aged = expired(state, seen_on=seen_on, by=by, today=day) if seen_on else None
    return aged.state if aged else state


def _seen_on(
    pk: int, delivered: _Delivered, verdict: Verdict, readings: Sequence[Reading], day: date
) -> tuple[date | None, str]:
    """The day of the last finding that grounds a verdict, and whose it is."""
    if verdict.observation_id is not None:
        seen = [
            min(last, day)
            for first, last, dismissed in delivered.seen
            if first <= day and (dismissed is None or paris_day(dismissed) > day)
        ]
        return max(seen, default=None), "machine"
    if verdict.reading_id is not None:
        return max((r.read_on for r in readings if r.deliverable_id in (None, pk)), default=None), "reading"
    return None, ""
