"""Draft promises that a file made: read by their ministry, published or set aside by its AMDAC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from commitments.models import Commitment, Deadline
from ministries import publishing
from ministries.authoring import writing
from ministries.models import Act, Draft, Ministry
from ministries.permissions import Action, Rights
from ministries.workspace.access import author, workspace
from ministries.workspace.lines import asked_ministry, ministries_within_reach, reached, within_reach

PER_PAGE = 50
FORM = "brouillons"


@dataclass
class Row:
    """A draft promise with its date, what it delivers, what is prepared of it, and whether this agent publishes it."""

    commitment: Commitment
    deadline: Deadline | None
    prepared: Draft | None
    may: bool
    refused: str = ""


@workspace
@require_http_methods(["GET", "POST"])
def drafts(request: Any) -> HttpResponse:
    """Publish those that are ticked, or all that the page had counted; set one aside."""
    reachable = list(ministries_within_reach(request.rights))
    ministry = asked_ministry(request, reachable)
    asked = prepared_promises(request.rights, ministry)
    refused: dict[int, Exception] = {}
    if request.method == "POST":
        _write(request, asked, refused)
        if not refused:
            return redirect(request.get_full_path())
    found = list(asked.all())
    # What was refused comes first, with why.
    found.sort(key=lambda one: (one.pk not in refused, one.ref))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = _rows(request.rights, page.object_list, refused)
    context = {
        "reachable": reachable,
        "ministry": ministry,
        "rows": rows,
        "page": page,
        "total": len(found),
        "refused": len(refused),
        "last": max((one.pk for one in found), default=0),
        "writes": any(row.may for row in rows),
        "discarded": _discarded(request.rights, ministry),
    }
    return render(request, "workspace/drafts.html", context, status=422 if refused else 200)


def prepared_promises(rights: Rights, ministry: Ministry | None) -> QuerySet[Commitment]:
    """The draft promises that these rights may read."""
    found = within_reach(rights, ministry).filter(visibility=Commitment.Visibility.DRAFT)
    return found.prefetch_related("deliverables").order_by("ref")


def _write(request: Any, asked: QuerySet[Commitment], refused: dict[int, Exception]) -> None:
    within = set(asked.values_list("pk", flat=True))
    if "ecarter" in request.POST:
        named, write = _ids(request.POST.getlist("ecarter")), publishing.discard
    else:
        named, write = _ids(request.POST.getlist("promesse")), publishing.publish
        if "tout" in request.POST:
            # Those that the page had counted: a file applied meanwhile adds none to what was read.
            (last,) = _ids([request.POST.get("dernier", "")])
            named = [pk for pk in within if pk <= last]
    if len(reached(request.rights, named)) < len(set(named)):
        # One of another ministry: no page of ours named it.
        raise PermissionDenied
    writer = author(request, FORM)
    with writing(writer):
        done = publishing.each(write, writer, named, refused)
    count = len(done)
    if count:
        what = "publiée" if write is publishing.publish else "écartée"
        plural = "s" if count > 1 else ""
        messages.success(request, f"{count} promesse{plural} {what}{plural}.")
    elif not refused:
        messages.info(request, "Aucune promesse n'était cochée : rien n'est publié.")


def _ids(values: list[str]) -> list[int]:
    if not all(value.isascii() and value.isdigit() and len(value) < 16 for value in values):
        raise PermissionDenied
    return [int(value) for value in values]


def _rows(rights: Rights, commitments: Any, refused: dict[int, Exception]) -> list[Row]:
    ids = [one.pk for one in commitments]
    deadlines = Deadline.objects.filter(commitment__in=ids).announced()
    last = {row.commitment_id: row for row in deadlines}
    prepared = {row.commitment_id: row for row in Draft.objects.pending().filter(commitment__in=ids)}
    mine = set(reached(rights, ids, Action.PUBLISH))
    return [
        Row(one, last.get(one.pk), prepared.get(one.pk), one.pk in mine, str(refused.get(one.pk, "")))
        for one in commitments
    ]


def _discarded(rights: Rights, ministry: Ministry | None) -> QuerySet[Act]:
    acts = Act.objects.filter(verb=Act.Verb.DISCARD).select_related("commitment", "ministry")
    if not rights.everywhere(Action.READ_DRAFTS):
        acts = acts.filter(ministry__in=rights.ministries(Action.READ_DRAFTS))
    return (acts.filter(ministry=ministry) if ministry is not None else acts)[:20]
