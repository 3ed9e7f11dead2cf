"""What the robot saw of an address, in words: files tried, repository, archived copy, documentation. Pure.

Facts come from outside: a missing key or an odd type says nothing, and never raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from commitments.days import MONTHS
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
    rule = "confirmée" if sure else f"à confirmer : il en faut {CONFIRMING_CHECKS} sur {CONFIRMING_DAYS} jours"
    constats = words.counted(count, "constat", "constats")
    return words.typography(f"{constats} sur {CONFIRMING_CHECKS}, absence {rule}")


def _files(probes: object) -> Iterator[str]:
    tried, total = _count(probes, "tried"), _count(probes, "total")
    if not isinstance(probes, dict) or not tried:
        return
    answered, unknown = _count(probes, "answered"), _count(probes, "unknown")
    failed, failing = _names(probes, "failed"), _names(probes, "failing")
    of_all = f" sur {words.number(total)}" if total > tried else ""
    said = [f"{answered} {'répond' if answered == 1 else 'répondent'}"]
    if failed:
        said.append(f"{len(failed)} ne {'répond' if len(failed) == 1 else 'répondent'} pas ({_listed(failed)})")
    if failing:
        one = len(failing) == 1
        said.append(
            f"{len(failing)} n'{'a' if one else 'ont'} pas répondu une première fois, "
            f"à confirmer un autre jour ({_listed(failing)})"
        )
    if unknown:
        said.append(f"{unknown} sans observation possible")
    yield f"{words.counted(tried, 'fichier essayé', 'fichiers essayés')}{of_all} : {', '.join(said)}."


def _repository(facts: Facts) -> Iterator[str]:
    if "commits" in facts:
        branch, refs = _text(facts, "default_branch"), _count(facts, "refs")
        if facts["commits"] is True:
            said = ["Dépôt public qui contient du code"]
            said += [f"branche principale « {branch} »"] if branch else []
            said += [words.counted(refs, "branche ou étiquette", "branches ou étiquettes")] if refs else []
            yield ", ".join(said) + "."
        elif facts["commits"] is False:
            yield "Dépôt public, mais vide : aucun code n'y a été déposé."
    if forge := {"github": "GitHub", "gitlab": "GitLab"}.get(_text(facts, "forge")):
        licence = _text(facts, "license")
        said = {
            "": [],
            "none": ["aucune licence"],
            "NOASSERTION": ["une licence qu'elle ne reconnaît pas"],
        }.get(licence, [f"licence {licence}"])
        if isinstance(facts.get("archived"), bool):
            said.append("dépôt archivé" if facts["archived"] else "dépôt non archivé")
        if month := _month(_text(facts, "last_activity")):
            said.append(f"dernière activité en {month}")
        if said:
            yield f"D'après la forge {forge} : {', '.join(said)}."
    if moved := _text(facts, "renamed_to"):
        yield f"Le dépôt répond maintenant à l'adresse {moved}"
    match facts.get("archived_at_swh"):
        case True:
            yield "Une copie est conservée par Software Heritage (pour information : aucun critère n'en dépend)."
        case False:
            yield "Software Heritage n'en conserve pas de copie (pour information : aucun critère n'en dépend)."


def _documentation(read: object) -> Iterator[str]:
    if not isinstance(read, dict):
        return
    title = f" « {_text(read, 'title')} »" if _text(read, "title") else ""
    if read.get("fetched") is True:
        paths = _count(read, "paths")
        operations = words.counted(paths, "chemin décrit", "chemins décrits")
        version = f"OpenAPI {_text(read, 'openapi')}".strip()
        yield f"Documentation lue par le robot : {version},{title + ',' if title else ''} {operations}."
    elif read.get("page") is True:
        machine = (
            "" if read.get("fetched") is None else ", mais l'adresse destinée aux machines ne donne pas d'OpenAPI"
        )
        yield f"Une page de documentation{title} répond{machine}."
    elif read.get("state") in ("failed", "failing"):
        again = "" if read["state"] == "failed" else " (première fois : à confirmer un autre jour)"
        yield f"L'adresse de la documentation ne donne aucun document{again}."
    elif read.get("state") == "unknown":
        yield "La documentation n'a pas pu être lue : rien n'en est conclu."


def _count(holder: object, name: str) -> int:
    value: Any = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _names(holder: dict[str, Any], name: str) -> list[str]:
    value = holder.get(name)
    return [str(one) for one in value] if isinstance(value, list) else []


def _listed(names: list[str]) -> str:
    more = len(names) - SHOWN_NAMES
    shown = ", ".join(f"« {name} »" for name in names[:SHOWN_NAMES])
    return f"{shown} et {more} autre{'s'[: more > 1]}" if more > 0 else shown


def _text(holder: object, name: str) -> str:
    value: Any = holder.get(name) if isinstance(holder, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _month(value: str) -> str:
    try:
        day = date.fromisoformat(f"{value}-01")
    except ValueError:
        return ""
    return f"{MONTHS[day.month - 1]} {day.year}"
