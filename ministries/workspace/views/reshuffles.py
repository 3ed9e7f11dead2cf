"""Reshuffles, for operators: a portfolio opens, promises move after a preview, ministries without AMDAC are seen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ministries.authoring import Refused
from ministries.models import Ministry, Succession
from ministries.permissions import Action
from ministries.reshuffles import TO_ITSELF, open_portfolio, preview, reshuffle, without_amdac
from ministries.workspace.access import author, workspace
from ministries.workspace.forms import day_field


class PortfolioForm(forms.Form):
    code = forms.CharField(label="Sigle", max_length=20)
    name = forms.CharField(label="Nom", max_length=300)
    since = day_field("À compter du")
    source = forms.CharField(label="Source (décret, article)", max_length=300, required=False)


class MoveForm(forms.Form):
    """Who gives, who receives, from when: what the preview is made from."""

    leaving = forms.ModelMultipleChoiceField(
        label="Ministères de départ", queryset=Ministry.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    to = forms.ModelChoiceField(label="Ministère d’arrivée", queryset=Ministry.objects.all())
    on = day_field("À compter du")
    source = forms.CharField(label="Source (décret, article)", max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse before the preview what would be refused after it."""
        if self.cleaned_data.get("to") in self.cleaned_data.get("leaving", ()):
            self.add_error("to", TO_ITSELF)
        return self.cleaned_data


@workspace
@require_http_methods(["GET", "POST"])
def reshuffles(request: Any) -> HttpResponse:
    """The page of an operator; three acts: open a portfolio, preview a move, apply it."""
    if not request.rights.may(Action.TRANSFER):
        raise PermissionDenied
    act = request.POST.get("acte", "")
    portfolio = PortfolioForm(request.POST if act == "ouvrir" else None)
    move = MoveForm(request.POST if act in ("apercu", "appliquer") else None)
    found = None
    refused = False
    if act == "ouvrir" and portfolio.is_valid():
        try:
            opened = open_portfolio(author(request, "remaniement"), **portfolio.cleaned_data)
        except Refused as error:
            portfolio.add_error(error.field if error.field in portfolio.fields else None, error.sentence)
        else:
            messages.success(request, f"« {opened.name} » est ouvert à compter du {opened.since:%d/%m/%Y}.")
            return redirect("workspace-reshuffles")
    elif act and move.is_valid():
        asked = move.cleaned_data
        leaving = list(asked["leaving"])
        if act == "appliquer":
            try:
                done = reshuffle(
                    author(request, "remaniement"),
                    leaving,
                    to=asked["to"],
                    on=asked["on"],
                    source=asked["source"],
                    promises=_ids(request, "promesse"),
                    following=_ids(request, "mandat"),
                    ends="ends" in request.POST,
                )
            except Refused as error:
                move.add_error(error.field if error.field in move.fields else None, error.sentence)
                refused = True
            else:
                moved, ended, granted = done.moved, len(done.ended), len(done.granted)
                messages.success(
                    request, f"Promesses transférées : {moved} ; mandats clos : {ended} ; mandats donnés : {granted}."
                )
                return redirect("workspace-reshuffles")
        found = preview(leaving, to=asked["to"], on=asked["on"])
    return render(
        request,
        "workspace/reshuffles.html",
        {
            "portfolio": portfolio,
            "move": move,
            "preview": found,
            "refused": refused,
            "orphans": without_amdac(request.rights.day),
            "successions": Succession.objects.select_related("predecessor", "successor"),
        },
        status=422 if refused or (act and found is None) else 200,
    )


def _ids(request: Any, name: str) -> set[int]:
    values = request.POST.getlist(name)
    if not all(value.isascii() and value.isdigit() and len(value) < 16 for value in values):
        raise PermissionDenied
    return {int(value) for value in values}
