"""The documents that promises come from. Answered is not done: the counts beside each say what is observed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from commitments.models import Citp, Engagement, Recommendation
from dashboards.api.shapes.common import CountsShape, SourcedShape, counts, site_url, sourced
from ministries.standing import Standing

REFS_HELP = "références des promesses publiques qui en viennent, annoncées ce jour-là"


class WordingShape(SourcedShape):
    code = serializers.CharField()
    section = serializers.CharField(allow_blank=True)
    wording = serializers.CharField()


class RecommendationShape(SourcedShape):
    number = serializers.IntegerField(help_text="numéro dans le rapport Bothorel, de 1 à 37")
    theme = serializers.CharField(help_text="thème du rapport")
    title = serializers.CharField(help_text="intitulé de la recommandation")
    in_presentation = serializers.BooleanField(help_text="reprise dans la présentation de mars 2021")
    url = serializers.URLField(help_text="la recommandation sur ce site")
    wordings = WordingShape(many=True, help_text="ses formulations de mars 2021")
    commitments = serializers.ListField(child=serializers.CharField(), help_text=REFS_HELP)
    counts = CountsShape()


class EngagementShape(SourcedShape):
    citp = serializers.IntegerField(help_text="numéro du CITP")
    number = serializers.CharField(allow_blank=True, help_text="numéro de l'engagement dans sa session")
    rank = serializers.IntegerField(help_text="rang dans la session : les numéros recommencent à chaque CITP")
    kind = serializers.ChoiceField(Engagement.EngagementKind.choices, help_text="nature de l'engagement")
    text = serializers.CharField(allow_blank=True, help_text="vide : texte non repris dans le référentiel")
    theme = serializers.CharField(allow_blank=True, help_text="thème de l'engagement")
    due_raw = serializers.CharField(allow_blank=True, help_text="l'échéance dans ses mots")
    due_on = serializers.DateField(allow_null=True, help_text="dernier jour de l'échéance")
    about_data = serializers.BooleanField(
        allow_null=True, help_text="vrai quand il porte sur les données, vide quand on ne le sait pas"
    )
    commitments = serializers.ListField(child=serializers.CharField(), help_text=REFS_HELP)
    counts = CountsShape()


class CitpShape(SourcedShape):
    number = serializers.IntegerField(help_text="numéro du CITP")
    held_on = serializers.DateField(help_text="jour où il s'est tenu")
    place = serializers.CharField(allow_blank=True, help_text="lieu")
    engagements_count = serializers.IntegerField(
        allow_null=True, help_text="nombre d'engagements pris, quand il est connu"
    )
    data_related_content = serializers.CharField(allow_blank=True, help_text="ce qui y concerne les données")
    url = serializers.URLField(help_text="la page du CITP")
    engagements = serializers.ListField(child=serializers.CharField(), help_text="numéros repris dans le référentiel")
    commitments = serializers.ListField(child=serializers.CharField(), help_text=REFS_HELP)
    counts = CountsShape()


_COUNTED = (
    *("commitments", "counts.promises", "counts.due", "counts.due_kept"),
    *(f"counts.observed.{state}" for state in ("kept", "partial", "unmet", "gone", "unknown", "unlocated")),
    *("to_verify", "source", "confidence"),
)
RECOMMENDATION_COLUMNS = ("number", "theme", "title", "in_presentation", "wording_codes", "url", *_COUNTED)
RECOMMENDATION_CELLS = {"wording_codes": serializers.ListField(help_text="codes de ses formulations de mars 2021")}
ENGAGEMENT_COLUMNS = (
    *("citp", "number", "rank", "kind", "text", "theme", "due_raw", "due_on", "about_data"),
    *_COUNTED,
)
CITP_COLUMNS = (
    *("number", "held_on", "place", "engagements_count", "engagements", "data_related_content", "url"),
    *_COUNTED,
)


def recommendation(found: Recommendation, answering: Sequence[Standing]) -> dict[str, Any]:
    return {
        "number": found.number,
        "theme": found.theme,
        "title": found.title,
        "in_presentation": found.in_presentation,
        "url": site_url(f"/recommandations/#n{found.number}"),
        "wordings": [
            {"code": w.code, "section": w.section, "wording": w.wording, **sourced(w)} for w in found.wordings.all()
        ],
        **_counted(answering),
        **sourced(found),
    }


def engagement(found: Engagement, coming: Sequence[Standing]) -> dict[str, Any]:
    return {
        "citp": found.citp.number,
        "number": found.number,
        "rank": found.rank,
        "kind": found.kind,
        "text": found.text,
        "theme": found.theme,
        "due_raw": found.due_raw,
        "due_on": found.due_on,
        "about_data": found.about_data,
        **_counted(coming),
        **sourced(found),
    }


def citp(found: Citp, coming: Sequence[Standing]) -> dict[str, Any]:
    return {
        "number": found.number,
        "held_on": found.held_on,
        "place": found.place,
        "engagements_count": found.engagements_count,
        "data_related_content": found.data_related_content,
        "url": site_url(f"/citp/{found.number}/"),
        "engagements": [e.number for e in found.engagements.all() if e.number],
        **_counted(coming),
        **sourced(found),
    }


def _counted(standings: Sequence[Standing]) -> dict[str, Any]:
    return {"commitments": [standing.ref for standing in standings], "counts": counts(standings)}
