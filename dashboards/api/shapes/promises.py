"""A promise on a day: promised, declared, observed and timeliness, four answers that nothing merges."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commitments.models import Deadline, Deliverable, Location, Verdict
from commitments.rules import METHOD_VERSION
from dashboards.api.shapes.common import MinistryRefShape, SourcedShape, ministry_ref, site_url, sourced
from ministries.contradictions import CHOICES as CONTRADICTIONS
from ministries.contradictions import doubtful
from ministries.models import Contradiction, Declaration
from ministries.standing import DeliverableStanding, Observed, Promised, Standing
from ministries.timeliness import LABELS, sentence

STATE_LABELS = {str(key): str(label) for key, label in Verdict.STATES}
ORIGINS = (("", "inconnue"), *Verdict.ORIGINS)


class DeadlineShape(serializers.Serializer):
    """A date announced; late begins the day after ``last_day``."""

    raw = serializers.CharField(help_text="l'échéance dans ses mots")
    first_day = serializers.DateField(allow_null=True, help_text="premier jour de l'échéance")
    last_day = serializers.DateField(
        allow_null=True, help_text="dernier jour de l'échéance : le retard commence le lendemain"
    )
    precision = serializers.ChoiceField(Deadline.PRECISIONS, help_text="précision de l'échéance")
    announced_on = serializers.DateField(help_text="jour où l'échéance a été annoncée")
    announced_in = serializers.CharField(allow_blank=True, help_text="où l'échéance a été annoncée")
    source_url = serializers.CharField(allow_blank=True, help_text="adresse ou titre de la source")
    reason = serializers.CharField(allow_blank=True, help_text="motif, quand il a été donné")


class PromisedShape(serializers.Serializer):
    first = DeadlineShape(allow_null=True, help_text="la première échéance annoncée : elle ne change jamais")
    current = DeadlineShape(allow_null=True, help_text="l'échéance en vigueur ce jour-là")
    history = DeadlineShape(many=True, help_text="toutes les échéances annoncées, la plus ancienne d'abord")
    postponements = serializers.IntegerField(help_text="combien de fois la date a été reculée")
    days_moved = serializers.IntegerField(help_text="jours entre la première et l'actuelle ; négatif si avancée")


class DeclaredShape(serializers.Serializer):
    """What the ministry said last. The private note never leaves the ministry."""

    status = serializers.ChoiceField(Declaration.Status.choices, help_text="état déclaré par le ministère")
    label = serializers.CharField(help_text="l'état déclaré, en toutes lettres")  # type: ignore[assignment]
    declared_on = serializers.DateField(help_text="jour de la déclaration")
    by_function = serializers.CharField(help_text="fonction de qui déclare, jamais son nom")
    comment = serializers.CharField(allow_blank=True, help_text="commentaire public du ministère")
    obstacle = serializers.CharField(
        allow_blank=True, help_text="ce qui empêche de tenir la promesse, dans les mots du ministère"
    )
    source_url = serializers.CharField(allow_blank=True, help_text="adresse publique donnée par le ministère")


class ReasonShape(serializers.Serializer):
    code = serializers.CharField(help_text="la règle : ancre de /methode/")
    text = serializers.CharField()
    criterion = serializers.CharField(allow_blank=True)


class CheckShape(serializers.Serializer):
    criterion = serializers.CharField()
    holds = serializers.BooleanField(allow_null=True, help_text="null : à vérifier")
    text = serializers.CharField()


class ObservedShape(serializers.Serializer):
    """What is observed on the day, and what it rests on."""

    state = serializers.ChoiceField(Verdict.STATES, help_text="ce qui est constaté")
    label = serializers.CharField(help_text="le constat, en toutes lettres")  # type: ignore[assignment]
    since = serializers.DateField(allow_null=True, help_text="premier jour de cet état")
    checked_on = serializers.DateField(allow_null=True, help_text="jour du dernier constat définitif")
    opened_on = serializers.DateField(allow_null=True, help_text="jour d'ouverture constaté")
    opened_from = serializers.ChoiceField(ORIGINS, help_text="d'où vient le jour d'ouverture")
    reasons = ReasonShape(many=True)
    checks = CheckShape(many=True)


class TimelinessShape(serializers.Serializer):
    code = serializers.ChoiceField(list(LABELS.items()), help_text="situation par rapport à l'échéance")
    label = serializers.CharField(help_text="la situation, en toutes lettres")  # type: ignore[assignment]
    sentence = serializers.CharField(help_text="la situation, en une phrase")
    days = serializers.IntegerField(
        allow_null=True, help_text="jours de retard une fois l'échéance passée, jours restants avant"
    )
    days_from_first = serializers.IntegerField(allow_null=True, help_text="jours de retard sur la première échéance")
    at_most = serializers.BooleanField(
        help_text="jour d'ouverture inconnu : le retard est de ce nombre de jours au plus"
    )


class LocationShape(serializers.Serializer):
    portal = serializers.ChoiceField(Location.Portal.choices, help_text="où la promesse est cherchée")
    identifier = serializers.CharField(allow_blank=True, help_text="identifiant sur ce portail")
    url = serializers.CharField(help_text="adresse")
    since = serializers.DateField(help_text="depuis quand cette adresse est suivie")


class DeliverableShape(serializers.Serializer):
    rank = serializers.IntegerField(help_text="rang du livrable dans la promesse")
    kind = serializers.ChoiceField(Deliverable.KINDS, help_text="nature du livrable")
    label = serializers.CharField(help_text="ce qui est à livrer")  # type: ignore[assignment]
    access_promised = serializers.ChoiceField(Deliverable.ACCESSES, help_text="vide : non précisé")
    observed = ObservedShape()
    locations = LocationShape(many=True)


class ContradictionRefShape(serializers.Serializer):
    """A dated disagreement between two of the three streams, open on that day."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(CONTRADICTIONS)
    label = serializers.CharField()  # type: ignore[assignment]
    good_news = serializers.BooleanField(help_text="vrai quand le constat est en avance sur la déclaration")
    opened_on = serializers.DateField()
    days = serializers.IntegerField(help_text="depuis combien de jours, ce jour-là")
    text = serializers.CharField(help_text="ce sur quoi elle reposait en s'ouvrant")
    in_doubt = serializers.BooleanField(help_text="vrai quand plus personne ne peut la vérifier ce jour-là")


class EngagementRefShape(serializers.Serializer):
    citp = serializers.IntegerField(help_text="numéro du CITP d'où vient la promesse")
    number = serializers.CharField(allow_blank=True, help_text="vide pour une suite annoncée, sans numéro")


class CommitmentShape(SourcedShape):
    ref = serializers.CharField(help_text="référence de la promesse : elle ne change jamais")
    title = serializers.CharField(help_text="intitulé de la promesse")
    wording = serializers.CharField(help_text="le texte de la promesse, figé")
    wording_status = serializers.CharField(allow_blank=True, help_text="comment ce texte a été établi")
    url = serializers.URLField(help_text="la page de la promesse")
    as_of = serializers.DateField(help_text="la situation de ce jour-là")
    known_at = serializers.DateTimeField(allow_null=True, help_text="telle qu'enregistrée à cet instant")
    method_version = serializers.CharField(help_text="version de la méthode qui a calculé la situation")
    announced_in = serializers.CharField(help_text="où la promesse a été annoncée")
    announced_on = serializers.DateField(help_text="jour où la promesse a été annoncée")
    producer = serializers.CharField(allow_blank=True, help_text="producteur nommé par la promesse")
    scope_caveat = serializers.CharField(allow_blank=True, help_text="réserve sur le périmètre")
    ministry = MinistryRefShape(help_text="qui en répond ce jour-là")
    ministry_to_verify = serializers.BooleanField(help_text="vrai quand ce ministère est déduit, non écrit")
    promised_by = MinistryRefShape(help_text="qui a promis")
    joint = MinistryRefShape(many=True, help_text="ministères associés")
    engagement = EngagementRefShape(allow_null=True)
    recommendations = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="numéros des recommandations du rapport Bothorel auxquelles elle répond",
    )
    open_ended = serializers.BooleanField(help_text="vrai pour une promesse qui finit par « etc. »")
    already_online = serializers.BooleanField(help_text="vrai quand c'était ouvert avant d'être promis")
    promised = PromisedShape()
    declared = DeclaredShape(allow_null=True)
    observed = ObservedShape()
    timeliness = TimelinessShape()
    contradictions = ContradictionRefShape(many=True)
    deliverables = DeliverableShape(many=True)


COLUMNS = (
    *("ref", "title", "wording", "ministry.code", "ministry.name", "promised_by.code", "engagement.citp"),
    *("engagement.number", "recommendations", "open_ended", "announced_on", "announced_in", "as_of"),
    *("promised.first.raw", "promised.first.last_day", "promised.current.raw", "promised.current.last_day"),
    *("promised.postponements", "promised.days_moved", "declared.status", "declared.declared_on"),
    *("observed.state", "observed.since", "observed.checked_on", "observed.opened_on", "observed.opened_from"),
    *(
        "already_online",
        "timeliness.code",
        "timeliness.days",
        "timeliness.days_from_first",
        "timeliness.at_most",
        "kinds",
        "accesses",
    ),
    *("to_verify", "ministry_to_verify", "source", "confidence", "url", "method_version"),
)

OWN_CELLS = {
    "kinds": serializers.ListField(help_text="nature de chaque livrable, dans l'ordre des rangs"),
    "accesses": serializers.ListField(help_text="accès promis pour chaque livrable, « unsaid » quand rien n'est dit"),
}


def commitment(standing: Standing) -> dict[str, Any]:
    promise = standing.commitment
    engagement = promise.engagement
    return {
        "ref": promise.ref,
        "title": promise.title,
        "wording": promise.wording,
        "wording_status": promise.wording_status,
        "url": site_url(promise.get_absolute_url()),
        "as_of": standing.as_of,
        "known_at": None,
        "method_version": METHOD_VERSION,
        "announced_in": promise.announced_in,
        "announced_on": promise.announced_on,
        "producer": promise.producer,
        "scope_caveat": promise.scope_caveat,
        "ministry": ministry_ref(standing.ministry),
        "ministry_to_verify": standing.ministry_to_verify,
        "promised_by": ministry_ref(standing.promised_by),
        "joint": [ministry_ref(ministry) for ministry in standing.joint],
        "engagement": {"citp": engagement.citp.number, "number": engagement.number} if engagement else None,
        "recommendations": [recommendation.number for recommendation in promise.recommendations.all()],
        "open_ended": promise.open_ended,
        "already_online": standing.already_online,
        "promised": promised(standing.promised),
        "declared": declared(standing.declared),
        "observed": observed(standing.observed),
        "timeliness": {
            "code": standing.timeliness.code,
            "label": LABELS[standing.timeliness.code],
            "sentence": sentence(standing.timeliness),
            "days": standing.timeliness.days,
            "days_from_first": standing.timeliness.days_from_first,
            "at_most": standing.timeliness.at_most,
        },
        "contradictions": [contradiction(standing, found) for found in standing.contradictions],
        "deliverables": [deliverable(delivered) for delivered in standing.deliverables],
        **sourced(promise),
    }


def line(standing: Standing) -> dict[str, Any]:
    """The promise for a table, where what it delivers is told in two cells."""
    return {
        **commitment(standing),
        "kinds": [d.deliverable.kind for d in standing.deliverables],
        "accesses": [d.deliverable.access_promised or "unsaid" for d in standing.deliverables],
    }


def promised(found: Promised) -> dict[str, Any]:
    return {
        "first": deadline(found.first) if found.first else None,
        "current": deadline(found.current) if found.current else None,
        "history": [deadline(announced) for announced in found.deadlines],
        "postponements": found.postponements,
        "days_moved": found.days_moved,
    }


def deadline(announced: Deadline) -> dict[str, Any]:
    return {
        "raw": announced.raw,
        "first_day": announced.first_day,
        "last_day": announced.last_day,
        "precision": announced.precision,
        "announced_on": announced.announced_on,
        "announced_in": announced.announced_in,
        "source_url": announced.source_url,
        "reason": announced.reason,
    }


def declared(declaration: Declaration | None) -> dict[str, Any] | None:
    if declaration is None:
        return None
    return {
        "status": declaration.status,
        "label": declaration.get_status_display(),
        "declared_on": declaration.declared_on,
        "by_function": declaration.by_function,
        "comment": declaration.comment,
        "obstacle": declaration.obstacle,
        "source_url": declaration.source_url,
    }


def observed(found: Observed) -> dict[str, Any]:
    return {
        "state": found.state,
        "label": STATE_LABELS[found.state],
        "since": found.since,
        "checked_on": found.checked_on,
        "opened_on": found.opened_on,
        "opened_from": found.opened_from,
        "reasons": [{"code": r.code, "text": r.text, "criterion": r.criterion} for r in found.reasons],
        "checks": [{"criterion": c.criterion, "holds": c.holds, "text": c.text} for c in found.checks],
    }


def contradiction(standing: Standing, found: Contradiction) -> dict[str, Any]:
    return {
        "id": found.pk,
        "kind": found.kind,
        "label": found.get_kind_display(),
        "good_news": found.good_news,
        "opened_on": found.opened_on,
        "days": found.days_on(standing.as_of),
        "text": found.text,
        "in_doubt": doubtful(standing, found),
    }


def deliverable(delivered: DeliverableStanding) -> dict[str, Any]:
    return {
        "rank": delivered.deliverable.rank,
        "kind": delivered.deliverable.kind,
        "label": delivered.deliverable.label,
        "access_promised": delivered.deliverable.access_promised,
        "observed": observed(delivered.observed),
        "locations": [location(where) for where in delivered.locations],
    }


def location(where: Location) -> dict[str, Any]:
    return {
        "portal": where.portal,
        "identifier": where.known_identifier,
        "url": where.url,
        "since": where.since,
    }
