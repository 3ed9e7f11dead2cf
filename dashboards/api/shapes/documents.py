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
    number = serializers.IntegerField()
    theme = serializers.CharField()
    title = serializers.CharField()
    in_presentation = serializers.BooleanField(help_text="reprise dans la présentation de mars 2021")
    url = serializers.URLField()
    wordings = WordingShape(many=True, help_text="ses formulations de mars 2021")
    commitments = serializers.ListField(child=serializers.CharField(), help_text=REFS_HELP)
    counts = CountsShape()


class EngagementShape(SourcedShape):
    citp = serializers.IntegerField()
    number = serializers.CharField(allow_blank=True)
    rank = serializers.IntegerField(help_text="rang dans la session : les numéros recommencent à chaque CITP")
    kind = serializers.ChoiceField(Engagement.EngagementKind.choices)
    text = serializers.CharField(allow_blank=True, help_text="vide : texte non repris dans le référentiel")
    theme = serializers.CharField(allow_blank=True)
    due_raw = serializers.CharField(allow_blank=True)
    due_on = serializers.DateField(allow_null=True)
    about_data = serializers.BooleanField(allow_null=True)
    commitments = serializers.ListField(child=serializers.CharField(), help_text=REFS_HELP)
    counts = CountsShape()


class CitpShape(SourcedShape):
    number = serializers.IntegerField()
    held_on = serializers.DateField()
    place = serializers.CharField(allow_blank=True)
    engagements_count = serializers.IntegerField(allow_null=True)
    data_related_content = serializers.CharField(allow_blank=True)
    url = serializers.URLField()
    engagements = serializers.ListField(child=serializers.CharField(), help_text="numéros repris dans le référentiel")
    commitments = serializers.ListField(child=serializers.CharField(), help_text=REFS_HELP)
    counts = CountsShape()


_COUNTED = (
    *("commitments", "counts.promises", "counts.due", "counts.due_kept"),
    *(f"counts.observed.{state}" for state in ("kept", "partial", "unmet", "gone", "unknown", "unlocated")),
    *("to_verify", "source", "confidence"),
)
RECOMMENDATION_COLUMNS = ("number", "theme", "title", "in_presentation", "wording_codes", "url", *_COUNTED)
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
