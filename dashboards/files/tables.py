"""Rows into CSV (RFC 4180): UTF-8 without byte order mark, commas, CRLF, header first.

Text that a spreadsheet would run as a formula is written with an apostrophe before it; figures are left alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from django.utils.text import slugify

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CONTENT_TYPE = "text/csv; charset=utf-8; header=present"
PIECE = 64 * 1024

Cell = str | int | float | bool | date | datetime | None


def csv_bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write the rows, header first. None is an empty cell, a boolean is ``true`` or ``false``, days are ISO 8601."""
    return b"".join(csv_pieces(rows))


def csv_pieces(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The same, a piece at a time: what is written is never whole in memory."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
        if written.tell() >= PIECE:
            yield _taken(written)
    yield _taken(written)


def _taken(written: io.StringIO) -> bytes:
    piece = written.getvalue().encode("utf-8", "replace")
    written.seek(0)
    written.truncate()
    return piece


def spreadsheet_safe(text: str) -> str:
    """The text, made harmless where a spreadsheet would take it for a formula. NUL, which no sheet holds, goes."""
    text = text.replace("\x00", "")
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def file_name(subject: str, as_of: date, *filters: str, extension: str = "csv") -> str:
    """``promesses_mi-late_au-2023-02-01.csv``: a file says what it holds, and as of which day."""
    parts = [slugify(subject), "-".join(slug for f in filters if (slug := slugify(f)))[:60], f"au-{as_of.isoformat()}"]
    return f"{'_'.join(part for part in parts if part)}.{extension}"


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):  # a datetime is one
        return cell.isoformat()
    if isinstance(cell, int | float):
        return str(cell)
    return spreadsheet_safe(cell)
