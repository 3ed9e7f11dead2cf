"""CSV as spreadsheets really write it: which encoding, which separator, lone quotes. Imports nothing of Django."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator

from ministries.sheets.bounds import (
    BINARY,
    CELL_TOO_LONG,
    LONGEST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    TOO_MANY_CELLS,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
    RefusedFile,
)

SEPARATORS = ";,\t|"
_SAMPLE = 40_000
_FRENCH = frozenset("éèêëàâäùûüôöîïçœæÉÈÊÀÂÔÎÇŒ’«»€°–… ")
LONE_QUOTE = "Un guillemet n'est pas refermé : les guillemets de ce fichier sont lus comme du texte."


def read(data: bytes) -> tuple[list[list[str]], list[str]]:
    """Rows of text, and what had to be guessed, in French. Raises RefusedFile."""
    text, warnings = decode(data)
    separator = separator_of(text)
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = _bounded(csv.reader(_lines(text), delimiter=separator, strict=True))
    except csv.Error:
        try:
            rows = _bounded(csv.reader(_lines(text), delimiter=separator, quoting=csv.QUOTE_NONE))
        except csv.Error:
            raise RefusedFile(CELL_TOO_LONG.format(place="Une case")) from None
        warnings.append(LONE_QUOTE)
    return rows, warnings


def decode(data: bytes) -> tuple[str, list[str]]:
    """UTF-16 and UTF-8 by their marks, UTF-8 when it is, else what a French text looks most like."""
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            try:
                return _without_nulls(data.decode(name)), []
            except UnicodeDecodeError:
                break
    try:
        return _without_nulls(data.decode("utf-8")), []
    except UnicodeDecodeError:
        pass
    lines = data.splitlines(keepends=True)
    accented = [line for line in lines if not line.isascii()]
    if any(_is_utf8(line) for line in accented):
        text = "".join(line.decode("utf-8") if _is_utf8(line) else _eight_bits(line)[0] for line in lines)
        return _without_nulls(text), ["Ce fichier mêle deux encodages : chaque ligne est lue dans le sien."]
    text, name = _eight_bits(data)
    said = {"cp1252": "Windows-1252", "mac_roman": "MacRoman"}[name]
    return _without_nulls(text), [f"Ce fichier est lu en {said} : vérifiez les accents."]


def separator_of(text: str) -> str:
    """The sign that cuts most of the first lines in the same number of cells, more than one."""
    best, found = (0, 0), ";"
    for sign in SEPARATORS:
        widths: Counter[int] = Counter()
        for row in _first_rows(text, sign):
            widths[len(row)] += 1
        wide = [(count, width) for width, count in widths.items() if width > 1]
        score = max(((count * min(width, 12), width) for count, width in wide), default=(0, 0))
        if score > best:
            best, found = score, sign
    return found


def _first_rows(text: str, sign: str) -> list[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(_lines(text[:_SAMPLE]), delimiter=sign):
            rows.append(row)
            if len(rows) == 30:
                break
    except csv.Error:
        pass
    return rows


def _lines(text: str) -> Iterator[str]:
    """Line by line without a copy of the whole: a million of lines costs what is read of them."""
    for match in re.finditer(r"[^\r\n]*(?:\r\n|\n|\r|\Z)", text):
        if match[0]:
            yield match[0]


def _bounded(rows: Iterator[list[str]]) -> list[list[str]]:
    kept: list[list[str]] = []
    cells = 0
    for row in rows:
        if len(kept) >= MOST_ROWS:
            raise RefusedFile(TOO_MANY_ROWS)
        if len(row) > MOST_COLUMNS:
            while row and not row[-1].strip():
                row.pop()
            if len(row) > MOST_COLUMNS:
                raise RefusedFile(TOO_MANY_COLUMNS)
        cells += sum(1 for cell in row if cell)
        if cells > MOST_CELLS:
            raise RefusedFile(TOO_MANY_CELLS)
        kept.append(row)
    return kept


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _eight_bits(data: bytes) -> tuple[str, str]:
    readings = [(data.decode(name, errors="replace"), name) for name in ("cp1252", "mac_roman")]
    return max(readings, key=lambda reading: sum(sign in _FRENCH for sign in reading[0] if ord(sign) > 127))


def _without_nulls(text: str) -> str:
    if "\0" in text:
        raise RefusedFile(BINARY)
    return text
