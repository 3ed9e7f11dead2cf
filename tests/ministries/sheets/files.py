"""Files made for the tests: each is whole but for the trap it sets."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO, StringIO

import xlsxwriter

HEAD = ["référence", "intitulé", "échéance", "état", "commentaire"]


def xlsx(rows: Sequence[Sequence[object]], name: str = "Suivi") -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(name)
        for index, row in enumerate(rows):
            for column, value in enumerate(row):
                if value != "":
                    sheet.write(index, column, value)
    return buffer.getvalue()


def delimited(rows: Sequence[Sequence[str]], separator: str = ";", encoding: str = "utf-8") -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def edited(data: bytes, edit: Callable[[str, bytes], bytes | None], **more: bytes) -> bytes:
    """The same archive with entries changed (None: taken out) or added."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            content = edit(entry.filename, before.read(entry))
            if content is not None:
                after.writestr(entry.filename, content)
        for name, content in more.items():
            after.writestr(name, content)
    return buffer.getvalue()


def same(name: str, content: bytes) -> bytes:
    return content


def archive(**entries: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return buffer.getvalue()


@cache
def bomb(size: int) -> bytes:
    """A workbook whose sheet opens to ``size`` bytes of spaces."""
    return edited(xlsx([HEAD]), lambda name, content: b" " * size if name.endswith("sheet1.xml") else content)


def liar() -> bytes:
    """A workbook of which one entry opens to 50 MB and declares 1 kB."""
    size = 50_000_000
    data = bytearray(bomb(size))
    real, told = size.to_bytes(4, "little"), (1000).to_bytes(4, "little")
    assert real in data
    return bytes(data).replace(real, told)


def ods(content: str) -> bytes:
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    body = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Suivi">{content}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        made.writestr("content.xml", body)
    return buffer.getvalue()


def ods_rows(rows: Sequence[Sequence[str]]) -> str:
    return "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
