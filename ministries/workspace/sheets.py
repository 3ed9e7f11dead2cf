"""Spreadsheets in the workspace: send, say what the columns are, look, apply; and take one's lines away to edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.days import paris_day
from ministries.authoring import Refused
from ministries.models import Ministry, Upload
from ministries.models.sheets import unpacked
from ministries.permissions import Action
from ministries.sheets import sending, writing
from ministries.sheets.bounds import TOO_LARGE, RefusedFile
from ministries.sheets.columns import LABELS, Field
from ministries.sheets.tables import NoTable, Table
from ministries.workspace.access import author, workspace
from ministries.workspace.lines import ministries_within_reach
from ministries.workspace.receiving import bounded

LINES_A_PAGE = 100
FORM = "tableau"
KINDS = {
    "unreadable": "illisibles",
    "near": "à trancher",
    "changed": "modifiées",
    "added": "ajoutées",
    "unchanged": "inchangées",
    "absent": "absentes",
}
NO_FILE = "Choisissez un fichier .xlsx, .ods ou .csv."


@dataclass(frozen=True)
class Column:
    """A column of the file as the form shows it."""

    index: int
    header: str
    sample: str
    field: str
    why: str


@csrf_exempt
@workspace
def sheets(request: Any) -> HttpResponse:
    """The ministry's files, and the form to send one. The size is bounded before the form is read."""
    handler = bounded(request)
    return _sheets(request, handler)


@csrf_protect
@require_http_methods(["GET", "POST"])
def _sheets(request: Any, handler: Any) -> HttpResponse:
    ministries = _ministries(request)
    ministry = _asked(request.POST.get("ministere") or request.GET.get("ministere"), ministries)
    error = ""
    if request.method == "POST":
        sent = request.FILES.get("fichier")
        if handler.too_large:
            error = TOO_LARGE
        elif sent is None:
            error = NO_FILE
        else:
            try:
                upload = sending.send(author(request, FORM), ministry, data=sent.read(), file_name=sent.name or "")
            except (RefusedFile, NoTable) as refused:
                error = str(refused)
            else:
                return redirect(upload)
    context = {
        "ministries": ministries,
        "ministry": ministry,
        "error": error,
        "uploads": Upload.objects.filter(ministry=ministry).defer("content", "plan")[:20],
        "absent": sending.absent_from_last(ministry),
        "formats": list(writing.FORMATS),
    }
    return render(request, "workspace/sheets/list.html", context, status=422 if error else 200)


@workspace
@require_safe
def upload(request: Any, pk: int) -> HttpResponse:
    """Where a file stands: its columns to confirm, its preview, its progress, or what it wrote."""
    found = _upload(request, pk)
    if found.state == Upload.State.APPLYING:
        return render(request, "workspace/sheets/applying.html", {"upload": found, "progress": found.progress})
    if found.state == Upload.State.READ or (found.state == Upload.State.PREVIEWED and "colonnes" in request.GET):
        return _columns_page(request, found)
    if not found.plan:
        return render(request, "workspace/sheets/preview.html", {"upload": found, "kinds": []})
    return _preview_page(request, found)


def _columns_page(request: Any, found: Upload, error: str = "") -> HttpResponse:
    table = sending.table_of(found)
    guesses = {one.column: one for one in sending.proposed(found, table)}
    columns = [
        Column(
            index,
            header,
            _sample(table, index),
            str(guesses[index].field) if index in guesses else "",
            guesses[index].why if index in guesses else "",
        )
        for index, header in enumerate(table.headers)
        if header or _sample(table, index)
    ]
    context = {
        "upload": found,
        "table": table,
        "columns": columns,
        "fields": [(str(name), label) for name, label in LABELS.items()],
        "error": error,
    }
    return render(request, "workspace/sheets/columns.html", context, status=422 if error else 200)


def _sample(table: Table, index: int) -> str:
    return next((row.cells[index][:60] for row in table.rows if row.cells[index]), "")


def _preview_page(request: Any, found: Upload, error: str = "") -> HttpResponse:
    plan = unpacked(found.plan)
    counts = found.counts
    asked = request.GET.get("vue", "")
    shown = asked if asked in KINDS else next((kind for kind in KINDS if counts.get(kind)), "unchanged")
    rows = plan["absent"] if shown == "absent" else [one for one in plan["outcomes"] if one["kind"] == shown]
    # Lines to settle are one form: they stay on one page.
    pages = Paginator(rows, LINES_A_PAGE if shown != "near" else max(len(rows), 1))
    context = {
        "upload": found,
        "kinds": [(kind, label, counts.get(kind, 0)) for kind, label in KINDS.items()],
        "shown": shown,
        "label": KINDS[shown],
        "page": pages.get_page(request.GET.get("page")),
        "warnings": plan["warnings"],
        "left_out": plan["left_out"],
        "left": counts.get("unreadable", 0) + counts.get("near", 0),
        "to_write": counts.get("added", 0) + counts.get("changed", 0),
        "open": found.state == Upload.State.PREVIEWED,
        "nothing": found.state == Upload.State.PREVIEWED and sending.nothing_to_write(found),
        "problems": found.problems[:100],
        "error": error,
    }
    return render(request, "workspace/sheets/preview.html", context, status=422 if error else 200)


@workspace
@require_POST
def columns(request: Any, pk: int) -> HttpResponse:
    """What the columns are: the preview is made, or made again."""
    found = _upload(request, pk)
    chosen: dict[Field, int] = {}
    for name, value in request.POST.items():
        index = name.removeprefix("colonne-")
        if name.startswith("colonne-") and value in set(Field) and index.isascii() and index.isdigit():
            if Field(value) in chosen:
                label = LABELS[Field(value)]
                return _columns_page(request, found, f"Deux colonnes sont données pour « {label} » : gardez-en une.")
            chosen[Field(value)] = int(index[:4])
    return _show(request, found, chosen, {})


@workspace
@require_POST
def settle(request: Any, pk: int) -> HttpResponse:
    """What lines near a known promise are: it, or a new one. Without a choice, the preview is made again as of now."""
    found = _upload(request, pk)
    chosen = {
        name.removeprefix("ligne-"): value[:20]
        for name, value in request.POST.items()
        if name.startswith("ligne-") and value
    }
    columns = {Field(name): column for name, column in found.columns.items()}
    return _show(request, found, columns, {**found.choices, **chosen})


def _show(request: Any, found: Upload, chosen: dict[Field, int], choices: dict[str, str]) -> HttpResponse:
    try:
        sending.show(author(request, FORM), found, chosen, choices)
    except Refused as refused:
        return _columns_page(request, found, refused.sentence)
    return redirect(found)


@workspace
@require_POST
def apply(request: Any, pk: int) -> HttpResponse:
    """Apply what was previewed: a worker does it, the page shows how far it is."""
    found = _upload(request, pk)
    try:
        sending.ask_to_apply(author(request, FORM), found, without_the_rest="sans-le-reste" in request.POST)
    except Refused as refused:
        if found.state != Upload.State.PREVIEWED:
            messages.error(request, refused.sentence)
            return redirect(found)
        return _preview_page(request, found, refused.sentence)
    return redirect(found)


@workspace
@require_POST
def drop(request: Any, pk: int) -> HttpResponse:
    """Forget a file."""
    found = _upload(request, pk)
    sending.drop(author(request, FORM), found)
    messages.info(request, f"« {found.file_name} » est abandonné : rien n'en a été écrit.")
    return redirect("workspace-sheets")


@workspace
@require_safe
def export(request: Any, suffix: str) -> HttpResponse:
    """The ministry's lines, to be edited and sent back. Private notes are in it: who may read them takes it."""
    if suffix not in writing.FORMATS:
        raise Http404
    reachable = [one for one in ministries_within_reach(request.rights) if _may_export(request, one)]
    ministry = _asked(request.GET.get("ministere"), reachable)
    day = paris_day(timezone.now())
    response = HttpResponse(writing.write(ministry, day, suffix), content_type=writing.FORMATS[suffix])
    name = f"promesses-{ministry.slug}-{day.isoformat()}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _may_export(request: Any, ministry: Ministry) -> bool:
    rights = request.rights
    return bool(rights.may(Action.READ_NOTES, [ministry.pk]) and rights.may(Action.READ_DRAFTS, [ministry.pk]))


def _ministries(request: Any) -> list[Ministry]:
    """Those for which this agent may import. A mandate for a ministry without any promise yet counts."""
    rights = request.rights
    if rights.everywhere(Action.IMPORT):
        found = list(ministries_within_reach(rights))
    else:
        found = list(Ministry.objects.filter(pk__in=rights.ministries(Action.IMPORT)))
    if not found:
        raise PermissionDenied("Votre rôle ne permet pas d'importer un tableau.")
    return found


def _asked(code: str | None, ministries: list[Ministry]) -> Ministry:
    if not ministries:
        raise PermissionDenied
    if not code:
        return ministries[0]
    for ministry in ministries:
        if ministry.code == code:
            return ministry
    raise Http404


def _upload(request: Any, pk: int) -> Upload:
    """A file of a ministry for which this agent may import; any other one does not exist."""
    found = get_object_or_404(Upload.objects.select_related("ministry"), pk=pk)
    if not request.rights.may(Action.IMPORT, [found.ministry_id]):
        raise Http404
    return found
