"""What the site says of itself: method, health, data, accessibility, law."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commitments.models import Location, PollRun, Watch
from dashboards.pages import method as rules
from dashboards.pages.asked import ask, page

SHOWN_RUNS = 10
SHOWN_FAILURES = 50


@page
def method(request: HttpRequest) -> HttpResponse:
    """Every rule, with its anchor and its version."""
    question = ask(request)
    return render(
        request,
        "pages/method.html",
        {
            "question": question,
            "states": list(rules.STATES.items()),
            "sections": rules.sections(),
            "criteria": rules.criteria(),
            "frequencies": rules.frequencies(),
            "licences": rules.licences(),
        },
    )


@page
def health(request: HttpRequest) -> HttpResponse:
    """How the robot is doing now. The day asked is carried on by links, and changes nothing here."""
    question = ask(request)
    failing = Watch.objects.filter(failures__gt=0, location__until=None).select_related(
        "location__deliverable__commitment"
    )
    unasked = Location.objects.filter(until=None, watch=None).count()
    return render(
        request,
        "pages/health.html",
        {
            "question": question,
            "runs": PollRun.objects.all()[:SHOWN_RUNS],
            "failing": failing.order_by("-failures", "pk")[:SHOWN_FAILURES],
            "unasked": unasked,
            "embedded": settings.EMBEDDED,
        },
    )


@page
def plain(request: HttpRequest, template: str) -> HttpResponse:
    """A page of text."""
    return render(request, template, {"question": ask(request)})


def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be indexed; the past days of each page are left to who asks for them."""
    lines = ("User-agent: *", "Disallow: /admin/", "Disallow: /espace/", "Disallow: /*?*au=", "")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
