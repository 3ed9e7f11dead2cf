"""The note of a day, and the text of its files as other programs read it."""

import io
from datetime import date

import pypdf
from odfdo import Document

from dashboards.notes.content import Note, note
from ministries.standing import standings


def composed(day: date, since: date | None = None) -> Note:
    return note(standings(day), as_of=day, since=since or date(2021, 3, 1))


def written(data: bytes) -> str:
    """The text of a PDF, on one line, without the hyphens and spaces of its layout."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def said(data: bytes) -> str:
    """The text of an ODT."""
    return " ".join(Document(io.BytesIO(data)).get_formatted_text().split())
