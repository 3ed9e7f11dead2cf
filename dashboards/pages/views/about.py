"""What the site says of itself: method, health, data, accessibility, law."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from commitments.candidates import last_match
from commitments.models import CatalogueState, Watch
from dashboards.health import health as health_now
from dashboards.pages import method as rules
from dashboards.pages.asked import ask, page
from dashboards.pages.keeping import kept
from dashboards.pages.words import label
from ministries.contradictions import CAUSES
from ministries.false_alarms import false_alarms

SHOWN_FAILURES = 50


@page
@kept
def method(request: HttpRequest) -> HttpResponse:
    """Every rule, with its anchor and its version."""
    question = ask(request)
    return render(
        request,
        "pages/method.html",
        {
            "question": question,
            "states": rules.states(),
            "sections": rules.sections(),
            "criteria": rules.criteria(),
            "frequencies": rules.frequencies(),
            "licences": rules.licences(),
            "contradictions": rules.contradictions(),
            "causes": [label(cause) for cause in CAUSES.values()],
            "limits": rules.Limits(),
            "alarms": false_alarms(question.as_of),
            "match": last_match(),
        },
    )


@page
def health(request: HttpRequest) -> HttpResponse:
    """How the robot is doing now. The day asked is carried on by links, and changes nothing here."""
    question = ask(request)
    read = health_now(timezone.now())
    failing = Watch.objects.filter(failures__gt=0, location__until=None).select_related(
        "location__deliverable__commitment"
    )
    return render(
        request,
        "pages/health.html",
        {
            "question": question,
            "runs": read.recent,
            "failing": failing.order_by("-failures", "pk")[:SHOWN_FAILURES],
            "health": read,
            "pulse": read.pulse,
            "catalogues": CatalogueState.objects.all(),
            "match": last_match(),
            "limits": rules.Limits(),
            "embedded": settings.EMBEDDED,
        },
    )


@page
@kept
def plain(request: HttpRequest, template: str) -> HttpResponse:
    """A page of text."""
    return render(request, template, {"question": ask(request)})


def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be indexed; the past days of each page are left to who asks for them."""
    lines = (
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /connexion/",
        "Disallow: /espace/",
        "Disallow: /*?*au=",
        "",
    )
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
