"""Files and feeds that are still true: the version's tag, the bytes already made, 304 for one small query."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags

from dashboards.api.caching import CACHE_CONTROL, KEPT, Answer, Stamp, tag


def serve(request: HttpRequest, make: Callable[[Stamp], Answer]) -> HttpResponse:
    """Answer from the version alone when it is enough, else make it and keep it.

    The tag depends on the data, the day, the address and the question in one order. What ``make`` raises goes through.
    """
    stamp = Stamp.read()
    query = sorted((name, value) for name, values in request.GET.lists() for value in values)
    mark = tag(stamp, (timezone.localdate(), request.path, urlencode(query)))
    asked = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    if mark in asked or mark.removeprefix("W/") in asked:
        return _tagged(HttpResponse(status=304), mark)
    answer = KEPT.get(mark) if stamp.number else None
    if answer is None:
        answer = make(stamp)
        if stamp.number:
            KEPT.put(mark, answer)
    response = HttpResponse(answer.body, content_type=answer.content_type)
    response["Content-Language"] = "fr"
    if answer.disposition:
        response["Content-Disposition"] = f'attachment; filename="{answer.disposition}"'
    return _tagged(response, mark)


def _tagged(response: HttpResponse, mark: str) -> HttpResponse:
    response["ETag"] = mark
    response["Cache-Control"] = CACHE_CONTROL
    return response
