"""A promise's whole life cut where its ministry or what is observed of it changes. Pure.

The same rules as a situation (``ministries.standing``), without its texts. What it says of a day depends on no row of
a later day: a month that is over stays what it was unless something is recorded of an earlier day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import attrgetter, itemgetter
from typing import NamedTuple

from commitments.ageing import MACHINE_STANDS, READING_STANDS, expired
from commitments.findings import Judgment, ReadingState, State
from commitments.verdicts import combine, judge_nothing

Interval = tuple[date, date, date | None]
"""First and last day seen, and the day on which an operator set it aside."""


@dataclass(frozen=True)
class Judged:
    """A verdict from a day on. ``by``: machine, reading, or nothing."""

    since: date
    state: State
    by: str


@dataclass(frozen=True)
class Read:
    """A human finding, of one deliverable or of all of them (None)."""

    read_on: date
    state: ReadingState
    deliverable: int | None


@dataclass
class Delivered:
    """What is known of a deliverable, in order of days. ``seen``: intervals of definitive observations."""

    verdicts: list[Judged] = field(default_factory=list)
    seen: list[Interval] = field(default_factory=list)
    located: list[tuple[date, date | None]] = field(default_factory=list)


@dataclass
class Life:
    """All that moves a promise's state. ``leads``: since, until and id of the ministries that answered for it."""

    announced_on: date
    open_ended: bool
    leads: list[tuple[date, date | None, int]] = field(default_factory=list)
    delivered: dict[int, Delivered] = field(default_factory=dict)
    readings: list[Read] = field(default_factory=list)


class Part(NamedTuple):
    """One ministry (its id) and one state, from a day until the next part's."""

    since: date
    ministry: int
    state: State


def parts(life: Life) -> list[Part]:
    """In order, none of two that follow alike, none before a ministry answers for it: then one always does."""
    days = [life.announced_on, *(day for day in _moments(life) if day > life.announced_on)]
    found: list[Part] = []
    for day in days:
        lead = _lead(life, day)
        if lead is not None:
            part = Part(day, lead, _state(life, day))
            if not found or part[1:] != found[-1][1:]:
                found.append(part)
    return found


def _moments(life: Life) -> list[date]:
    """Every day on which its situation may change, in order: what is said, seen, decided, and grown too old."""
    moments = {since for since, _, _ in life.leads} | {until for _, until, _ in life.leads if until}
    for reading in life.readings:
        moments |= {reading.read_on, reading.read_on + timedelta(days=READING_STANDS + 1)}
    for delivered in life.delivered.values():
        delivered.seen = _joined(delivered.seen)
        moments |= {verdict.since for verdict in delivered.verdicts}
        moments |= {since for since, _ in delivered.located} | {until for _, until in delivered.located if until}
        for first, last, dismissed in delivered.seen:
            moments |= {first, last + timedelta(days=MACHINE_STANDS + 1)}
            if dismissed is not None:
                moments.add(dismissed)
    return sorted(moments)


def _joined(seen: list[Interval]) -> list[Interval]:
    """Intervals so near that no finding grows too old between them are one; those set aside stay apart."""
    joined: list[Interval] = []
    for first, last, dismissed in sorted(seen, key=itemgetter(0, 1)):
        if joined and dismissed is None and joined[-1][2] is None:
            begun, ended, _ = joined[-1]
            if (first - ended).days <= MACHINE_STANDS:
                joined[-1] = (begun, max(ended, last), None)
                continue
        joined.append((first, last, dismissed))
    return joined


def _lead(life: Life, day: date) -> int | None:
    """Who answers on that day, as a situation tells it: the last in force, else the last that was."""
    known = [lead for lead in life.leads if lead[0] <= day]
    in_force = [lead for lead in known if lead[1] is None or lead[1] > day]
    return (in_force or known)[-1][2] if known else None


def _state(life: Life, day: date) -> State:
    readings = [reading for reading in life.readings if reading.read_on <= day]
    states = [_delivered(pk, delivered, readings, day) for pk, delivered in life.delivered.items()]
    settled = bool(readings) and readings[-1].state == ReadingState.OPEN
    return combine([Judgment(s) for s in states], open_ended=life.open_ended, settled_by_reading=settled).state


def _delivered(pk: int, delivered: Delivered, readings: Sequence[Read], day: date) -> State:
    rank = bisect_right(delivered.verdicts, day, key=attrgetter("since"))
    if not rank:
        located = any(since <= day and (until is None or until > day) for since, until in delivered.located)
        return judge_nothing(located).state
    verdict = delivered.verdicts[rank - 1]
    seen_on = _seen_on(pk, delivered, verdict, readings, day)
    aged = expired(verdict.state, seen_on=seen_on, by=verdict.by, today=day) if seen_on else None
    return aged.state if aged else verdict.state


def _seen_on(pk: int, delivered: Delivered, verdict: Judged, readings: Sequence[Read], day: date) -> date | None:
    """The day of the last finding that grounds a verdict."""
    if verdict.by == "machine":
        seen = [
            min(last, day)
            for first, last, dismissed in delivered.seen
            if first <= day and (dismissed is None or dismissed > day)
        ]
        return max(seen, default=None)
    if verdict.by == "reading":
        return max((r.read_on for r in readings if r.deliverable in (None, pk)), default=None)
    return None
