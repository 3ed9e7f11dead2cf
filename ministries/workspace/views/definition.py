"""What must be true for a promise to be kept, deliverable by deliverable: read by all, changed by operators."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from commitments.criteria import CRITERIA, LABELS, REQUIRED
from commitments.defining import DefinitionRefused, Redefinition, redefinition
from commitments.findings import Kind
from commitments.models import Commitment, Definition, Deliverable
from ministries.authoring import Refused, StaleForm
from ministries.operating import define
from ministries.permissions import Action, NotMandated, answering
from ministries.workspace.access import author, workspace
from ministries.workspace.forms import Seen, overtaken, text_field
from ministries.workspace.lines import within_reach


class DefinitionForm(Seen):
    """``criteria`` are read apart: several boxes of one name. ``seen``: the definition that the page showed."""

    deliverable = forms.IntegerField(widget=forms.HiddenInput)
    reason = text_field("Motif (public)")


@dataclass
class Part:
    """A deliverable, its own definitions (oldest first), its boxes, and the change that is asked of it."""

    deliverable: Deliverable
    definitions: list[Definition]
    form: DefinitionForm
    asked: tuple[str, ...]
    change: Redefinition | None = None
    stale: Definition | None = None

    @property
    def boxes(self) -> list[tuple[str, str, bool, bool]]:
        """Code, label, ticked, locked: in the order they are judged."""
        return [
            (code, LABELS[code], code in self.asked, code in REQUIRED)
            for code in CRITERIA[Kind(self.deliverable.kind)]
        ]

    @property
    def added(self) -> list[str]:
        return [LABELS[code] for code in self.change.added] if self.change else []

    @property
    def removed(self) -> list[str]:
        return [LABELS[code] for code in self.change.removed] if self.change else []


@workspace
@require_http_methods(["GET", "POST"])
def definition(request: Any, ref: str) -> HttpResponse:
    """The criteria of each deliverable; two acts: see what a change would be, then write it."""
    commitment = within_reach(request.rights).filter(ref=ref).first()
    if commitment is None:
        raise Http404
    parts = _parts(commitment, request.rights.day)
    status = 200
    if request.method == "POST":
        act = request.POST.get("acte", "")
        part = next((p for p in parts if str(p.deliverable.pk) == request.POST.get("deliverable")), None)
        if act not in ("apercu", "definir") or part is None:
            raise Http404
        part.form = DefinitionForm(request.POST, auto_id=f"d{part.deliverable.pk}_%s")
        part.asked = tuple(request.POST.getlist("criteria"))
        made = _do(request, part, write=act == "definir") if part.form.is_valid() else None
        if made is not None:
            messages.success(request, made)
            return redirect("workspace-definition", ref=commitment.ref)
        status = 200 if part.form.is_valid() and act == "apercu" else 422
    ministries = [ministry.pk for ministry in answering(commitment, request.rights.day)]
    return render(
        request,
        "workspace/definition.html",
        {
            "c": commitment,
            "parts": parts,
            "may_define": request.rights.may(Action.DEFINE, ministries),
            "may_reply": request.rights.may(Action.REPLY, ministries),
            "contact": settings.CONTACT,
        },
        status=status,
    )


def _do(request: Any, part: Part, *, write: bool) -> str | None:
    """Show what the change would be, or write it. Returns what was done; None when nothing was written."""
    form, deliverable = part.form, part.deliverable
    who = author(request, "définition")
    try:
        who.require(Action.DEFINE, deliverable.commitment)
        if write:
            made = define(who, deliverable, part.asked, reason=form.words("reason"), seen=form.number("seen"))
            late = " C'est un adoucissement après l'échéance : il est marqué ainsi." if made.softened_late else ""
            return f"Définition enregistrée à compter d'aujourd'hui, et le livrable jugé de nouveau.{late}"
        part.change = redefinition(deliverable, part.asked, who.today)
    except (Refused, NotMandated, DefinitionRefused) as error:
        form.add_error("reason" if isinstance(error, Refused) and error.field == "reason" else None, str(error))
        part.change = _change(part, who.today)
    except StaleForm as stale:
        part.stale = stale.latest if isinstance(stale.latest, Definition) else None
        part.form = overtaken(partial(DefinitionForm, auto_id=f"d{deliverable.pk}_%s"), request.POST, stale)
        part.change = _change(part, who.today)
    return None


def _change(part: Part, today: Any) -> Redefinition | None:
    """The change as it would be now, when it is one: shown again beside what refuses it."""
    try:
        return redefinition(part.deliverable, part.asked, today)
    except DefinitionRefused:
        return None


def _parts(commitment: Commitment, day: Any) -> list[Part]:
    """Two queries, whatever the number of deliverables."""
    parts = []
    for one in commitment.deliverables.prefetch_related("definitions"):
        own = sorted((row for row in one.definitions.all() if row.since <= day), key=lambda row: (row.since, row.pk))
        in_force = tuple(own[-1].criteria) if own else CRITERIA[Kind(one.kind)]
        form = DefinitionForm(
            initial={"seen": own[-1].pk if own else None, "deliverable": one.pk}, auto_id=f"d{one.pk}_%s"
        )
        parts.append(Part(one, own, form, in_force))
    return parts
