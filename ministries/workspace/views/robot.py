"""The robot, for operators: the brake to answer, hosts in pause or left alone by decision, the last false alarms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import braking, sparing
from commitments.days import in_words, paris_day
from commitments.models import BrakeAnswer, Host, HostException
from ministries.authoring import Refused
from ministries.models import FalseAlarm
from ministries.operating import answer_brake, resume, spare
from ministries.permissions import Action
from ministries.workspace.access import author, workspace
from ministries.workspace.forms import Seen, day_field, line_field, text_field

SHOWN_HOSTS = 100
SHOWN_PAST = 20
SHOWN_ALARMS = 20


class BrakeForm(Seen):
    """``seen`` is the mark of the list that was shown."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)  # type: ignore[assignment]
    reason = text_field("Pourquoi confirmer ou écarter (public)")


class SpareForm(Seen):
    host = line_field("Serveur", help_text="Son nom seul : « www.data.gouv.fr ».", autocomplete="off", inputmode="url")
    until = day_field(
        "Jusqu’au (inclus)", required=False, help_text=f"{sparing.LONGEST.days} jours au plus, renouvelables."
    )
    reason = text_field("Motif (public)")


class ResumeForm(Seen):
    """``seen`` is the exception that is ended."""

    reason = text_field("Pourquoi y mettre fin (public)")


@workspace
@require_http_methods(["GET", "POST"])
def robot(request: Any) -> HttpResponse:
    """The page of an operator; four acts: confirm, dismiss, leave a host alone, ask it again."""
    if not request.rights.may(Action.OPERATE):
        raise PermissionDenied
    refused: dict[str, Seen] = {}
    if request.method == "POST":
        act = ACTS.get(request.POST.get("acte", ""))
        if act is None:
            raise Http404
        kind, write = act
        form = kind(request.POST)
        refused[request.POST["acte"]] = form
        if form.is_valid():
            try:
                done = write(request, form)
            except Refused as error:
                form.refuse(error)
            else:
                messages.success(request, done)
                return redirect("workspace-robot")
    return render(request, "workspace/robot.html", _context(request, refused), status=422 if refused else 200)


def _confirm(request: Any, form: Seen) -> str:
    given = answer_brake(author(request, "frein"), confirm=True, reason=form.words("reason"), seen=form.words("seen"))
    return f"Confirmé : {given.verdicts} constat{'s'[: given.verdicts > 1]} changé{'s'[: given.verdicts > 1]}."


def _dismiss(request: Any, form: Seen) -> str:
    given = answer_brake(author(request, "frein"), confirm=False, reason=form.words("reason"), seen=form.words("seen"))
    many = "s"[: given.verdicts > 1]
    return f"Écarté : {given.verdicts} observation{many} mise{many} de côté, aucun constat n'a changé."


def _spare(request: Any, form: Seen) -> str:
    made = spare(
        author(request, "exception"),
        host=form.words("host"),
        until=form.cleaned_data.get("until"),
        reason=form.words("reason"),
    )
    count = sparing.followed_at(made.host)
    places = {0: "aucune adresse suivie n'y est aujourd'hui", 1: "une adresse suivie y est"}
    last = paris_day(made.until - timedelta(seconds=1))
    told = places.get(count, f"{count} adresses suivies y sont")
    return f"« {made.host} » est laissé tranquille jusqu'au {in_words(last)} inclus ; {told}."


def _resume(request: Any, form: Seen) -> str:
    exception = HostException.objects.filter(pk=form.number("seen") or 0).first()
    if exception is None:
        raise Refused("seen", "Cette exception n'existe pas : rechargez la page.")
    resume(author(request, "exception"), exception, reason=form.words("reason"))
    return f"Le robot interroge de nouveau « {exception.host} »."


ACTS: dict[str, tuple[type[Seen], Any]] = {
    "confirmer": (BrakeForm, _confirm),
    "ecarter": (BrakeForm, _dismiss),
    "excepter": (SpareForm, _spare),
    "finir": (ResumeForm, _resume),
}
"""What may be posted, by the form's hidden ``acte``."""


def _context(request: Any, refused: dict[str, Seen]) -> dict[str, Any]:
    now = timezone.now()
    held = braking.pulled(request.rights.day)
    typed = refused.get("confirmer") or refused.get("ecarter")
    brake = BrakeForm(initial={"seen": held.mark if held else ""}, auto_id="frein_%s")
    if typed is not None:
        # What is shown is the list of now, and the form says that it was seen.
        said = {"reason": typed.data.get("reason", ""), "seen": held.mark if held else ""}
        brake = BrakeForm(said, auto_id="frein_%s")
        for error in (*typed.non_field_errors(), *typed.errors.get("seen", ())):
            brake.add_error(None, error)
        for error in typed.errors.get("reason", ()):
            brake.add_error("reason", error)
    paused = Host.objects.filter(paused_until__gt=now).order_by("-paused_until", "name")
    standing = HostException.objects.in_force(now).order_by("until", "host")
    ending = refused.get("finir")
    ended_pk = ending.number("seen") if isinstance(ending, ResumeForm) and ending.is_bound else None
    return {
        "held": held,
        "brake": brake,
        "answers": BrakeAnswer.objects.select_related("run")[:SHOWN_PAST],
        "paused": paused[:SHOWN_HOSTS],
        "paused_count": paused.count(),
        "exceptions": [
            (
                row,
                ending
                if ending is not None and row.pk == ended_pk
                else ResumeForm(initial={"seen": row.pk}, auto_id=f"x{row.pk}_%s"),
            )
            for row in standing
        ],
        "ending": ending if ending is not None and ended_pk not in {row.pk for row in standing} else None,
        "spare": refused.get("excepter") or SpareForm(auto_id="ecart_%s"),
        "past": HostException.objects.exclude(pk__in=standing.values("pk")).select_related("end")[:SHOWN_PAST],
        "alarms": FalseAlarm.objects.select_related("verdict__deliverable__commitment").order_by("-marked_on", "-pk")[
            :SHOWN_ALARMS
        ],
    }
