"""The server's own drawing of a chart: per cents across and pixels down, so that words keep their size on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commitments.findings import State
from dashboards.by_ministry import ByMinistry, MinistryRow

LINE = 24
WIDE_ENOUGH = 7  # per cent of the longest bar in which one or two digits fit at 320 px


@dataclass(frozen=True)
class Part:
    """A segment: where it starts and how wide it is, in per cent; its count is written when it fits."""

    state: State
    count: int
    x: str
    width: str
    middle: str
    wide: bool


@dataclass(frozen=True)
class Bar:
    row: MinistryRow
    y: int
    text_y: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Drawing:
    height: int
    bars: tuple[Bar, ...]


def draw(chart: ByMinistry) -> Drawing:
    """Place every segment of every bar; the longest bar takes the whole width."""
    longest = max((row.total for row in chart.rows), default=1)
    bars = tuple(
        Bar(row, y=index * LINE, text_y=index * LINE + 13, parts=_parts(row, chart.shown, longest))
        for index, row in enumerate(chart.rows)
    )
    return Drawing(height=len(bars) * LINE, bars=bars)


def _parts(row: MinistryRow, shown: Sequence[State], longest: int) -> tuple[Part, ...]:
    start, parts = 0.0, []
    for state in shown:
        count = row.states[state]
        if not count:
            continue
        width = 100 * count / longest
        parts.append(
            Part(state, count, _cent(start), _cent(width), _cent(start + width / 2), wide=width >= WIDE_ENOUGH)
        )
        start += width
    return tuple(parts)


def _cent(value: float) -> str:
    """Two decimals at most, a point whatever the language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
