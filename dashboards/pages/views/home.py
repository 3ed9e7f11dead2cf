"""The first screen."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboards import figures
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
    contradicted = figures.contradicted(found)
    changes = figures.changes(found, question.as_of - RECENT)
    chart = figures.by_ministry(found, question.as_of)
    return render(
        request,
        "pages/home.html",
        {
            "question": question,
            "summary": figures.summary(found),
            "counters": (*figures.counters(found), figures.contradictions(found)),
            "to_settle": [pair for pair in contradicted if not pair[1].good_news],
            "good_news": [pair for pair in contradicted if pair[1].good_news],
            "overdue": figures.overdue(found, SHOWN_OVERDUE),
            "changes": changes,
            "recent": changes.rows[:SHOWN_CHANGES],
            "more_changes": max(0, len(changes.rows) - SHOWN_CHANGES),
            "chart": chart,
            "drawing": draw(chart),
        },
    )
