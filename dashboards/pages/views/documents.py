"""The documents that promises come from: recommendations, CITP and their engagements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from commitments.findings import State
from commitments.models import Citp, Commitment, Engagement, Recommendation
from dashboards.asking import Question
from dashboards.pages.asked import ask, page
from dashboards.pages.keeping import kept
from ministries.models import RoadmapAction
from ministries.standing import Standing, standings


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
def recommendation(request: HttpRequest, number: int) -> HttpResponse:
    """One recommendation: how it is worded, and what answered it. Answered is not done."""
    question = ask(request)
    found = Recommendation.objects.filter(number=number).prefetch_related("wordings").first()
    if found is None:
        raise Http404
    answers = standings(question.as_of, commitments=Commitment.objects.public().filter(recommendations=found))
    return render(
        request,
        "pages/recommendation.html",
        {
            "question": question,
            "recommendation": found,
            "answers": answers,
            "kept": [s for s in answers if s.observed.state == State.KEPT],
            "engagements": list(dict.fromkeys(s.commitment.engagement for s in answers if s.commitment.engagement)),
            "actions": _actions(answers, question),
        },
    )


@page
@kept
def citp(request: HttpRequest, number: int) -> HttpResponse:
    """One session: its engagements, their wording when it was read, and what answered each."""
    question = ask(request)
    found = (
        Citp.objects.filter(number=number, held_on__lte=question.as_of)
        .prefetch_related(Prefetch("engagements", Engagement.objects.order_by("rank")))
        .first()
    )
    if found is None:
        raise Http404
    answers = standings(question.as_of, commitments=Commitment.objects.public().filter(engagement__citp=found))
    actions = _actions(answers, question)
    lines = [
        Answered(
            engagement,
            promises := [s for s in answers if s.commitment.engagement_id == engagement.pk],
            [a for a in actions if any(a.commitment_id == s.commitment.pk for s in promises)],
        )
        for engagement in found.engagements.all()
    ]
    return render(
        request,
        "pages/citp.html",
        {
            "question": question,
            "citp": found,
            "lines": lines,
            "unread": sum(1 for line in lines if not line.engagement.text),
            "unanswered": sum(1 for line in lines if not line.promises),
        },
    )


@dataclass(frozen=True)
class Answered:
    """An engagement, and what answered it: promises and actions of roadmaps. Answered is not done."""

    engagement: Engagement
    promises: Sequence[Standing]
    actions: Sequence[RoadmapAction]

    @property
    def kept(self) -> int:
        return sum(s.observed.state == State.KEPT for s in self.promises)


def _actions(answers: Sequence[Standing], question: Question) -> list[RoadmapAction]:
    """The actions of roadmaps published by then that repeat one of these promises."""
    asked = [s.commitment.pk for s in answers]
    rows = RoadmapAction.objects.filter(commitment__in=asked, roadmap_on__lte=question.as_of)
    return list(rows.select_related("commitment", "ministry"))


def _promises(lookup: str, question: Question) -> Prefetch:
    return Prefetch(
        lookup, Commitment.objects.public().filter(announced_on__lte=question.as_of).order_by("ref"), "promises"
    )
