"""The note's addresses: ``/note/``, ``/note.pdf``, ``/note.odt``."""

from __future__ import annotations

from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from dashboards.api.caching import Answer, Stamp
from dashboards.asking import Question, by_name
from dashboards.notes.asking import ask
from dashboards.notes.odt import odt
from dashboards.notes.pdf import Unavailable, pdf
from dashboards.pages.asked import Page, page
from dashboards.serving import serve
from ministries.models import Ministry

ODT = "application/vnd.oasis.opendocument.text"


def renamed(view: Page) -> Page:
    """An address printed when ``du`` was called ``depuis`` leads to the same note."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        if "depuis" not in request.GET or "du" in request.GET:
            return view(request)
        query = request.GET.copy()
        query.setlist("du", query.pop("depuis"))
        return HttpResponsePermanentRedirect(f"{request.path}?{query.urlencode(safe=':')}")

    return wrapped


@page
@renamed
def html(request: HttpRequest) -> HttpResponse:
    """The note, to read and to print: two sheets of A4."""
    asked = ask(request)
    return render(
        request,
        "notes/note.html",
        {
            "question": Question(asked.as_of),
            "note": asked.compose(asked.standings()),
            "asked": asked,
            "base": "",
            "ministries": by_name(dict(Ministry.objects.values_list("code", "name"))).items(),
            "query": request.GET.urlencode(),
        },
    )


@page
@renamed
def as_pdf(request: HttpRequest) -> HttpResponse:
    """The same two sheets as a tagged PDF; 503 with the way out where the machine cannot make one."""

    def make(stamp: Stamp) -> Answer:
        asked = ask(request)
        return Answer(pdf(asked, asked.standings()), "application/pdf", f"{asked.file}.pdf")

    try:
        return serve(request, make)
    except Unavailable:
        back = f"/note/?{request.GET.urlencode()}"
        return render(request, "notes/no_pdf.html", {"back": back}, status=503)


@page
@renamed
def as_odt(request: HttpRequest) -> HttpResponse:
    """The same two sheets as a document that the cabinet may edit."""

    def make(stamp: Stamp) -> Answer:
        asked = ask(request)
        return Answer(odt(asked, asked.compose(asked.standings())), ODT, f"{asked.file}.odt")

    return serve(request, make)
