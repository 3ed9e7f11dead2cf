"""The writes on what is looked at: addresses, candidates, checks asked for, human findings. Mandates come first."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerError

from commitments import deciding, locating, polling, tasks
from commitments.findings import Kind, ReadingState
from commitments.judging import rejudge
from commitments.models import Candidate, Commitment, Decision, Deliverable, Location, Reading, Watch
from commitments.watching import watch_new_locations
from ministries.authoring import Author, Refused, StaleForm, locked, public_address, same_as_seen, text, writing
from ministries.models import Act
from ministries.permissions import Action

logger = logging.getLogger(__name__)

CHECK_AGAIN = timedelta(minutes=10)
"""Between two checks of one address, whoever asks."""
CHECKS_AN_HOUR = 20
"""What one agent may ask for in an hour."""

UNSEEN = -1
"""Given as ``seen`` by who writes without a form: no row bears it."""
_RECORDS = {"datasets": Location.Portal.DATASET, "dataservices": Location.Portal.DATASERVICE}


def portal_of(url: str, kind: str) -> str:
    """Which portal an address written by a person belongs to, for a deliverable of this kind. Pure."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return Location.Portal.URL
    segments = [segment for segment in parts.path.split("/") if segment]
    if (parts.hostname or "").removeprefix("www.") == "data.gouv.fr":
        for segment in segments[:3]:
            if segment in _RECORDS:
                return _RECORDS[segment]
    return Location.Portal.GIT if kind == Kind.SOURCE_CODE else Location.Portal.URL


def locate(
    author: Author,
    deliverable: Deliverable,
    *,
    url: str,
    portal: str = "",
    identifier: str = "",
    publisher: str = "",
    replaces: Iterable[Location] = (),
) -> Location:
    """Say where a deliverable is to be seen: the robot asks there from now on. ``replaces`` are closed that day."""
    with writing(author):
        capacity = author.require(Action.LOCATE, deliverable.commitment)
        former = list(replaces)
        if any(location.deliverable_id != deliverable.pk for location in former):
            raise Refused("replaces", "Cette adresse n'est pas celle de ce livrable.")
        try:
            location = locating.locate(
                deliverable,
                portal=portal or portal_of(url, deliverable.kind),
                identifier=identifier,
                url=public_address("address", url),
                publisher=publisher,
                by_function=capacity.function,
                now=author.now,
                replaces=former,
            )
        except locating.NotLocated as error:
            raise Refused("address", str(error)) from None
        author.record(Act.Verb.LOCATE, capacity, commitment=deliverable.commitment, row=location)
        return location


def unlocate(author: Author, location: Location) -> None:
    """Look there no more from today on; what was seen there stays."""
    with writing(author):
        commitment = location.deliverable.commitment
        capacity = author.require(Action.LOCATE, commitment)
        try:
            locating.close(location, until=author.today)
        except locating.NotLocated as error:
            raise Refused("address", str(error)) from None
        author.record(Act.Verb.UNLOCATE, capacity, commitment=commitment, row=location)


def decide(author: Author, candidate: Candidate, *, answer: str, seen: int | None, comment: str = "") -> Decision:
    """« C'est lui », « ce n'est pas ce qui était promis », « une partie »: answer a candidate."""
    with writing(author):
        commitment = candidate.deliverable.commitment
        capacity = author.require(Action.DECIDE, commitment)
        try:
            decision = deciding.decide(
                candidate,
                answer,
                by_function=capacity.function,
                now=author.now,
                seen=seen,
                agent_id=author.agent.pk,
                comment=text("comment", comment),
            )
        except deciding.Overtaken as error:
            raise StaleForm(error.last) from None
        except deciding.NotDecided as error:
            raise Refused("answer", str(error)) from None
        author.record(Act.Verb.DECIDE, capacity, commitment=commitment, row=decision)
        return decision


def read(
    author: Author,
    commitment: Commitment,
    *,
    state: str,
    evidence_url: str,
    note: str = "",
    deliverable: Deliverable | None = None,
    read_on: date | None = None,
    opened_on: date | None = None,
    access: str = "",
    coverage: str = "",
    formats: str = "",
    licence: str = "",
    seen: int | None = UNSEEN,
) -> Reading:
    """Note what a person found, with its proof: same place in the judgment as what the robot sees.

    ``access``, ``coverage``, ``formats``, ``licence``: what was seen there, as it was seen. ``seen``: the last finding
    that the form showed; left out when no form showed any.
    """
    with writing(author):
        commitment = locked(commitment)
        capacity = author.require(Action.READ_FINDING, commitment)
        if seen != UNSEEN:
            same_as_seen(commitment.readings.order_by("pk").last(), seen)
        if state not in set(ReadingState) - {ReadingState.NOT_VERIFIED}:
            raise Refused("state", "Choisissez ce qui a été constaté.")
        evidence = public_address("evidence_url", evidence_url)
        if not evidence:
            raise Refused("evidence_url", "Un constat donne l'adresse de sa preuve.")
        day = read_on or author.today
        if day > author.today:
            raise Refused("read_on", f"Le {day:%d/%m/%Y} est à venir : un constat est daté du jour où il a été fait.")
        if day < commitment.announced_on:
            made = commitment.announced_on
            raise Refused("read_on", f"Le {day:%d/%m/%Y} précède la promesse, annoncée le {made:%d/%m/%Y}.")
        _openable(state, opened_on, day)
        if access not in {"", *dict(Deliverable.ACCESSES)}:
            raise Refused("access", "Choisissez l'accès constaté dans la liste.")
        if deliverable is not None and deliverable.commitment_id != commitment.pk:
            raise Refused("deliverable", "Ce livrable n'est pas celui de cette promesse.")
        row = Reading.objects.create(
            commitment=commitment,
            deliverable=deliverable,
            read_raw=day.isoformat(),
            read_on=day,
            state=state,
            opened_raw=opened_on.isoformat() if opened_on else "",
            opened_on=opened_on,
            evidence_url=evidence,
            note=text("note", note),
            access=access,
            coverage=text("coverage", coverage, longest=300),
            formats=text("formats", formats, longest=200),
            licence=text("licence", licence, longest=200),
            by_function=capacity.function,
        )
        rejudge(list(commitment.deliverables.all()), today=author.today)
        author.record(Act.Verb.READ, capacity, commitment=commitment, row=row)
        return row


def _openable(state: str, opened_on: date | None, read_on: date) -> None:
    """Whether that opening day may be said of such a finding. Raises Refused."""
    if opened_on is None:
        return
    if opened_on > read_on:
        raise Refused("opened_on", f"Le {opened_on:%d/%m/%Y} est après le constat du {read_on:%d/%m/%Y}.")
    if state == ReadingState.NOT_OPEN:
        raise Refused("opened_on", "Ce qui n'est pas ouvert n'a pas de jour d'ouverture : laissez cette date vide.")


def check_now(author: Author, location: Location) -> bool:
    """Ask the robot to look there at once. False when the queue is down: it will look as soon as it is back.

    Refused when it has just looked, and beyond what one agent may ask for in an hour.
    """
    with writing(author):
        commitment = location.deliverable.commitment
        capacity = author.require(Action.CHECK, commitment)
        if location.until is not None:
            raise Refused("location", "Cette adresse n'est plus suivie.")
        watch_new_locations(author.now)
        watch = Watch.objects.select_for_update().filter(location=location).first()
        if watch is None:
            raise Refused("location", "Le robot ne sait pas encore interroger cette sorte d'adresse.")
        _not_too_often(author, watch)
        begun = polling.begin(author.now, locations=[location.pk])
        if begun is None:
            raise Refused("location", "Une vérification est déjà en cours.")
        # Whatever becomes of the queue, the address is due.
        Watch.objects.filter(pk=watch.pk).update(next_check_at=author.now)
        author.record(Act.Verb.CHECK, capacity, commitment=commitment, row=location)
    run, batches = begun
    return _sent(run.pk, batches)


def _not_too_often(author: Author, watch: Watch) -> None:
    if watch.checked_at is not None and author.now - watch.checked_at < CHECK_AGAIN:
        minutes = int((author.now - watch.checked_at).total_seconds() // 60)
        ago = f"il y a {minutes} min" if minutes else "il y a moins d'une minute"
        raise Refused("location", f"Le robot y est passé {ago} : attendez dix minutes entre deux passages.")
    if watch.lease_until is not None and watch.lease_until > author.now:
        raise Refused("location", "Une vérification est déjà en cours.")
    asked = Act.objects.filter(
        agent=author.agent, verb=Act.Verb.CHECK, recorded_at__gt=author.now - timedelta(hours=1)
    ).count()
    if asked >= CHECKS_AN_HOUR:
        raise Refused(
            "location", f"Vous avez demandé {asked} vérifications en une heure : le robot fera le reste seul."
        )


def _sent(run_id: int, batches: Sequence[Sequence[int]]) -> bool:
    """Hand the batches to the queue; when it is down, let go of the addresses, so that the robot finds them due."""
    try:
        for batch in batches:
            tasks.poll_batch.delay(run_id, list(batch))
    except (BrokerError, KombuError, OSError) as error:
        logger.warning("the queue did not take a check: %s", error)
        with transaction.atomic():
            Watch.objects.filter(run=run_id).update(lease="", lease_until=None)
        return False
    return True
