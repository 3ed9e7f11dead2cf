"""From a cell to a value, or to a problem. A bad cell gives a value of the right type: its row is never used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import urlsplit

from django.db.models import Model

from commitments.periods import Period, Unreadable, parse, partial_day
from commitments.reference.problems import Problem
from commitments.reference.table import Row
from commitments.spans import Precision

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
PORTAL_ID = re.compile(r"[0-9a-f]{24}", re.ASCII)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
YEARS = range(1990, 2101)
A_DAY = "une date qui existe, écrite AAAA-MM-JJ"
A_VAGUE_DAY = "un jour, un mois ou une année qui existe (AAAA-MM-JJ, AAAA-MM ou AAAA)"
AN_ADDRESS = "une adresse http ou https complète, sans espace"


class Cells:
    """The typed cells of a row. Texts are held to the length of the model's field they go to."""

    def __init__(self, row: Row, problems: list[Problem], model: type[Model]) -> None:
        self.row = row
        self.problems = problems
        self.model = model

    def bad(self, column: str, expected: str) -> None:
        self.problems.append(Problem(self.row.file, self.row.line, column, self.row.cells[column], expected))

    def text(self, column: str, *, required: bool = False, field: str = "") -> str:
        """A text that fits its field, without control characters."""
        value = self.row.cells[column]
        longest = getattr(self.model._meta.get_field(field or column), "max_length", None)
        if required and not value:
            self.bad(column, "un texte")
        elif longest and len(value) > longest:
            self.bad(column, f"{longest} caractères au plus (il y en a {len(value)})")
        elif CONTROL.search(value):
            self.bad(column, "un texte sans caractère de contrôle")
        return value

    def source(self, column: str, *, field: str, required: bool = True) -> str:
        """Where a fact was read: words, addresses, or both; the addresses must be whole."""
        value = self.text(column, required=required, field=field)
        if any(word.startswith(("http:", "https:")) and not is_address(word) for word in value.split()):
            self.bad(column, "une source dont les adresses sont complètes")
        return value

    def code(self, column: str, pattern: str, expected: str, *, field: str = "") -> str:
        """A text of a given shape."""
        value = self.text(column, field=field)
        if not re.fullmatch(pattern, value, re.ASCII):
            self.bad(column, expected)
        return value

    def number(self, column: str, *, highest: int = 999) -> int:
        """A whole number from 1."""
        value = self.row.cells[column]
        if value.isascii() and value.isdigit() and len(value) < 10 and 1 <= int(value) <= highest:
            return int(value)
        self.bad(column, f"un nombre entier de 1 à {highest}")
        return 1

    def number_or_none(self, column: str, *, highest: int = 999) -> int | None:
        return self.number(column, highest=highest) if self.row.cells[column] else None

    def day(self, column: str) -> date:
        """A day of the calendar."""
        value = self.row.cells[column]
        try:
            day = date.fromisoformat(value) if DAY.fullmatch(value) else date.min
        except ValueError:
            day = date.min
        if day.year not in YEARS:
            self.bad(column, A_DAY)
        return day

    def day_or_none(self, column: str) -> date | None:
        return self.day(column) if self.row.cells[column] else None

    def vague_days(self, column: str) -> tuple[date, date]:
        """The first and last days of « 2021-09-08 », « 2021-09 », « 2021 » or « 2020-07/2022-05 »."""
        value = self.row.cells[column]
        begin, slash, end = value.partition("/")
        try:
            first, last = partial_day(begin)[0], partial_day(end if slash else begin)[1]
        except Unreadable:
            first, last = date.min, date.min
        if first.year not in YEARS or last.year not in YEARS or first > last:
            self.bad(column, A_VAGUE_DAY)
        return first, last

    def vague_day(self, column: str) -> date:
        """The last day on which it may have been."""
        return self.vague_days(column)[1]

    def vague_day_or_none(self, column: str) -> date | None:
        return self.vague_day(column) if self.row.cells[column] else None

    def due(self, raw_column: str, due_column: str) -> Period:
        """A deadline as it was worded, and the days it means.

        The last day given beside a wording that can be read must be the one that it means; beside one that
        cannot, it is taken: a range without a first day.
        """
        raw, due_on = self.row.cells[raw_column], self.day_or_none(due_column)
        try:
            period = parse(raw)
        except Unreadable as unreadable:
            if raw and due_on is None:
                self.bad(raw_column, f"une échéance qui se lit, ou un jour dans « {due_column} » ({unreadable})")
            return _known_by_its_end(raw, due_on)
        if due_on is None:
            return period
        if due_on.year not in YEARS:  # told already
            return period
        if period.last_day is None:
            return _known_by_its_end(raw, due_on)
        if period.last_day != due_on:
            self.bad(due_column, f"{period.last_day:%Y-%m-%d}, dernier jour de « {raw} »")
        return period

    def choice(self, column: str, choices: Iterable[str]) -> str:
        """One of these codes; the empty one, when it is among them, means « not said »."""
        value, allowed = self.row.cells[column], list(choices)
        if value not in allowed:
            named = ", ".join(choice for choice in allowed if choice)
            self.bad(column, f"l'une des valeurs {named}{' ou rien' if '' in allowed else ''}")
        return value

    def yes(self, column: str) -> bool:
        return self.choice(column, ("yes", "no")) == "yes"

    def yes_or_none(self, column: str) -> bool | None:
        return {"yes": True, "no": False}.get(self.choice(column, ("yes", "no", "")))

    def several(self, column: str) -> tuple[str, ...]:
        """The values of a cell, separated by semicolons, each once."""
        values = tuple(part.strip() for part in self.row.cells[column].split(";") if part.strip())
        if len(set(values)) != len(values):
            self.bad(column, "chaque valeur une seule fois")
        return values

    def numbers(self, column: str) -> tuple[int, ...]:
        values = self.several(column)
        if all(value.isascii() and value.isdigit() and len(value) < 10 for value in values):
            return tuple(int(value) for value in values)
        self.bad(column, "des nombres entiers séparés par des points-virgules")
        return ()

    def address(self, column: str) -> str:
        """A web address, whole."""
        value = self.text(column)
        if not is_address(value):
            self.bad(column, AN_ADDRESS)
        return value

    def portal_id(self, column: str, *, required: bool = True) -> str:
        """An identifier of data.gouv.fr."""
        value = self.row.cells[column]
        if (value or required) and not PORTAL_ID.fullmatch(value):
            self.bad(column, "24 chiffres hexadécimaux en minuscules")
        return value


def is_address(value: str) -> bool:
    """Whether it is an http(s) address with a host, written without spaces."""
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in host.strip(".") and not re.search(r"\s", value)


def once(rows: Sequence[Row], columns: Sequence[str], problems: list[Problem]) -> None:
    """Refuse two rows with the same values in these columns."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row.cells[column] for column in columns)
        first = seen.setdefault(key, row.line)
        if first != row.line:
            expected = f"une valeur qui ne figure pas déjà ligne {first}"
            if len(columns) > 1:
                expected += f" avec les mêmes {', '.join(columns[1:])}"
            problems.append(Problem(row.file, row.line, columns[0], row.cells[columns[0]], expected))


def _known_by_its_end(raw: str, due_on: date | None) -> Period:
    return Period(raw, None, due_on, Precision.RANGE if due_on else Precision.NONE)
