"""How a page reads its address: the day, the filters; what is not understood becomes a page that helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboards.asking import Filter, NotUnderstood, Question, Wrong, understand

Page = Callable[..., HttpResponse]


def page(view: Page) -> Page:
    """A page that is read only, and answers 400 in words when a value of its address is not understood."""

    @require_safe
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotUnderstood as error:
            return not_understood(request, error.wrongs)

    return wrapped


def ask(
    request: HttpRequest,
    *,
    available: Sequence[Filter] = (),
    also: Sequence[str] = (),
    searchable: bool = True,
    compares: bool = False,
) -> Question:
    """Understand the address, and let links keep the day that it asks. The only place where pages learn the day."""
    question = understand(
        request.GET,
        today=timezone.localdate(),
        available=available,
        also=also,
        searchable=searchable,
        compares=compares,
    )
    request.au = request.GET.get("au", "").strip()  # type: ignore[attr-defined]
    return question


def not_understood(request: HttpRequest, wrongs: Sequence[Wrong]) -> HttpResponse:
    """Say which value is wrong and what is allowed; the way back keeps all the rest."""
    kept = request.GET.copy()
    for wrong in wrongs:
        kept.pop(wrong.parameter, None)
        for parameter in list(kept):
            if parameter.startswith(wrong.parameter) and len(wrong.parameter) == 80:
                kept.pop(parameter)
    back = request.path + (f"?{kept.urlencode()}" if kept else "")
    return render(request, "pages/not_understood.html", {"wrongs": wrongs, "back": back}, status=400)
