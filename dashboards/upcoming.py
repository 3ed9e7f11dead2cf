"""« What comes next? »: the dates of the next 90 days, a row each, and a strip. Rows first, then drawing. Pure.

The sentence, the dated list, the file and both drawings are read from the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from commitments.days import MONTHS
from commitments.spans import Precision
from dashboards.notes.lines import coming
from dashboards.pages.words import counted, day, joined, planned, typography
from ministries.standing import Standing
from ministries.timeliness import SOON

BASE = 68  # pixels down: the line on which the marks stand
TALLEST = 48
SHORTEST = 8
FIGURE = 6  # per cent: the room of a figure at 320 px
NAME = 12  # per cent: the room of a month's name


@dataclass(frozen=True)
class Due:
    """A promise and the last day of the date in force. ``exact``: announced to the day, not to the month."""

    standing: Standing
    day: date
    exact: bool

    @property
    def raw(self) -> str:
        current = self.standing.promised.current
        return typography(f"{current.raw}, {_(current.get_precision_display())}") if current else ""

    @property
    def first(self) -> str:
        """The first date announced, always: « prévu T3 2021, reporté 2 fois »."""
        return planned(self.standing)


@dataclass(frozen=True)
class Mark:
    """The promises of one day: per cents across, pixels down. ``told``: their count has room."""

    day: date
    exact: int
    loose: int
    x: str
    exact_height: int
    loose_height: int
    told: bool

    @property
    def count(self) -> int:
        return self.exact + self.loose

    @property
    def exact_top(self) -> int:
        return BASE - self.exact_height

    @property
    def top(self) -> int:
        """The dates of a period stand on those of a day."""
        return self.exact_top - self.loose_height


@dataclass(frozen=True)
class Coming:
    """From the day after ``as_of`` to its 90th day, the nearest first."""

    as_of: date
    rows: tuple[Due, ...]

    @property
    def title(self) -> str:
        return _("Les 90 prochains jours")

    @property
    def columns(self) -> tuple[str, ...]:
        return (_("Dernier jour"), _("Promesse"), _("Ministère"), _("Annoncée ainsi"), _("Première échéance"))

    @property
    def until(self) -> date:
        return self.as_of + timedelta(days=SOON)

    @property
    def has_exact(self) -> bool:
        return any(row.exact for row in self.rows)

    @property
    def loose(self) -> int:
        """How many are due on the last day of a month, a quarter, a year."""
        return sum(not row.exact for row in self.rows)

    @property
    def sentence(self) -> str:
        if not self.rows:
            return _("Aucune échéance n’est annoncée d’ici le {day}.").format(day=day(self.until))
        forms = _("promesse arrive à échéance,promesses arrivent à échéance")
        told = _("{promises} d’ici le {until}, la plus proche le {nearest}").format(
            promises=counted(len(self.rows), forms), until=day(self.until), nearest=day(self.rows[0].day)
        )
        one = _("{count} n’a pas de jour précis, le dernier de la période est compté")
        many = _("{count} n’ont pas de jour précis, le dernier de la période est compté")
        loose = (one if self.loose == 1 else many).format(count=self.loose) if self.loose else ""
        return joined(told, loose)

    def csv_rows(self) -> list[list[str]]:
        """The dated list, header first."""
        return [
            ["Référence", *self.columns],
            *(
                [
                    row.standing.ref,
                    row.day.isoformat(),
                    row.standing.commitment.title,
                    row.standing.ministry.code,
                    row.raw,
                    row.first,
                ]
                for row in self.rows
            ),
        ]

    def marks(self) -> list[Mark]:
        """One a day, at its place; the fullest day has the whole height."""
        by_day: dict[date, list[Due]] = {}
        for row in self.rows:
            by_day.setdefault(row.day, []).append(row)
        fullest, free_from, found = max(map(len, by_day.values()), default=1), 0.0, []
        for last, those in by_day.items():
            exact, x = sum(row.exact for row in those), self._place(last)
            heights = _height(exact, fullest), _height(len(those) - exact, fullest)
            found.append(Mark(last, exact, len(those) - exact, f"{x:.2f}", *heights, told=x >= free_from))
            free_from = x + FIGURE if x >= free_from else free_from
        return found

    def months(self) -> list[tuple[str, str]]:
        """Where each month begins, and its name; the first one is that of the day asked, where it has room."""
        firsts = [first for n in range(1, SOON + 1) if (first := self.as_of + timedelta(days=n)).day == 1]
        found = [(f"{self._place(first):.2f}", _(MONTHS[first.month - 1])) for first in firsts]
        room = not firsts or self._place(firsts[0]) >= NAME
        return [("0", _(MONTHS[self.as_of.month - 1])), *found] if room else found

    def _place(self, day: date) -> float:
        return 100 * (day - self.as_of).days / (SOON + 1)


def upcoming(standings: Iterable[Standing], as_of: date) -> Coming:
    """What falls due within 90 days and is not kept yet: the lines of the filter ``vue=moins_de_90_jours``."""
    return Coming(as_of, tuple(_due(standing) for standing in coming(standings)))


def _due(standing: Standing) -> Due:
    current = standing.promised.current
    assert current is not None  # noqa: S101
    assert current.last_day is not None  # noqa: S101
    return Due(standing, current.last_day, current.precision == Precision.DAY)


def _height(count: int, fullest: int) -> int:
    return max(SHORTEST, round(TALLEST * count / fullest)) if count else 0
