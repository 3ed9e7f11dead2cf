"""All that happened to a promise, in one list: documents, ministry, people and robot, told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from commitments.findings import Outcome, State
from commitments.models import Observation
from dashboards.pages import words
from ministries.models import Declaration
from ministries.standing import Standing

DOCUMENT, MINISTRY, PERSON, ROBOT = "document", "ministère", "personne", "robot"
OUTCOMES = {
    Outcome.FOUND: "Fiche trouvée",
    Outcome.GONE: "Fiche supprimée",
    Outcome.ABSENT: "Plus public ou inconnu",
    Outcome.NO_OBSERVATION: "Pas d’observation",
}


@dataclass(frozen=True)
class Event:
    """``who`` says whose word it is; ``title`` reads alone."""

    day: date
    who: str
    title: str
    text: str = ""
    url: str = ""
    rank: int = 0


@dataclass(frozen=True)
class Failure:
    """An address that did not answer the last time: since when, why, and when it is tried again."""

    url: str
    since: date
    text: str
    observation: Observation


def events(
    standing: Standing, declarations: Sequence[Declaration], observations: Sequence[Observation]
) -> list[Event]:
    """Newest first; on one day, what was said comes before what was seen."""
    found = [
        *_promised(standing),
        *_declared(declarations),
        *_read(standing),
        *_seen(observations),
        *_judged(standing),
    ]
    found.sort(key=lambda event: (event.day, event.rank), reverse=True)
    return found


def failures(observations: Iterable[Observation]) -> list[Failure]:
    """Addresses whose last interval is a failure."""
    last: dict[int, Observation] = {}
    for observation in observations:
        known = last.get(observation.location_id)
        if known is None or known.last_seen_at <= observation.last_seen_at:
            last[observation.location_id] = observation
    return [
        Failure(o.location.url, _day(o), words.typography(o.detail or o.cause), o)
        for o in last.values()
        if o.outcome == Outcome.NO_OBSERVATION
    ]


def _promised(standing: Standing) -> Iterable[Event]:
    commitment = standing.commitment
    yield Event(commitment.announced_on, DOCUMENT, "Promesse annoncée", commitment.announced_in)
    moved = {deadline.pk: days for deadline, days in standing.promised.moves}
    for index, deadline in enumerate(standing.promised.deadlines):
        if index == 0:
            title = f"Première échéance : {deadline.raw}"
        else:
            before = standing.promised.deadlines[index - 1].raw
            gap = moved[deadline.pk]
            moved_by = f" ({'+' if gap > 0 else '−'}{words.days(abs(gap))})" if gap else ""
            title = f"Échéance modifiée : {before} → {deadline.raw}{moved_by}"
        why = f"Motif : {deadline.reason}" if deadline.reason else ""
        said = ". ".join(filter(None, (deadline.announced_in, why)))
        yield Event(deadline.announced_on, DOCUMENT, words.typography(title), said, rank=1)


def _declared(declarations: Iterable[Declaration]) -> Iterable[Event]:
    for declaration in declarations:
        title = f"Déclaré : {declaration.get_status_display()}"
        said = f"{declaration.by_function}, {declaration.ministry.name}. {declaration.comment}".strip()
        yield Event(declaration.declared_on, MINISTRY, words.typography(title), said, declaration.source_url, 2)


def _read(standing: Standing) -> Iterable[Event]:
    for reading in standing.readings:
        label = f" ({reading.label})" if reading.label else ""
        vague = "" if len(reading.read_raw) == 10 else f" Jour noté : {reading.read_raw}."
        title = f"Constat humain : {reading.get_state_display()}"
        proof = f"Preuve : {reading.evidence_url}." if reading.evidence_url else "Sans preuve citée."
        yield Event(reading.read_on, PERSON, words.typography(title) + label, proof + vague, rank=3)


def _seen(observations: Iterable[Observation]) -> Iterable[Event]:
    for observation in observations:
        title = OUTCOMES[Outcome(observation.outcome)]
        text = words.typography(observation.detail)
        times = words.counted(observation.checks, "passage", "passages")
        until = timezone.localdate(observation.last_seen_at)
        if observation.checks > 1 and until != _day(observation):
            times += f", le dernier le {words.day(until)}"
        yield Event(_day(observation), ROBOT, title, f"{text} ({times})".strip(), observation.location.url, 4)


def _judged(standing: Standing) -> Iterable[Event]:
    several = len(standing.deliverables) > 1
    for delivered in standing.deliverables:
        for verdict in delivered.verdicts:
            who = PERSON if verdict.reading_id else ROBOT
            what = f"{delivered.deliverable.get_kind_display()} : " if several else ""
            title = f"Situation jugée : {what}{words.STATE_LABELS[State(verdict.state)]}"
            reasons = " ".join(words.typography(reason["text"]) for reason in verdict.reasons)
            yield Event(verdict.since, who, words.typography(title), reasons, rank=5)


def _day(observation: Observation) -> date:
    return timezone.localdate(observation.first_seen_at)
