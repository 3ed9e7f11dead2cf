"""The rules of the method, in words: one row for each code that a reason, a check or a delay may bear.

``/methode/`` prints this table; a coloured state links to ``/methode/#<anchor>``. A rule that changes gets a new
version, and ``METHOD_VERSION``, kept with every verdict, moves with it.
"""

from __future__ import annotations

from dataclasses import dataclass

METHOD_VERSION = "1"


@dataclass(frozen=True)
class Rule:
    """A rule of the method: what it is called, and one sentence that anyone can check."""

    code: str
    title: str
    sentence: str
    section: str
    version: str = "1"

    @property
    def anchor(self) -> str:
        return self.code


SECTIONS = {
    "constat": "Le constat",
    "critere": "Les critères",
    "promesse": "La promesse entière",
    "ouverture": "Le jour d'ouverture",
    "delai": "Le délai",
}

_ROWS = (
    # --- the verdict
    Rule(
        "sans-adresse",
        "Sans adresse",
        "Sans adresse où regarder et sans constat humain, la promesse est dite « sans adresse » : rien n'est jugé.",
        "constat",
    ),
    Rule(
        "jamais-interrogee",
        "Adresse jamais interrogée",
        "Une adresse que personne n'a encore pu interroger donne un constat indéterminé.",
        "constat",
    ),
    Rule(
        "sorte-non-interrogee",
        "Sorte d'adresse non interrogée",
        "Une adresse d'une sorte que le robot ne sait pas encore interroger donne un constat indéterminé.",
        "constat",
    ),
    Rule(
        "constate",
        "Constaté",
        "Est constaté ce que le dernier passage du robot a trouvé à l'adresse indiquée, aucun critère n'étant faux.",
        "constat",
    ),
    Rule(
        "a-verifier",
        "À vérifier",
        "Un critère dont la réponse n'est pas connue n'empêche pas le constat : il est listé « à vérifier ».",
        "constat",
    ),
    Rule(
        "exigence-inconnue",
        "Exigence inconnue",
        "Un jeu de données sans nombre de fichiers connu, une API sans documentation connue ou un code source "
        "sans dépôt lisible donne un constat indéterminé, et non un constat favorable. D'une simple page web, le "
        "robot ne sait que si elle répond : cela ne suffit pas à constater des données, une API ou du code.",
        "constat",
    ),
    Rule(
        "constat-humain",
        "Constat humain",
        "Un constat humain daté a la même place dans le jugement qu'un passage du robot ; le plus récent est jugé, "
        "et seul un humain dit si la couverture promise est atteinte.",
        "constat",
    ),
    Rule(
        "non-ouvert",
        "Non ouvert d'après un constat humain",
        "Une personne qui a regardé et n'a pas trouvé ce qui était promis suffit à dire « non constaté ».",
        "constat",
    ),
    Rule(
        "constats-a-confirmer",
        "Absence à confirmer",
        "Une absence n'est retenue qu'après 3 constats négatifs étalés sur 3 jours ; d'ici là le constat précédent "
        "demeure.",
        "constat",
    ),
    Rule(
        "supprime",
        "Supprimé du portail",
        "Une réponse 410 confirmée signifie que la fiche a été supprimée : « disparu » si elle avait été constatée, "
        "sinon « non constaté à l'adresse indiquée ».",
        "constat",
    ),
    Rule(
        "introuvable",
        "Plus public ou inconnu",
        "Une réponse 404 confirmée signifie que la fiche n'est plus publique ou est inconnue : le portail ne "
        "distingue pas les deux.",
        "constat",
    ),
    Rule(
        "constat-ancien",
        "Constat trop ancien",
        "Un constat du robot vaut 7 jours et un constat humain 365 jours ; au-delà, la situation est indéterminée.",
        "constat",
    ),
    Rule(
        "dernier-constat",
        "Dernier constat",
        "Le dernier constat reste affiché avec sa date, même quand il est trop ancien pour être tenu pour actuel.",
        "constat",
    ),
    # --- the criteria
    Rule("non-public", "Fiche non publique", "La fiche doit être publique.", "critere"),
    Rule("archive", "Fiche archivée", "La fiche ne doit pas être archivée.", "critere"),
    Rule(
        "acces-restreint",
        "Accès plus restreint que promis",
        "L'accès constaté doit être au moins aussi ouvert que l'accès promis.",
        "critere",
    ),
    Rule("aucun-fichier", "Aucun fichier", "Un jeu de données doit offrir au moins un fichier.", "critere"),
    Rule(
        "fichiers-injoignables",
        "Fichiers injoignables",
        "Les fichiers doivent répondre ; il est dit qui le constate, data.gouv.fr ou Bothorel. Bothorel en essaie 5 "
        "au plus par jeu de données ; il ne dit injoignable que celui qui a répondu 404 ou 410 deux jours différents, "
        "ou une fois si data.gouv.fr le signale aussi. Un refus (403, 429), une panne ou une page web ne disent rien.",
        "critere",
    ),
    Rule(
        "licence-non-ouverte",
        "Licence non ouverte",
        "Ce qui est ouvert à tous doit porter une licence ouverte.",
        "critere",
    ),
    Rule("sans-licence", "Sans licence", "Un code source doit porter une licence.", "critere"),
    Rule(
        "non-a-jour",
        "Mise à jour en retard",
        "Un jeu de données qui annonce une fréquence doit l'avoir tenue, à un jour près ; une date dans le futur "
        "n'est jamais tenue pour fraîche.",
        "critere",
    ),
    Rule(
        "editeur-inattendu",
        "Éditeur inattendu",
        "L'éditeur, reconnu par son identifiant, doit être l'un de ceux que l'on sait rattacher à la promesse, ou "
        "un service public.",
        "critere",
    ),
    Rule(
        "couverture-partielle",
        "Couverture partielle",
        "Ce qui est publié doit couvrir ce qui a été promis : seule une personne peut le dire.",
        "critere",
    ),
    Rule(
        "sans-documentation",
        "Sans documentation",
        "Une API doit avoir une documentation : celle qui est annoncée est lue (OpenAPI), ou, à défaut, la page qui "
        "en tient lieu doit répondre. Elle manque si aucune adresse n'est donnée, ou si l'adresse répond 404 deux "
        "jours différents.",
        "critere",
    ),
    Rule("depot-vide", "Dépôt vide", "Un dépôt de code source doit contenir au moins une version.", "critere"),
    # --- the whole promise
    Rule(
        "plusieurs-livrables",
        "Plusieurs livrables",
        "Une promesse de plusieurs livrables est constatée quand tous le sont.",
        "promesse",
    ),
    Rule(
        "promesse-ouverte",
        "Promesse ouverte (« etc. »)",
        "Une promesse qui se termine par « etc. » est au plus constatée en partie, sauf si un constat humain dit "
        "qu'elle est tenue.",
        "promesse",
    ),
    # --- the opening day
    Rule(
        "jour-d-ouverture",
        "Jour d'ouverture",
        "Le jour d'ouverture vient d'un constat humain, sinon de la date de création donnée par le portail, sinon du "
        "premier jour où le livrable a été vu (« au plus tard le ») ; après une disparition, le compte recommence.",
        "ouverture",
    ),
    # --- the delay
    Rule("closed", "Abandonnée ou remplacée", "Une promesse abandonnée ou remplacée n'est plus comptée.", "delai"),
    Rule("undated", "Sans échéance", "Sans dernier jour connu, aucun retard n'est compté.", "delai"),
    Rule(
        "kept_on_time",
        "Tenue à l'heure",
        "Est à l'heure ce qui a été ouvert au plus tard le dernier jour de l'échéance en vigueur.",
        "delai",
    ),
    Rule(
        "kept_late",
        "Tenue en retard",
        "Ce qui a été ouvert après le dernier jour garde pour toujours son nombre de jours de retard.",
        "delai",
    ),
    Rule("upcoming", "À venir", "L'échéance est dans plus de 90 jours.", "delai"),
    Rule("due_soon", "Moins de 90 jours", "L'échéance est dans 90 jours ou moins.", "delai"),
    Rule(
        "late",
        "En retard",
        "Est en retard ce qui n'est pas constaté le lendemain du dernier jour de l'échéance ; les jours sont aussi "
        "comptés depuis la première échéance annoncée.",
        "delai",
    ),
    Rule(
        "partly",
        "En partie, échéance passée",
        "L'échéance est passée et la promesse n'est constatée qu'en partie.",
        "delai",
    ),
    Rule(
        "unverified",
        "Échéance passée, non vérifiée",
        "L'échéance est passée et personne ne sait dire ce qu'il en est : ce n'est pas compté comme un retard.",
        "delai",
    ),
)

RULES = {rule.code: rule for rule in _ROWS}


def rules_of(section: str) -> tuple[Rule, ...]:
    """The rules of one section of ``/methode/``, in the order in which they apply."""
    return tuple(rule for rule in _ROWS if rule.section == section)
