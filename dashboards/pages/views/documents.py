"""The documents that promises come from: recommendations, CITP and their engagements."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from commitments.models import Citp, Commitment, Engagement, Recommendation
from dashboards.asking import Question
from dashboards.pages.asked import ask, page
from dashboards.pages.keeping import kept


@page
@kept
def recommendations(request: HttpRequest) -> HttpResponse:
    """The 37 recommendations with their wordings and the promises tied to each."""
    question = ask(request)
    rows = Recommendation.objects.prefetch_related("wordings", _promises("commitments", question))
    return render(request, "pages/recommendations.html", {"question": question, "recommendations": list(rows)})


@page
@kept
def citps(request: HttpRequest) -> HttpResponse:
    """The sessions held by that day."""
    question = ask(request)
    rows = Citp.objects.filter(held_on__lte=question.as_of)
    return render(request, "pages/citps.html", {"question": question, "citps": rows})


@page
@kept
def citp(request: HttpRequest, number: int) -> HttpResponse:
    """One session: its engagements, their wording when it was read, and the promises made under each."""
    question = ask(request)
    found = (
        Citp.objects.filter(number=number, held_on__lte=question.as_of)
        .prefetch_related(
            Prefetch("engagements", Engagement.objects.order_by("rank")),
            _promises("engagements__commitments", question),
        )
        .first()
    )
    if found is None:
        raise Http404
    return render(
        request,
        "pages/citp.html",
        {
            "question": question,
            "citp": found,
            "unread": sum(1 for e in found.engagements.all() if not e.text),
        },
    )


def _promises(lookup: str, question: Question) -> Prefetch:

    return Prefetch(
        lookup, Commitment.objects.public().filter(announced_on__lte=question.as_of).order_by("ref"), "promises"
    )
