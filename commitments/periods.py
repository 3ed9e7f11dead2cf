"""« T4 2021 », « fin 2022 », « 2021-2023 » → first day, last day, precision. Ambiguity is refused, never guessed.

The raw text is always kept: what stands between parentheses is a remark, which is not read but never lost.
« début 2022 », « mi-2022 », « rentrée 2022 », « été 2022 » name no agreed last day and are refused, as is
« avant novembre 2021 » (is November in?): whoever writes them is told which words to write instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from commitments.days import MONTHS, in_words, paris_day
from commitments.spans import (
    FIRST_SERIAL,
    FIRST_YEAR,
    LAST_SERIAL,
    LAST_YEAR,
    NOTHING,
    Impossible,
    Precision,
    Span,
    day_of,
    from_to,
    month_of,
    needed,
    ordinal,
    part,
    serial,
    year_of,
)

LONGEST = 200
LABELS = {
    Precision.DAY: "au jour près",
    Precision.MONTH: "au mois près",
    Precision.QUARTER: "au trimestre près",
    Precision.SEMESTER: "au semestre près",
    Precision.YEAR: "à l'année près",
    Precision.RANGE: "sur une période",
    Precision.NONE: "sans date",
}


@dataclass(frozen=True)
class Period:
    """What a text says of a deadline. ``first_day`` and ``last_day`` are both known, or neither."""

    raw: str
    first_day: date | None
    last_day: date | None
    precision: Precision


class Unreadable(ValueError):
    """A text that names no date, or an impossible or ambiguous one. ``expected`` says in French what to write."""

    def __init__(self, raw: object, expected: str) -> None:
        self.raw = str(raw)
        self.expected = expected
        shown = self.raw if len(self.raw) <= 60 else f"{self.raw[:60]}…"
        super().__init__(f"« {shown} » : {expected}")


def parse(raw: str | int | float | date | datetime | None, *, reference_year: int | None = None) -> Period:
    """Read a deadline as people and spreadsheets write it. Raises Unreadable, and nothing else.

    ``reference_year`` completes a text without a year (« T3 » in a column headed 2022).
    """
    if raw is None or _not_a_number(raw):
        return Period("", None, None, Precision.NONE)
    if isinstance(raw, bool):
        raise Unreadable(raw, _EXAMPLES)
    if isinstance(raw, datetime):
        return _day(raw.isoformat(), _local_day(raw))
    if isinstance(raw, date):
        return _day(raw.isoformat(), raw)
    if isinstance(raw, int | float):
        return _number(raw)
    if not isinstance(raw, str):
        raise Unreadable(raw, _EXAMPLES)
    if len(raw) > LONGEST:
        raise Unreadable(raw, f"texte de plus de {LONGEST} caractères ; n'écrire ici que l'échéance")
    try:
        found = _read(_without_remarks(normalize(raw)), reference_year)
    except Impossible as refused:
        raise Unreadable(raw, str(refused)) from None
    return Period(raw, found.first, found.last, found.precision)


def partial_day(text: str) -> tuple[date, date]:
    """Give the first and last days of « 2021-09-15 », « 2021-09 » or « 2021 », as days of readings are noted."""
    clean = text.strip() if isinstance(text, str) else ""
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", clean) if len(clean) <= 10 else None
    if match is None:
        raise Unreadable(text, "écrire un jour (2021-09-15), un mois (2021-09) ou une année (2021)")
    year, month, day = match.groups()
    try:
        if day:
            span = day_of(int(year), int(month), int(day))
        elif month:
            span = month_of(int(year), int(month))
        else:
            span = year_of(int(year))
    except Impossible as refused:
        raise Unreadable(text, str(refused)) from None
    assert span.first is not None  # noqa: S101 - the three forms above have days
    assert span.last is not None  # noqa: S101
    return span.first, span.last


def display(period: Period) -> str:
    """Say a period in French words: « 3e trimestre 2021 », « d'ici le 31 décembre 2021 »."""
    first, last = period.first_day, period.last_day
    if first is None or last is None:
        return "sans échéance"
    match period.precision:
        case Precision.DAY:
            return in_words(last)
        case Precision.MONTH:
            return f"{MONTHS[last.month - 1]} {last.year}"
        case Precision.QUARTER:
            return f"{ordinal((last.month + 2) // 3)} trimestre {last.year}"
        case Precision.SEMESTER:
            return f"{ordinal((last.month + 5) // 6)} semestre {last.year}"
        case Precision.YEAR:
            return f"d'ici le {in_words(last)}"
    whole_years = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return f"de {first.year} à {last.year}" if whole_years else f"du {in_words(first)} au {in_words(last)}"


def announced_as(raw: str) -> str:
    """The words to announce a date that ``parse`` read: those that were written, or the day of a spreadsheet's serial.

    « 44805 » is what a cell without a format holds of the 1er septembre 2022: nobody wrote it, nobody could read it.
    """
    return display(parse(raw)) if _SERIAL.fullmatch(normalize(raw)) else raw


def label_of(precision: Precision) -> str:
    """Say in French how exactly a date was announced."""
    return LABELS[precision]


def normalize(text: str) -> str:
    """Lower case, no accents, plain spaces, dashes and apostrophes, nothing invisible."""
    if text.isascii():
        return " ".join(text.translate(_SIGNS).lower().split())
    plain = unicodedata.normalize("NFKD", text.translate(_SIGNS)).casefold()
    kept = "".join(c for c in plain if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return " ".join(kept.split())


_SIGNS = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
    | dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u00b4`\uff07", "'")
)
_EXAMPLES = "écrire par exemple « 31/12/2022 », « nov. 2022 », « T4 2022 », « S1 2023 », « fin 2022 », « 2021-2023 »"
_WORDS_WITHOUT_DATE = (
    "|-|--|/|?|nan|nat|none|n/a|na|nc|n.c|nd|n.d|so|s.o|tbd|neant|aucune|sans objet|sans echeance|sans date"
    "|pas d'echeance|pas de date|a definir|a determiner|a preciser|a confirmer|non defini|non definie|non precise"
    "|non precisee|non determine|non determinee|indetermine|indeterminee|en continu|continu|continue"
    "|au fil de l'eau|des que possible|permanent|permanente|recurrent|recurrente|calendrier legal echelonne"
)
_WITHOUT_DATE = frozenset(_WORDS_WITHOUT_DATE.split("|"))
_MONTH_WORDS = (
    ("janvier", "janv", "jan"),
    ("fevrier", "fevr", "fev"),
    ("mars",),
    ("avril", "avr"),
    ("mai",),
    ("juin",),
    ("juillet", "juil"),
    ("aout",),
    ("septembre", "sept", "sep"),
    ("octobre", "oct"),
    ("novembre", "nov"),
    ("decembre", "dec"),
)
_RANK_WORDS = (
    ("1", "1er", "1e", "1ere", "premier"),
    ("2", "2e", "2eme", "2nd", "second", "deuxieme"),
    ("3", "3e", "3eme", "troisieme"),
    ("4", "4e", "4eme", "quatrieme"),
)
_MONTH_NAMES = {name: number for number, names in enumerate(_MONTH_WORDS, start=1) for name in names}
_RANKS = {name: number for number, names in enumerate(_RANK_WORDS, start=1) for name in names}
_RANK = "(" + "|".join(sorted(_RANKS, key=len, reverse=True)) + ")"
_MONTH = "(" + "|".join(sorted(_MONTH_NAMES, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?:\s*(?:de\s)?[-/.]?\s*(?:l'annee\s)?([0-9]{4}|[0-9]{2}))?"
_TIME = r"(?:[t ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?\s*(z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
_WEEKDAY = r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\s)?"
_ISO = re.compile(rf"([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}}){_TIME}")
_YEAR_FIRST = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")
_DAY_FIRST = re.compile(rf"{_WEEKDAY}([0-9]{{1,2}})([/.-])([0-9]{{1,2}})\2([0-9]{{4}}|[0-9]{{2}}){_TIME}")
_DAY_IN_WORDS = re.compile(rf"{_WEEKDAY}(1er|[0-9]{{1,2}})\s*{_MONTH}{_YEAR}")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})\s?[/.-]\s?([0-9]{4})")
_ISO_MONTH = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})")
_MONTH_IN_WORDS = re.compile(rf"(?:mois de |mois d')?{_MONTH}{_YEAR}")
_LETTER = re.compile(rf"([tqs])\s?([0-9]{{1,2}}){_YEAR}")
_LETTER_LAST = re.compile(r"([0-9]{4})\s?[-/.]?\s?([tqs])\s?([0-9]{1,2})")
_RANK_LETTER = re.compile(rf"([0-9])\s?([tqs])\s?{_YEAR}")
_RANK_WORD = re.compile(rf"{_RANK}\s?(trimestre|trim\.?|semestre|sem\.?){_YEAR}")
_WORD_RANK = re.compile(r"(trimestre|semestre)\s([1-4])(?:\s*[-/]?\s*([0-9]{4}))?")
_ONE_YEAR = re.compile(r"(?:annee\s)?([0-9]{4})(?:\.0)?")
_NO_YEAR = re.compile(r"(?:l'|d'|de l')?annee")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]{1,12})?")
_YEARS = re.compile(r"(?:de |entre |annees )?([0-9]{4})\s?(?:-|/|a|ou|et)\s?([0-9]{4})")
_BETWEEN = re.compile(r"\s(?:a|au|et|ou|-)\s|(?<=[a-z])-(?=[a-z])|(?<=[0-9])-(?=[tqs][1-4])")
_OPENING = re.compile(
    r"(?:d'ici(?: a)?|au plus tard|courant|au cours (?:de|du)|dans le courant (?:de|du)|a l'horizon(?: de)?|horizon"
    r"|pour|en|au|a|le|la|l'(?=annee)|du|de|echeance|calendrier(?: legal)?)\b\s?:?\s?"
)
_END = re.compile(r"(?:avant )?(?:la )?fin\b\s?(?:de l'|de la |de |du |d')?(?:mois de |mois d')?")
_VAGUE = re.compile(r"\b(?:debut|mi|milieu|rentree|ete|hiver|automne|printemps|noel|vacances)\b")
_REMARK = re.compile(r"\([^()]*\)")


def _without_remarks(text: str) -> str:
    bare = " ".join(_REMARK.sub(" ", text).split()).strip(" .;,:")
    if not bare and "(" in text:
        raise Impossible("l'échéance elle-même ne doit pas être entre parenthèses")
    return bare


def _read(text: str, reference_year: int | None) -> Span:
    if text in _WITHOUT_DATE:
        return NOTHING
    if (years := _YEARS.fullmatch(text)) is not None:
        return from_to(year_of(int(years[1])), year_of(int(years[2])))
    bare = _opened(text)
    if (years := _YEARS.fullmatch(bare)) is not None:
        return from_to(year_of(int(years[1])), year_of(int(years[2])))
    bare = bare.removeprefix("entre ")
    span = _one(bare, reference_year)
    if span is not None:
        return span
    if (pair := _pair(bare, reference_year)) is not None:
        return pair
    if bare.startswith("avant"):
        raise Impossible("« avant » laisse douter du dernier jour ; écrire « d'ici le 31/12/2022 » ou « fin 2022 »")
    if _VAGUE.search(bare) is not None:
        raise Impossible("dernier jour non convenu ; écrire la période entendue, par exemple « T1 2022 (début 2022) »")
    raise Impossible(_EXAMPLES)


def _opened(text: str) -> str:
    """The text without « d'ici », « au plus tard le », « courant »…"""
    for _ in range(4):
        match = _OPENING.match(text)
        if match is None or match.end() == len(text):
            break
        text = text[match.end() :]
    return text


def _pair(text: str, reference_year: int | None) -> Span | None:
    """« T1 et T2 2022 », « du 1er mars 2022 au 30 juin 2022 »: two of a kind, the first one may borrow the year."""
    parts = _BETWEEN.split(text)
    if len(parts) != 2:
        return None
    last = _one(_opened(parts[1]), reference_year)
    if last is None or last.last is None:
        return None
    first = _one(_opened(parts[0]), last.last.year)
    if first is None or first.precision is not last.precision:
        return None
    return from_to(first, last)


def _one(text: str, reference_year: int | None) -> Span | None:
    """A single period, « fin » included; None when the text has none of the known forms."""
    end = _END.match(text)
    if end is not None:
        rest = text[end.end() :]
        if rest in ("annee", "l'annee"):
            return year_of(needed(None, reference_year))
        span = _form(rest, reference_year)
        if span is not None and span.precision is Precision.DAY:
            return None
        return span
    return _form(text, reference_year)


def _form(text: str, reference_year: int | None) -> Span | None:
    for form, read in _FORMS:
        match = form.fullmatch(text)
        if match is not None:
            return read(match, reference_year)
    return None


def _iso(match: re.Match[str], reference_year: int | None) -> Span:
    span = day_of(int(match[1]), int(match[2]), int(match[3]))
    if match[4] is None:
        return span
    hour, minute, second = int(match[4]), int(match[5]), int(match[6] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise Impossible(f"{match[4]}:{match[5]} n'est pas une heure")
    if match[7] is None or span.first is None:
        return span
    offset = match[7].replace(":", "")
    ahead = timedelta() if offset == "z" else timedelta(hours=int(offset[1:3]), minutes=int(offset[3:5] or 0))
    if ahead >= timedelta(days=1):
        raise Impossible(f"{match[7]} n'est pas un décalage horaire")
    utc = datetime(span.first.year, span.first.month, span.first.day, hour, minute, tzinfo=UTC)
    local = _local_day(utc + ahead if offset.startswith("-") else utc - ahead)
    return day_of(local.year, local.month, local.day)


def _day_first(match: re.Match[str], reference_year: int | None) -> Span:
    if match[2] == "-" and len(match[4]) == 2:
        raise Impossible("l'année est-elle au début ou à la fin ? écrire l'année en quatre chiffres")
    return day_of(needed(match[4], None), int(match[3]), int(match[1]))


def _day_in_words(match: re.Match[str], reference_year: int | None) -> Span:
    day = 1 if match[1] == "1er" else int(match[1])
    return day_of(needed(match[3], reference_year), _MONTH_NAMES[match[2]], day)


def _letter(match: re.Match[str], reference_year: int | None) -> Span:
    return part(match[1], int(match[2]), needed(match[3], reference_year))


def _rank_word(match: re.Match[str], reference_year: int | None) -> Span:
    return part(match[2], _RANKS[match[1]], needed(match[3], reference_year))


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int | None], Span]], ...] = (
    (_ISO, _iso),
    (_YEAR_FIRST, lambda m, _: day_of(int(m[1]), int(m[2]), int(m[3]))),
    (_DAY_FIRST, _day_first),
    (_MONTH_FIRST, lambda m, _: month_of(int(m[2]), int(m[1]))),
    (_ISO_MONTH, lambda m, _: month_of(int(m[1]), int(m[2]))),
    (_ONE_YEAR, lambda m, _: year_of(int(m[1]))),
    (_SERIAL, lambda m, _: serial(float(m[0]))),
    (_MONTH_IN_WORDS, lambda m, year: month_of(needed(m[2], year), _MONTH_NAMES[m[1]])),
    (_LETTER, _letter),
    (_LETTER_LAST, lambda m, _: part(m[2], int(m[3]), int(m[1]))),
    (_RANK_LETTER, lambda m, year: part(m[2], int(m[1]), needed(m[3], year))),
    (_RANK_WORD, _rank_word),
    (_WORD_RANK, lambda m, year: part(m[1], int(m[2]), needed(m[3], year))),
    (_DAY_IN_WORDS, _day_in_words),
    (_NO_YEAR, lambda _, year: year_of(needed(None, year))),
)


def _number(raw: int | float) -> Period:
    """A year or a spreadsheet's serial; whole years come as « 2022.0 » from columns with empty cells."""
    text = str(raw) if abs(raw) < 1e15 else "nombre démesuré"
    try:
        if FIRST_YEAR <= raw <= LAST_YEAR and raw == int(raw):
            span = year_of(int(raw))
        elif FIRST_SERIAL <= raw < LAST_SERIAL + 1:
            span = serial(raw)
        else:
            raise Impossible("ce nombre n'est ni une année ni une date de tableur")
    except Impossible as refused:
        raise Unreadable(text, str(refused)) from None
    return Period(text, span.first, span.last, span.precision)


def _day(raw: str, found: date) -> Period:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unreadable(raw, f"l'année doit être entre {FIRST_YEAR} et {LAST_YEAR}")
    return Period(raw, found, found, Precision.DAY)


def _local_day(moment: datetime) -> date:
    """The day in Paris; a moment without zone is taken as written."""
    return moment.date() if moment.tzinfo is None else paris_day(moment)


def _not_a_number(raw: object) -> bool:
    """An empty cell as pandas gives it (NaN, NaT) is the only value that differs from itself."""
    return bool(raw != raw)
