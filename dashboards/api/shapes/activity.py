"""What happened, how far things are month by month, and how the robot is doing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from commitments.days import midnight_after
from commitments.models import PollRun
from commitments.rules import METHOD_VERSION
from dashboards.api.events import KINDS
from dashboards.api.shapes.common import MinistryRefShape, PromiseRefShape, StateCountsShape
from dashboards.pages.pulse import pulse
from ministries.counting import STATES
from ministries.progress import Month

EVENT_COLUMNS = (
    *("id", "day", "kind", "label", "commitment.ref", "commitment.title", "ministry.code", "sentence", "before"),
    *("after", "days", "source", "recorded_at", "url"),
)
PROGRESS_COLUMNS = (
    *("month", "as_of", "ministry.code", "ministry.name", "promises"),
    *(f"observed.{state}" for state in STATES),
)


class EventShape(serializers.Serializer):
    """Something dated that happened to a promise."""

    id = serializers.CharField(help_text="marque stable : le même événement la garde toujours")
    kind = serializers.ChoiceField(list(KINDS.items()), help_text="nature de l'événement")
    label = serializers.CharField(help_text="la nature de l'événement, en toutes lettres")  # type: ignore[assignment]
    day = serializers.DateField(help_text="le jour où cela a été dit ou vu")
    commitment = PromiseRefShape()
    ministry = MinistryRefShape()
    sentence = serializers.CharField(help_text="l'événement, en une phrase")
    before = serializers.CharField(
        allow_blank=True, help_text="ce qui valait avant : un code, ou les mots d'une échéance ou d'un périmètre"
    )
    after = serializers.CharField(
        allow_blank=True, help_text="ce qui vaut depuis : un code, ou les mots d'une échéance ou d'un périmètre"
    )
    days = serializers.IntegerField(allow_null=True, help_text="pour une échéance déplacée : de combien de jours")
    source = serializers.CharField(allow_blank=True, help_text="adresse ou titre de la source")  # type: ignore[assignment]
    recorded_at = serializers.DateTimeField(help_text="l'instant de l'enregistrement ici, parfois des années après")
    url = serializers.URLField(help_text="la page de la promesse")


class ProgressShape(serializers.Serializer):
    """A ministry's promises at the end of a month, by observed state."""

    month = serializers.CharField(help_text="AAAA-MM")
    as_of = serializers.DateField(help_text="fin du mois, ou le jour demandé pour le mois en cours")
    ministry = MinistryRefShape()
    promises = serializers.IntegerField(help_text="promesses dont le ministère répond : le dénominateur")
    observed = StateCountsShape()


def month(counted: Month) -> dict[str, Any]:
    """What ``ProgressShape`` describes."""
    return {
        "month": counted.month,
        "as_of": counted.as_of,
        "ministry": {"code": counted.ministry.code, "name": counted.ministry.name},
        "promises": counted.promises,
        "observed": {state.value: counted.states[state] for state in STATES},
    }


class RunShape(serializers.Serializer):
    started_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)
    status = serializers.ChoiceField(PollRun.Status.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    expected = serializers.IntegerField(help_text="adresses à interroger")
    asked = serializers.IntegerField()
    failed = serializers.IntegerField(help_text="sans observation")
    changed = serializers.IntegerField(help_text="constats changés")


class BrakeShape(serializers.Serializer):
    on = serializers.BooleanField(help_text="vrai : un relevé est suspendu, aucun constat n'a changé")
    since = serializers.DateTimeField(allow_null=True)
    would_end = serializers.IntegerField(allow_null=True)
    kept_before = serializers.IntegerField(allow_null=True)


class AlertShape(serializers.Serializer):
    code = serializers.CharField()
    text = serializers.CharField()


class StatusShape(serializers.Serializer):
    """How the robot is doing. What is not kept day by day is null for a past day."""

    as_of = serializers.DateField()
    version = serializers.IntegerField(help_text="version des données : elle change à chaque écriture")
    changed_at = serializers.DateTimeField(allow_null=True)
    method_version = serializers.CharField()
    last_run = RunShape(allow_null=True)
    brake = BrakeShape()
    watched = serializers.IntegerField(allow_null=True, help_text="adresses suivies")
    checked = serializers.IntegerField(allow_null=True, help_text="adresses interrogées au moins une fois")
    due = serializers.IntegerField(allow_null=True, help_text="adresses à interroger maintenant")
    failing = serializers.IntegerField(allow_null=True, help_text="adresses dont le dernier passage a échoué")
    last_checked_at = serializers.DateTimeField(allow_null=True, help_text="dernier passage, quoi qu'il ait donné")
    last_observed_at = serializers.DateTimeField(allow_null=True, help_text="dernière observation définitive")
    age_seconds = serializers.IntegerField(allow_null=True, help_text="âge de la dernière observation définitive")
    alerts = AlertShape(many=True)


def status(as_of: date) -> dict[str, Any]:
    today = as_of == timezone.localdate()
    read = pulse()
    runs = PollRun.objects.filter(started_at__lt=midnight_after(as_of))
    last = runs.order_by("-started_at", "-pk").first()
    held = runs.filter(status=PollRun.Status.SUSPENDED).order_by("started_at", "pk").first() if today else None
    observed_at = read.observed_at if today else None
    return {
        "as_of": as_of,
        "version": read.version,
        "changed_at": read.changed_at,
        "method_version": METHOD_VERSION,
        "last_run": _run(last) if last else None,
        "brake": {
            "on": held is not None,
            "since": held.settled_at or held.started_at if held else None,
            "would_end": held.would_end if held else None,
            "kept_before": held.kept_before if held else None,
        },
        "watched": read.watched if today else None,
        "checked": read.checked if today else None,
        "due": read.due if today else None,
        "failing": read.failing if today else None,
        "last_checked_at": read.checked_at if today else None,
        "last_observed_at": observed_at,
        "age_seconds": max(0, int((read.now - observed_at).total_seconds())) if observed_at else None,
        "alerts": [{"code": alert.code, "text": alert.text} for alert in read.alerts] if today else [],
    }


def _run(run: PollRun) -> dict[str, Any]:
    return {
        "started_at": run.started_at,
        "settled_at": run.settled_at,
        "status": run.status,
        "label": run.get_status_display(),
        "expected": run.expected,
        "asked": run.asked,
        "failed": run.failed,
        "changed": run.changed,
    }
