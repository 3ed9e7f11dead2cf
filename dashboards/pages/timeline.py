"""All that happened to a promise, in one list: documents, ministry, people and robot, told apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from commitments.criteria import LABELS
from commitments.days import paris_day
from commitments.findings import Outcome
from commitments.models import Observation, Reading, Snapshot, Verdict
from dashboards.languages import verbatim
from dashboards.pages import words
from dashboards.pages.dossier import Dossier, set_aside
from dashboards.pages.evidence import confirmations, quoted
from ministries.models import Declaration
from ministries.standing import Standing

DOCUMENT, MINISTRY, PERSON, ROBOT = N_("document"), N_("ministère"), N_("personne"), N_("robot")
READER = N_("lecteur")
OUTCOMES = {
    Outcome.FOUND: N_("Fiche trouvée"),
    Outcome.GONE: N_("Fiche supprimée"),
    Outcome.ABSENT: N_("Plus public ou inconnu"),
    Outcome.NO_OBSERVATION: N_("Pas d’observation"),
}


@dataclass(frozen=True)
class Proof:
    """The record that grounded a change of verdict, as it was kept: where to download it, and its fingerprint."""

    address: str
    sha256: str
    taken_on: date


@dataclass(frozen=True)
class Event:
    """``who`` says whose word it is; ``title`` reads alone; ``more``: sentences of their own under it.

    All but ``who`` is HTML where it quotes words that are never translated.
    """

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
        *_read(dossier.standing),
        *_seen(dossier),
        *_judged(dossier),
        *_redefined(dossier),
        *_marked(dossier),
        *_reported(dossier),
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
    yield Event(commitment.announced_on, DOCUMENT, _("Promesse annoncée"), verbatim(commitment.announced_in))
    moved = {deadline.pk: days for deadline, days in standing.promised.moves}
    for index, deadline in enumerate(standing.promised.deadlines):
        raw = verbatim(words.typography(deadline.raw))
        if index == 0:
            title = _html(_("Première échéance : {raw}"), raw=raw)
        else:
            before = verbatim(words.typography(standing.promised.deadlines[index - 1].raw))
            gap = moved[deadline.pk]
            moved_by = f" ({'+' if gap > 0 else '−'}{words.days(abs(gap))})" if gap else ""
            title = _html(_("Échéance modifiée : {before} → {raw}{by}"), before=before, raw=raw, by=moved_by)
        why = _html(_("Motif : {reason}"), reason=verbatim(deadline.reason)) if deadline.reason else ""
        said = _joined(". ", verbatim(deadline.announced_in), why)
        yield Event(deadline.announced_on, DOCUMENT, title, said, rank=1)


def _declared(declarations: Iterable[Declaration]) -> Iterable[Event]:
    for declaration in declarations:
        status = words.label(declaration.get_status_display())
        title = _("Déclaré : {status}").format(status=status)
        if declaration.nothing_new == 1:
            title = _("Rien de nouveau : {status}").format(status=status)
        elif declaration.nothing_new:
            again = _("Rien de nouveau, {times}e fois de suite : {status}")
            title = again.format(times=declaration.nothing_new, status=status)
        said = f"{declaration.by_function}, {declaration.ministry.name}. {declaration.comment}".strip()
        day, source = declaration.declared_on, declaration.source_url
        yield Event(day, MINISTRY, words.typography(title), verbatim(said), source, 2)


def _read(standing: Standing) -> Iterable[Event]:
    for reading in standing.readings:
        quoted = _html(" ({label})", label=verbatim(reading.label)) if reading.label else ""
        vague = (
            "" if len(reading.read_raw) == 10 else _("Jour noté : {raw}.").format(raw=words.noted(reading.read_raw))
        )
        by = _html("{who}.", who=verbatim(reading.by_function)) if reading.by_function else ""
        title = _("Constat humain : {state}").format(state=words.label(reading.get_state_display()))
        proof = (
            _html(_("Preuve : {address}."), address=reading.evidence_url)
            if reading.evidence_url
            else _("Sans preuve citée.")
        )
        yield Event(
            reading.read_on,
            PERSON,
            _joined("", words.typography(title), quoted),
            _joined(" ", proof, words.typography(vague), by),
            rank=3,
            more=_noted(reading),
        )


def _noted(reading: Reading) -> tuple[str, ...]:
    """What the person saw there, each with its name; the words of a note only when its author's function is apart."""
    seen = {
        _("Accès constaté : {what}"): words.label(reading.get_access_display()) if reading.access else "",
        _("Couverture : {what}"): verbatim(reading.coverage),
        _("Formats : {what}"): verbatim(reading.formats),
        _("Licence : {what}"): verbatim(reading.licence),
        _("Ouvert depuis le {what}"): words.day(reading.opened_on) if reading.by_function else "",
    }
    said: list[str] = [_html(form, what=value) for form, value in seen.items() if value]
    if reading.by_function and reading.note:
        said.append(verbatim(words.typography(reading.note)))
    return tuple(said)


def _answered(dossier: Dossier) -> Iterable[Event]:
    for reply in dossier.replies:
        said = verbatim(f"{reply.by_function}, {reply.ministry.name}. {reply.text}")
        yield Event(reply.replied_on, MINISTRY, _("Réponse du ministère au constat"), said, reply.source_url, 3)
    for change in dossier.scope_changes:
        title = _html(
            _("Périmètre changé, après l’échéance : {aspect}, {before} → {after}")
            if change.late
            else _("Périmètre changé : {aspect}, {before} → {after}"),
            aspect=words.label(change.get_aspect_display()),
            before=words.recorded(change.before_words),
            after=words.recorded(change.after_words),
        )
        said = _html(
            _("{who}. Motif : {reason}"),
            who=verbatim(f"{change.by_function}, {change.ministry.name}"),
            reason=verbatim(change.reason),
        )
        yield Event(change.changed_on, MINISTRY, title, said, change.source_url, 2)


def _seen(dossier: Dossier) -> Iterable[Event]:
    for observation in dossier.observations:
        aside = set_aside(observation, dossier.as_of)
        told = () if aside else dossier.told.get(observation.pk, ())
        more: list[str] = [words.recorded(story.text) for story in told]
        more += [said for said in [confirmations(observation)] if said and not aside]
        if aside:
            more.append(_("Écartée par un opérateur : le portail lui-même était en défaut, aucun constat n’en vient."))
        passages = f"({_passages(observation, dossier.as_of)})"
        text = _joined(" ", words.recorded(observation.detail) if observation.detail else "", passages)
        title = _(OUTCOMES[Outcome(observation.outcome)])
        yield Event(_day(observation), ROBOT, title, text, observation.location.url, 4, tuple(more))


def _passages(observation: Observation, as_of: date) -> str:
    """How many times the same was seen, and until when; an interval that goes on after the day tells no more."""
    until = paris_day(observation.last_seen_at)
    if until > as_of:
        return _("inchangé au {day}").format(day=words.day(as_of))
    times = words.counted(observation.checks, *_("passage,passages").split(","))
    if until == _day(observation):
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
            reasons = _joined(" ", *(words.recorded(reason["text"]) for reason in verdict.reasons))
            yield Event(verdict.since, who, words.typography(title), reasons, rank=5, proof=_proof(verdict, kept))


def _proof(verdict: Verdict, kept: dict[int, Snapshot]) -> Proof | None:
    snapshot = kept.get(verdict.observation_id or 0)
    return proof(snapshot) if snapshot else None


def proof(snapshot: Snapshot) -> Proof:
    return Proof(reverse("evidence", args=[snapshot.observation_id]), snapshot.sha256, paris_day(snapshot.taken_at))


def _redefined(dossier: Dossier) -> Iterable[Event]:
    for definition in dossier.definitions:
        removed = [quoted(words.label(LABELS[code])) for code in definition.removed if code in LABELS]
        if definition.softened_late:
            title = _("Définition adoucie après l’échéance")
        else:
            title = _("Définition adoucie") if removed else _("Définition précisée")
        lost = _("Critère retiré : {criteria}.") if len(removed) < 2 else _("Critères retirés : {criteria}.")
        said = _joined(
            " ",
            words.typography(lost.format(criteria=", ".join(removed))) if removed else "",
            _motive(definition.reason, definition.decided_by),
        )
        yield Event(definition.since, PERSON, title, said, rank=3)


def _marked(dossier: Dossier) -> Iterable[Event]:
    verdicts = {v.pk: v for d in dossier.standing.deliverables for v in d.verdicts}
    for alarm in dossier.alarms:
        wrong = verdicts.get(alarm.verdict_id)
        mistake = (
            _("Le constat du {day} ({state}) était une erreur du robot.").format(
                day=words.day(wrong.since), state=words.state(wrong.state)
            )
            if wrong
            else _("Le constat était une erreur du robot.")
        )
        said = _joined(" ", mistake, _motive(alarm.reason, alarm.by_function))
        yield Event(alarm.marked_on, PERSON, _("Fausse alerte du robot"), said, rank=6)


def _reported(dossier: Dossier) -> Iterable[Event]:
    for row in dossier.reports:
        report = row.report
        title = _("Signalement, {kind}, reçu le {day}").format(
            kind=words.label(report.get_kind_display()), day=words.day(report.reported_on)
        )
        answer = _html(
            _("Réponse de {who} : {answer}"),
            who=verbatim(f"{row.by_function}, {row.ministry.name}"),
            answer=verbatim(words.typography(row.answer)),
        )
        yield Event(row.moderated_on, READER, title, verbatim(report.text), report.url, 3, (answer,))


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
            said = _html(_("{text} (ouverte {days})"), text=words.recorded(end.text), days=lasted)
            yield Event(end.ended_on, ROBOT, title, said, rank=8)


def _motive(reason: str, who: str) -> SafeString:
    return _html(
        _("Motif : {reason} ({who})"), reason=verbatim(words.typography(reason)), who=verbatim(words.typography(who))
    )


def _html(form: str, **parts: str) -> SafeString:
    """A statement of the page around words that may be quoted."""
    return format_html(words.typography(form), **parts)


def _joined(between: str, *parts: str) -> SafeString:
    return format_html_join(between, "{}", ((part,) for part in parts if part))


def _day(observation: Observation) -> date:
    return timezone.localdate(observation.first_seen_at)
