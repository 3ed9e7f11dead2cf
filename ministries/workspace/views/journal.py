"""The journal: who wrote what, when, from which form or file, for the ministries of whoever reads it.

People are told by their function, here too: a journal is kept to explain a figure, not to measure agents.
"""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from commitments.days import midnight_after
from ministries.models import Act, Ministry
from ministries.permissions import Action, Rights
from ministries.sheets.cells import neutral
from ministries.workspace.access import workspace
from ministries.workspace.forms import day_field
from ministries.workspace.lines import within_reach

PER_PAGE = 100
COLUMNS = ("quand", "fonction", "ministère", "acte", "promesse", "ligne écrite", "par", "formulaire ou fichier")


class Filters(forms.Form):
    """What is asked of the journal; each is optional."""

    promesse = forms.CharField(label="Promesse", max_length=30, required=False)
    acte = forms.ChoiceField(label="Acte", choices=[("", "tous"), *Act.Verb.choices], required=False)
    par = forms.ChoiceField(label="Par", choices=[("", "toute voie"), *Act.Channel.choices], required=False)
    du = day_field("Du", required=False)
    au = day_field("Au", required=False)
    ministere = forms.ModelChoiceField(
        label="Ministère", queryset=Ministry.objects.none(), to_field_name="code", required=False, empty_label="tous"
    )

    def __init__(self, *args: Any, ministries: QuerySet[Ministry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ministere"].queryset = ministries  # type: ignore[attr-defined]

    def keep(self, acts: QuerySet[Act]) -> QuerySet[Act]:
        asked = self.cleaned_data
        if ref := asked["promesse"].strip():
            acts = acts.filter(commitment__ref__iexact=ref)
        if asked["acte"]:
            acts = acts.filter(verb=asked["acte"])
        if asked["par"]:
            acts = acts.filter(channel=asked["par"])
        if asked["ministere"]:
            acts = acts.filter(ministry=asked["ministere"])
        since, until = asked["du"], asked["au"]
        if since and since > date.min:
            acts = acts.filter(recorded_at__date__gte=since)
        if until and until < date.max:
            acts = acts.filter(recorded_at__lt=midnight_after(until))
        return acts


def readable(rights: Rights) -> QuerySet[Act]:
    """The acts of the ministries whose journal these rights open, and those on the promises they answer for."""
    acts = Act.objects.select_related("ministry", "commitment")
    if rights.everywhere(Action.READ_JOURNAL):
        return acts
    mine = Q(ministry__in=rights.ministries(Action.READ_JOURNAL))
    return acts.filter(mine | Q(commitment__in=within_reach(rights)))


@workspace
@require_safe
def journal(request: Any) -> HttpResponse:
    """The acts, the last one first; a filter that is not understood shows none, and says why."""
    acts = readable(request.rights)
    form = _filters(request, acts)
    understood = form.is_valid()
    found = Paginator(form.keep(acts) if understood else acts.none(), PER_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    return render(
        request,
        "workspace/journal.html",
        {"found": found, "form": form, "asked": asked.urlencode()},
        status=200 if understood else 400,
    )


@workspace
@require_safe
def journal_csv(request: Any) -> HttpResponse:
    """The same lines, all of them, as a file: UTF-8, commas, header first, no cell that a sheet would run."""
    acts = readable(request.rights)
    form = _filters(request, acts)
    if not form.is_valid():
        return HttpResponse("Ce filtre n’est pas compris.", status=400, content_type="text/plain; charset=utf-8")
    written = StringIO(newline="")
    sheet = csv.writer(written, lineterminator="\r\n")
    sheet.writerow(COLUMNS)
    for act in form.keep(acts).iterator(chunk_size=2000):
        sheet.writerow(neutral(cell) for cell in _cells(act))
    response = HttpResponse(written.getvalue().encode(), content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = f'attachment; filename="journal_{request.rights.day.isoformat()}.csv"'
    return response


def _cells(act: Act) -> tuple[str, ...]:
    return (
        localtime(act.recorded_at).isoformat(timespec="seconds"),
        act.by_function,
        act.ministry.code if act.ministry else "",
        act.get_verb_display(),
        act.commitment.ref if act.commitment else "",
        act.target,
        act.get_channel_display(),
        act.source,
    )


def _filters(request: Any, acts: QuerySet[Act]) -> Filters:
    named = Ministry.objects.filter(pk__in=acts.order_by().values("ministry"))
    return Filters(request.GET, ministries=named)
