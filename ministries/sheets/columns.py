"""Which column says what: words that ministries write at the head of their columns → our fields. Pure."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from commitments.periods import normalize


class Field(enum.StrEnum):
    """What a column may hold. ``REPEATED`` ones are written by us and never read."""

    REF = "ref"
    TITLE = "title"
    DIRECTION = "direction"
    KIND = "kind"
    DEADLINE = "deadline"
    REASON = "reason"
    STATUS = "status"
    COMMENT = "comment"
    OBSTACLE_KIND = "obstacle_kind"
    OBSTACLE = "obstacle"
    ADDRESS = "address"
    NOTE = "note"
    SOURCE = "source_url"
    WORDING = "wording"


LABELS = {
    Field.REF: "référence",
    Field.TITLE: "intitulé",
    Field.DIRECTION: "direction",
    Field.KIND: "type",
    Field.DEADLINE: "échéance",
    Field.REASON: "motif du report",
    Field.STATUS: "état déclaré",
    Field.COMMENT: "commentaire public",
    Field.OBSTACLE_KIND: "nature de l'obstacle",
    Field.OBSTACLE: "obstacle",
    Field.ADDRESS: "adresse",
    Field.NOTE: "note privée",
    Field.SOURCE: "source publique",
    Field.WORDING: "texte de la promesse",
}

_WORDS = {
    Field.REF: "reference|ref|ref.|n°|no|numero|numero d'action|n° action|n° de l'action|id|identifiant|code"
    "|code action",
    Field.TITLE: "intitule|action|actions|titre|libelle|promesse|engagement|nom|mesure|objet|jeu de donnees"
    "|intitule de l'action|intitule action|nom de l'action|libelle de l'action|description de l'action",
    Field.DIRECTION: "direction|directions|service|direction pilote|pilote|porteur|entite|structure|producteur"
    "|direction porteuse|direction responsable|responsable|service responsable|direction metier",
    Field.KIND: "type|nature|type de livrable|nature du livrable|categorie|livrable",
    Field.DEADLINE: "echeance|echeance actuelle|echeance revisee|nouvelle echeance|date|date cible|date prevue"
    "|date d'ouverture|date d'echeance|calendrier|delai|echeance previsionnelle|date previsionnelle|livraison prevue"
    "|date de livraison",
    Field.REASON: "motif du report|motif|raison du report|justification du report|cause du report",
    Field.STATUS: "etat|statut|etat declare|avancement|etat d'avancement|situation|statut de l'action|realisation",
    Field.COMMENT: "commentaire|commentaires|commentaire public|observations|observation|remarques"
    "|remarque|precisions",
    Field.OBSTACLE_KIND: "nature de l'obstacle|type d'obstacle|type de blocage|categorie d'obstacle",
    Field.OBSTACLE: "obstacle|obstacles|blocage|blocages|point de blocage|points de blocage|difficultes|difficulte"
    "|freins|frein|points d'attention",
    Field.ADDRESS: "adresse|lien|liens|url|lien data.gouv|lien data.gouv.fr|adresse web|adresse de publication"
    "|lien url|site|lien vers les donnees|page",
    Field.NOTE: "note privee|note interne|note|commentaire interne|commentaire prive",
    Field.SOURCE: "source publique|source|sources",
    Field.WORDING: "texte de la promesse|texte|description|libelle long|detail",
}
_EXACT = {word: field for field, words in _WORDS.items() for word in words.split("|")}

IGNORED = (
    "premiere echeance|echeance initiale|date initiale|date de debut|debut|constate|constate le|situation au"
    "|retard|dernier envoi|precision de l'echeance|date de mise a jour|mise a jour|declare le|poids|budget|annee|mois"
)
_IGNORED = frozenset(IGNORED.split("|"))
FUZZY = 87


@dataclass(frozen=True)
class Guess:
    """A column (from 0) proposed for a field, how sure (0 to 1), and why in French."""

    column: int
    field: Field
    confidence: float
    why: str


def recognise(header: str) -> tuple[Field, float, str] | None:
    """What the head of a column names: the field, how sure, and why in French; None when it names nothing of ours."""
    words = re.sub(r"\([^()]*\)|[:*?]", " ", normalize(header))
    words = " ".join(words.split()).strip(" .-")
    if not words or words in _IGNORED or len(words) > 80:
        return None
    if words in _EXACT:
        return _EXACT[words], 1.0, "mot attendu"
    if words in ("n", "#"):
        return Field.REF, 0.6, "numéro"
    held = [
        (len(name), field)
        for name, field in _EXACT.items()
        if len(name) > 3 and re.search(rf"\b{re.escape(name)}\b", words)
    ]
    if held:
        return max(held)[1], 0.8, "contient le mot attendu"
    if len(words) >= 5:
        close = max(((fuzz.ratio(words, name), name) for name in _EXACT), default=(0.0, ""))
        if close[0] >= FUZZY:
            return _EXACT[close[1]], 0.6, f"proche de « {close[1]} »"
    return None


def guess(headers: Sequence[str]) -> list[Guess]:
    """At most one column for each field, the surest first, then the leftmost."""
    found: dict[Field, Guess] = {}
    for column, header in enumerate(headers):
        known = recognise(header)
        if known is None:
            continue
        field, confidence, why = known
        if field not in found or confidence > found[field].confidence:
            found[field] = Guess(column, field, confidence, why)
    return sorted(found.values(), key=lambda one: one.column)


def remembered(headers: Sequence[str], memory: Mapping[str, str]) -> list[Guess]:
    """What this ministry's last file meant by the same heads, completed by guesses for the others.

    ``memory``: the folded head → a field's name, or "" for a column that was left out on purpose.
    """
    heads = [normalize(header) for header in headers]
    if not any(memory.get(head) for head in heads):
        return guess(headers)
    found: dict[Field, Guess] = {}
    for column, head in enumerate(heads):
        name = memory.get(head, "")
        if head and name in set(Field) and Field(name) not in found:
            found[Field(name)] = Guess(column, Field(name), 1.0, "comme la dernière fois")
    taken = {one.column for one in found.values()}
    for one in guess(headers):
        if one.field not in found and one.column not in taken and heads[one.column] not in memory:
            found[one.field] = one
    return sorted(found.values(), key=lambda one: one.column)
