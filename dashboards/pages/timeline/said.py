"""What was said of a promise: documents, the ministry's word, people's findings and decisions, readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commitments.criteria import LABELS
from commitments.models import Reading
from dashboards.languages import verbatim
from dashboards.pages import words
from dashboards.pages.dossier import Dossier
from dashboards.pages.evidence import quoted
from dashboards.pages.timeline.event import DOCUMENT, MINISTRY, PERSON, READER, Event, html, joined
from ministries.models import Declaration
from ministries.standing import Standing


def events(dossier: Dossier) -> Iterator[Event]:
    """Every entry that is somebody's word, in no order."""
    yield from _promised(dossier.standing)
    yield from _declared(dossier.standing.declarations)
    yield from _answered(dossier)
    yield from _read(dossier.standing)
    yield from _redefined(dossier)
    yield from _marked(dossier)
    yield from _reported(dossier)


def _promised(standing: Standing) -> Iterable[Event]:
    commitment = standing.commitment
    yield Event(commitment.announced_on, DOCUMENT, _("Promesse annoncée"), verbatim(commitment.announced_in))
    moved = {deadline.pk: days for deadline, days in standing.promised.moves}
    for index, deadline in enumerate(standing.promised.deadlines):
        raw = verbatim(words.typography(deadline.raw))
        if index == 0:
            title = html(_("Première échéance : {raw}"), raw=raw)
        else:
            before = verbatim(words.typography(standing.promised.deadlines[index - 1].raw))
            gap = moved[deadline.pk]
            moved_by = f" ({words.gap(gap)})" if gap else ""
            title = html(_("Échéance modifiée : {before} → {raw}{by}"), before=before, raw=raw, by=moved_by)
        why = html(_("Motif : {reason}"), reason=verbatim(deadline.reason)) if deadline.reason else ""
        said = joined(". ", verbatim(deadline.announced_in), why)
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
        quoted = html(" ({label})", label=verbatim(reading.label)) if reading.label else ""
        vague = (
            "" if len(reading.read_raw) == 10 else _("Jour noté : {raw}.").format(raw=words.noted(reading.read_raw))
        )
        by = html("{who}.", who=verbatim(reading.by_function)) if reading.by_function else ""
        title = _("Constat humain : {state}").format(state=words.label(reading.get_state_display()))
        proof = (
            html(_("Preuve : {address}."), address=reading.evidence_url)
            if reading.evidence_url
            else _("Sans preuve citée.")
        )
        yield Event(
            reading.read_on,
            PERSON,
            joined("", words.typography(title), quoted),
            joined(" ", proof, words.typography(vague), by),
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
    said: list[str] = [html(form, what=value) for form, value in seen.items() if value]
    if reading.by_function and reading.note:
        said.append(verbatim(words.typography(reading.note)))
    return tuple(said)


def _answered(dossier: Dossier) -> Iterable[Event]:
    for reply in dossier.replies:
        said = verbatim(f"{reply.by_function}, {reply.ministry.name}. {reply.text}")
        yield Event(reply.replied_on, MINISTRY, _("Réponse du ministère au constat"), said, reply.source_url, 3)
    for change in dossier.scope_changes:
        title = html(
            _("Périmètre changé, après l’échéance : {aspect}, {before} → {after}")
            if change.late
            else _("Périmètre changé : {aspect}, {before} → {after}"),
            aspect=words.label(change.get_aspect_display()),
            before=words.recorded(change.before_words),
            after=words.recorded(change.after_words),
        )
        said = html(
            _("{who}. Motif : {reason}"),
            who=verbatim(f"{change.by_function}, {change.ministry.name}"),
            reason=verbatim(change.reason),
        )
        yield Event(change.changed_on, MINISTRY, title, said, change.source_url, 2)


def _redefined(dossier: Dossier) -> Iterable[Event]:
    for definition in dossier.definitions:
        removed = [quoted(words.label(LABELS[code])) for code in definition.removed if code in LABELS]
        if definition.softened_late:
            title = _("Définition adoucie après l’échéance")
        else:
            title = _("Définition adoucie") if removed else _("Définition précisée")
        lost = _("Critère retiré : {criteria}.") if len(removed) < 2 else _("Critères retirés : {criteria}.")
        said = joined(
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
        said = joined(" ", mistake, _motive(alarm.reason, alarm.by_function))
        yield Event(alarm.marked_on, PERSON, _("Fausse alerte du robot"), said, rank=6)


def _reported(dossier: Dossier) -> Iterable[Event]:
    for row in dossier.reports:
        report = row.report
        title = _("Signalement, {kind}, reçu le {day}").format(
            kind=words.label(report.get_kind_display()), day=words.day(report.reported_on)
        )
        answer = html(
            _("Réponse de {who} : {answer}"),
            who=verbatim(f"{row.by_function}, {row.ministry.name}"),
            answer=verbatim(words.typography(row.answer)),
        )
        yield Event(row.moderated_on, READER, title, verbatim(report.text), report.url, 3, (answer,))


def _motive(reason: str, who: str) -> SafeString:
    return html(
        _("Motif : {reason} ({who})"), reason=verbatim(words.typography(reason)), who=verbatim(words.typography(who))
    )
