"""The ministries, one of them, and the chart that compares what they answer for."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from commitments.models import Commitment
from dashboards import figures, pace
from dashboards.asking import Question
from dashboards.charts import draw
from dashboards.pages.asked import ask, page
from dashboards.pages.keeping import kept
from ministries.campaigns.answering import Rate, rates
from ministries.counting import both_frames
from ministries.models import Campaign, Ministry, Organization, Reshuffle, Roadmap, RoadmapAction, Succession
from ministries.standing import standings


@page
@kept
def ministries(request: HttpRequest) -> HttpResponse:
    """Every ministry by its name, with what it answers for."""
    question = ask(request)
    found = standings(question.as_of)
    chart = figures.by_ministry(found, question.as_of)
    answering = {row.ministry.pk for row in chart.rows}
    return render(
        request,
        "pages/ministries.html",
        {
            "question": question,
            "chart": chart,
            "drawing": draw(chart),
            "steps": pace.steps(found, question.as_of),
            "moves": pace.moves(found, question.as_of),
            "others": [m for m in Ministry.objects.exclude(since__gt=question.as_of) if m.pk not in answering],
        },
    )


@page
@kept
def reshuffles(request: HttpRequest) -> HttpResponse:
    """What the portfolios of 2021 became, as the press told it, up to the day asked."""
    question = ask(request)
    return render(
        request,
        "pages/reshuffles.html",
        {
            "question": question,
            "reshuffles": Reshuffle.objects.exclude(first_day__gt=question.as_of),
            "successions": _successions(question),
            "frames": both_frames(standings(question.as_of)),
        },
    )


@page
@kept
def ministry(request: HttpRequest, slug: str) -> HttpResponse:
    """One ministry: what it promised, what is in its charge, its roadmap, its publishers."""
    question = ask(request)
    found = (
        Ministry.objects.filter(slug=slug)
        .prefetch_related(
            Prefetch("roadmaps", Roadmap.objects.filter(published_on__lte=question.as_of)),
            Prefetch("actions", RoadmapAction.objects.select_related("commitment")),
            Prefetch("organizations", Organization.objects.order_by("name_seen", "portal_id")),
        )
        .first()
    )
    if found is None:
        raise Http404
    asked = Commitment.objects.public().filter(responsibilities__ministry=found).distinct()
    situations = standings(question.as_of, commitments=asked)
    in_charge = [s for s in situations if s.ministry == found]
    successions = _successions(question).filter(Q(predecessor=found) | Q(successor=found))
    contradicted = figures.contradicted(in_charge)
    return render(
        request,
        "pages/ministry.html",
        {
            "question": question,
            "ministry": found,
            "in_charge": in_charge,
            "promised": [s for s in situations if s.promised_by == found],
            "successors": [row for row in successions if row.predecessor_id == found.pk],
            "predecessors": [row for row in successions if row.successor_id == found.pk],
            "campaigns": _answered(found, question),
            "handed_over": [s for s in situations if s.promised_by == found and s.ministry != found],
            "taken_over": [s for s in in_charge if s.promised_by != found],
            "joint": [s for s in situations if found in s.joint],
            "summary": figures.summary(in_charge),
            "counters": (*figures.counters(in_charge), figures.contradictions(in_charge)),
            "to_settle": [pair for pair in contradicted if not pair[1].good_news],
            "good_news": [pair for pair in contradicted if pair[1].good_news],
            "overdue": figures.overdue(in_charge, len(in_charge)),
        },
    )


def _successions(question: Question) -> QuerySet[Succession]:
    return Succession.objects.filter(on__lte=question.as_of).select_related("predecessor", "successor")


def _answered(ministry: Ministry, question: Question) -> list[tuple[Campaign, Rate]]:
    """The campaigns that asked this ministry, with its answer rate, the last one first."""
    found = Campaign.objects.opened_by(question.as_of).select_related("edition")
    rated = [(campaign, rates(campaign, question.as_of).get(ministry.code)) for campaign in found]
    return [(campaign, rate) for campaign, rate in rated if rate is not None]
