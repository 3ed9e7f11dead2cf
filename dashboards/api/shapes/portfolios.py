"""Ministries, their publishers and their roadmaps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rest_framework import serializers

from dashboards.api.shapes.common import (
    CountsShape,
    MinistryRefShape,
    SourcedShape,
    counts,
    ministry_ref,
    site_url,
    sourced,
)
from ministries.models import Ministry, Organization, Roadmap, RoadmapAction
from ministries.standing import Standing


class OrganizationRefShape(serializers.Serializer):
    portal_id = serializers.CharField()
    name = serializers.CharField(allow_blank=True)


class MinistryShape(SourcedShape):
    code = serializers.CharField(help_text="sigle du ministère")
    name = serializers.CharField(help_text="nom du ministère, tel que dans les feuilles de route de 2021")
    slug = serializers.CharField(help_text="nom dans les adresses du site")
    url = serializers.URLField(help_text="la page du ministère")
    as_of = serializers.DateField(help_text="la situation de ce jour-là")
    pole = serializers.CharField(allow_blank=True, help_text="pôle de ministères auquel il appartient")
    amdac_function = serializers.CharField(
        allow_blank=True, help_text="fonction de l'administrateur ministériel des données"
    )
    amdac_mailbox = serializers.CharField(allow_blank=True, help_text="boîte fonctionnelle publiée")
    renamings = serializers.CharField(allow_blank=True)
    organizations = OrganizationRefShape(many=True)
    counts = CountsShape(help_text="promesses dont il répond ce jour-là, chacune comptée une fois")
    commitments = serializers.ListField(child=serializers.CharField(), help_text="leurs références")
    joint_commitments = serializers.ListField(
        child=serializers.CharField(), help_text="promesses auxquelles il est associé, comptées ailleurs"
    )


MINISTRY_COLUMNS = (
    *("code", "name", "as_of", "pole", "amdac_function", "amdac_mailbox", "counts.promises", "counts.due"),
    *("counts.due_kept", "counts.undeclared", "counts.postponements"),
    *(f"counts.observed.{state}" for state in ("kept", "partial", "unmet", "gone", "unknown", "unlocated")),
    *(f"counts.timeliness.{code}" for code in ("closed", "undated", "kept_on_time", "kept_late", "upcoming")),
    *(f"counts.timeliness.{code}" for code in ("due_soon", "late", "partly", "unverified")),
    *("to_verify", "source", "confidence", "url"),
)


class OrganizationShape(SourcedShape):
    portal_id = serializers.CharField(help_text="identifiant sur data.gouv.fr, qui ne change jamais")
    name = serializers.CharField(allow_blank=True, help_text="nom vu sur data.gouv.fr")
    slugs = serializers.CharField(allow_blank=True, help_text="adresses vues")
    seen_on = serializers.CharField(allow_blank=True, help_text="jours où ces noms ont été vus")
    kind = serializers.CharField(allow_blank=True, help_text="nature de l'organisation")
    ministry = MinistryRefShape(allow_null=True)


ORGANIZATION_COLUMNS = (
    *("portal_id", "name", "slugs", "seen_on", "kind", "ministry.code", "ministry.name"),
    *("to_verify", "source", "confidence"),
)


class ActionShape(SourcedShape):
    """A line of a roadmap: shown with its document, never counted as a promise."""

    code = serializers.CharField()
    ministry = MinistryRefShape(allow_null=True, help_text="null quand le texte n'en nomme aucun")
    ministry_to_verify = serializers.BooleanField()
    axis = serializers.CharField(allow_blank=True)
    theme = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    wording_status = serializers.CharField(allow_blank=True)
    object = serializers.CharField(allow_blank=True)
    kind = serializers.CharField(allow_blank=True)
    due_raw = serializers.CharField(allow_blank=True)
    due_on = serializers.DateField(allow_null=True)
    reported_status = serializers.CharField(
        allow_blank=True, help_text="état rapporté, vide s'il l'a été après ce jour"
    )
    reported_on = serializers.DateField(allow_null=True)
    reported_note = serializers.CharField(allow_blank=True)
    evidence_url = serializers.CharField(allow_blank=True)
    commitment = serializers.CharField(allow_null=True, help_text="la promesse suivie qui dit la même chose")


class RoadmapShape(SourcedShape):
    ministry = MinistryRefShape(allow_null=True, help_text="null : actions dont le texte ne nomme aucun ministère")
    number = serializers.IntegerField(allow_null=True, help_text="numéro du document")
    version = serializers.CharField(allow_blank=True, help_text="version du document")
    url = serializers.CharField(allow_blank=True, help_text="adresse du document")
    published_on = serializers.DateField(help_text="jour de publication")
    horizon = serializers.CharField(allow_blank=True, help_text="période couverte")
    actions_known = serializers.CharField(
        allow_blank=True, help_text="nombre d'actions connues du document, tel que la source le dit"
    )
    actions = ActionShape(many=True)


ROADMAP_COLUMNS = (
    *("ministry.code", "ministry.name", "number", "version", "url", "published_on", "horizon", "actions_known"),
    *("action_codes", "to_verify", "source", "confidence"),
)


ROADMAP_CELLS = {"action_codes": serializers.ListField(help_text="codes des actions connues")}


def ministry(
    found: Ministry,
    as_of: date,
    led: Sequence[Standing],
    joint: Sequence[Standing],
    publishers: Sequence[Organization],
) -> dict[str, Any]:
    return {
        "code": found.code,
        "name": found.name,
        "slug": found.slug,
        "url": site_url(found.get_absolute_url()),
        "as_of": as_of,
        "pole": found.pole,
        "amdac_function": found.amdac_function,
        "amdac_mailbox": found.amdac_mailbox,
        "renamings": found.renamings,
        "organizations": [{"portal_id": o.portal_id, "name": o.name_seen} for o in publishers],
        "counts": counts(led),
        "commitments": [standing.ref for standing in led],
        "joint_commitments": [standing.ref for standing in joint],
        **sourced(found),
    }


def organization(found: Organization) -> dict[str, Any]:
    return {
        "portal_id": found.portal_id,
        "name": found.name_seen,
        "slugs": found.slug_seen,
        "seen_on": found.seen_on,
        "kind": found.kind,
        "ministry": ministry_ref(found.ministry) if found.ministry else None,
        **sourced(found),
    }


def roadmap(
    found: Roadmap | None, published_on: date, actions: Sequence[RoadmapAction], as_of: date
) -> dict[str, Any]:
    """A ministry's document with its lines; or, without a document, the lines whose text names no ministry."""
    document: dict[str, Any]
    if found is None:
        document = {"ministry": None, "number": None, "version": "", "url": "", "horizon": "", "actions_known": ""}
        document |= {"source": "", "confidence": "", "to_verify": True}
    else:
        document = {"ministry": ministry_ref(found.ministry), "number": found.number, "version": found.version}
        document |= {"url": found.url, "horizon": found.horizon, "actions_known": found.actions_known}
        document |= sourced(found)
    return {
        **document,
        "published_on": published_on,
        "actions": [_action(a, as_of) for a in actions],
    }


def _action(found: RoadmapAction, as_of: date) -> dict[str, Any]:
    reported = found.status_as_of is None or found.status_as_of <= as_of
    followed = found.commitment
    public = followed is not None and followed.visibility == "public" and followed.announced_on <= as_of
    return {
        "code": found.code,
        "ministry": ministry_ref(found.ministry) if found.ministry else None,
        "ministry_to_verify": found.ministry_to_verify,
        "axis": found.axis,
        "theme": found.theme,
        "text": found.text,
        "wording_status": found.wording_status,
        "object": found.object,
        "kind": found.kind,
        "due_raw": found.due_raw,
        "due_on": found.due_on,
        "reported_status": found.status_code if reported else "",
        "reported_on": found.status_as_of if reported else None,
        "reported_note": found.status_note if reported else "",
        "evidence_url": found.evidence_url if reported else "",
        "commitment": followed.ref if followed is not None and public else None,
        **sourced(found),
    }
