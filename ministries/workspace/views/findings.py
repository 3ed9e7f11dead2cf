"""The findings on one promise: a person's, dated and with its proof, and the robot's that were wrong."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from commitments.findings import ReadingState
from commitments.models import Commitment, Deliverable, Reading, Verdict
from ministries import addressing
from ministries.authoring import Refused, StaleForm
from ministries.false_alarms import NEGATIVE
from ministries.operating import mark
from ministries.permissions import Action, NotMandated, answering
from ministries.workspace.access import author, workspace
from ministries.workspace.forms import Seen, day_field, line_field, overtaken, text_field
from ministries.workspace.lines import within_reach

SHOWN = 50


class FindingForm(Seen):
    """``seen`` is the last finding that the page showed."""

    state = forms.ChoiceField(
        label="Ce qui a été constaté",
        choices=[("", "— choisir —")]
        + [(str(code), label) for code, label in Reading.STATES if code != ReadingState.NOT_VERIFIED],
        required=False,
    )
    read_on = day_field("Constaté le", required=False, help_text="Aujourd’hui si rien n’est dit.")
    evidence_url = line_field(
        "Adresse de la preuve", autocomplete="off", help_text="La page où chacun peut le voir.", inputmode="url"
    )
    deliverable = forms.ModelChoiceField(
        label="Livrable", queryset=Deliverable.objects.none(), required=False, empty_label="toute la promesse"
    )
    access = forms.ChoiceField(
        label="Accès constaté",
        choices=[("", "— non regardé —"), *((str(code), label) for code, label in Deliverable.ACCESSES if code)],
        required=False,
    )
    coverage = line_field(
        "Couverture constatée", autocomplete="off", help_text="« 88 départements sur 101, depuis 2019 »."
    )
    formats = line_field("Formats constatés", autocomplete="off", help_text="« CSV, Parquet ».")
    licence = line_field("Licence constatée", autocomplete="off", help_text="« Licence Ouverte 2.0 ».")
    opened_on = day_field("Ouvert depuis le", required=False, help_text="Si la page le dit.")
    note = text_field("Ce qui a été vu, en quelques mots (public)", rows=3)

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deliverable"].queryset = commitment.deliverables.all()  # type: ignore[attr-defined]


class AlarmForm(Seen):
    """``seen`` is the verdict that is said to be wrong."""

    reason = text_field("En quoi le robot s’est trompé (public)")


@workspace
@require_http_methods(["GET", "POST"])
def findings(request: Any, ref: str) -> HttpResponse:
    """What was found on a promise; who may, notes a finding or marks a false alarm."""
    commitment = within_reach(request.rights).filter(ref=ref).first()
    if commitment is None:
        raise Http404
    finding: FindingForm | None = None
    alarm: AlarmForm | None = None
    stale: Any = None
    if request.method == "POST":
        act = request.POST.get("acte", "")
        form: FindingForm | AlarmForm
        if act == "constater":
            form = finding = FindingForm(request.POST, commitment=commitment)
        elif act == "fausse-alerte":
            form = alarm = AlarmForm(request.POST, auto_id="alerte_%s")
        else:
            raise Http404
        if form.is_valid():
            try:
                done = _note(request, commitment, form) if form is finding else _mark(request, commitment, form)
            except Refused as error:
                form.refuse(error)
            except NotMandated as error:
                form.add_error(None, str(error))
            except StaleForm as error:
                stale = error.latest
                finding = overtaken(partial(FindingForm, commitment=commitment), request.POST, error)
            else:
                messages.success(request, done)
                return redirect("workspace-findings", ref=commitment.ref)
    context = _context(request, commitment, finding, alarm)
    return render(
        request, "workspace/findings.html", {**context, "stale": stale}, status=422 if finding or alarm else 200
    )


def _note(request: Any, commitment: Commitment, form: Seen) -> str:
    said = form.cleaned_data
    words = ("state", "evidence_url", "note", "access", "coverage", "formats", "licence")
    row = addressing.read(
        author(request, "constat"),
        commitment,
        **{name: form.words(name) for name in words},
        deliverable=said["deliverable"],
        read_on=said["read_on"],
        opened_on=said["opened_on"],
        seen=form.number("seen"),
    )
    return f"Constat du {row.read_on:%d/%m/%Y} enregistré : {row.get_state_display()}."


def _mark(request: Any, commitment: Commitment, form: Seen) -> str:
    asked = Verdict.objects.select_related("deliverable__commitment").filter(
        pk=form.number("seen") or 0, deliverable__commitment=commitment
    )
    verdict = asked.first()
    if verdict is None:
        raise Refused("seen", "Ce constat n'est pas celui de cette promesse.")
    mark(author(request, "fausse alerte"), verdict, reason=form.words("reason"))
    return "Fausse alerte signalée : le constat reste affiché, écarté, avec votre motif."


def _context(
    request: Any, commitment: Commitment, finding: FindingForm | None, alarm: AlarmForm | None
) -> dict[str, Any]:
    ministries = [ministry.pk for ministry in answering(commitment, request.rights.day)]
    readings = commitment.readings.select_related("deliverable", "corrected_by").order_by("-read_on", "-pk")
    negative = Verdict.objects.filter(
        deliverable__commitment=commitment, state__in=NEGATIVE, observation__isnull=False
    ).select_related("deliverable", "observation__location", "false_alarm")
    asked = alarm.number("seen") if alarm is not None and alarm.is_bound else None
    verdicts = list(negative.order_by("-since", "-pk")[:SHOWN])
    last = commitment.readings.order_by("pk").values_list("pk", flat=True).last()
    return {
        "c": commitment,
        "may_read": request.rights.may(Action.READ_FINDING, ministries),
        "may_mark": request.rights.may(Action.MARK_FALSE_ALARM, ministries),
        "finding": finding or FindingForm(initial={"seen": last}, commitment=commitment),
        "refused": finding is not None,
        "readings": readings[:SHOWN],
        "verdicts": [
            (row, alarm if row.pk == asked else AlarmForm(initial={"seen": row.pk}, auto_id=f"v{row.pk}_%s"))
            for row in verdicts
        ],
        "alarm": alarm if alarm is not None and asked not in {row.pk for row in verdicts} else None,
    }
