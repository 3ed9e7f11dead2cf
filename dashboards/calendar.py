"""``/echeances.ics``: the last day of each date announced, to keep in one's own calendar.

One event a promise: when its date moves the event moves, with a higher sequence, and its text keeps the first date.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from icalendar import Calendar, Event

from commitments.models import Deadline
from dashboards.api.caching import Answer, Stamp
from dashboards.api.listing import some_filters
from dashboards.api.reading import Ministries
from dashboards.pages import words
from dashboards.pages.asked import ask, page
from dashboards.pages.words import typography
from dashboards.serving import serve
from ministries.standing import Standing, standings

CONTENT_TYPE = "text/calendar; charset=utf-8"


@page
def deadlines(request: HttpRequest) -> HttpResponse:
    """The dates announced, of every ministry or of one."""

    def make(stamp: Stamp) -> Answer:
        available = some_filters(Ministries(), "ministere")
        question = ask(request, available=available)
        found = question.keep(standings(question.as_of), available)
        return Answer(calendar(found), CONTENT_TYPE, "bothorel-echeances.ics")

    return serve(request, make)


def calendar(found: Sequence[Standing]) -> bytes:
    """RFC 5545, one all-day event for each promise that has a last day; those without a date have no place here."""
    written = Calendar()
    written.add("prodid", "-//Bothorel//Promesses d'ouverture//FR")
    written.add("version", "2.0")
    written.add("method", "PUBLISH")
    written.add("x-wr-calname", "Promesses d’ouverture des ministères")
    written.add("x-wr-caldesc", "Dernier jour de chaque échéance annoncée, avec sa précision.")
    for standing in found:
        current = standing.promised.current
        if current is not None and current.last_day is not None:
            written.add_component(_event(standing, current))
    return bytes(written.to_ical())


def _event(standing: Standing, current: Deadline) -> Event:
    event = Event()
    last = current.last_day
    assert last is not None  # noqa: S101
    event.add("uid", f"{standing.ref}@{urlsplit(settings.SITE_URL).hostname}")
    # What changes the event is the date announced last: nothing else in it depends on the day of reading.
    event.add("dtstamp", current.recorded_at)
    event.add("last-modified", current.recorded_at)
    event.add("sequence", len(standing.promised.deadlines) - 1)
    event.add("dtstart", last)
    event.add("dtend", last + timedelta(days=1))
    title = typography(standing.commitment.title)
    event.add("summary", f"{standing.ref} {title} ({words.acronym(standing.ministry.code)}), {precise(current)}")
    event.add("description", _told(standing, current))
    event.add("url", f"{settings.SITE_URL.rstrip('/')}{standing.commitment.get_absolute_url()}")
    event.add("categories", [standing.ministry.code])
    event.add("transp", "TRANSPARENT")
    return event


def precise(deadline: Deadline) -> str:
    """« T3 2021, au trimestre près »: what was written, and how precise it is."""
    return typography(f"{deadline.raw}, {deadline.get_precision_display()}")


def _told(standing: Standing, current: Deadline) -> str:
    said = [f"Échéance annoncée : {precise(current)}.", f"Dernier jour : {words.day(current.last_day)}."]
    first, times = standing.promised.first, standing.promised.postponements
    if first is not None and first != current:
        said.append(f"Première échéance : {precise(first)}, annoncée le {words.day(first.announced_on)}.")
        said.append(f"Reportée {times} fois." if times else "Date modifiée depuis.")
    said.append(f"{standing.ministry.name}. Annoncée dans : {current.announced_in}.")
    return typography(" ".join(said))
