"""What the robot saw of an address, in words: files tried, repository, archived copy, documentation. Pure.

Facts come from outside: a missing key or an odd type says nothing, and never raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from commitments.findings import Facts, Outcome
from commitments.models import Observation
from commitments.verdicts import CONFIRMING_CHECKS, CONFIRMING_DAYS
from dashboards.pages import words

SHOWN_NAMES = 5


def sentences(facts: Facts) -> tuple[str, ...]:
    """Every sentence that these facts allow, files first."""
    found = [*_files(facts.get("probes")), *_repository(facts), *_documentation(facts.get("documentation"))]
    return tuple(words.typography(sentence) for sentence in found)


def confirmations(observation: Observation) -> str:
    """« 2 constats sur 3 » for an absence, which is believed only once confirmed; nothing for the rest."""
    if Outcome(observation.outcome) not in (Outcome.GONE, Outcome.ABSENT):
        return ""
    count = min(observation.checks, CONFIRMING_CHECKS)
    lasted = (observation.last_seen_at - observation.first_seen_at).days
    sure = observation.checks >= CONFIRMING_CHECKS and lasted >= CONFIRMING_DAYS
    said = (
        _("{findings} sur {needed}, absence confirmée")
        if sure
        else _("{findings} sur {needed}, absence à confirmer : il en faut {needed} sur {days} jours")
    )
    findings = words.counted(count, _("constat,constats"))
    return words.typography(said.format(findings=findings, needed=CONFIRMING_CHECKS, days=CONFIRMING_DAYS))


def _files(probes: object) -> Iterator[str]:
    tried, total = _count(probes, "tried"), _count(probes, "total")
    if not isinstance(probes, dict) or not tried:
        return
    answered, unknown = _count(probes, "answered"), _count(probes, "unknown")
    failed, failing = _names(probes, "failed"), _names(probes, "failing")
    of_all = _(" sur {total}").format(total=words.number(total)) if total > tried else ""
    said = [form(answered, _("{count} répond"), _("{count} répondent"))]
    if failed:
        one, many = _("{count} ne répond pas ({names})"), _("{count} ne répondent pas ({names})")
        said.append(form(len(failed), one, many, failed))
    if failing:
        one = _("{count} n'a pas répondu une première fois, à confirmer un autre jour ({names})")
        many = _("{count} n'ont pas répondu une première fois, à confirmer un autre jour ({names})")
        said.append(form(len(failing), one, many, failing))
    if unknown:
        said.append(_("{count} sans observation possible").format(count=unknown))
    files = words.counted(tried, _("fichier essayé,fichiers essayés"))
    yield _("{files}{of_all} : {said}.").format(files=files, of_all=of_all, said=", ".join(said))


def _repository(facts: Facts) -> Iterator[str]:
    if "commits" in facts:
        branch, refs = _text(facts, "default_branch"), _count(facts, "refs")
        if facts["commits"] is True:
            said = [_("Dépôt public qui contient du code")]
            said += [_("branche principale « {branch} »").format(branch=branch)] if branch else []
            said += [words.counted(refs, _("branche ou étiquette,branches ou étiquettes"))] if refs else []
            yield ", ".join(said) + "."
        elif facts["commits"] is False:
            yield _("Dépôt public, mais vide : aucun code n'y a été déposé.")
    if forge := {"github": "GitHub", "gitlab": "GitLab"}.get(_text(facts, "forge")):
        licence = _text(facts, "license")
        said = {
            "": [],
            "none": [_("aucune licence")],
            "NOASSERTION": [_("une licence qu'elle ne reconnaît pas")],
        }.get(licence, [_("licence {licence}").format(licence=licence)])
        if isinstance(facts.get("archived"), bool):
            said.append(_("dépôt archivé") if facts["archived"] else _("dépôt non archivé"))
        if month := _month(_text(facts, "last_activity")):
            said.append(_("dernière activité en {month}").format(month=month))
        if said:
            yield _("D'après la forge {forge} : {said}.").format(forge=forge, said=", ".join(said))
    if moved := _text(facts, "renamed_to"):
        yield _("Le dépôt répond maintenant à l'adresse {address}").format(address=moved)
    match facts.get("archived_at_swh"):
        case True:
            yield _("Une copie est conservée par Software Heritage (pour information : aucun critère n'en dépend).")
        case False:
            yield _("Software Heritage n'en conserve pas de copie (pour information : aucun critère n'en dépend).")


def _documentation(read: object) -> Iterator[str]:
    if not isinstance(read, dict):
        return
    title = _text(read, "title")
    if read.get("fetched") is True:
        operations = words.counted(_count(read, "paths"), _("chemin décrit,chemins décrits"))
        version = f"OpenAPI {_text(read, 'openapi')}".strip()
        said = ", ".join(filter(None, [version, title and quoted(title), operations]))
        yield _("Documentation lue par le robot : {said}.").format(said=said)
    elif read.get("page") is True:
        named = f" {quoted(title)}" if title else ""
        yield (
            _("Une page de documentation{title} répond.")
            if read.get("fetched") is None
            else _(
                "Une page de documentation{title} répond, mais l'adresse destinée aux machines ne donne pas d'OpenAPI."
            )
        ).format(title=named)
    elif read.get("state") == "failed":
        yield _("L'adresse de la documentation ne donne aucun document.")
    elif read.get("state") == "failing":
        yield _("L'adresse de la documentation ne donne aucun document (première fois : à confirmer un autre jour).")
    elif read.get("state") == "unknown":
        yield _("La documentation n'a pas pu être lue : rien n'en est conclu.")


def quoted(name: str) -> str:
    """« name », or “name”."""
    return _("« {name} »").format(name=name)


def form(count: int, one: str, many: str, names: list[str] | None = None) -> str:
    """The right form of a statement, with its count and the names of what is counted."""
    return (one if words.singular(count) else many).format(count=count, names=_listed(names or []))


def _count(holder: object, name: str) -> int:
    value: Any = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _names(holder: dict[str, Any], name: str) -> list[str]:
    value = holder.get(name)
    return [str(one) for one in value] if isinstance(value, list) else []


def _listed(names: list[str]) -> str:
    more = len(names) - SHOWN_NAMES
    shown = ", ".join(quoted(name) for name in names[:SHOWN_NAMES])
    others = words.counted(more, _("autre,autres")) if more > 0 else ""
    return _("{names} et {others}").format(names=shown, others=others) if others else shown


def _text(holder: object, name: str) -> str:
    value: Any = holder.get(name) if isinstance(holder, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _month(value: str) -> str:
    try:
        return words.month(date.fromisoformat(f"{value}-01"))
    except ValueError:
        return ""
