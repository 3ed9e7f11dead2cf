"""A ministry's lines as .xlsx, .ods or .csv, to be edited and read again: unchanged, they change nothing.

No cell can be taken for a formula: a text that begins like one is prefixed by an apostrophe, in every format. The
.ods is written here: the one kept library that writes it took 110 s for 5,000 lines and brings lxml; two dozen
lines of markup over ``zipfile`` take less than a second, and ``python-calamine`` reads them in the tests.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO, StringIO
from xml.sax.saxutils import escape, quoteattr

from commitments.models import Verdict
from ministries.models import Declaration, Ministry, Obstacle
from ministries.sheets.cells import neutral
from ministries.sheets.columns import LABELS, Field
from ministries.sheets.held import Held, held
from ministries.timeliness import sentence

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
}
WRITTEN = (
    *(Field.REF, Field.TITLE, Field.DIRECTION, Field.KIND, Field.DEADLINE, Field.REASON, Field.STATUS),
    *(Field.COMMENT, Field.OBSTACLE_KIND, Field.OBSTACLE, Field.ADDRESS, Field.NOTE),
)
"""The columns that are read again; the others only inform, and their heads are known as such."""
STATES = {str(code): label for code, label in Verdict.STATES}
INFORMING = ("première échéance", "constaté", "retard", "situation au")
HELP = (
    "Une case vide laisse ce qui est déjà déclaré.",
    "Une date changée demande un motif, dans sa colonne ; la première échéance ne change jamais.",
    "Les colonnes « première échéance », « constaté », « retard » et « situation au » informent : elles ne sont pas "
    "relues.",
    "Une ligne retirée n'est pas supprimée : elle est marquée « absente du dernier envoi ».",
    "Données publiées sous Licence Ouverte 2.0, sauf les brouillons et les notes privées.",
)


def rows(ministry: Ministry, today: date) -> list[list[str]]:
    """The head, then one line for each promise that the ministry answers for on that day, drafts included."""
    head = [*(LABELS[name] for name in WRITTEN), *INFORMING]
    return [head, *(_row(one, today) for one in held(ministry, today))]


def _row(one: Held, today: date) -> list[str]:
    promised = one.standing.promised
    status, kind = one.said("status"), one.said("obstacle_kind")
    kinds = dict.fromkeys(deliverable.deliverable.get_kind_display() for deliverable in one.standing.deliverables)
    observed = one.standing.observed
    cells = {
        Field.REF: one.commitment.ref,
        Field.TITLE: one.commitment.title,
        Field.DIRECTION: one.commitment.producer,
        Field.KIND: next(iter(kinds)) if len(kinds) == 1 else "",
        Field.DEADLINE: promised.current.raw if promised.current else "",
        Field.REASON: "",
        Field.STATUS: Declaration.Status(status).label if status else "",
        Field.COMMENT: one.said("comment"),
        Field.OBSTACLE_KIND: Obstacle(kind).label if kind else "",
        Field.OBSTACLE: one.said("obstacle"),
        Field.ADDRESS: "\n".join(one.addresses),
        Field.NOTE: one.said("note"),
    }
    since = f", le {observed.checked_on:%d/%m/%Y}" if observed.checked_on else ""
    informing = [
        promised.first.raw if promised.first else "",
        f"{STATES[str(observed.state)]}{since}",
        sentence(one.standing.timeliness),
        f"{today:%d/%m/%Y}",
    ]
    return [neutral(cell) for cell in (*(cells[name] for name in WRITTEN), *informing)]


def write(ministry: Ministry, today: date, suffix: str) -> bytes:
    """The file's bytes; ``suffix`` is one of FORMATS."""
    table = rows(ministry, today)
    about = [f"Promesses de : {ministry.name}", f"Situation au {today:%d/%m/%Y}", *HELP]
    return {"xlsx": _xlsx, "ods": _ods, "csv": _csv}[suffix](table, [neutral(line) for line in about])


def _csv(table: Sequence[Sequence[str]], about: Sequence[str]) -> bytes:
    """With a mark and semicolons: opened by a double click, accents and columns come right."""
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(table)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(table: Sequence[Sequence[str]], about: Sequence[str]) -> bytes:
    import xlsxwriter

    buffer = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Promesses")
        for index, row in enumerate(table):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(index, column, cell, wrapped if index else bold)
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, 1, 50)
        sheet.set_column(2, len(table[0]) - 1, 22)
        sheet.autofilter(0, 0, len(table) - 1, len(table[0]) - 1)
        notes = book.add_worksheet("Lisez-moi")
        notes.set_column(0, 0, 110)
        for index, line in enumerate(about):
            notes.write_string(index, 0, line)
    return buffer.getvalue()


_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"'
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def _ods(table: Sequence[Sequence[str]], about: Sequence[str]) -> bytes:
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES}><office:body><office:spreadsheet>'
        f"{_ods_sheet('Promesses', table)}{_ods_sheet('Lisez-moi', [[line] for line in about])}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        # The kind of the file stands first and is not compressed: so the format says.
        archive.writestr("mimetype", _ODS, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def _ods_sheet(name: str, table: Iterable[Sequence[str]]) -> str:
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in table)
    return f"<table:table table:name={quoteattr(name)}>{lines}</table:table>"


def _ods_cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    # Runs of spaces are one in this format; controls have no place in XML.
    shown = "".join(sign for sign in text if sign >= " " or sign == "\n")
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in shown.split("\n"))
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'
