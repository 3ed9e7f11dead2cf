"""What must be true of a deliverable: from facts, each criterion is true, false or unknown, with its sentence. Pure.

Facts come from outside and are never trusted: a missing key or an odd type makes a criterion unknown, never true,
never an exception. Sentences hold no count that grows by itself, so that judging again says the same, word for word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from commitments.ageing import expiry
from commitments.days import in_words
from commitments.findings import Access, Facts, HumanFinding, Kind, MachineFinding, ReadingState
from commitments.freshness import day_of, freshness

OPEN_LICENCES = {
    "lov2": "Licence Ouverte 2.0",
    "fr-lo": "Licence Ouverte",
    "odc-odbl": "ODbL",
    "odc-by": "ODC-BY",
    "odc-pddl": "ODC-PDDL",
    "cc-by": "CC BY",
    "cc-by-sa": "CC BY-SA",
    "cc-zero": "CC0",
    "other-open": "autre licence ouverte",
    "other-pd": "domaine public",
    "other-at": "autre licence avec attribution",
}
NO_LICENCE = ("", "notspecified", "none")
ACCESS_LABELS = {
    Access.OPEN: "ouvert",
    Access.OPEN_WITH_ACCOUNT: "ouvert avec un compte",
    Access.RESTRICTED: "restreint",
    Access.UNSAID: "non précisé",
}
_OPENNESS = {Access.RESTRICTED: 0, Access.OPEN_WITH_ACCOUNT: 1, Access.OPEN: 2}
LABELS = {
    "exists": "existe à l'adresse indiquée",
    "public": "est public",
    "not_archived": "n'est pas archivé",
    "access": "donne l'accès promis",
    "has_files": "offre au moins un fichier",
    "files_answer": "a des fichiers qui répondent",
    "open_licence": "porte une licence ouverte",
    "fresh": "est à jour selon sa fréquence",
    "publisher": "vient d'un éditeur connu",
    "coverage": "couvre ce qui a été promis",
    "documentation": "a une documentation",
    "licence": "porte une licence",
    "has_commit": "contient du code",
}
"""Every criterion's code with its French label."""
CRITERIA: dict[Kind, tuple[str, ...]] = {
    Kind.DATASET: (
        "exists",
        "public",
        "not_archived",
        "access",
        "has_files",
        "files_answer",
        "open_licence",
        "fresh",
        "publisher",
        "coverage",
    ),
    Kind.API: (
        "exists",
        "public",
        "not_archived",
        "access",
        "documentation",
        "publisher",
        "coverage",
    ),
    Kind.SOURCE_CODE: ("exists", "public", "not_archived", "has_commit", "licence", "coverage"),
    Kind.DOCUMENT: ("exists", "coverage"),
    Kind.PLATFORM: ("exists", "coverage"),
}
"""What must be true of each kind of deliverable, unless told otherwise. An API bears no licence of its own: what it
serves does; ``open_licence`` may be asked of it all the same."""
REQUIRED = frozenset({"exists", "public", "has_files", "documentation", "has_commit"})
"""Criteria without which nothing is kept: unknown, they leave the verdict unknown."""
RULE_OF = {
    "exists": "introuvable",
    "public": "non-public",
    "not_archived": "archive",
    "access": "acces-restreint",
    "has_files": "aucun-fichier",
    "files_answer": "fichiers-injoignables",
    "open_licence": "licence-non-ouverte",
    "fresh": "non-a-jour",
    "publisher": "editeur-inattendu",
    "coverage": "couverture-partielle",
    "documentation": "sans-documentation",
    "licence": "sans-licence",
    "has_commit": "depot-vide",
}
"""The rule, hence the anchor in ``/methode/``, that each false criterion breaks."""
BESIDE_THE_POINT = "Sans objet"
Answer = tuple[bool | None, str]


@dataclass(frozen=True)
class Asking:
    """What is asked of a deliverable, beside the facts."""

    codes: tuple[str, ...]
    access_promised: Access
    publishers: frozenset[str]
    publishers_closed: bool
    reading: HumanFinding | None
    machine: MachineFinding | None
    today: date


ONLY_A_PAGE = "La page répond ; rien de plus n'est vérifié par le robot."


def is_page(facts: Facts) -> bool:
    """A plain address, of which the robot knows only that it answers."""
    return "reachable" in facts


def is_repository(facts: Facts) -> bool:
    return "commits" in facts


def _exists(facts: Facts, asking: Asking) -> Answer:
    if is_page(facts):
        return True, "La page répond à l'adresse indiquée."
    return True, f"{'Le dépôt' if is_repository(facts) else 'La fiche'} répond à l'adresse indiquée."


def _public(facts: Facts, asking: Asking) -> Answer:
    if facts.get("private") is True:
        return False, "La fiche est marquée comme privée."
    if is_page(facts):
        return True, "La page est lisible par tous."
    return True, f"{'Le dépôt' if is_repository(facts) else 'La fiche'} est lisible par tous."


def _not_archived(facts: Facts, asking: Asking) -> Answer:
    if "archived" not in facts:
        thing = "le dépôt est archivé" if is_repository(facts) else "la fiche est archivée"
        return None, ONLY_A_PAGE if is_page(facts) else f"On ne sait pas si {thing}."
    archived = facts["archived"]
    if archived is None or archived is False or archived == "":
        return True, "Le dépôt n'est pas archivé." if is_repository(facts) else "La fiche n'est pas archivée."
    day = day_of(archived)
    return False, f"Archivé le {in_words(day)}." if day else "Archivé."


def _gives_access(facts: Facts, asking: Asking) -> Answer:
    if is_page(facts):
        return None, ONLY_A_PAGE
    return access_given(asking.access_promised, access_found(facts))


def access_found(facts: Facts) -> Access | None:
    value = facts.get("access_type")
    if not isinstance(value, str) or value not in (Access.OPEN, Access.OPEN_WITH_ACCOUNT, Access.RESTRICTED):
        return None
    return Access(value)


def access_given(promised: Access, found: Access | None) -> Answer:
    if found is None:
        return None, "Le portail ne dit pas quel accès est donné."
    if promised is Access.UNSAID:
        return None, f"Accès {ACCESS_LABELS[found]} ; la promesse ne dit pas quel accès était attendu."
    text = f"Promis {_PROMISED[promised]}, accès {ACCESS_LABELS[found]}."
    return _OPENNESS[found] >= _OPENNESS[promised], text


_PROMISED = {
    Access.OPEN: "ouvert",
    Access.OPEN_WITH_ACCOUNT: "ouvert avec un compte",
    Access.RESTRICTED: "sur habilitation",
}


def _has_files(facts: Facts, asking: Asking) -> Answer:
    if is_page(facts):
        return None, ONLY_A_PAGE
    total = _count(facts.get("resources_total"))
    if total is None:
        return None, "On ne sait pas combien de fichiers le jeu de données contient."
    if total == 0:
        return False, "Aucun fichier."
    return True, f"{total} fichier{'s'[: total > 1]}."


def _files_answer(facts: Facts, asking: Asking) -> Answer:
    if is_page(facts):
        return None, ONLY_A_PAGE
    if _count(facts.get("resources_total")) == 0:
        return None, f"{BESIDE_THE_POINT} : aucun fichier."
    told, unavailable = facts.get("all_resources_available"), facts.get("resources_unavailable")
    down = told is False or unavailable is True
    probed = _probed(facts.get("probes"), down)
    if probed is not None:
        return probed
    if down:
        return False, "data.gouv.fr signale des fichiers injoignables."
    if told is True or unavailable is False:
        return None, "data.gouv.fr ne signale aucun fichier injoignable ; Bothorel ne les a pas essayés."
    return None, "Les fichiers n'ont pas été essayés."


def _probed(probes: object, down: bool) -> Answer | None:
    """What Bothorel's own tries say; None when it did not try. ``down``: the portal says that some are unreachable.

    One failure alone is not believed, unless the portal says so too; a sample where all answer says nothing of the
    files that were not tried.
    """
    if not isinstance(probes, dict):
        return None
    tried, answered, total = (_count(probes.get(name)) for name in ("tried", "answered", "total"))
    if tried is None or answered is None or tried == 0:
        return None
    failed, failing = _names(probes.get("failed")), _names(probes.get("failing"))
    among = f" sur {total}" if total is not None and total > tried else ""
    sample = f"{tried} fichier{'s'[: tried > 1]} essayé{'s'[: tried > 1]}{among} par Bothorel"
    if failed or (failing and down):
        too = "" if failed else " (data.gouv.fr le signale aussi)"
        return False, f"{sample} ; injoignables{too} : {_listed(failed + failing)}."
    if down and (answered < tried or among):
        return (None if answered >= tried else False), (
            f"data.gouv.fr signale des fichiers injoignables ; {sample} : {_how_many(answered, tried)}."
        )
    if failing:
        return None, f"{sample} ; sans réponse une première fois, à confirmer un autre jour : {_listed(failing)}."
    if answered >= tried:
        return True, f"{sample} : {_how_many(answered, tried)}."
    return None, f"{sample} : {_how_many(answered, tried)}{_why_not(probes.get('files'))}."


def _how_many(answered: int, tried: int) -> str:
    if answered >= tried:
        return "il répond" if tried == 1 else "tous répondent"
    if answered == 0:
        return "aucun n'a pu être observé"
    return f"{answered} répond{'ent'[: 3 * (answered > 1)]}, sans observation pour les autres"


def _names(value: object) -> list[str]:
    return [str(name)[:80] for name in value] if isinstance(value, list | tuple) else []


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + ("…" if len(names) > 3 else "")


UNTRIED = {
    "bad_address": "adresse qui n'est pas du web (ftp…) ou inutilisable",
    "refused_address": "adresse d'un réseau privé, que le robot n'interroge pas",
    "html": "page web à la place du fichier",
    "dns": "nom de serveur introuvable",
}


def _why_not(files: object) -> str:
    """What is worth saying of the files that were not observed: their address, not the mood of a server."""
    rows = files if isinstance(files, list | tuple) else []
    causes = {row.get("cause") for row in rows if isinstance(row, dict) and row.get("state") == "unknown"}
    said = [words for cause, words in UNTRIED.items() if cause in causes]
    return f" ({' ; '.join(said)})" if said else ""


def _open_licence(facts: Facts, asking: Asking) -> Answer:
    if is_page(facts):
        return None, ONLY_A_PAGE
    access = access_found(facts)
    if access in (Access.RESTRICTED, Access.OPEN_WITH_ACCOUNT):
        return None, f"{BESIDE_THE_POINT} : une licence n'est demandée que pour un accès ouvert."
    licence = facts.get("license")
    if not isinstance(licence, str):
        return None, "Le portail ne dit rien de la licence."
    if licence in OPEN_LICENCES:
        return True, f"Licence : {OPEN_LICENCES[licence]}."
    if access is None:
        return None, "Le portail ne dit pas quel accès est donné : la licence ne peut pas être jugée."
    if licence in NO_LICENCE:
        return False, "Aucune licence indiquée."
    return False, f"Licence non ouverte : « {licence[:80]} »."


def _licence(facts: Facts, asking: Asking) -> Answer:
    licence = facts.get("license")
    if is_page(facts):
        return None, ONLY_A_PAGE
    if not isinstance(licence, str):
        return None, "On ne sait pas si le dépôt porte une licence."
    if licence.casefold() in NO_LICENCE:
        return False, "Aucune licence dans le dépôt."
    if licence == "NOASSERTION":
        return True, "Le dépôt porte une licence, que la forge ne reconnaît pas."
    return True, f"Licence : « {licence[:80]} »."


def _fresh(facts: Facts, asking: Asking) -> Answer:
    if is_page(facts):
        return None, ONLY_A_PAGE
    found = freshness(facts.get("last_update"), facts.get("frequency"), asking.today)
    return found.holds, found.text


def _publisher(facts: Facts, asking: Asking) -> Answer:
    if facts.get("owned_by_person") is True:
        return False, "Publié par une personne et non par un service public."
    if is_page(facts):
        return None, ONLY_A_PAGE
    if "organization_id" not in facts:
        return None, "On ne sait pas qui publie."
    identifier = facts["organization_id"]
    if identifier is None or identifier == "":
        return False, "Publié sans organisation."
    if not isinstance(identifier, str):
        return None, "On ne sait pas qui publie."
    name = text_of(facts, "organization_name")[:120] or identifier[:40]
    if identifier in asking.publishers:
        return True, f"Publié par {name}."
    if asking.publishers_closed:
        return False, f"Publié par {name}, qui n'est pas l'un des éditeurs attendus."
    badges = _kinds(facts.get("organization_badges"))
    if badges is not None and "public-service" not in badges:
        return False, f"Publié par {name}, que le portail ne reconnaît pas comme un service public."
    return None, f"Publié par {name}, que nous ne savons pas rattacher à ce ministère."


def _coverage(facts: Facts, asking: Asking) -> Answer:
    """Only a person can tell; the latest reading, while it stands."""
    reading, machine = asking.reading, asking.machine
    if reading is None or asking.today > expiry(reading.day, "reading"):
        return None, "Seule une personne peut dire si tout ce qui était promis est là."
    said = f"d'après un constat humain du {in_words(reading.day)}"
    if reading.state is ReadingState.OPEN:
        return True, f"Conforme à la promesse {said}."
    if reading.state is ReadingState.OPEN_PARTIAL:
        label = f" : « {reading.label} »" if reading.label else ""
        return False, f"Couverture partielle {said}{label}."
    if reading.state is ReadingState.NOT_OPEN and machine is not None and reading.day >= machine.first_seen:
        return False, f"Ce qui se trouve à cette adresse n'est pas ce qui était promis, {said}."
    return None, "La fiche est plus récente que le dernier constat humain : couverture à vérifier."


def _documentation(facts: Facts, asking: Asking) -> Answer:
    if is_page(facts):
        return None, ONLY_A_PAGE
    machine, technical = text_of(facts, "machine_documentation_url"), text_of(facts, "technical_documentation_url")
    if not machine and not technical:
        if "machine_documentation_url" in facts and "technical_documentation_url" in facts:
            return False, "Aucune documentation."
        return None, "On ne sait pas si l'API a une documentation."
    seen = facts.get("documentation")
    state = seen.get("state") if isinstance(seen, dict) else None
    if not isinstance(seen, dict) or state not in ("answers", "failing", "failed"):
        return None, "Documentation annoncée ; le robot n'a pas pu la lire."
    if state == "failing":
        return None, "Documentation annoncée, sans réponse une première fois (404) : à confirmer un autre jour."
    if state == "failed":
        return False, "Documentation annoncée, mais rien ne se trouve à cette adresse (404)."
    if seen.get("fetched") is True:
        paths = _count(seen.get("paths")) or 0
        many = f", {paths} chemin{'s'[: paths > 1]}" if paths else ""
        return True, f"Documentation lisible par une machine : OpenAPI {str(seen.get('openapi'))[:10]}{many}."
    if seen.get("fetched") is False or not machine:
        return True, "Documentation technique seulement, destinée à des personnes."
    return True, "Documentation technique ; celle qui est destinée aux machines n'a pas pu être lue."


def _has_commit(facts: Facts, asking: Asking) -> Answer:
    if is_page(facts):
        return None, ONLY_A_PAGE
    commits = facts.get("commits")
    if commits is True or (_count(commits) or 0) > 0:
        return True, "Le dépôt contient du code."
    if commits is False or _count(commits) == 0:
        return False, "Le dépôt est vide."
    return None, "On ne sait pas si le dépôt contient du code."


CHECKS: dict[str, Callable[[Facts, Asking], Answer]] = {
    "exists": _exists,
    "public": _public,
    "not_archived": _not_archived,
    "access": _gives_access,
    "has_files": _has_files,
    "files_answer": _files_answer,
    "open_licence": _open_licence,
    "fresh": _fresh,
    "publisher": _publisher,
    "coverage": _coverage,
    "documentation": _documentation,
    "licence": _licence,
    "has_commit": _has_commit,
}


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def text_of(facts: Facts, key: str) -> str:
    value = facts.get(key)
    return value.strip() if isinstance(value, str) else ""


def _kinds(badges: object) -> set[str] | None:
    """The kinds of badges, given as words or as objects; None when they are not known."""
    if not isinstance(badges, list | tuple | set | frozenset):
        return None
    kinds = (badge.get("kind") if isinstance(badge, dict) else badge for badge in badges)
    return {kind for kind in kinds if isinstance(kind, str)}
