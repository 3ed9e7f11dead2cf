"""The list of promises, and one promise."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from commitments.models import Commitment
from dashboards.asking import NotUnderstood, Question, Wrong, by_name, filters
from dashboards.languages import localized
from dashboards.pages import dossier, timeline
from dashboards.pages.asked import ask, page
from dashboards.pages.filtering import Field, fields
from dashboards.pages.keeping import kept
from dashboards.pages.searching import hits
from ministries.models import Ministry
from ministries.standing import standings

PER_PAGE = 50


@page
@kept
def promises(request: HttpRequest) -> HttpResponse:
    """Every promise that answers the address, with its count."""
    ministries = list(Ministry.objects.only("code", "name", "slug", "renamings"))
    available = filters(by_name({ministry.code: ministry.name for ministry in ministries}))
    question = ask(request, available=available, also=("page",))
    asked = Commitment.objects.public().matching(question.words) if question.words else None
    found = replace(question, words="").keep(standings(question.as_of, commitments=asked), available)
    paginator = Paginator(found, PER_PAGE)
    number = request.GET.get("page", "1") or "1"
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= paginator.num_pages):
        expected = _("une page de 1 à {last} est attendue").format(last=paginator.num_pages)
        raise NotUnderstood([Wrong("page", number[:40], expected)])
    asked_fields: list[Field] = fields(question, available)
    return render(
        request,
        "pages/promises.html",
        {
            "question": question,
            "fields": asked_fields,
            "active": [field for field in asked_fields if field.value],
            "found": paginator.page(int(number)),
            "count": len(found),
            "hits": hits(question.words, ministries, question.as_of) if question.words else [],
            "chosen": {**question.chosen, **({"q": question.words} if question.words else {})},
        },
    )


@page
def search(request: HttpRequest) -> HttpResponse:
    """The search of every page: straight to what the words name, else to the promises that hold them."""
    # Filters make words allowed; the list itself says what is wrong with a value.
    question = ask(request, available=filters({}))
    words = question.words
    named = hits(words, Ministry.objects.only("code", "name", "slug", "renamings"), question.as_of) if words else []
    kept_day = {"au": request.GET["au"]} if request.GET.get("au") else {}
    if len(named) == 1:
        return HttpResponseRedirect(localized(named[0].address) + (f"?{urlencode(kept_day)}" if kept_day else ""))
    everything = localized("/promesses/")
    return HttpResponseRedirect(f"{everything}?{urlencode({'q': words, **kept_day})}" if words else everything)


@page
@kept
def promise(request: HttpRequest, ref: str) -> HttpResponse:
    """One promise: its wording, the three streams side by side, the checklist, every date and event."""
    question = ask(request)
    found = dossier.read(ref, question.as_of)
    if found is None:
        return _unknown(request, ref, question)
    address = localized(found.standing.commitment.get_absolute_url())
    if request.path != address:
        query = request.GET.urlencode()
        return HttpResponsePermanentRedirect(address + (f"?{query}" if query else ""))
    return render(
        request,
        "pages/promise.html",
        {
            "question": question,
            "standing": found.standing,
            "declared": found.standing.declared,
            "delivered": found.delivered,
            "events": timeline.events(found),
            "failures": timeline.failures(found.observations),
        },
    )


def _unknown(request: HttpRequest, ref: str, question: Question) -> HttpResponse:
    """A promise that does not exist, or was not announced yet on the day asked."""
    commitment = Commitment.objects.public().filter(ref=ref).first()
    if commitment is None:
        raise Http404
    return render(request, "pages/not_yet.html", {"question": question, "commitment": commitment}, status=404)
