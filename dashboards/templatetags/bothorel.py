"""Template tags: links that keep the day asked, French days and delays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.context import Context
from django.utils import timezone

from commitments.criteria import LABELS
from commitments.findings import State
from commitments.models import Citp, Engagement, Recommendation
from commitments.portals.causes import Cause
from dashboards.pages import evidence, pulse, words
from dashboards.pages.dossier import Delivered
from ministries.standing import Standing

register = template.Library()


@register.simple_tag(takes_context=True)
def to(context: Context, path: str, params: Mapping[str, Any] | None = None, /, **more: Any) -> str:
    """An internal address with these parameters (empty ones left out), and the day asked, always."""
    asked = {**(params or {}), **more}
    au = asked.pop("au", context.get("au", ""))
    kept = {key: value for key, value in asked.items() if value not in ("", None)}
    if au:
        kept["au"] = au
    path, hash_, anchor = path.partition("#")
    return path + (f"?{urlencode(kept)}" if kept else "") + hash_ + anchor


register.filter("jour", words.day)
register.filter("jours", words.days)
register.filter("nombre", words.number)
register.filter("prevu", words.planned)
register.filter("retard", words.timing)
register.filter("retard_et_prevu", words.timing_and_plan)
register.filter("retard_court", words.overdue)
register.filter("vu", words.seen)
register.filter("typo", words.typography)
register.filter("preuves", evidence.sentences)
register.filter("confirmations", evidence.confirmations)


@register.filter
def part(value: float | None) -> str:
    """« 0,72 », or « sans objet » for what could not be measured."""
    return "sans objet" if value is None else f"{value:.2f}".replace(".", ",")


@register.filter
def critere(code: str) -> str:
    """A criterion's label."""
    return words.typography(f"« {LABELS.get(code, code)} »")


@register.filter
def instant(value: datetime | None) -> str:
    return pulse.moment(value)


@register.filter
def instant_court(value: datetime) -> str:
    """« 03/06/2026 06:12 », in Paris."""
    return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"


@register.filter
def iso(value: date | None) -> str:
    return value.isoformat() if value else ""


@register.filter
def pictogramme(state: str) -> str:
    return words.PICTOGRAMS[State(state)]


@register.filter
def constat(state: str) -> str:
    return words.STATE_LABELS[State(state)]


ACTION_STATES = {
    "done": "fait",
    "partly": "fait en partie",
    "in_progress": "en cours",
    "late": "en retard",
    "abandoned": "abandonné",
    "unknown": "inconnu",
}


@register.filter
def etat_rapporte(code: str) -> str:
    """What a document reports of a roadmap's action, in French; an unforeseen code is shown as it is."""
    return ACTION_STATES.get(code, code) or "non donné"


@register.filter
def langue(text: str) -> str:
    """The language of a note of the reference, which mixes two: French bears accents or quotation marks."""
    return "fr" if any(sign in text for sign in "éèàêçôîûœ«") else "en"


@register.filter
def pluriel(count: int, forms: str) -> str:
    """``{{ n|pluriel:"promesse,promesses" }}`` gives « 3 promesses »."""
    one, many = forms.split(",")
    return words.counted(count, one, many)


@register.filter
def ouverture(provenance: str) -> str:
    """Where an opening day comes from, in words."""
    return words.OPENED_FROM.get(provenance, "")


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
    one, many = forms.split(",")
    return one if count < 2 else many


@register.filter
def adresse_citp(citp: Citp) -> str:
    return f"/citp/{citp.number}/"


@register.filter
def cause(code: str) -> str:
    """Why nothing was observed, in words."""
    try:
        return words.typography(Cause(code).sentence)
    except ValueError:
        return code
