"""« What comes next? »: the dates of the next 90 days, a row each, and a strip of weeks. Rows, then drawing. Pure.

The sentence, the dated list, the file and both drawings are read from the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from commitments.days import MONTHS, in_words
from commitments.spans import Precision
from dashboards.notes.lines import coming
from dashboards.pages.words import NBSP, counted, planned, typography
from ministries.standing import Standing
from ministries.timeliness import SOON

WEEK = 7
WIDTH = 100 / (SOON / WEEK)
BASE = 68
TALLEST = 48
SHORTEST = 6


@dataclass(frozen=True)
class Due:
    """A promise and the last day of the date in force. ``exact``: announced to the day, not to the month."""

    standing: Standing
    day: date
    exact: bool

    @property
    def raw(self) -> str:
        current = self.standing.promised.current
        return typography(f"{current.raw}, {current.get_precision_display()}") if current else ""

    @property
    def first(self) -> str:
        """The first date announced, always: « prévu T3 2021, reporté 2 fois »."""
        return planned(self.standing)


@dataclass(frozen=True)
class Week:
    """Seven days of the strip: per cents across, pixels down. ``month``: named where it begins."""

    first: date
    last: date
    exact: int
    loose: int
    x: str
    middle: str
    exact_height: int
    loose_height: int
    month: str

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

    title = "Les 90 prochains jours"
    columns = ("Dernier jour", "Promesse", "Ministère", "Annoncée ainsi", "Première échéance")

    @property
    def until(self) -> date:
        return self.as_of + timedelta(days=SOON)

    @property
    def width(self) -> str:
        """Of a week, in per cents."""
        return f"{WIDTH:.2f}"

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
            return f"Aucune échéance n’est annoncée d’ici le {_day(self.until)}."
        told = counted(len(self.rows), "promesse arrive à échéance", "promesses arrivent à échéance")
        said = f"{told} d’ici le {_day(self.until)}, la plus proche le {_day(self.rows[0].day)}"
        if self.loose:
            precise = "n’a pas de jour précis" if self.loose == 1 else "n’ont pas de jour précis"
            said += f"{NBSP}; {self.loose} {precise}, le dernier de la période est compté"
        return f"{said}."

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

    def weeks(self) -> tuple[Week, ...]:
        """The 90 days in slices of seven, the last one shorter; the fullest has the whole height."""
        begin = self.as_of + timedelta(days=1)
        found, named = [], 0
        slices = [_within(self.rows, begin + timedelta(days=n)) for n in range(0, SOON, WEEK)]
        fullest = max((len(those) for those in slices), default=0) or 1
        for index, those in enumerate(slices):
            first = begin + timedelta(days=index * WEEK)
            last = min(first + timedelta(days=WEEK - 1), self.until)
            exact = sum(row.exact for row in those)
            month = "" if last.month == named else MONTHS[last.month - 1]
            named = last.month
            found.append(
                Week(
                    *(first, last, exact, len(those) - exact),
                    x=f"{index * WIDTH:.2f}",
                    middle=f"{(index + 0.5) * WIDTH:.2f}",
                    exact_height=_height(exact, fullest),
                    loose_height=_height(len(those) - exact, fullest),
                    month=month,
                )
            )
        return tuple(found)


def upcoming(standings: Iterable[Standing], as_of: date) -> Coming:
    """What falls due within 90 days and is not kept yet: the lines of the filter ``vue=moins_de_90_jours``."""
    return Coming(as_of, tuple(_due(standing) for standing in coming(standings)))


def _due(standing: Standing) -> Due:
    current = standing.promised.current
    assert current is not None  # noqa: S101
    assert current.last_day is not None  # noqa: S101
    return Due(standing, current.last_day, current.precision == Precision.DAY)


def _within(rows: Sequence[Due], first: date) -> list[Due]:
    return [row for row in rows if timedelta() <= row.day - first < timedelta(days=WEEK)]


def _height(count: int, fullest: int) -> int:
    return max(SHORTEST, round(TALLEST * count / fullest)) if count else 0


def _day(day: date) -> str:
    return in_words(day).replace(" ", NBSP)
