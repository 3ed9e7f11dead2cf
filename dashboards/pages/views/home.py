"""The first screen."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboards import figures, lately, priorities
from dashboards.by_ministry import by_ministry
from dashboards.charts import draw
from dashboards.pages.asked import ask, page
from dashboards.pages.keeping import kept
from ministries.standing import standings

SHOWN_OVERDUE = 5
SHOWN_CHANGES = 6
RECENT = timedelta(days=90)


@page
@kept
def home(request: HttpRequest) -> HttpResponse:
    """The sentence, the counters, what is late, what changed, where each ministry stands."""
    question = ask(request)
    found = standings(question.as_of)
    changes = lately.changes(found, question.as_of - RECENT)
    chart = by_ministry(found, question.as_of)
    return render(
        request,
        "pages/home.html",
        {
            "question": question,
            "summary": figures.summary(found),
            "counters": (*figures.counters(found), priorities.contradictions(found)),
            "disagreements": priorities.disagreements(found),
            "overdue": priorities.overdue(found, SHOWN_OVERDUE),
            "changes": changes,
            "recent": changes.rows[:SHOWN_CHANGES],
            "more_changes": max(0, len(changes.rows) - SHOWN_CHANGES),
            "chart": chart,
            "drawing": draw(chart),
        },
    )
