"""The public form, on a page of its own: the promise's page sets no cookie and stays in caches."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from commitments.days import paris_day
from commitments.models import Commitment
from ministries.accounts.places import client_address
from ministries.authoring import Refused
from ministries.models import Report
from ministries.reports.limiting import too_often
from ministries.reports.writing import LONGEST, report

TOO_OFTEN = "Trop de signalements sont venus depuis une heure : votre texte reste là, réessayez plus tard."


class ReportForm(forms.Form):
    """``site_web`` is hidden from people: what fills it is a machine."""

    kind = forms.ChoiceField(
        label="Que signalez-vous ?", choices=Report.Kind.choices, widget=forms.RadioSelect, required=False
    )
    url = forms.CharField(
        label="Adresse (lien)",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text="Obligatoire si vous l’avez trouvé. Le robot n’y va pas tant qu’un agent n’a pas confirmé.",
        strip=False,
    )
    text = forms.CharField(
        label="Votre message",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"{LONGEST} caractères au plus. Ne donnez ni nom, ni coordonnées : le message peut être publié.",
        strip=False,
    )
    site_web = forms.CharField(
        label="Ne remplissez pas ce champ",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    use_required_attribute = False


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def signal(request: HttpRequest, ref: str) -> HttpResponse:
    """The form, and what it sends."""
    commitment = _promise(ref)
    if request.method != "POST":
        if request.path != _address(commitment):
            return redirect(_address(commitment), permanent=True)
        return _page(request, commitment, ReportForm())
    form = ReportForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        if said["site_web"]:
            # The machine that filled it is told what a person would be, and nothing is kept.
            return redirect(f"{_address(commitment)}merci/")
        now = timezone.now()
        if too_often(client_address(request), now):
            form.add_error(None, TOO_OFTEN)
            return _page(request, commitment, form, 429)
        try:
            report(commitment, kind=said["kind"], url=said["url"], words=said["text"], now=now)
        except Refused as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            return redirect(f"{_address(commitment)}merci/")
    return _page(request, commitment, form, 422)


@never_cache
@require_safe
def thanks(request: HttpRequest, ref: str) -> HttpResponse:
    """What becomes of it."""
    return render(request, "reports/thanks.html", {"commitment": _promise(ref)})


def _page(request: HttpRequest, commitment: Commitment, form: Any, status: int = 200) -> HttpResponse:
    response = render(request, "reports/form.html", {"commitment": commitment, "form": form}, status=status)
    if status == 429:
        response["Retry-After"] = "3600"
    return response


def _promise(ref: str) -> Commitment:
    today = paris_day(timezone.now())
    found = Commitment.objects.public().filter(ref=ref, announced_on__lte=today).first()
    if found is None:
        raise Http404
    return found


def _address(commitment: Commitment) -> str:
    return f"{commitment.get_absolute_url()}signaler/"
