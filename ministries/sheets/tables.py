"""Where the table is in a sheet: its head (one line or two), its lines, and what is left out, said in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commitments.periods import normalize
from ministries.sheets.columns import recognise
from ministries.sheets.reading import Sheet, Workbook, letter

HEAD_WITHIN = 20
NO_TABLE = "Aucune ligne d'en-tête n'a été reconnue : il faut au moins une colonne « intitulé » ou « référence »."

_TOTAL = re.compile(
    r"(?:sous[- ]?)?(?:total|totaux|somme)\b|nombre (?:total|d'actions|de lignes)|nb (?:total|d'actions)"
)


@dataclass(frozen=True)
class Row:
    """A line as it stands in the sheet: ``number`` as the spreadsheet counts, one text for each column of the head."""

    number: int
    cells: tuple[str, ...]
    unread: tuple[tuple[int, str], ...] = ()
    hidden: bool = False


@dataclass(frozen=True)
class LeftOut:
    """A line that is not read as a promise, and why in French."""

    number: int
    text: str
    why: str


@dataclass(frozen=True)
class Table:
    """The table of a sheet. ``warnings``: what a person should know of how it was read, in French."""

    sheet: str
    headers: tuple[str, ...]
    head: tuple[int, ...]
    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]

    def place(self, row: int, column: int | None = None) -> str:
        """« feuille « Suivi », ligne 12, colonne D »."""
        sheet = f"feuille « {self.sheet} », " if self.sheet else ""
        return f"{sheet}ligne {row}" + (f", colonne {letter(column)}" if column is not None else "")


class NoTable(Exception):
    """No sheet has a head that names anything of ours: a French sentence."""


def find(book: Workbook) -> Table:
    """The table of the sheet whose head says most, visible sheets first. Raises NoTable."""
    heads = [(sheet, _head(sheet)) for sheet in book.sheets]
    able = [(sheet, head) for sheet, head in heads if head is not None]
    if not able:
        raise NoTable(NO_TABLE)
    sheet, head = max(able, key=lambda pair: (not pair[0].hidden, pair[1].score))
    others = [other.name for other in book.sheets if other is not sheet and any(any(row) for row in other.rows)]
    said = list(book.warnings)
    if others:
        named = ", ".join(f"« {name} »" for name in others[:5]) + (f" et {len(others) - 5} autres" * (len(others) > 5))
        said.append(f"Seule la feuille « {sheet.name} » est lue ; ne le sont pas : {named}.")
    if sheet.hidden:
        said.append(f"La feuille « {sheet.name} » est masquée dans le classeur.")
    return _table(sheet, head, said)


@dataclass(frozen=True)
class _Head:
    first: int
    last: int
    headers: tuple[str, ...]
    score: int


def _head(sheet: Sheet) -> _Head | None:
    best: _Head | None = None
    for index in range(min(HEAD_WITHIN, len(sheet.rows))):
        one = sheet.rows[index]
        candidates = [_Head(index, index, tuple(one), _score(one))]
        grouped = sum(1 for cell in one if cell) > 1
        if grouped and index + 1 < len(sheet.rows) and _could_be_a_head(sheet.rows[index + 1]):
            both = _joined(sheet, index)
            candidates.append(_Head(index, index + 1, both, _score(both)))
        for candidate in candidates:
            # A second line must name something more than the first one does alone.
            if candidate.score and (best is None or candidate.score > best.score):
                best = candidate
    return best


def _score(headers: Sequence[str]) -> int:
    """How many different fields these heads name; nothing without a title or a reference."""
    named = {known[0] for header in headers if header and (known := recognise(header)) is not None}
    return len(named) if {"ref", "title"} & named else 0


def _could_be_a_head(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    return bool(filled) and all(len(cell) <= 40 and not any(sign.isdigit() for sign in cell) for cell in filled)


def _joined(sheet: Sheet, index: int) -> tuple[str, ...]:
    """Two lines read as one: « Calendrier » above « échéance » and « motif » belongs to both."""
    above, below = sheet.rows[index], sheet.rows[index + 1]
    width = max(len(above), len(below))
    group, heads = "", []
    for column in range(width):
        over = above[column] if column < len(above) else ""
        under = below[column] if column < len(below) else ""
        group = over or group
        if not under:
            heads.append(over)
        elif not over:
            heads.append(under if recognise(under) or not group else f"{group} {under}")
        else:
            heads.append(under if recognise(under) else f"{over} {under}")
    return tuple(heads)


def _table(sheet: Sheet, head: _Head, said: list[str]) -> Table:
    width = max((index + 1 for index, header in enumerate(head.headers) if header), default=0)
    data = sheet.rows[head.last + 1 :]
    width = max([width, *(_filled_width(row) for row in data)])
    headers = tuple((head.headers[c] if c < len(head.headers) else "") for c in range(width))
    if head.last > head.first:
        said.append(f"L'en-tête tient sur deux lignes ({head.first + 1} et {head.last + 1}), lues ensemble.")
    rows, left_out = [], []
    for index in range(head.first):
        if any(sheet.rows[index]):
            left_out.append(LeftOut(index + 1, _text(sheet.rows[index]), "au-dessus de l'en-tête"))
    head_words = [normalize(header) for header in headers]
    wide = {area[0] for area in sheet.merged if area[3] > area[1]}
    for index in range(head.last + 1, len(sheet.rows)):
        cells = tuple((sheet.rows[index][c] if c < len(sheet.rows[index]) else "") for c in range(width))
        number = index + 1
        unread = tuple((c, why) for c in range(width) if (why := sheet.unread.get(f"{letter(c)}{number}")) is not None)
        if not any(cells) and not unread:
            continue
        why = _why_left_out(cells, head_words, index in wide)
        if why:
            left_out.append(LeftOut(number, _text(cells), why))
        else:
            rows.append(Row(number, cells, unread, number in sheet.hidden_rows))
    _warn(sheet, head, rows, said)
    return Table(
        sheet.name,
        headers,
        tuple(range(head.first + 1, head.last + 2)),
        tuple(rows),
        tuple(left_out),
        tuple(said),
    )


def _why_left_out(cells: Sequence[str], head_words: Sequence[str], merged: bool) -> str:
    filled = [cell for cell in cells if cell]
    if filled and _TOTAL.match(normalize(filled[0])):
        return "ligne de total"
    if all(normalize(cell) == head for cell, head in zip(cells, head_words, strict=True)):
        return "en-tête répété"
    if len(filled) == 1 and merged:
        return "intertitre sur plusieurs colonnes"
    return ""


def _warn(sheet: Sheet, head: _Head, rows: Sequence[Row], said: list[str]) -> None:
    merged = [area for area in sheet.merged if area[0] > head.last]
    if merged:
        shown = ", ".join(f"{letter(a[1])}{a[0] + 1}:{letter(a[3])}{a[2] + 1}" for a in merged[:5])
        more = f" et {len(merged) - 5} autres" if len(merged) > 5 else ""
        said.append(f"Cases fusionnées ({shown}{more}) : leur valeur ne compte que pour la première case.")
    hidden = [row.number for row in rows if row.hidden]
    if hidden:
        shown = ", ".join(str(number) for number in hidden[:10]) + ("…" if len(hidden) > 10 else "")
        said.append(f"{_lines(len(hidden), 'masquée')} ({shown}) : lues aussi.")
    last = rows[-1].number if rows else 0
    between = sum(1 for index in range(head.last + 1, last) if not any(sheet.rows[index]))
    if between:
        said.append(f"{_lines(between, 'vide')} au milieu du tableau, sans effet.")


def _lines(count: int, word: str) -> str:
    return f"{count} lignes {word}s" if count > 1 else f"1 ligne {word}"


def _filled_width(row: Sequence[str]) -> int:
    return max((index + 1 for index, cell in enumerate(row) if cell), default=0)


def _text(row: Sequence[str]) -> str:
    return " · ".join(cell for cell in row if cell)[:120]
