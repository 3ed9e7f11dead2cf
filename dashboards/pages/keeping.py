"""Pages that are still true: a tag made of the data's version, and the bytes already made for it.

What a page shows depends on the data, the day, its address, the language, the banners about the robot, and on the
templates themselves. All but the last two come with the version, which is read first: 304 costs one query. A reader
who is signed in is never answered from what was made for another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language

from dashboards.api.caching import CACHE_CONTROL, Answer, Kept, Stamp, tag
from dashboards.pages.pulse import Pulse, moment, pulse

Page = Callable[..., HttpResponse]
PULSE_STANDS = timedelta(seconds=10)
"""For how long the banners are those of the last reading, while the data do not change."""

PAGES = Kept()
_read: list[Pulse] = []


def kept(view: Page) -> Page:
    """Answer from what is known to be still true, else make the page and keep it. Only a page that was found is kept.

    What the view raises goes through.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response = view(request, *args, **kwargs)
            response["Cache-Control"] = "private, no-cache"
            return response
        now = timezone.now()
        known = beat(now)
        request.pulse = known  # type: ignore[attr-defined]
        if known.changed_at is None:
            return view(request, *args, **kwargs)
        mark = tag(Stamp(known.version, known.changed_at.isoformat()), _parts(request, known))
        asked = parse_etags(request.headers.get("If-None-Match", ""))
        if mark in asked or mark.removeprefix("W/") in asked:
            return _tagged(HttpResponse(status=304), mark)
        answer = PAGES.get(mark)
        if answer is not None:
            return _tagged(HttpResponse(answer.body, content_type=answer.content_type), mark)
        response = view(request, *args, **kwargs)
        if response.status_code != 200 or response.cookies:
            return response
        if "Content-Disposition" not in response:
            PAGES.put(mark, Answer(response.content, response["Content-Type"]))
        return _tagged(response, mark)

    return wrapped


def beat(now: datetime) -> Pulse:
    """The robot's pulse: read again when it is older than a few seconds or when the data changed since."""
    last = _read[-1] if _read else None
    if last is not None and last.changed_at and timedelta() <= now - last.now < PULSE_STANDS:
        stamp = Stamp.read()
        if (stamp.number, stamp.changed_at) == (last.version, last.changed_at.isoformat()):
            return last
    read = pulse()
    _read[:] = [read]
    return read


def forget() -> None:
    """Keep nothing of what was made or read in this process."""
    PAGES.clear()
    _read.clear()


def _parts(request: HttpRequest, known: Pulse) -> tuple[object, ...]:
    query = sorted((name, value) for name, values in request.GET.lists() for value in values)
    return (
        "page",
        timezone.localdate(),
        request.scheme,
        request.get_host(),
        request.path,
        urlencode(query),
        get_language(),
        settings.STATE_BRAND,
        *(alert.text for alert in known.alerts),
        moment(known.observed_at),
        known.failing,
        _looks(),
    )


@cache
def _looks() -> str:
    """A mark of the templates and styles: a new version of the site is another page, whatever the data."""
    digest = hashlib.blake2b(digest_size=8)
    for folder in ("templates", "static/css", "dashboards/pages", "locale"):
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*.*")):
            if path.suffix in (".html", ".css", ".po", ".py"):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _tagged(response: HttpResponse, mark: str) -> HttpResponse:
    response["ETag"] = mark
    response["Cache-Control"] = CACHE_CONTROL
    patch_vary_headers(response, ("Cookie",))
    return response
