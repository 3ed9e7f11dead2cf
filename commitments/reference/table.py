"""From a CSV file to its records, each with the line it begins on. Knows nothing of what they mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from commitments.reference.problems import Problem

LARGEST = 5_000_000


@dataclass(frozen=True)
class Row:
    """A record: its cells by column, and its line in the file, the headers being on line 1."""

    file: str
    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A file's records; ``readable`` is false when nothing can be said of what it holds.

    ``ragged``: the records with a wrong number of cells, kept so that what refers to them is not blamed too.
    """

    file: str
    rows: tuple[Row, ...] = ()
    ragged: tuple[Row, ...] = ()
    readable: bool = True

    def keys(self, *columns: str) -> set[str] | None:
        """The values of these columns (joined by « / »), bad rows included; None when the file is unreadable."""
        if not self.readable:
            return None
        return {"/".join(row.cells[column] for column in columns) for row in (*self.rows, *self.ragged)}


def read_table(folder: Path, file: str, columns: Sequence[str], problems: list[Problem]) -> Table:
    """Read a UTF-8 file separated by commas, with exactly these columns in any order. Adds to ``problems``."""
    text = _text(folder / file, problems)
    if text is None:
        return Table(file, readable=False)
    records = _records(file, text, problems)
    header = next(records, None)
    if header is None:
        problems.append(Problem(file, 1, "", "", f"une ligne d'en-têtes : {', '.join(columns)}"))
        return Table(file, readable=False)
    names = [name.strip() for name in header[1]]
    if wrong := _wrong_headers(file, names, columns):
        problems.extend(wrong)
        return Table(file, readable=False)
    rows: list[Row] = []
    ragged: list[Row] = []
    for line, cells in records:
        row = Row(file, line, dict(zip_longest(names, (cell.strip() for cell in cells[: len(names)]), fillvalue="")))
        if len(cells) == len(names):
            rows.append(row)
        else:
            ragged.append(row)
            problems.append(Problem(file, line, "", f"{len(cells)} cellules", f"{len(names)} cellules"))
    return Table(file, tuple(rows), tuple(ragged))


def _text(path: Path, problems: list[Problem]) -> str | None:
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError:
        problems.append(Problem(path.name, 0, "", "", "un fichier lisible de ce nom"))
        return None
    if raw is None:
        problems.append(Problem(path.name, 0, "", f"{path.stat().st_size} octets", f"{LARGEST} octets au plus"))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.append(Problem(path.name, line, "", f"octet 0x{raw[error.start]:02x}", "un texte en UTF-8"))
        return None


def _records(file: str, text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the physical line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(Problem(file, line, "", str(error), "un CSV bien formé (virgules, guillemets doublés)"))
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _wrong_headers(file: str, names: Sequence[str], columns: Sequence[str]) -> list[Problem]:
    missing = [Problem(file, 1, column, "", "cette colonne") for column in columns if column not in names]
    extra = [
        Problem(file, 1, name, name, f"seulement les colonnes {', '.join(columns)}")
        for name in dict.fromkeys(names)
        if name not in columns
    ]
    twice = [
        Problem(file, 1, name, name, "cette colonne une seule fois")
        for name in dict.fromkeys(names)
        if name in columns and names.count(name) > 1
    ]
    return missing + extra + twice
