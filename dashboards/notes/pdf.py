"""The note as a tagged PDF (PDF/UA-1), made by WeasyPrint from the page's own markup and style."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from commitments.rules import METHOD_VERSION
from dashboards.notes.asking import Asked
from dashboards.notes.content import Room
from ministries.standing import Standing

SHEETS = 2
TRIES = 4


class Unavailable(Exception):
    """This machine cannot make a PDF: the library's own libraries (Pango) are not installed."""


@cache
def missing() -> str:
    """Why a PDF cannot be made here, or nothing. Importing WeasyPrint is what loads Pango."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        return str(error).splitlines()[0]
    return ""


def pdf(asked: Asked, found: list[Standing]) -> bytes:
    """Exactly two sheets of A4: when unusual words take more, less is shown, and said. Raises Unavailable."""
    if why := missing():
        raise Unavailable(why)
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    style = CSS(string=_style(), url_fetcher=URLFetcher(allowed_protocols={"data"}))
    room = Room()
    for _ in range(TRIES):
        text = render_to_string("notes/print.html", context(asked, found, room))
        page = HTML(string=text, url_fetcher=URLFetcher(allowed_protocols={"data"}), media_type="print")
        document = page.render(stylesheets=[style], pdf_variant="pdf/ua-1")
        if len(document.pages) <= SHEETS:
            break
        room = room.tighter()
    written = document.write_pdf(pdf_variant="pdf/ua-1")
    return bytes(written)


def context(asked: Asked, found: list[Standing], room: Room | None = None) -> dict[str, Any]:
    """What the templates of a file need: addresses are whole, and carry the day."""
    return {
        "note": asked.compose(found, room),
        "asked": asked,
        "base": settings.SITE_URL.rstrip("/"),
        "method_version": METHOD_VERSION,
        "au": asked.as_of.isoformat(),
    }


@cache
def _style() -> str:
    found = finders.find("css/note.css")
    assert isinstance(found, str)  # noqa: S101
    return Path(found).read_text()
