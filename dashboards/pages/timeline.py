"""All that happened to a promise, in one list: documents, ministry, people and robot, told apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from commitments.criteria import LABELS
from commitments.days import paris_day
from commitments.findings import Outcome, State
from commitments.models import Observation, Reading, Snapshot, Verdict
from dashboards.pages import words
from dashboards.pages.dossier import Dossier, set_aside
from dashboards.pages.evidence import confirmations
from ministries.models import Declaration
from ministries.standing import Standing

DOCUMENT, MINISTRY, PERSON, ROBOT, READER = "document", "ministère", "personne", "robot", "lecteur"
OUTCOMES = {
    Outcome.FOUND: "Fiche trouvée",
    Outcome.GONE: "Fiche supprimée",
    Outcome.ABSENT: "Plus public ou inconnu",
    Outcome.NO_OBSERVATION: "Pas d’observation",
}


@dataclass(frozen=True)
class Proof:
    """The record that grounded a change of verdict, as it was kept: where to download it, and its fingerprint."""

    address: str
    sha256: str
    taken_on: date


@dataclass(frozen=True)
class Event:
    """``who`` says whose word it is; ``title`` reads alone; ``more``: sentences of their own under it."""

    day: date
    who: str
    title: str
    text: str = ""
    url: str = ""
    rank: int = 0
    more: tuple[str, ...] = ()
    proof: Proof | None = None


@dataclass(frozen=True)
class Failure:
    """An address that did not answer the last time: since when, why, and when it is tried again."""

    url: str
    since: date
    text: str
    observation: Observation


def events(dossier: Dossier) -> list[Event]:
    """Newest first; on one day, what was said comes before what was seen."""
    found = [
        *_promised(dossier.standing),
        *_declared(dossier.standing.declarations),
        *_answered(dossier),
        *_reported(dossier),
        *_read(dossier.standing),
        *_seen(dossier),
        *_judged(dossier),
        *_redefined(dossier),
        *_marked(dossier),
        *_contradicted(dossier),
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
        if declaration.nothing_new:
            times = "" if declaration.nothing_new == 1 else f", {declaration.nothing_new}e fois de suite"
            title = f"Rien de nouveau{times} : {declaration.get_status_display()}"
        said = f"{declaration.by_function}, {declaration.ministry.name}. {declaration.comment}".strip()
        yield Event(declaration.declared_on, MINISTRY, words.typography(title), said, declaration.source_url, 2)


def _read(standing: Standing) -> Iterable[Event]:
    for reading in standing.readings:
        label = f" ({reading.label})" if reading.label else ""
        vague = "" if len(reading.read_raw) == 10 else f" Jour noté : {reading.read_raw}."
        title = f"Constat humain : {reading.get_state_display()}"
        proof = f"Preuve : {reading.evidence_url}." if reading.evidence_url else "Sans preuve citée."
        by = f" {reading.by_function}." if reading.by_function else ""
        yield Event(
            reading.read_on, PERSON, words.typography(title) + label, proof + vague + by, "", 3, _noted(reading)
        )


def _noted(reading: Reading) -> tuple[str, ...]:
    """What the person saw there, each with its name; the words of a note only when its author's function is apart."""
    seen = {
        "Accès constaté": reading.get_access_display(),
        "Couverture": reading.coverage,
        "Formats": reading.formats,
        "Licence": reading.licence,
        "Ouvert depuis le": words.day(reading.opened_on) if reading.opened_on and reading.by_function else "",
    }
    said = [f"{name}{' : ' if name != 'Ouvert depuis le' else ' '}{value}" for name, value in seen.items() if value]
    if reading.by_function and reading.note:
        said.append(reading.note)
    return tuple(words.typography(one) for one in said)


def _answered(dossier: Dossier) -> Iterable[Event]:
    for reply in dossier.replies:
        said = f"{reply.by_function}, {reply.ministry.name}. {reply.text}"
        yield Event(reply.replied_on, MINISTRY, "Réponse du ministère au constat", said, reply.source_url, 3)
    for change in dossier.scope_changes:
        late = ", après l’échéance" if change.late else ""
        title = f"Périmètre changé{late} : {change.get_aspect_display()}, {change.before_words} → {change.after_words}"
        said = f"{change.by_function}, {change.ministry.name}. Motif : {change.reason}"
        yield Event(change.changed_on, MINISTRY, words.typography(title), said, change.source_url, 2)


def _reported(dossier: Dossier) -> Iterable[Event]:
    for row in dossier.reports:
        report = row.report
        title = f"Signalement, {report.get_kind_display()}, reçu le {words.day(report.reported_on)}"
        answer = words.typography(f"Réponse de {row.by_function}, {row.ministry.name} : {row.answer}")
        yield Event(row.moderated_on, READER, words.typography(title), report.text, report.url, 3, (answer,))


def _seen(dossier: Dossier) -> Iterable[Event]:
    for observation in dossier.observations:
        aside = set_aside(observation, dossier.as_of)
        told = () if aside else dossier.told.get(observation.pk, ())
        more = [words.typography(story.text) for story in told]
        more += [said for said in [confirmations(observation)] if said and not aside]
        if aside:
            more.append("Écartée par un opérateur : le portail lui-même était en défaut, aucun constat n’en vient.")
        text = f"{words.typography(observation.detail)} ({_passages(observation, dossier.as_of)})".strip()
        title = OUTCOMES[Outcome(observation.outcome)]
        yield Event(_day(observation), ROBOT, title, text, observation.location.url, 4, tuple(more))


def _passages(observation: Observation, as_of: date) -> str:
    """How many times the same was seen, and until when; an interval that goes on after the day tells no more."""
    until = paris_day(observation.last_seen_at)
    if until > as_of:
        return f"inchangé au {words.day(as_of)}"
    times = words.counted(observation.checks, "passage", "passages")
    return times if until == _day(observation) else f"{times}, le dernier le {words.day(until)}"


def _judged(dossier: Dossier) -> Iterable[Event]:
    several = len(dossier.standing.deliverables) > 1
    kept = {o.pk: o.snapshot for o in dossier.observations if hasattr(o, "snapshot")}
    for delivered in dossier.standing.deliverables:
        for verdict in delivered.verdicts:
            who = PERSON if verdict.reading_id else ROBOT
            what = f"{delivered.deliverable.get_kind_display()} : " if several else ""
            aside = " (constat écarté depuis)" if verdict.pk in delivered.set_aside else ""
            title = f"Situation jugée : {what}{words.STATE_LABELS[State(verdict.state)]}{aside}"
            reasons = " ".join(words.typography(reason["text"]) for reason in verdict.reasons)
            yield Event(verdict.since, who, words.typography(title), reasons, rank=5, proof=_proof(verdict, kept))


def _proof(verdict: Verdict, kept: dict[int, Snapshot]) -> Proof | None:
    snapshot = kept.get(verdict.observation_id or 0)
    return proof(snapshot) if snapshot else None


def proof(snapshot: Snapshot) -> Proof:
    return Proof(reverse("evidence", args=[snapshot.observation_id]), snapshot.sha256, paris_day(snapshot.taken_at))


def _redefined(dossier: Dossier) -> Iterable[Event]:
    for definition in dossier.definitions:
        removed = [f"« {LABELS[code]} »" for code in definition.removed if code in LABELS]
        if definition.softened_late:
            title = "Définition adoucie après l’échéance"
        else:
            title = "Définition adoucie" if removed else "Définition précisée"
        lost = f"Critère{'s'[: len(removed) > 1]} retiré{'s'[: len(removed) > 1]} : {', '.join(removed)}. "
        said = f"{lost if removed else ''}Motif : {definition.reason} ({definition.decided_by})"
        yield Event(definition.since, PERSON, title, words.typography(said), rank=3)


def _marked(dossier: Dossier) -> Iterable[Event]:
    verdicts = {v.pk: v for d in dossier.standing.deliverables for v in d.verdicts}
    for alarm in dossier.alarms:
        wrong = verdicts.get(alarm.verdict_id)
        which = f" du {words.day(wrong.since)} ({words.STATE_LABELS[State(wrong.state)]})" if wrong else ""
        said = f"Le constat{which} était une erreur du robot. Motif : {alarm.reason} ({alarm.by_function})"
        yield Event(alarm.marked_on, PERSON, "Fausse alerte du robot", words.typography(said), rank=6)


def _contradicted(dossier: Dossier) -> Iterable[Event]:
    for row in dossier.contradictions:
        title = words.typography(f"Contradiction ouverte : {row.get_kind_display()}")
        yield Event(row.opened_on, ROBOT, title, words.typography(row.text), rank=7)
        end = row.end
        if end is not None and end.ended_on <= dossier.as_of:
            title = words.typography(f"Contradiction close, {end.get_cause_display()} : {row.get_kind_display()}")
            lasted = words.days((end.ended_on - row.opened_on).days)
            yield Event(end.ended_on, ROBOT, title, words.typography(f"{end.text} (ouverte {lasted})"), rank=8)


def _day(observation: Observation) -> date:
    return timezone.localdate(observation.first_seen_at)
