"""The note as an OpenDocument text, two sheets of A4, for who must change a word before the meeting."""

from __future__ import annotations

import io
from datetime import UTC
from typing import cast

from odfdo import (
    Cell,
    Document,
    Element,
    Header,
    HeaderRows,
    Link,
    Paragraph,
    Row,
    Span,
    Style,
    Table,
    VarPageCount,
    VarPageNumber,
)
from odfdo.master_page import StyleFooter

from dashboards.notes.asking import Asked
from dashboards.notes.content import COLUMNS, Note
from dashboards.notes.content import Row as MinistryRow
from dashboards.notes.lines import Line, Section
from dashboards.pages import words

SANS, SERIF = "Liberation Sans", "Liberation Serif"
NAME_WIDTH, TOTAL_WIDTH = 5.6, 18.6  # centimetres


def odt(asked: Asked, note: Note) -> bytes:
    """Write it. Every address is whole, and the last line gives the one where this very note is made again."""
    document = Document("text")
    document.language = "fr-FR"
    _dress(document)
    meta = document.meta
    meta.title, meta.language, meta.generator = f"{note.title}, au {words.day(note.as_of)}", "fr", "Bothorel"
    meta.creation_date = meta.date = asked.known_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    body = document.body
    body.clear()
    body.append(_said(asked.eyebrow, "Small"))
    body.append(_heading(1, note.title, "Title1"))
    body.append(_said(note.sentence, "Sentence"))
    body.append(_said(note.rest, "Small"))
    counters = " · ".join(f"{words.number(count.value)} {count.label}" for count in note.counters)
    body.append(_said(counters, "Said"))
    body.append(_said(note.caption, "Small"))
    body.append(_table(asked, note))
    _section(body, asked, note.late)
    for index, section in enumerate(note.second_page):
        _section(body, asked, section, style="SecondSheet" if index == 0 else "Part")
    last = _said(f"{asked.colophon} ", "Small")
    last.append(_link(asked.permanent(), asked.permanent()))
    body.append(last)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _said(text: str, style: str) -> Paragraph:
    return Paragraph(text, style=style, formatted=False)


def _heading(level: int, text: str, style: str) -> Header:
    """odfdo takes a heading's style and drops it."""
    heading = Header(level, text, formatted=False)
    heading.set_attribute("text:style-name", style)
    return heading


def _link(address: str, text: str) -> Link:
    link = Link(address, text=text)
    link.set_attribute("text:style-name", "Plain")
    link.set_attribute("text:visited-style-name", "Plain")
    return link


def _section(body: Element, asked: Asked, section: Section, style: str = "Part") -> None:
    counted = f" ({words.number(section.count)})" if section.count else ""
    body.append(_heading(2, f"{section.title}{counted}", style))
    if not section.count:
        body.append(_said(section.nothing, "Said"))
    if section.inline and section.lines:
        body.append(_inline(asked, section))
        return
    group = ""
    for line in section.lines:
        if line.group and line.group != group:
            group = line.group
            body.append(_heading(3, group, "Group"))
        body.append(_line(asked, line))
    for rest in section.rests:
        more = _said(f"{rest.text}, voir ", "Small")
        more.append(_link(asked.link(rest.address), asked.link(rest.address)))
        body.append(more)


def _inline(asked: Asked, section: Section) -> Paragraph:
    said = Paragraph(style="Said")
    for index, line in enumerate(section.lines):
        said.append(Span(f"{words.NBSP}; " if index else ""))
        said.append(_link(asked.page(line.path), line.title))
        said.append(Span(f" ({line.text})"))
    return said


def _line(asked: Asked, line: Line) -> Paragraph:
    said = Paragraph(style="Said")
    said.append(_link(asked.page(line.path), line.title))
    said.append(Span(f" {line.who}", style="Strong"))
    said.append(Span(f" — {line.text}"))
    return said


def _table(asked: Asked, note: Note) -> Table:
    table = Table("Ministeres", style="Ministries")
    for index in range(len(COLUMNS) + 2):
        column = Element.from_tag("table:table-column")
        column.set_attribute("table:style-name", "Name" if index == 0 else "Number")
        table.append(column)
    head = HeaderRows()
    head.append(_row(["Ministère", "Promesses", *(label for _, label in COLUMNS)], "Head"))
    table.append(head)
    for row in note.rows:
        table.append(_ministry(row, asked.page(row.path)))
    left_out = note.rows_left_out
    total = f"Total, avec {words.counted(left_out, 'autre ministère,autres ministères')}" if left_out else "Total"
    table.append(_row([total, *map(str, (note.total.total, *note.total.values))], "Foot"))
    return table


def _ministry(row: MinistryRow, address: str) -> Row:
    made = _row(["", *map(str, (row.total, *row.values))], "Line")
    said = Paragraph(style="CellName")
    said.append(_link(address, row.name))
    first = made.get_elements("table:table-cell")[0]
    first.clear()
    first.set_attribute("table:style-name", "Line")
    first.append(said)
    return made


def _row(texts: list[str], style: str) -> Row:
    row = Row()
    for index, text in enumerate(texts):
        cell = Element.from_tag("table:table-cell")
        cell.set_attribute("office:value-type", "string")
        cell.set_attribute("table:style-name", style)
        cell.append(_said(text, "CellName" if index == 0 else "CellNumber"))
        row.append(cast(Cell, cell))
    return row


def _dress(document: Document) -> None:
    """The sheet, its footer, and the styles: those of ``note.css`` in print, in ODF's words."""
    styles = document.styles
    layout = styles.get_element("//style:page-layout/style:page-layout-properties")
    master = styles.get_element("//style:master-page")
    if layout is None or master is None:
        raise LookupError("odfdo's own text has lost its page layout")
    for name, size in {"page-width": "21cm", "page-height": "29.7cm"}.items():
        layout.set_attribute(f"fo:{name}", size)
    for side, size in {"top": "1cm", "bottom": "0.8cm", "left": "1.2cm", "right": "1.2cm"}.items():
        layout.set_attribute(f"fo:margin-{side}", size)
    footer = StyleFooter()
    numbered = Paragraph("page ", style="Foot1", formatted=False)
    numbered.append(VarPageNumber())
    numbered.append(Span(" sur "))
    numbered.append(VarPageCount())
    footer.append(numbered)
    master.append(footer)
    for level in styles.get_elements("//text:outline-level-style"):
        level.set_attribute("style:num-format", "")
        level.set_attribute("style:num-suffix", "")
        level.set_attribute("loext:num-list-format", "")
    for style in _paragraphs():
        document.insert_style(style)
    number_width = (TOTAL_WIDTH - NAME_WIDTH) / (len(COLUMNS) + 1)
    for markup in (
        f'<style:style style:name="Ministries" style:family="table"><style:table-properties '
        f'style:width="{TOTAL_WIDTH}cm" table:align="margins"/></style:style>',
        *_columns({"Name": NAME_WIDTH, "Number": number_width}),
        *(_cell(name, border) for name, border in {"Head": "0.05cm", "Line": "0.01cm", "Foot": "0.03cm"}.items()),
    ):
        document.insert_style(cast(Style, Element.from_tag(markup)), automatic=True)


def _columns(widths: dict[str, float]) -> list[str]:
    return [
        f'<style:style style:name="{name}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width:.2f}cm"/></style:style>'
        for name, width in widths.items()
    ]


def _cell(name: str, border: str) -> str:
    return (
        f'<style:style style:name="{name}" style:family="table-cell"><style:table-cell-properties '
        f'fo:border-bottom="{border} solid #000000" fo:padding="0.03cm" style:vertical-align="bottom"/></style:style>'
    )


def _paragraphs() -> list[Style]:
    """Every style of the text; sizes in points, spaces in centimetres."""
    indent = {"margin-left": "0.3cm", "text-indent": "-0.3cm"}
    together = {"keep-with-next": "always"}
    rule = {"border-top": "0.02cm solid #000000", "padding-top": "0.03cm", **together}
    right = {"text-align": "end"}
    return [
        _style("Title1", SERIF, 14, {"margin-bottom": "0.05cm"}, bold=True),
        _style("Sentence", SERIF, 11, {"margin-bottom": "0.05cm"}),
        _style("Said", SANS, 8, indent),
        _style("Small", SANS, 7.5),
        _style("Part", SERIF, 10.5, {"margin-top": "0.14cm", "margin-bottom": "0.03cm", **rule}, bold=True),
        _style("SecondSheet", SERIF, 10.5, {"margin-bottom": "0.03cm", "break-before": "page", **rule}, bold=True),
        _style("Group", SERIF, 8.5, {"margin-top": "0.05cm", **together}, bold=True),
        _style("CellName", SANS, 7.2),
        _style("CellNumber", SANS, 7, right),
        _style("Foot1", SANS, 7, right),
        Style("text", name="Strong", bold=True),
        Style("text", name="Plain", color="#000000"),
    ]


def _style(name: str, font: str, size: float, space: dict[str, str] | None = None, *, bold: bool = False) -> Style:
    style = Style("paragraph", name=name)
    spaces = {"margin-top": "0cm", "margin-bottom": "0cm", **(space or {})}
    style.set_properties({f"fo:{key}": value for key, value in spaces.items()}, area="paragraph")
    text = {"style:font-name": font, "fo:font-size": f"{size}pt", "fo:color": "#000000", "fo:language": "fr"}
    style.set_properties({**text, **({"fo:font-weight": "bold"} if bold else {})}, area="text")
    return style
