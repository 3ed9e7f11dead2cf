"""Dates: what is put off, what comes within 90 days, what has no date."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboards.api.listing import some_filters
from dashboards.api.reading import Ministries
from dashboards.asking import by_name
from dashboards.pages.asked import ask, page
from dashboards.pages.keeping import kept
from dashboards.upcoming import upcoming
from ministries.standing import Standing, standings
from ministries.timeliness import Code


@page
@kept
def deadlines(request: HttpRequest) -> HttpResponse:
    """The ledger of dates that moved, the next 90 days, and the promises without a date."""
    ministries = Ministries()
    available = some_filters(ministries, "ministere")
    question = ask(request, available=available)
    found = question.keep(standings(question.as_of), available)
    return render(
        request,
        "pages/deadlines.html",
        {
            "question": question,
            "ministry": question.chosen.get("ministere", ""),
            "ministries": by_name(ministries).items(),
            "coming": upcoming(found, question.as_of),
            "moved": [s for s in found if s.promised.moves],
            "postponements": sum(s.promised.postponements for s in found),
            "undated": [s for s in found if _undated(s)],
        },
    )


def _undated(standing: Standing) -> bool:
    """The list that the filter ``echeance=undated`` gives: a closed promise awaits no date."""
    return standing.timeliness.code == Code.UNDATED
