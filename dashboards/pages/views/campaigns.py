"""Campaigns in public: answer rates by ministry and quarter, frozen editions, which function was told what, when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from commitments.findings import State
from dashboards.figures import plural
from dashboards.pages.asked import ask, page
from dashboards.pages.keeping import kept
from dashboards.responses import Responses, responses
from ministries.campaigns.answering import Rate, answers, rates
from ministries.campaigns.freezing import frozen
from ministries.counting import STATES
from ministries.models import Campaign, Ministry, Notice
from ministries.standing import standings


@page
@kept
def campaigns(request: HttpRequest) -> HttpResponse:
    """A table ministry × quarter of answer rates, up to the day asked."""
    question = ask(request)
    return render(request, "pages/campaigns.html", {"question": question, "responses": answered(question.as_of)})


def answered(as_of: date) -> Responses:
    """Every ministry's rates in every campaign opened by that day."""
    found = list(Campaign.objects.opened_by(as_of).select_related("edition"))
    by_campaign = [rates(one, as_of) for one in found]
    codes = {code for those in by_campaign for code in those}
    return responses(found, by_campaign, list(Ministry.objects.filter(code__in=codes)), as_of)


@dataclass(frozen=True)
class Row:
    """A ministry's line of the edition, ready to be shown."""

    code: str
    name: str
    rate: Rate
    states: list[tuple[str, int]]
    counts: Mapping[str, Any]


@page
@kept
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign on a day: its edition once it is out, the same figures as counted that day before."""
    question = ask(request)
    found = Campaign.objects.opened_by(question.as_of).select_related("edition").filter(pk=pk).first()
    if found is None:
        raise Http404
    edition = found.closed if found.closed is not None and found.closed.closed_on <= question.as_of else None
    if edition is not None:
        figures = edition.figures
    else:
        as_of = min(question.as_of, found.closes_on)
        figures = frozen(standings(as_of), answers(found, as_of), as_of)
    shown = [state for state in STATES if figures["total"]["states"].get(state.value)]
    told = found.notices.exclude(outcome=Notice.Outcome.DROPPED).select_related("ministry")
    return render(
        request,
        "pages/campaign.html",
        {
            "question": question,
            "campaign": found,
            "edition": edition,
            "figures": figures,
            "columns": [plural(state).capitalize() for state in shown],
            "rows": [_row(counts, shown) for counts in figures["ministries"]],
            "foot": _row({"code": "", "name": "Total", **figures["total"]}, shown),
            "notices": told.filter(recorded_at__date__lte=question.as_of),
        },
    )


def _row(counts: Mapping[str, Any], shown: list[State]) -> Row:
    return Row(
        counts["code"],
        counts["name"],
        Rate(counts["answered"], counts["asked"]),
        [(plural(state).capitalize(), counts["states"].get(state.value, 0)) for state in shown],
        counts,
    )
