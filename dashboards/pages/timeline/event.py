"""What an entry of the timeline is, and how its HTML is put together around words that are quoted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop as N_

from dashboards.pages import words

DOCUMENT, MINISTRY, PERSON, ROBOT = N_("document"), N_("ministère"), N_("personne"), N_("robot")
READER = N_("lecteur")


@dataclass(frozen=True)
class Proof:
    """The record that grounded a change of verdict, as it was kept: where to download it, and its fingerprint."""

    address: str
    sha256: str
    taken_on: date


@dataclass(frozen=True)
class Event:
    """``who`` says whose word it is; ``title`` reads alone; ``more``: sentences of their own under it.

    All but ``who`` is HTML where it quotes words that are never translated.
    """

    day: date
    who: str
    title: str
    text: str = ""
    url: str = ""
    rank: int = 0
    more: tuple[str, ...] = ()
    proof: Proof | None = None


def html(form: str, **parts: str) -> SafeString:
    """A statement of the page around words that may be quoted."""
    return format_html(words.typography(form), **parts)


def joined(between: str, *parts: str) -> SafeString:
    return format_html_join(between, "{}", ((part,) for part in parts if part))
