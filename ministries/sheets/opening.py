"""The child process that opens a file nobody has checked: little memory, little time, and nothing to lose.

``python -m ministries.sheets.opening`` reads a file from its input and writes JSON: ``{"sheets": […]}`` or
``{"refused": "a French sentence"}``. A file that makes it die is refused by ``reading``. Nothing of Django here.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.sax.saxutils import unescape

from ministries.sheets import bounds, delimited
from ministries.sheets.bounds import RefusedFile

MEMORY = 350 * bounds.MEGABYTE
SECONDS = 20


def main() -> None:
    """Read the file from the input, with limits set before the first byte."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = opened(sys.stdin.buffer.read(bounds.LARGEST_FILE + 1))
    except RefusedFile as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": bounds.TOO_MUCH_INSIDE}
    sys.stdout.write(json.dumps(answer))


def opened(data: bytes) -> dict[str, Any]:
    """Every sheet as rows of text from A1 on. Raises RefusedFile, MemoryError."""
    kind = bounds.kind_of(data)
    if kind == "csv":
        rows, warnings = delimited.read(data)
        return {"kind": kind, "warnings": warnings, "sheets": [_sheet("", rows)]}
    asides = _asides(data, kind)
    return {"kind": kind, "warnings": asides.pop("", []), "sheets": _workbook(data, asides)}


def _workbook(data: bytes, asides: dict[str, Any]) -> list[dict[str, Any]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    sheets = []
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        metadata = workbook.sheets_metadata
        if len(metadata) > bounds.MOST_SHEETS:
            raise RefusedFile(bounds.TOO_MANY_SHEETS)
        cells = 0
        for index, about in enumerate(metadata):
            if about.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_index(index)
            if sheet.total_width > bounds.MOST_COLUMNS:
                raise RefusedFile(bounds.TOO_MANY_COLUMNS)
            if sheet.total_height > bounds.MOST_ROWS:
                raise RefusedFile(bounds.TOO_MANY_ROWS)
            rows = [[text_of(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
            cells += sum(1 for row in rows for cell in row if cell)
            if cells > bounds.MOST_CELLS:
                raise RefusedFile(bounds.TOO_MANY_CELLS)
            merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]
            hidden = about.visible is not SheetVisibleEnum.Visible
            sheets.append(_sheet(about.name, rows, hidden=hidden, merged=merged, **asides.get(about.name, {})))
    except PasswordError:
        raise RefusedFile(bounds.ENCRYPTED) from None
    except (CalamineError, ValueError, OSError, IndexError):
        raise RefusedFile(bounds.DAMAGED) from None
    return sheets


def _sheet(name: str, rows: list[list[str]], **more: Any) -> dict[str, Any]:
    return {"name": name, "rows": rows, "hidden": False, "merged": [], "hidden_rows": [], "unread": {}, **more}


def text_of(value: object) -> str:
    """A cell as text: whole numbers without « .0 », days as 2022-08-31."""
    if isinstance(value, bool):
        return "vrai" if value else "faux"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value)


# --- what the reader of cells does not say: hidden rows, errors, formulas without a value ---------------------------


def _asides(data: bytes, kind: str) -> dict[str, Any]:
    """By sheet name; under "" what is said of the whole file. The markup is searched, never parsed."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = set(archive.namelist())
        found: dict[str, Any] = {"": []}
        if kind == "ods":
            content = b"".join(bounds.pieces(archive, "content.xml"))
            if re.search(rb'table:visibility="(?:collapse|filter)"', content):
                found[""].append("Des lignes ou des colonnes sont masquées dans ce classeur : elles sont lues aussi.")
            if re.search(rb'table:number-(?:columns|rows)-spanned="(?!1")', content):
                found[""].append("Des cases sont fusionnées : leur valeur ne compte que pour la première.")
            return found
        if any(name.startswith("xl/externalLinks/") for name in names):
            found[""].append("Ce classeur renvoie à d'autres fichiers : seules les valeurs enregistrées sont lues.")
        for sheet, path in _paths(archive, names).items():
            found[sheet] = _rows(archive, path)
    return found


def _paths(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    workbook = b"".join(bounds.pieces(archive, "xl/workbook.xml")) if "xl/workbook.xml" in names else b""
    links = "xl/_rels/workbook.xml.rels"
    targets = {}
    for tag in re.findall(
        rb"<Relationship\b[^>]*>", b"".join(bounds.pieces(archive, links)) if links in names else b""
    ):
        attributes = _attributes(tag)
        target = attributes.get("Target", "")
        targets[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    paths = {}
    for tag in re.findall(rb"<sheet\b[^>]*>", workbook):
        attributes = _attributes(tag)
        path = targets.get(attributes.get("r:id", ""), "")
        if path in names:
            paths[attributes.get("name", "")] = path
    return paths


def _attributes(tag: bytes) -> dict[str, str]:
    pairs = re.findall(r'([\w:]+)="([^"]*)"', tag.decode("utf-8", errors="replace"))
    return {name: unescape(value, {"&quot;": '"', "&apos;": "'"}) for name, value in pairs}


def _rows(archive: zipfile.ZipFile, path: str) -> dict[str, Any]:
    hidden: list[int] = []
    unread: dict[str, str] = {}
    rest = b""
    for piece in (*bounds.pieces(archive, path), b"<row"):
        rest += piece
        cut = rest.rfind(b"<row")
        if cut > 0:
            whole, rest = rest[:cut], rest[cut:]
            for tag in re.findall(rb'<row\b[^>]*\bhidden="(?:1|true)"[^>]*>', whole):
                if (number := _attributes(tag).get("r", "")).isdigit():
                    hidden.append(int(number))
            if b"<f" in whole or b't="e"' in whole:
                unread.update(_unread(whole))
    return {"hidden_rows": hidden, "unread": unread}


def _unread(rows: bytes) -> Iterator[tuple[str, str]]:
    """Cells that hold no value to read: an error, or a formula that was never computed."""
    for tag, inside in re.findall(rb"<c\b([^>]*[^/])>(.*?)</c>", rows, re.DOTALL):
        attributes = _attributes(tag)
        value = re.search(rb"<v[^>/]*>([^<]+)", inside)
        if attributes.get("t") == "e":
            yield attributes.get("r", ""), value[1].decode(errors="replace") if value else "#ERREUR"
        elif b"<f" in inside and value is None:
            yield attributes.get("r", ""), "formule sans valeur enregistrée"


if __name__ == "__main__":
    main()
