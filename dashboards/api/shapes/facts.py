"""The rows of the three streams, one by one. Never a private note, never a draft's row."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from commitments.days import paris_day
from commitments.models import Deliverable, Location, Observation, Reading, Verdict
from dashboards.api.shapes.common import MinistryRefShape, site_url
from dashboards.api.shapes.promises import (
    ORIGINS,
    CheckShape,
    DeadlineShape,
    DeclaredShape,
    ReasonShape,
    deadline,
    declared,
)
from ministries.contradictions import CAUSES
from ministries.contradictions import CHOICES as CONTRADICTIONS
from ministries.models import Contradiction, Declaration
from ministries.standing import Standing


class FactShape(serializers.Serializer):
    id = serializers.IntegerField(help_text="numéro de la ligne : les lignes s'ajoutent, elles ne se changent pas")
    commitment = serializers.CharField(help_text="référence de la promesse")
    ministry = MinistryRefShape(help_text="qui en répond ce jour-là")
    recorded_at = serializers.DateTimeField(help_text="instant de l'enregistrement ici")


class DeadlineRowShape(DeadlineShape, FactShape):
    rank = serializers.IntegerField(help_text="1 : la première, qui ne change jamais")
    current = serializers.BooleanField(help_text="vrai pour l'échéance en vigueur ce jour-là")
    days_moved = serializers.IntegerField(help_text="jours depuis l'échéance d'avant ; négatif si avancée")


class DeclarationShape(DeclaredShape, FactShape):
    pass


class DeliverableRefShape(serializers.Serializer):
    rank = serializers.IntegerField(help_text="rang du livrable dans la promesse")
    kind = serializers.ChoiceField(Deliverable.KINDS, help_text="nature du livrable")
    label = serializers.CharField(help_text="ce qui est à livrer")  # type: ignore[assignment]


class EvidenceShape(serializers.Serializer):
    """The answer kept whole."""

    url = serializers.URLField(help_text="le relevé à télécharger, en gzip")
    sha256 = serializers.CharField(help_text="empreinte du contenu décompressé")
    taken_at = serializers.DateTimeField()


class ObservationShape(serializers.Serializer):
    """What the robot saw at an address, as an interval."""

    id = serializers.IntegerField(help_text="numéro de l'observation")
    commitment = serializers.CharField(help_text="référence de la promesse")
    ministry = MinistryRefShape()
    deliverable = DeliverableRefShape()
    portal = serializers.ChoiceField(Location.Portal.choices, help_text="où le robot a regardé")
    identifier = serializers.CharField(allow_blank=True, help_text="identifiant sur ce portail")
    url = serializers.CharField(help_text="adresse regardée")
    outcome = serializers.ChoiceField(Observation.OUTCOMES, help_text="ce que le robot a trouvé")
    label = serializers.CharField(help_text="ce que le robot a trouvé, en toutes lettres")  # type: ignore[assignment]
    cause = serializers.CharField(allow_blank=True, help_text="pourquoi rien n'a pu être observé")
    detail = serializers.CharField(allow_blank=True, help_text="précision donnée par le site")
    facts = serializers.DictField(help_text="ce que le portail dit de la fiche")
    digest = serializers.CharField(help_text="empreinte des faits : inchangée, l'intervalle se prolonge")
    first_seen_at = serializers.DateTimeField(help_text="premier instant où cela a été vu")
    last_seen_on = serializers.DateField(help_text="dernier jour où cela a été vu, au plus le jour demandé")
    last_seen_at = serializers.DateTimeField(allow_null=True, help_text="null quand l'intervalle finit après ce jour")
    checks = serializers.IntegerField(allow_null=True, help_text="passages ; null quand il finit après ce jour")
    evidence = EvidenceShape(allow_null=True, help_text="null : la réponse n'a pas été conservée")


class ReadingShape(FactShape):
    """A dated human finding."""

    deliverable = DeliverableRefShape(allow_null=True, help_text="null : toute la promesse")
    read_raw = serializers.CharField(help_text="le jour, tel que noté")
    read_on = serializers.DateField(help_text="dernier jour possible")
    state = serializers.ChoiceField(Reading.STATES, help_text="ce que la personne a constaté")
    state_label = serializers.CharField(help_text="le constat humain, en toutes lettres")
    label = serializers.CharField(allow_blank=True, help_text="le constat dans les mots de la source")  # type: ignore[assignment]
    opened_raw = serializers.CharField(allow_blank=True, help_text="le jour d'ouverture, tel que noté")
    opened_on = serializers.DateField(allow_null=True, help_text="jour d'ouverture noté")
    evidence_url = serializers.CharField(allow_blank=True, help_text="preuve du constat")
    access = serializers.ChoiceField(Deliverable.ACCESSES, allow_blank=True, help_text="accès constaté")
    coverage = serializers.CharField(allow_blank=True, help_text="couverture constatée, en quelques mots")
    formats = serializers.CharField(allow_blank=True, help_text="formats constatés")
    licence = serializers.CharField(allow_blank=True, help_text="licence constatée")
    by_function = serializers.CharField(allow_blank=True, help_text="la fonction de qui a constaté")


class VerdictShape(FactShape):
    """A deliverable's verdict, until the next one."""

    deliverable = DeliverableRefShape()
    state = serializers.ChoiceField(Verdict.STATES, help_text="ce qui est constaté du livrable")
    label = serializers.CharField(help_text="le constat, en toutes lettres")  # type: ignore[assignment]
    since = serializers.DateField(help_text="jour où ce constat commence")
    until = serializers.DateField(allow_null=True, help_text="jour du constat suivant ; null : encore en vigueur")
    reasons = ReasonShape(many=True)
    checks = CheckShape(many=True)
    opened_on = serializers.DateField(allow_null=True, help_text="jour d'ouverture constaté")
    opened_from = serializers.ChoiceField(ORIGINS, help_text="d'où vient le jour d'ouverture")
    rule_version = serializers.CharField(help_text="version de la règle qui a donné ce constat")
    observation = serializers.IntegerField(allow_null=True, help_text="l'observation qui le fonde")
    reading = serializers.IntegerField(allow_null=True, help_text="le constat humain qui le fonde")


class ContradictionShape(FactShape):
    """A dated disagreement between two of the three streams, with its end when it has ended by that day."""

    kind = serializers.ChoiceField(CONTRADICTIONS, help_text="nature de la contradiction")
    label = serializers.CharField(help_text="la contradiction, en toutes lettres")  # type: ignore[assignment]
    good_news = serializers.BooleanField(help_text="vrai quand le constat est en avance sur la déclaration")
    opened_on = serializers.DateField(help_text="premier jour où les deux côtés étaient vrais")
    text = serializers.CharField(help_text="ce sur quoi elle reposait en s'ouvrant")
    verdict = serializers.IntegerField(help_text="le constat qui l'a ouverte")
    declaration = serializers.IntegerField(allow_null=True, help_text="la déclaration en vigueur à l'ouverture")
    ended_on = serializers.DateField(allow_null=True, help_text="null : ouverte ce jour-là")
    cause = serializers.ChoiceField(list(CAUSES.items()), allow_null=True, help_text="qui a corrigé")
    cause_label = serializers.CharField(allow_blank=True, help_text="qui a corrigé, en toutes lettres")
    ending = serializers.CharField(allow_blank=True, help_text="ce qui l'a close")
    days = serializers.IntegerField(help_text="durée, jusqu'à sa fin ou jusqu'à ce jour")


_FACT = ("id", "commitment", "ministry.code")
DEADLINE_COLUMNS = (
    *_FACT,
    *("rank", "current", "raw", "first_day", "last_day", "precision", "announced_on", "announced_in", "days_moved"),
    *("reason", "source_url", "recorded_at"),
)
DECLARATION_COLUMNS = (
    *_FACT,
    *("status", "label", "declared_on", "by_function", "comment", "obstacle", "source_url", "recorded_at"),
)
_PART = ("deliverable.rank", "deliverable.kind")
OBSERVATION_COLUMNS = (
    *_FACT,
    *_PART,
    *("portal", "identifier", "url", "outcome", "cause", "detail", "first_seen_at", "last_seen_on", "last_seen_at"),
    *("checks", "digest", "evidence.url", "evidence.sha256", "facts"),
)
READING_COLUMNS = (
    *_FACT,
    *_PART,
    *("read_raw", "read_on", "state", "state_label", "label", "opened_raw", "opened_on", "evidence_url"),
    *("access", "coverage", "formats", "licence", "by_function", "recorded_at"),
)
VERDICT_COLUMNS = (
    *_FACT,
    *_PART,
    *("state", "label", "since", "until", "reasons_text", "opened_on", "opened_from", "rule_version"),
    *("observation", "reading", "recorded_at"),
)
VERDICT_CELLS = {"reasons_text": serializers.ListField(help_text="les raisons du constat, en phrases")}
CONTRADICTION_COLUMNS = (
    *_FACT,
    *("kind", "label", "good_news", "opened_on", "text", "verdict", "declaration", "ended_on", "cause", "cause_label"),
    *("ending", "days", "recorded_at"),
)


def deadline_rows(standing: Standing, ministry: dict[str, str]) -> list[dict[str, Any]]:
    """Every date announced for a promise, with what each moved by."""
    moved = {later.pk: days for later, days in standing.promised.moves}
    return [
        {
            "id": announced.pk,
            "commitment": standing.ref,
            "ministry": ministry,
            "recorded_at": announced.recorded_at,
            "rank": rank,
            "current": announced is standing.promised.current,
            "days_moved": moved.get(announced.pk, 0),
            **deadline(announced),
        }
        for rank, announced in enumerate(standing.promised.deadlines, 1)
    ]


def declaration(row: Declaration, ministry: dict[str, str]) -> dict[str, Any]:
    told = declared(row) or {}
    return {
        "id": row.pk,
        "commitment": row.commitment.ref,
        "ministry": ministry,
        "recorded_at": row.recorded_at,
        **told,
    }


def observation(row: Observation, ministry: dict[str, str], as_of: date, end_of_day: datetime) -> dict[str, Any]:
    ended = row.last_seen_at < end_of_day
    return {
        "id": row.pk,
        "commitment": row.location.deliverable.commitment.ref,
        "ministry": ministry,
        "deliverable": _part(row.location.deliverable),
        "portal": row.location.portal,
        "identifier": row.location.known_identifier,
        "url": row.location.url,
        "outcome": row.outcome,
        "label": row.get_outcome_display(),
        "cause": row.cause,
        "detail": row.detail,
        "facts": row.facts,
        "digest": row.digest,
        "first_seen_at": row.first_seen_at,
        "last_seen_on": min(paris_day(row.last_seen_at), as_of),
        "last_seen_at": row.last_seen_at if ended else None,
        "checks": row.checks if ended else None,
        "evidence": _evidence(row),
    }


def _evidence(row: Observation) -> dict[str, Any] | None:
    kept = getattr(row, "snapshot", None)
    if kept is None:
        return None
    url = site_url(reverse("evidence", args=[row.pk]))
    return {"url": url, "sha256": kept.sha256, "taken_at": kept.taken_at}


def reading(row: Reading, ministry: dict[str, str]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "commitment": row.commitment.ref,
        "ministry": ministry,
        "recorded_at": row.recorded_at,
        "deliverable": _part(row.deliverable) if row.deliverable else None,
        "read_raw": row.read_raw,
        "read_on": row.read_on,
        "state": row.state,
        "state_label": row.get_state_display(),
        "label": row.label,
        "opened_raw": row.opened_raw,
        "opened_on": row.opened_on,
        "evidence_url": row.evidence_url,
        "access": row.access,
        "coverage": row.coverage,
        "formats": row.formats,
        "licence": row.licence,
        "by_function": row.by_function,
    }


def verdict(row: Verdict, ministry: dict[str, str], until: date | None) -> dict[str, Any]:
    return {
        "id": row.pk,
        "commitment": row.deliverable.commitment.ref,
        "ministry": ministry,
        "recorded_at": row.recorded_at,
        "deliverable": _part(row.deliverable),
        "state": row.state,
        "label": row.get_state_display(),
        "since": row.since,
        "until": until,
        "reasons": [{"code": r["code"], "text": r["text"], "criterion": r.get("criterion", "")} for r in row.reasons],
        "checks": [{"criterion": c["criterion"], "holds": c["holds"], "text": c["text"]} for c in row.checks],
        "opened_on": row.opened_on,
        "opened_from": row.opened_from,
        "rule_version": row.rule_version,
        "observation": row.observation_id,
        "reading": row.reading_id,
    }


def contradiction(row: Contradiction, ministry: dict[str, str], as_of: date) -> dict[str, Any]:
    end = row.end if row.end and row.end.ended_on <= as_of else None
    return {
        "id": row.pk,
        "commitment": row.commitment.ref,
        "ministry": ministry,
        "recorded_at": row.recorded_at,
        "kind": row.kind,
        "label": row.get_kind_display(),
        "good_news": row.good_news,
        "opened_on": row.opened_on,
        "text": row.text,
        "verdict": row.verdict_id,
        "declaration": row.declaration_id,
        "ended_on": end.ended_on if end else None,
        "cause": end.cause if end else None,
        "cause_label": end.get_cause_display() if end else "",
        "ending": end.text if end else "",
        "days": row.days_on(end.ended_on if end else as_of),
    }


def _part(deliverable: Deliverable) -> dict[str, Any]:
    return {"rank": deliverable.rank, "kind": deliverable.kind, "label": deliverable.label}
