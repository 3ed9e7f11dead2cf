"""Shapes shared by several answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from rest_framework import serializers

from commitments.models.confidence import Sourced
from dashboards.figures import STATES, is_due
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

    kept = serializers.IntegerField()
    partial = serializers.IntegerField()  # type: ignore[assignment]
    unmet = serializers.IntegerField()
    gone = serializers.IntegerField()
    unknown = serializers.IntegerField()
    unlocated = serializers.IntegerField()


class TimelinessCountsShape(serializers.Serializer):
    """Promises by timeliness. The nine add up to ``promises``."""

    closed = serializers.IntegerField()
    undated = serializers.IntegerField()
    kept_on_time = serializers.IntegerField()
    kept_late = serializers.IntegerField()
    upcoming = serializers.IntegerField()
    due_soon = serializers.IntegerField()
    late = serializers.IntegerField()
    partly = serializers.IntegerField()
    unverified = serializers.IntegerField()


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
