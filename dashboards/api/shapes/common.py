"""Shapes shared by several answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from rest_framework import serializers

from commitments.models.confidence import Sourced
from ministries.counting import STATES, is_due
from ministries.models import Ministry
from ministries.standing import Standing
from ministries.timeliness import Code


class MinistryRefShape(serializers.Serializer):
    code = serializers.CharField(help_text="sigle")
    name = serializers.CharField(help_text="nom, tel que dans les feuilles de route de 2021")


class PromiseRefShape(serializers.Serializer):
    ref = serializers.CharField(help_text="référence de la promesse")
    title = serializers.CharField(help_text="intitulé de la promesse")


class SourcedShape(serializers.Serializer):
    """Every fact keeps its source."""

    source = serializers.CharField(help_text="où ce fait a été lu", allow_blank=True)  # type: ignore[assignment]
    confidence = serializers.CharField(help_text="confiance, dans les mots du référentiel", allow_blank=True)
    to_verify = serializers.BooleanField(help_text="vrai quand le référentiel exprime un doute : « à vérifier »")


class StateCountsShape(serializers.Serializer):
    """Promises by observed state. The six add up to ``promises``."""

    kept = serializers.IntegerField(help_text="promesses constatées")
    partial = serializers.IntegerField(help_text="promesses constatées en partie")  # type: ignore[assignment]
    unmet = serializers.IntegerField(help_text="promesses non constatées à l'adresse indiquée")
    gone = serializers.IntegerField(help_text="promesses disparues")
    unknown = serializers.IntegerField(help_text="promesses indéterminées")
    unlocated = serializers.IntegerField(help_text="promesses sans adresse")


class TimelinessCountsShape(serializers.Serializer):
    """Promises by timeliness. The nine add up to ``promises``."""

    closed = serializers.IntegerField(help_text="promesses abandonnées ou remplacées")
    undated = serializers.IntegerField(help_text="promesses sans échéance")
    kept_on_time = serializers.IntegerField(help_text="promesses tenues à l'heure")
    kept_late = serializers.IntegerField(help_text="promesses tenues en retard")
    upcoming = serializers.IntegerField(help_text="promesses à venir")
    due_soon = serializers.IntegerField(help_text="promesses dont l'échéance est à moins de 90 jours")
    late = serializers.IntegerField(help_text="promesses en retard")
    partly = serializers.IntegerField(help_text="promesses échues, constatées en partie")
    unverified = serializers.IntegerField(help_text="promesses échues, que personne ne peut vérifier")


class CountsShape(serializers.Serializer):
    promises = serializers.IntegerField(help_text="le dénominateur : promesses publiques annoncées ce jour-là")
    due = serializers.IntegerField(help_text="dont l'échéance en vigueur est passée")
    due_kept = serializers.IntegerField(help_text="échues et constatées")
    undeclared = serializers.IntegerField(help_text="sur lesquelles le ministère n'a rien déclaré")
    postponements = serializers.IntegerField(help_text="reports, toutes promesses ensemble")
    observed = StateCountsShape()
    timeliness = TimelinessCountsShape()


def ministry_ref(ministry: Ministry) -> dict[str, str]:
    return {"code": ministry.code, "name": ministry.name}


def sourced(fact: Sourced) -> dict[str, Any]:
    return {"source": fact.source, "confidence": fact.confidence, "to_verify": fact.to_verify}


def counts(standings: Iterable[Standing]) -> dict[str, Any]:
    """How many promises, in all and by each answer; nothing is merged, and no rate is made of few lines."""
    observed = {state.value: 0 for state in STATES}
    timeliness = {code.value: 0 for code in Code}
    promises = due = due_kept = undeclared = postponements = 0
    for standing in standings:
        promises += 1
        observed[standing.observed.state.value] += 1
        timeliness[standing.timeliness.code.value] += 1
        if is_due(standing):
            due += 1
            due_kept += standing.observed.state.value == "kept"
        undeclared += standing.declared is None
        postponements += standing.promised.postponements
    return {
        "promises": promises,
        "due": due,
        "due_kept": due_kept,
        "undeclared": undeclared,
        "postponements": postponements,
        "observed": observed,
        "timeliness": timeliness,
    }


def site_url(path: str) -> str:
    """The page's public address: the one given in the settings, never the one a client asked by."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"
