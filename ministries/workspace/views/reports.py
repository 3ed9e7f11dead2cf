"""Reports in the workspace: read by the ministry, published with an answer or set aside by its AMDAC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commitments.models import Deliverable
from ministries.authoring import Author, Refused, StaleForm
from ministries.models import Ministry, Moderation, Report
from ministries.models.reports import ReportQuerySet
from ministries.permissions import Action, NotMandated, Rights
from ministries.reports.writing import locate_reported, publish_report, set_report_aside
from ministries.workspace.access import author, workspace
from ministries.workspace.forms import Seen, overtaken, text_field
from ministries.workspace.lines import asked_ministry, ministries_within_reach, reached, within_reach

PER_PAGE = 30
VIEWS = {"attente": "à lire", "publies": "publiés", "ecartes": "écartés"}


class ModerationForm(Seen):
    answer = text_field("Réponse publique, ou motif pour écarter", rows=3)
    deliverable = forms.IntegerField(label="Livrable", required=False)


@dataclass
class Row:
    """A report, its last moderation, and what this agent may do of it."""

    report: Report
    last: Moderation | None
    deliverables: list[Deliverable]
    may: bool
    form: ModerationForm
    stale: Moderation | None = None


@workspace
@require_safe
def reports(request: Any) -> HttpResponse:
    """What waits first; those answered and those set aside on views of their own."""
    reachable = list(ministries_within_reach(request.rights))
    ministry = asked_ministry(request, reachable)
    asked = readable(request.rights, ministry)
    view = str(request.GET.get("vue", ""))
    view = view if view in VIEWS else "attente"
    outcome = {"publies": Moderation.Outcome.PUBLISHED, "ecartes": Moderation.Outcome.SET_ASIDE}.get(view)
    shown = asked.moderated(outcome) if outcome else asked.pending()
    page = Paginator(shown.order_by("-recorded_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "reachable": reachable,
        "ministry": ministry,
        "rows": _rows(request.rights, list(page.object_list)),
        "page": page,
        "views": VIEWS,
        "view": view,
        "waiting": asked.pending().count(),
    }
    return render(request, "workspace/reports.html", context)


@workspace
@require_http_methods(["GET", "POST"])
def report(request: Any, pk: int) -> HttpResponse:
    """One report; ``acte`` says what is done of it. One of another ministry does not exist."""
    found = readable(request.rights, None).filter(pk=pk).first()
    if found is None:
        raise Http404
    (row,) = _rows(request.rights, [found])
    if request.method == "POST":
        row.form = ModerationForm(request.POST)
        act = ACTS.get(request.POST.get("acte", ""))
        if act is None:
            raise Http404
        if row.form.is_valid():
            try:
                said = act(author(request, "signalement"), row)
            except Refused as refused:
                row.form.refuse(refused)
            except NotMandated as error:
                raise PermissionDenied from error
            except StaleForm as stale:
                row.stale = stale.latest if isinstance(stale.latest, Moderation) else None
                row.form = overtaken(ModerationForm, request.POST, stale)
            else:
                messages.success(request, said)
                return redirect(reverse("workspace-report", args=[pk]))
    return render(request, "workspace/report.html", {"row": row}, status=422 if row.form.errors else 200)


def readable(rights: Rights, ministry: Ministry | None) -> ReportQuerySet:
    """The reports on the promises of the ministries whose reports these rights open."""
    if not rights.holds(Action.READ_REPORTS):
        return Report.objects.none()
    moderations = Moderation.objects.select_related("ministry").order_by("pk")
    return (
        Report.objects.filter(commitment__in=within_reach(rights, ministry))
        .select_related("commitment")
        .prefetch_related(Prefetch("moderations", moderations), "commitment__deliverables")
    )


def _rows(rights: Rights, found: Sequence[Report]) -> list[Row]:
    """Whether each may be answered is read at once."""
    mine = set(reached(rights, [one.commitment_id for one in found], Action.MODERATE))
    lasts = [next(reversed(one.moderations.all()), None) for one in found]
    return [
        Row(
            one,
            last,
            list(one.commitment.deliverables.all()),
            one.commitment_id in mine,
            ModerationForm(initial={"seen": last.pk if last else None, "answer": last.answer if last else ""}),
        )
        for one, last in zip(found, lasts, strict=True)
    ]


def _publish(writer: Author, row: Row) -> str:
    publish_report(writer, row.report, answer=row.form.words("answer"), seen=row.form.number("seen"))
    return "Signalement publié, avec votre réponse."


def _set_aside(writer: Author, row: Row) -> str:
    set_report_aside(writer, row.report, reason=row.form.words("answer"), seen=row.form.number("seen"))
    return "Signalement écarté : il n'est public nulle part."


def _locate(writer: Author, row: Row) -> str:
    asked = row.form.number("deliverable")
    several = [one for one in row.deliverables if asked is None or one.pk == asked]
    if len(several) != 1:
        raise Refused("deliverable", "Choisissez le livrable que cette adresse donne à voir.")
    locate_reported(writer, row.report, several[0])
    return "Adresse enregistrée : le robot ira voir. Le signalement attend toujours votre réponse."


ACTS = {"publier": _publish, "ecarter": _set_aside, "cestlui": _locate}
"""What may be posted."""
