"""The writes on reports: receiving one, from anyone; publishing it with an answer, setting it aside."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commitments.days import paris_day
from commitments.models import Commitment, Deliverable, Location
from ministries.addressing import locate
from ministries.authoring import Author, Refused, locked, public_address, same_as_seen, text, writing
from ministries.models import Act, Moderation, Report
from ministries.permissions import Action

LONGEST = 1500
MOST_UNREAD = 50
"""Reports that wait on one promise: beyond, somebody is playing."""

FULL = "Trop de signalements attendent déjà une réponse sur cette promesse : revenez quand le ministère les aura lus."


def report(commitment: Commitment, *, kind: str, url: str, words: str, now: datetime) -> Report:
    """Keep what a reader says of a public promise, for its ministry to read. Raises Refused.

    Nothing public changes: the version of the data does not move.
    """
    if kind not in Report.Kind.values:
        raise Refused("kind", "Choisissez ce que vous signalez.")
    address = public_address("url", url)
    said = text("text", words, longest=LONGEST)
    if kind == Report.Kind.FOUND and not address:
        raise Refused("url", "Donnez l’adresse où vous l’avez trouvé.")
    if not (address or said):
        raise Refused("text", "Dites en quelques mots ce qui ne va pas, ou donnez une adresse.")
    with transaction.atomic():
        commitment = locked(commitment)
        if commitment.visibility != Commitment.Visibility.PUBLIC:
            raise Refused("text", "Cette promesse n’est pas publique.")
        waiting = Report.objects.pending().filter(commitment=commitment)
        if waiting.filter(kind=kind, url=address, text=said).exists():
            # Sent twice: it is there already, and the reader is told so by the same page.
            return waiting.filter(kind=kind, url=address, text=said)[0]
        if waiting.count() >= MOST_UNREAD:
            raise Refused("text", FULL)
        return Report.objects.create(
            commitment=commitment, kind=kind, url=address, text=said, reported_on=paris_day(now), recorded_at=now
        )


def publish_report(author: Author, found: Report, *, answer: str, seen: int | None) -> Moderation:
    """Show a report in public with the ministry's answer. ``seen``: the last moderation that the form had shown."""
    return _moderate(
        author,
        found,
        Moderation.Outcome.PUBLISHED,
        Act.Verb.SHOW_REPORT,
        text("answer", answer, needed="Une réponse, publique, est obligatoire."),
        seen,
    )


def set_report_aside(author: Author, found: Report, *, reason: str, seen: int | None) -> Moderation:
    """Do not show it, or show it no more; why is kept, and read by the ministry alone."""
    return _moderate(
        author,
        found,
        Moderation.Outcome.SET_ASIDE,
        Act.Verb.DROP_REPORT,
        text("answer", reason, needed="Un motif est obligatoire : il est gardé, sans être public."),
        seen,
    )


def locate_reported(author: Author, found: Report, deliverable: Deliverable) -> Location:
    """« C'est lui »: follow the address that a report gives, as if the ministry had written it."""
    if not found.url:
        raise Refused("address", "Ce signalement ne donne pas d'adresse.")
    if deliverable.commitment_id != found.commitment_id:
        raise Refused("deliverable", "Ce livrable n'est pas celui de cette promesse.")
    return locate(author, deliverable, url=found.url)


def _moderate(author: Author, found: Report, outcome: str, verb: Act.Verb, words: str, seen: int | None) -> Moderation:
    with writing(author):
        commitment = locked(found.commitment)
        capacity = author.require(Action.MODERATE, commitment)
        last = found.moderations.last()
        same_as_seen(last, seen)
        if last is not None and (last.outcome, last.answer) == (outcome, words):
            raise Refused("answer", f"C'est déjà fait, le {last.moderated_on:%d/%m/%Y}.")
        row = Moderation.objects.create(
            report=found,
            outcome=outcome,
            answer=words,
            moderated_on=author.today,
            **author.signature(capacity),
            corrects=last,
            recorded_at=author.now,
        )
        author.record(verb, capacity, commitment=commitment, row=row)
        return row
