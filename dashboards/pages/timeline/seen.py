"""What the robot saw of a promise, and what was made of it: observations, verdicts, contradictions, failures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from commitments.days import paris_day
from commitments.findings import Outcome
from commitments.models import Observation, Snapshot, Verdict
from dashboards.pages import words
from dashboards.pages.dossier import Dossier, set_aside
from dashboards.pages.evidence import confirmations
from dashboards.pages.timeline.event import PERSON, ROBOT, Event, Proof, html, joined

OUTCOMES = {
    Outcome.FOUND: N_("Fiche trouvée"),
    Outcome.GONE: N_("Fiche supprimée"),
    Outcome.ABSENT: N_("Plus public ou inconnu"),
    Outcome.NO_OBSERVATION: N_("Pas d’observation"),
}


@dataclass(frozen=True)
class Failure:
    """An address that did not answer the last time: since when, why, and when it is tried again."""

    url: str
    since: date
    text: str
    observation: Observation


def events(dossier: Dossier) -> Iterator[Event]:
    """Every entry that comes from what was looked at, in no order."""
    yield from _seen(dossier)
    yield from _judged(dossier)
    yield from _contradicted(dossier)


def failures(observations: Iterable[Observation]) -> list[Failure]:
    """Addresses whose last interval is a failure."""
    last: dict[int, Observation] = {}
    for observation in observations:
        known = last.get(observation.location_id)
        if known is None or known.last_seen_at <= observation.last_seen_at:
            last[observation.location_id] = observation
    return [
        Failure(o.location.url, paris_day(o.first_seen_at), words.typography(o.detail or o.cause), o)
        for o in last.values()
        if o.outcome == Outcome.NO_OBSERVATION
    ]


def _seen(dossier: Dossier) -> Iterable[Event]:
    for observation in dossier.observations:
        aside = set_aside(observation, dossier.as_of)
        told = () if aside else dossier.told.get(observation.pk, ())
        more: list[str] = [words.recorded(story.text) for story in told]
        more += [said for said in [confirmations(observation)] if said and not aside]
        if aside:
            more.append(_("Écartée par un opérateur : le portail lui-même était en défaut, aucun constat n’en vient."))
        passages = f"({_passages(observation, dossier.as_of)})"
        text = joined(" ", words.recorded(observation.detail) if observation.detail else "", passages)
        title = _(OUTCOMES[Outcome(observation.outcome)])
        yield Event(paris_day(observation.first_seen_at), ROBOT, title, text, observation.location.url, 4, tuple(more))


def _passages(observation: Observation, as_of: date) -> str:
    """How many times the same was seen, and until when; an interval that goes on after the day tells no more."""
    until = paris_day(observation.last_seen_at)
    if until > as_of:
        return _("inchangé au {day}").format(day=words.day(as_of))
    times = words.counted(observation.checks, _("passage,passages"))
    if until == paris_day(observation.first_seen_at):
        return times
    return _("{times}, le dernier le {day}").format(times=times, day=words.day(until))


def _judged(dossier: Dossier) -> Iterable[Event]:
    several = len(dossier.standing.deliverables) > 1
    kept = {o.pk: o.snapshot for o in dossier.observations if hasattr(o, "snapshot")}
    for delivered in dossier.standing.deliverables:
        for verdict in delivered.verdicts:
            who = PERSON if verdict.reading_id else ROBOT
            state = words.state(verdict.state)
            if several:
                kind = words.label(delivered.deliverable.get_kind_display())
                state = _("{kind} : {state}").format(kind=kind, state=state)
            title = _("Situation jugée : {state}").format(state=state)
            if verdict.pk in delivered.set_aside:
                title = _("{title} (constat écarté depuis)").format(title=title)
            reasons = joined(" ", *(words.recorded(reason["text"]) for reason in verdict.reasons))
            yield Event(verdict.since, who, words.typography(title), reasons, rank=5, proof=_proof(verdict, kept))


def _proof(verdict: Verdict, kept: dict[int, Snapshot]) -> Proof | None:
    snapshot = kept.get(verdict.observation_id or 0)
    return proof(snapshot) if snapshot else None


def proof(snapshot: Snapshot) -> Proof:
    return Proof(reverse("evidence", args=[snapshot.observation_id]), snapshot.sha256, paris_day(snapshot.taken_at))


def _contradicted(dossier: Dossier) -> Iterable[Event]:
    for row in dossier.contradictions:
        kind = words.label(row.get_kind_display())
        title = words.typography(_("Contradiction ouverte : {kind}").format(kind=kind))
        yield Event(row.opened_on, ROBOT, title, words.recorded(row.text), rank=7)
        end = row.end
        if end is not None and end.ended_on <= dossier.as_of:
            cause = words.label(end.get_cause_display())
            title = words.typography(_("Contradiction close, {cause} : {kind}").format(cause=cause, kind=kind))
            lasted = words.days((end.ended_on - row.opened_on).days)
            said = html(_("{text} (ouverte {days})"), text=words.recorded(end.text), days=lasted)
            yield Event(end.ended_on, ROBOT, title, said, rank=8)
