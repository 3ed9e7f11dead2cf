"""« Where does each ministry stand? »: the chart's sentence, table, CSV, SVG and Plotly traces, from the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from commitments.findings import State
from dashboards.figures import agreed, plural
from dashboards.pages.words import NBSP, acronym, typography
from ministries import counting
from ministries.counting import STATES, Tally, tally
from ministries.models import Ministry
from ministries.standing import Standing

COLOURS = {
    State.KEPT: "#1f6f50",
    State.PARTIAL: "#e0a526",
    State.UNMET: "#a8321f",
    State.GONE: "#5d2350",
    State.UNKNOWN: "#8b8b8b",
    State.UNLOCATED: "#d5d5d5",
}
"""Five hues: grey serves both kinds of doubt, told apart by their pattern and their name."""

PATTERNS = {
    State.UNKNOWN: {"shape": "/", "bgcolor": "#dfe2e6", "fgcolor": "#7d8690", "size": 6},
    State.UNLOCATED: {"shape": ".", "bgcolor": "#eef0f2", "fgcolor": "#7d8690", "size": 6},
}


@dataclass(frozen=True)
class MinistryRow(Tally):
    """One ministry, and the promises it answers for, counted."""

    ministry: Ministry


@dataclass(frozen=True)
class Cell:
    """One figure of the table; ``params``: the filters that list exactly its lines, None where no list does."""

    value: int
    label: str
    params: Mapping[str, str] | None


@dataclass(frozen=True)
class ByMinistry:
    """« Where does each ministry stand? »: sentence, table, CSV, SVG and traces from ``rows``, by name."""

    as_of: date
    rows: tuple[MinistryRow, ...]
    shown: tuple[State, ...]
    total: MinistryRow | None = field(default=None)

    @property
    def title(self) -> str:
        return _("Où en est chaque ministère")

    @property
    def count(self) -> int:
        return self.total.total if self.total else 0

    @property
    def sentence(self) -> str:
        """What the chart says, in one sentence with its denominator."""
        if self.total is None:
            return _("Aucune promesse n’était annoncée ce jour-là.")
        counts = ((self.total.states[state], plural(state)) for state in self.shown)
        parts = ", ".join(f"{count}{NBSP}{agreed(label, count)}" for count, label in counts)
        ministries = (
            _("{count} ministères en répondent").format(count=len(self.rows))
            if len(self.rows) > 1
            else _("un ministère en répond")
        )
        promises = (
            _("{count} promesses suivies").format(count=self.count) if self.count > 1 else _("la promesse suivie")
        )
        said = _("Sur {promises} : {parts} ; {ministries}.")
        return typography(said.format(promises=promises, parts=parts, ministries=ministries))

    @property
    def columns(self) -> tuple[str, ...]:
        states = (plural(s).capitalize() for s in self.shown)
        return (_("Promesses"), *states, _("Échues"), _("En retard"), _("Reports"))

    def values(self, row: MinistryRow) -> tuple[int, ...]:
        return (row.total, *(row.states[s] for s in self.shown), row.due, row.late, row.postponements)

    def table(self) -> list[tuple[MinistryRow, list[Cell]]]:
        """Each row with its cells, each cell with the filter that lists its lines (none for postponements)."""
        return [(row, self._cells(row, {"ministere": row.ministry.code})) for row in self.rows]

    def foot(self) -> list[Cell]:
        return self._cells(self.total, {}) if self.total else []

    def _cells(self, row: MinistryRow, base: Mapping[str, str]) -> list[Cell]:
        asked: list[Mapping[str, str] | None] = [
            base,
            *({**base, "constat": s.value} for s in self.shown),
            {**base, "vue": "echues"},
            {**base, "vue": "retard"},
            None,
        ]
        return [Cell(*cell) for cell in zip(self.values(row), self.columns, asked, strict=True)]

    def csv_rows(self) -> list[list[str]]:
        """The table, header first, total last."""
        rows = [[row.ministry.code, row.ministry.name, *map(str, self.values(row))] for row in self.rows]
        total = [["", "Total", *map(str, self.values(self.total))]] if self.total else []
        return [["Sigle", "Ministère", *self.columns], *rows, *total]

    def traces(self) -> list[dict[str, Any]]:
        """Plotly's horizontal stacked bars: one trace a state, plain lists."""
        names = [acronym(row.ministry.code) for row in self.rows]
        return [
            {
                "type": "bar",
                "orientation": "h",
                "name": plural(state),
                "y": names,
                "x": [row.states[state] for row in self.rows],
                "customdata": [row.ministry.name for row in self.rows],
                "hovertemplate": "%{customdata}<br>%{x} " + plural(state) + "<extra></extra>",
                "marker": {
                    "color": COLOURS[state],
                    "line": {"color": "#fff", "width": 1},
                    **({"pattern": PATTERNS[state]} if state in PATTERNS else {}),
                },
            }
            for state in self.shown
        ]


def by_ministry(standings: Sequence[Standing], as_of: date) -> ByMinistry:
    """Promises by the ministry that answers for them that day, each counted once, in the order of names."""
    rows = [_row(ministry, group) for ministry, group in counting.by_ministry(standings)]
    present = {state for row in rows for state, count in row.states.items() if count}
    return ByMinistry(
        as_of=as_of,
        rows=tuple(rows),
        shown=tuple(state for state in STATES if state in present),
        total=_row(Ministry(name="Total"), standings) if standings else None,
    )


def _row(ministry: Ministry, standings: Sequence[Standing]) -> MinistryRow:
    return MinistryRow(**vars(tally(standings)), ministry=ministry)
