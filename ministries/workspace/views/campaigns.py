"""Campaigns in the workspace: the operator holds them, each ministry finds what it is asked and its own state."""

from __future__ import annotations

import logging
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerError

from commitments.days import in_words
from ministries import tasks
from ministries.authoring import REFUSALS, Refused
from ministries.campaigns import answering, holding
from ministries.models import Campaign, Notice
from ministries.permissions import Action, NotMandated
from ministries.workspace.access import author, workspace
from ministries.workspace.forms import day_field, text_field
from ministries.workspace.lines import ministries_within_reach

logger = logging.getLogger(__name__)

EARLY = "Les ministères ont jusqu’au {day} compris pour répondre : cochez « clore avant le dernier jour »."


class OpenForm(forms.Form):
    label = forms.CharField(label="Trimestre", max_length=20, help_text="« T4 2026 »")
    closes_on = day_field("Dernier jour pour répondre")
    occasion = forms.ChoiceField(label="En vue de", choices=Campaign.Occasion.choices)
    held_on = day_field("Date de la réunion")
    message = text_field("Message aux ministères", rows=3)
    at_night = forms.BooleanField(label="Envoyer les avis même entre 20 h et 7 h, heure de Paris", required=False)


@workspace
@require_http_methods(["GET", "POST"])
def campaigns(request: Any) -> HttpResponse:
    """Every campaign; for an operator, the form that opens the next one."""
    holds = request.rights.may(Action.RUN_CAMPAIGN)
    form = OpenForm(request.POST or None)
    if request.method == "POST":
        if not holds:
            raise PermissionDenied
        if form.is_valid():
            try:
                campaign = holding.open_campaign(author(request, "ouverture de campagne"), **form.cleaned_data)
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
            else:
                _send_soon()
                messages.success(request, f"La campagne « {campaign.label} » est ouverte.")
                return redirect("workspace-campaign", campaign.pk)
    found = Campaign.objects.select_related("edition")
    context = {"campaigns": found, "form": form, "holds": holds, "still": found.open_now().first()}
    return render(
        request, "workspace/campaigns/campaigns.html", context, status=422 if request.method == "POST" else 200
    )


@workspace
@require_safe
def campaign(request: Any, pk: int) -> HttpResponse:
    """The state of each ministry within reach, its lines to answer first; the operator sees them all."""
    found = get_object_or_404(Campaign.objects.select_related("edition"), pk=pk)
    reachable = set(ministries_within_reach(request.rights).values_list("pk", flat=True))
    mine = [one for one in answering.answers(found, request.rights.day) if one.ministry.pk in reachable]
    code = request.GET.get("ministere", "")
    shown = [one for one in mine if not code or one.ministry.code == code]
    if code and not shown:
        raise Http404
    holds = request.rights.may(Action.RUN_CAMPAIGN)
    return render(
        request,
        "workspace/campaigns/campaign.html",
        {
            "campaign": found,
            "answers": shown,
            "total": answering.total([one.rate for one in shown]),
            "holds": holds,
            "over": request.rights.day > found.closes_on,
            "detailed": bool(code) or len(shown) == 1,
            "nobody": found.notices.filter(outcome=Notice.Outcome.NOBODY).select_related("ministry"),
        },
    )


@workspace
@require_POST
def act(request: Any, pk: int) -> HttpResponse:
    """Remind or close; « même la nuit » is the operator's word for the mails of this act."""
    found = get_object_or_404(Campaign, pk=pk)
    at_night = "at_night" in request.POST
    try:
        if request.POST.get("acte") == "relancer":
            told = holding.remind(author(request, "relance de campagne"), found, at_night=at_night)
            said = f"{told} avis de relance à envoyer." if told else "Personne de plus à relancer."
        elif request.POST.get("acte") == "clore":
            early = (
                request.rights.may(Action.RUN_CAMPAIGN) and not found.closed and request.rights.day <= found.closes_on
            )
            if early and "avant" not in request.POST:
                messages.error(request, EARLY.format(day=in_words(found.closes_on)))
                return redirect("workspace-campaign", pk)
            holding.close_campaign(author(request, "clôture de campagne"), found, at_night=at_night)
            said = f"La campagne « {found.label} » est close : son édition est publiée."
        else:
            raise Http404
    except NotMandated as error:
        raise PermissionDenied from error
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        _send_soon()
        messages.success(request, said)
    return redirect("workspace-campaign", pk)


def _send_soon() -> None:
    """Let the worker send now what may leave now. A queue that is down costs minutes: beat comes by."""

    def send() -> None:
        try:
            tasks.send_notices.delay()
        except (BrokerError, KombuError, OSError) as error:
            logger.warning("the queue did not take the notices, they wait for beat: %s", error)

    transaction.on_commit(send)
