"""Template tags: links that keep the day asked and the language, days and delays in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from commitments.criteria import LABELS
from commitments.days import paris_day
from commitments.findings import State
from commitments.models import Citp, Engagement, Recommendation
from commitments.portals.causes import Cause
from commitments.rules import RULES
from dashboards.languages import in_source, localized, verbatim
from dashboards.pages import evidence, pictograms, pulse, words
from dashboards.pages.confidence import confidence
from dashboards.pages.dossier import Delivered
from ministries.changes import Change
from ministries.standing import Standing

register = template.Library()


@register.simple_tag(takes_context=True)
def to(context: Context, path: str, params: Mapping[str, Any] | None = None, /, **more: Any) -> str:
    """An internal address with these parameters (empty ones left out): the day asked, always, and the language."""
    return _with(context, localized(path), params, **more)


@register.simple_tag(takes_context=True)
def to_version(context: Context, path: str, params: Mapping[str, Any] | None = None, /) -> str:
    """The same, for a path that bears its language already: the page in another one."""
    return _with(context, path, params)


def _with(context: Context, path: str, params: Mapping[str, Any] | None = None, /, **more: Any) -> str:
    asked = {**(params or {}), **more}
    au = asked.pop("au", context.get("au", ""))
    kept = {key: value for key, value in asked.items() if value not in ("", None)}
    if au:
        kept["au"] = au
    path, hash_, anchor = path.partition("#")
    return path + (f"?{urlencode(kept)}" if kept else "") + hash_ + anchor


register.filter("sigle", words.acronym)
register.filter("jour", words.day)
register.filter("jour_note", words.noted)
register.filter("jours", words.days)
register.filter("ecart", words.gap)
register.filter("nombre", words.number)
register.filter("retard", words.timing)
register.filter("vu", words.seen)
register.filter("typo", words.typography)
register.filter("mot", words.label)
register.filter("dit", words.recorded)
register.filter("mot_a_mot", verbatim)
register.filter("constat", words.state)
register.filter("echeance", words.deadline)
register.filter("chemin", localized)
register.filter("confiance", confidence)
register.filter("preuves", evidence.sentences)
register.filter("confirmations", evidence.confirmations)


@register.filter
def prevu(standing: Standing) -> str:
    """The first date, always, and how often it was put off."""
    return _quoting(words.planned(standing), standing)


@register.filter
def retard_et_prevu(standing: Standing) -> str:
    """The delay, with the first date."""
    return _quoting(words.timing_and_plan(standing), standing)


@register.filter
def retard_court(standing: Standing) -> str:
    """The delay within a class of delay, with the first date."""
    return _quoting(words.overdue(standing), standing)


def _quoting(text: str, standing: Standing) -> str:
    """The same, its first date marked as the ministry wrote it where the page is not in French."""
    first = standing.promised.first
    if in_source() or first is None:
        return text
    before, raw, after = text.rpartition(words.typography(first.raw))
    return format_html("{}{}{}", before, verbatim(raw), after) if raw else text


@register.filter
def part(value: float | None) -> str:
    """« 0,72 », or « sans objet » for what could not be measured."""
    if value is None:
        return _("sans objet")
    return f"{value:.2f}".replace(".", "," if in_source() else ".")


@register.filter
def critere(code: str) -> str:
    """A criterion's label."""
    return words.typography(_("« {name} »").format(name=words.label(LABELS.get(code, code))))


@register.filter
def connu(sentence: str) -> bool:
    """Whether a recorded sentence is one of those that the language of the page has."""
    return words.known(sentence)


@register.filter
def regle(code: str) -> str:
    """What a rule of the method is called."""
    return words.label(RULES[code].title) if code in RULES else code


@register.filter
def comite(citp: Citp) -> str:
    """« 5e CITP »."""
    return words.session(citp.number)


@register.filter
def engagement(engagement: Engagement) -> str:
    """« 5e CITP, engagement 3 », or the rank of what was announced beside."""
    said = _("{citp}, engagement {number}") if engagement.number else _("{citp}, suite {number}")
    return said.format(citp=words.session(engagement.citp.number), number=engagement.number or engagement.rank)


@register.filter
def avant(change: Change) -> SafeString:
    """What a change found, as it was."""
    return words.changed(change.was, change.before)


@register.filter
def apres(change: Change) -> SafeString:
    """What a change left, as it is now."""
    return words.changed(change.now, change.after)


@register.filter
def instant(value: datetime | None) -> str:
    return pulse.moment(value)


@register.filter
def dernier_jour(end: datetime) -> str:
    """The last whole day, in Paris, of what ends at midnight."""
    return words.day(paris_day(end - timedelta(seconds=1)))


@register.filter
def iso(value: date | None) -> str:
    return value.isoformat() if value else ""


@register.filter
def pictogramme(state: str) -> SafeString:
    """That of a state, as an element."""
    return pictograms.drawn(pictograms.OF_STATES[State(state)])


register.simple_tag(pictograms.drawn, name="pictogram")


ACTION_STATES = {
    "done": N_("fait"),
    "partly": N_("fait en partie"),
    "in_progress": N_("en cours"),
    "late": N_("en retard"),
    "abandoned": N_("abandonné"),
    "unknown": N_("inconnu"),
}


@register.filter
def etat_rapporte(code: str) -> str:
    """What a document reports of a roadmap's action, in French; an unforeseen code is shown as it is."""
    return words.label(ACTION_STATES.get(code, code)) or _("non donné")


@register.filter
def langue(text: str) -> str:
    """The language of a note of the reference, which mixes two: French bears accents or quotation marks."""
    return "fr" if any(sign in text for sign in "éèàêçôîûœ«") else "en"


@register.filter
def pluriel(count: int, forms: str) -> str:
    """``{{ n|pluriel:"promesse,promesses" }}`` gives « 3 promesses », or “3 promises”."""
    return words.counted(count, _(forms))


@register.filter
def ouverture(provenance: str) -> str:
    """Where an opening day comes from, in words."""
    return words.label(words.OPENED_FROM.get(provenance))


@register.filter
def adresse(engagement: Engagement) -> str:
    """An engagement's place on its session's page."""
    return f"/citp/{engagement.citp.number}/#e{engagement.rank}"


@register.filter
def csv_constats(standing: Standing) -> str:
    """The file of the days on which a promise was observed."""
    return f"/graphiques/constats/{standing.ref}.csv"


@register.filter
def json_constats(standing: Standing, part: Delivered) -> str:
    """One deliverable's days, for the interactive drawing."""
    return f"/graphiques/constats/{standing.ref}/{part.standing.deliverable.rank}.json"


@register.filter
def api(standing: Standing) -> str:
    """A promise's address in the API."""
    return f"/api/v1/commitments/{standing.ref}/"


@register.filter
def adresse_reco(recommendation: Recommendation) -> str:
    return f"/recommandations/{recommendation.number}/"


@register.filter
def api_reco(recommendation: Recommendation) -> str:
    return f"/api/v1/recommendations/{recommendation.number}/"


@register.filter
def pluriel_seul(count: int, forms: str) -> str:
    """The right form, without the number."""
    return words.agreeing(count, _(forms))


@register.filter
def adresse_citp(citp: Citp) -> str:
    return f"/citp/{citp.number}/"


@register.filter
def cause(code: str) -> str:
    """Why nothing was observed, in words."""
    try:
        return words.label(Cause(code).sentence)
    except ValueError:
        return code
