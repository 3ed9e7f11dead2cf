"""The ministries, one of them, and the chart that compares what they answer for."""

from __future__ import annotations

from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from commitments.folding import fold
from commitments.models import Commitment
from dashboards import figures, pace, priorities
from dashboards.asking import Question
from dashboards.by_ministry import by_ministry
from dashboards.charts import draw
from dashboards.pages.asked import ask, page
from dashboards.pages.keeping import kept
from ministries.campaigns.answering import rates_of
from ministries.counting import both_frames
from ministries.models import Ministry, Organization, Reshuffle, Roadmap, RoadmapAction, Succession
from ministries.standing import standings


@page
@kept
def ministries(request: HttpRequest) -> HttpResponse:
    """Every ministry by its name, with what it answers for."""
    question = ask(request)
    found = standings(question.as_of)
    chart = by_ministry(found, question.as_of)
    answering = {row.ministry.pk for row in chart.rows}
    others = [m for m in Ministry.objects.exclude(since__gt=question.as_of) if m.pk not in answering]
    return render(
        request,
        "pages/ministries.html",
        {
            "question": question,
            "chart": chart,
            "drawing": draw(chart),
            "steps": pace.steps(found, question.as_of),
            "moves": pace.moves(found, question.as_of),
            "others": sorted(others, key=lambda m: fold(m.name)),
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
    asked = Commitment.objects.public().filter(responsibilities__ministry__slug=slug).distinct()
    situations = standings(question.as_of, commitments=asked)
    # Its promises name it: only a ministry that never had any is asked for by itself.
    named = (m for s in situations for m in (s.ministry, s.promised_by, *s.joint) if m.slug == slug)
    found = next(named, None) or get_object_or_404(Ministry, slug=slug)
    roadmaps, actions = _roadmaps(found, question)
    in_charge = [s for s in situations if s.ministry == found]
    successions = _successions(question).filter(Q(predecessor=found) | Q(successor=found))
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
            "campaigns": rates_of(found, question.as_of),
            "roadmaps": roadmaps,
            "actions": actions,
            "organizations": Organization.objects.filter(ministry=found).order_by("name_seen", "portal_id"),
            "handed_over": [s for s in situations if s.promised_by == found and s.ministry != found],
            "taken_over": [s for s in in_charge if s.promised_by != found],
            "joint": [s for s in situations if found in s.joint],
            "summary": figures.summary(in_charge),
            "counters": (*figures.counters(in_charge), priorities.contradictions(in_charge)),
            "disagreements": priorities.disagreements(in_charge),
            "overdue": priorities.overdue(in_charge, len(in_charge)),
        },
    )


def _successions(question: Question) -> QuerySet[Succession]:
    return Succession.objects.filter(on__lte=question.as_of).select_related("predecessor", "successor")


def _roadmaps(ministry: Ministry, question: Question) -> tuple[list[Roadmap], list[RoadmapAction]]:
    """The roadmaps published by then and the actions reported of them, none without a roadmap: read together."""
    published = Roadmap.objects.filter(ministry=ministry, published_on__lte=question.as_of)
    named: Any = ("action__commitment",)
    rows: list[Any] = list(
        published.annotate(action=FilteredRelation("ministry__actions"))
        .select_related(*named)
        .order_by("version", "number", "action__code")
    )
    roadmaps = {row.pk: row for row in rows}
    actions = {action.pk: action for row in rows if (action := getattr(row, "action", None)) is not None}
    return list(roadmaps.values()), list(actions.values())
