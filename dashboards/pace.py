"""Two charts about time: are promises kept at the pace announced, and which dates moved. Rows first, then drawings.

Each chart's sentence, table, file and drawing are read from the same rows. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from commitments.findings import State
from dashboards.pages import words
from ministries.standing import Standing

SHOWN_MOVES = 20


@dataclass(frozen=True)
class Step:
    """The end of a quarter: how many promises had been promised by then, at first and today, and how many were kept.

    ``kept`` is None for the days to come.
    """

    day: date
    first: int
    current: int
    kept: int | None


@dataclass(frozen=True)
class Steps:
    """« Are we keeping up? » ``undated``: promises without any date, which no line counts but that of the kept."""

    as_of: date
    rows: tuple[Step, ...]
    undated: int
    kept: int

    @property
    def title(self) -> str:
        return _("Tient-on le rythme annoncé")

    @property
    def columns(self) -> tuple[str, ...]:
        return (_("À la fin du"), _("Promises d’abord"), _("Promises aujourd’hui"), _("Constatées"))

    @property
    def now(self) -> Step | None:
        return next((row for row in self.rows if row.day >= self.as_of), None)

    @property
    def sentence(self) -> str:
        if self.now is None:
            return _("Aucune promesse datée n’était annoncée ce jour-là.")
        told = _("Au {day}, {kept} en ligne").format(
            day=words.day(self.as_of), kept=words.counted(self.kept, _("constatée,constatées"))
        )
        dated = _("{first} devaient l’être d’après les premières dates, {current} d’après les actuelles").format(
            first=self.now.first, current=self.now.current
        )
        rest = _("{count} sans date n’y sont pas comptées").format(count=self.undated) if self.undated else ""
        return words.joined(told, dated, rest)

    def csv_rows(self) -> list[list[str]]:
        """The table, header first; an empty cell is a day to come."""
        return [
            list(self.columns),
            *(
                [row.day.isoformat(), str(row.first), str(row.current), "" if row.kept is None else str(row.kept)]
                for row in self.rows
            ),
        ]

    @property
    def most(self) -> int:
        """What the whole height stands for."""
        return max((max(row.first, row.current, row.kept or 0) for row in self.rows), default=0)

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Each line's name and its steps as the path of a square of 100 by 100: days across, promises up."""
        return tuple((name, self._path(name)) for name in ("first", "current", "kept"))

    def _path(self, name: str) -> str:
        begin = self.rows[0].day
        whole = max(1, (self.rows[-1].day - begin).days)
        path = ""
        for row in self.rows:
            value = getattr(row, name)
            if value is None:
                break
            x, y = 100 * (row.day - begin).days / whole, 100 - 100 * value / (self.most or 1)
            path += f"H{x:.2f}V{y:.2f}" if path else f"M{x:.2f} {y:.2f}"
        return path


def steps(standings: Sequence[Standing], as_of: date) -> Steps:
    """By quarters, from the first date announced to the last one. The row that holds the day asked ends on it."""
    first = [d.last_day for s in standings if (d := s.promised.first) and d.last_day]
    current = [d.last_day for s in standings if (d := s.promised.current) and d.last_day]
    kept = [s.observed.opened_on or s.observed.since or as_of for s in standings if s.observed.state == State.KEPT]
    undated = sum(1 for s in standings if s.promised.current is None or s.promised.current.last_day is None)
    days = [*first, *current]
    if not days:
        return Steps(as_of, (), undated, len(kept))
    rows = tuple(
        Step(
            day,
            sum(one < day or one == day != as_of for one in first),
            sum(one < day or one == day != as_of for one in current),
            sum(one <= day for one in kept) if day <= as_of else None,
        )
        for day in _quarters(min(days), max(*days, as_of), as_of)
    )
    return Steps(as_of, rows, undated, len(kept))


def _quarters(first: date, last: date, as_of: date) -> list[date]:
    """The last days of the quarters from that of ``first`` to that of ``last``, and ``as_of`` among them."""
    found, day = {as_of}, first
    while True:
        month = 3 * ((day.month - 1) // 3) + 3
        following = date(day.year + month // 12, month % 12 + 1, 1)
        found.add(following - timedelta(days=1))
        if following > last:
            return sorted(day for day in found if day >= min(first, as_of))
        day = following


@dataclass(frozen=True)
class Move:
    """A promise whose date moved. Places are per cents of the whole width; ``actual`` is the day it was opened."""

    standing: Standing
    first: date
    current: date
    actual: date | None
    x_first: str = ""
    x_current: str = ""
    x_actual: str = ""

    @property
    def days(self) -> int:
        return (self.current - self.first).days


@dataclass(frozen=True)
class Moves:
    """« Which deadlines moved, how far? » All the rows are in the file, ``shown`` in the page: the longest first."""

    as_of: date
    rows: tuple[Move, ...]

    @property
    def title(self) -> str:
        return _("Quelles échéances ont bougé, et de combien")

    @property
    def columns(self) -> tuple[str, ...]:
        return (_("Promesse"), _("Première échéance"), _("Échéance actuelle"), _("Jours"), _("Ouverture"))

    @property
    def shown(self) -> tuple[Move, ...]:
        return self.rows[:SHOWN_MOVES]

    @property
    def sentence(self) -> str:
        if not self.rows:
            return _("Aucune échéance n’a été déplacée à ce jour.")
        later, sooner = sum(row.days > 0 for row in self.rows), sum(row.days < 0 for row in self.rows)
        moved = words.agreeing(len(self.rows), _("échéance a bougé,échéances ont bougé"))
        told = _("{later} {reculées}, {sooner} {avancées}").format(
            later=later,
            reculées=words.agreeing(later, _("reculée,reculées")),
            sooner=sooner,
            avancées=words.agreeing(sooner, _("avancée,avancées")),
        )
        return _("{count} {moved} depuis la première annonce\u00a0: {told}.").format(
            count=len(self.rows), moved=moved, told=told
        )

    def csv_rows(self) -> list[list[str | int]]:
        rows: list[list[str | int]] = [["Référence", *self.columns]]
        for row in self.rows:
            told = row.standing.ref, row.standing.commitment.title, row.first.isoformat(), row.current.isoformat()
            rows.append([*told, row.days, row.actual.isoformat() if row.actual else ""])
        return rows


def moves(standings: Iterable[Standing], as_of: date) -> Moves:
    """The promises whose last day is not the one first announced, those that moved most first."""
    found = []
    for standing in standings:
        first, current = standing.promised.first, standing.promised.current
        if first and current and first.last_day and current.last_day and first.last_day != current.last_day:
            found.append(Move(standing, first.last_day, current.last_day, standing.observed.opened_on))
    found.sort(key=lambda row: (-abs(row.days), row.standing.ref))
    days = [day for row in found for day in (row.first, row.current, row.actual) if day]
    low, width = min(days, default=as_of), max(1, (max(days, default=as_of) - min(days, default=as_of)).days)

    def place(day: date | None) -> str:
        return f"{2 + 96 * (day - low).days / width:.2f}" if day else ""

    return Moves(
        as_of,
        tuple(
            Move(row.standing, row.first, row.current, row.actual, *map(place, (row.first, row.current, row.actual)))
            for row in found
        ),
    )
