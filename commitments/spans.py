"""Days, months, quarters, semesters and years as first and last days, with their precision. Pure arithmetic."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, timedelta

from commitments.days import MONTHS

FIRST_YEAR, LAST_YEAR = 1990, 2100
FIRST_SERIAL, LAST_SERIAL = 36526, 73050  # 1 January 2000 – 31 December 2099
EXCEL_DAY_ZERO = date(1899, 12, 30)


class Precision(enum.StrEnum):
    """How exactly a deadline was announced."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    SEMESTER = "semester"
    YEAR = "year"
    RANGE = "range"
    NONE = "none"


class Impossible(Exception):
    """Why a text can't be read, in French."""


@dataclass(frozen=True)
class Span:
    first: date | None
    last: date | None
    precision: Precision


NOTHING = Span(None, None, Precision.NONE)


def needed(year: str | None, reference_year: int | None) -> int:
    if year is not None:
        return int(year) + 2000 if len(year) == 2 else int(year)
    if reference_year is None:
        raise Impossible("il manque l'année")
    return reference_year


def bounded(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Impossible(f"l'année doit être entre {FIRST_YEAR} et {LAST_YEAR}")
    return year


def day_of(year: int, month: int, day: int) -> Span:
    whole = month_of(year, month)
    if whole.last is None or not 1 <= day <= whole.last.day:
        last = whole.last.day if whole.last else 0
        raise Impossible(f"ce jour n'existe pas : {MONTHS[month - 1]} {year} va du 1er au {last}")
    found = date(year, month, day)
    return Span(found, found, Precision.DAY)


def month_of(year: int, month: int) -> Span:
    if not 1 <= month <= 12:
        raise Impossible(f"il n'y a pas de mois n° {month}")
    first = date(bounded(year), month, 1)
    return Span(first, before(year, month + 1), Precision.MONTH)


def year_of(year: int) -> Span:
    return Span(date(bounded(year), 1, 1), date(year, 12, 31), Precision.YEAR)


def part(name: str, rank: int, year: int) -> Span:
    """A quarter (trimestre, t, q) or a semester of a year."""
    bounded(year)
    if name[0] == "s":
        if not 1 <= rank <= 2:
            raise Impossible("un semestre porte le numéro 1 ou 2 (les numéros de semaine ne sont pas lus)")
        return Span(date(year, 6 * rank - 5, 1), before(year, 6 * rank + 1), Precision.SEMESTER)
    if not 1 <= rank <= 4:
        raise Impossible("un trimestre porte un numéro de 1 à 4")
    return Span(date(year, 3 * rank - 2, 1), before(year, 3 * rank + 1), Precision.QUARTER)


def from_to(first: Span, last: Span) -> Span:
    if first.first is None or last.last is None or last.first is None or first.first >= last.first:
        raise Impossible("la fin de la période doit venir après son début")
    return Span(first.first, last.last, Precision.RANGE)


def before(year: int, month: int) -> date:
    """The day before the first of that month; month 13 is January of the next year."""
    return (date(year + 1, 1, 1) if month == 13 else date(year, month, 1)) - timedelta(days=1)


def serial(number: float) -> Span:
    if not FIRST_SERIAL <= int(number) <= LAST_SERIAL:
        raise Impossible("ce nombre n'est ni une année ni une date de tableur")
    found = EXCEL_DAY_ZERO + timedelta(days=int(number))
    return Span(found, found, Precision.DAY)


def ordinal(rank: int) -> str:
    return "1er" if rank == 1 else f"{rank}e"
