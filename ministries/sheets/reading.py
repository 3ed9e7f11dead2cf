"""A file sent by somebody → its sheets, as rows of text with their places. It is opened in a child process."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ministries.sheets.bounds import DAMAGED, LARGEST_FILE, TOO_LARGE, TOO_MUCH_INSIDE, RefusedFile

SECONDS = 30
TOO_LONG = "Ce fichier met plus de trente secondes à s'ouvrir : n'y gardez que le tableau des promesses."
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Sheet:
    """One sheet from A1 on. ``merged``: first row, first column, last row, last column, from 0.

    ``unread``: what stands in cells that hold no value (« F6 » → « #REF! »).
    """

    name: str
    rows: Sequence[Sequence[str]]
    hidden: bool = False
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden_rows: frozenset[int] = frozenset()
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Workbook:
    """What a file holds; ``warnings`` are French sentences on how it was read."""

    kind: str
    sheets: Sequence[Sheet]
    warnings: Sequence[str] = field(default_factory=tuple)


def read(data: bytes) -> Workbook:
    """Open a file of unknown content. Raises RefusedFile, whose message is a French sentence."""
    if len(data) > LARGEST_FILE:
        raise RefusedFile(TOO_LARGE)
    try:
        # Our own interpreter and module: nothing of the file reaches the command line.
        child = subprocess.run(
            [sys.executable, "-m", "ministries.sheets.opening"],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            cwd=_ROOT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RefusedFile(TOO_LONG) from None
    if child.returncode != 0:
        # Killed by its own limits: memory (abort), time (signal).
        raise RefusedFile(TOO_MUCH_INSIDE if child.returncode < 0 or b"Memory" in child.stderr else DAMAGED)
    answer = json.loads(child.stdout)
    if "refused" in answer:
        raise RefusedFile(answer["refused"])
    return workbook(answer)


def workbook(answer: Mapping[str, Any]) -> Workbook:
    """What ``opening`` wrote, or what was kept of it in a base."""
    return Workbook(
        kind=answer["kind"],
        sheets=tuple(
            Sheet(
                name=sheet["name"],
                rows=tuple(tuple(clean(cell) for cell in row) for row in sheet["rows"]),
                hidden=sheet["hidden"],
                merged=tuple((a, b, c, d) for a, b, c, d in sheet["merged"]),
                hidden_rows=frozenset(sheet["hidden_rows"]),
                unread=sheet["unread"],
            )
            for sheet in answer["sheets"]
        ),
        warnings=tuple(answer["warnings"]),
    )


def kept(book: Workbook) -> dict[str, Any]:
    """The same as plain values, to be kept until the file is applied."""
    return {
        "kind": book.kind,
        "warnings": list(book.warnings),
        "sheets": [
            {
                "name": sheet.name,
                "rows": [list(row) for row in sheet.rows],
                "hidden": sheet.hidden,
                "merged": [list(area) for area in sheet.merged],
                "hidden_rows": sorted(sheet.hidden_rows),
                "unread": dict(sheet.unread),
            }
            for sheet in book.sheets
        ],
    }


def clean(text: str) -> str:
    """Composed accents, plain spaces, nothing invisible (zero width, writing direction), lines kept."""
    if text.isascii() and text.isprintable():
        return text.strip()
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    shown = "".join(
        " " if unicodedata.category(sign) == "Zs" or sign == "\t" else sign
        for sign in composed
        if sign == "\n" or sign == "\t" or unicodedata.category(sign) not in ("Cf", "Cc")
    )
    return "\n".join(" ".join(line.split()) for line in shown.split("\n")).strip()


def letter(column: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
