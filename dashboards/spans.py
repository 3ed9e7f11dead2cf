"""When a deliverable was observed, absent or unknown: verdicts and what they rest on, as spans of days. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from commitments.ageing import expiry
from commitments.findings import State
from commitments.models import Reading, Verdict

SIGN_FITS = 6  # per cent
Days = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True)
class Span:
    """From ``first`` to ``last``, both included. ``x`` and ``width`` are per cents of the whole."""

    state: State
    first: date
    last: date
    x: str = ""
    width: str = ""

    @property
    def wide(self) -> bool:
        """Whether a sign fits in it at 320 px."""
        return float(self.width or 0) >= SIGN_FITS

    @property
    def middle(self) -> str:
        return f"{float(self.x or 0) + float(self.width or 0) / 2:.2f}"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def spans(
    verdicts: Sequence[Verdict], seen: Iterable[Days], readings: Sequence[Reading], as_of: date
) -> tuple[Span, ...]:
    """The states one after the other, without a hole, up to the day asked.

    ``seen``: when the robot really saw what it saw. A verdict counts while its finding stands; after that nothing is
    known until the next one.
    """
    machine = [(first, min(expiry(last, "machine"), as_of)) for first, last in sorted(seen) if first <= as_of]
    found: list[Span] = []
    days = [*(verdict.since for verdict in verdicts), as_of + timedelta(days=1)]
    for verdict, (first, following) in zip(verdicts, pairwise(days), strict=True):
        last = following - timedelta(days=1)
        if last < first:
            continue
        if verdict.observation_id is not None:
            covered = machine
        elif verdict.reading_id is not None:
            covered = [(r.read_on, min(expiry(r.read_on, "reading"), as_of)) for r in readings]
        else:
            covered = [(first, last)]
        found += _cut(State(verdict.state), first, last, covered)
    return _placed(_joined(found))


def _cut(state: State, first: date, last: date, covered: Iterable[Days]) -> Iterable[Span]:
    """The state where something covers it, unknown elsewhere."""
    day = first
    for begin, end in sorted(covered):
        begin, end = max(begin, day), min(end, last)
        if end < begin:
            continue
        if begin > day:
            yield Span(State.UNKNOWN, day, begin - timedelta(days=1))
        yield Span(state, begin, end)
        day = end + timedelta(days=1)
    if day <= last:
        yield Span(State.UNKNOWN, day, last)


def _joined(found: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in found:
        if joined and joined[-1].state == span.state:
            joined[-1] = Span(span.state, joined[-1].first, span.last)
        else:
            joined.append(span)
    return joined


def _placed(found: Sequence[Span]) -> tuple[Span, ...]:
    if not found:
        return ()
    begin, whole = found[0].first, (found[-1].last - found[0].first).days + 1
    return tuple(
        Span(
            span.state,
            span.first,
            span.last,
            f"{100 * (span.first - begin).days / whole:.2f}",
            f"{100 * span.days / whole:.2f}",
        )
        for span in found
    )
