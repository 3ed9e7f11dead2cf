"""The French words of the rules and of the models that pages show: fixed ones, translated as they are shown.

The rules know no language. What they say in numbers or names is recorded in French, and quoted as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from commitments import criteria, days, freshness, rules, verdicts
from commitments.models import (
    BrakeAnswer,
    CatalogueState,
    Deadline,
    Deliverable,
    Engagement,
    Location,
    PollRun,
    Reading,
    Verdict,
)
from commitments.portals.causes import Cause
from ministries import contradictions, timeliness
from ministries.models import Declaration, Notice, Report, ScopeChange

SENTENCES = (
    # --- the verdict
    "Aucune adresse connue et aucun constat humain.",
    "Cette sorte d'adresse n'est pas encore interrogée par le robot.",
    "L'adresse n'a encore jamais pu être interrogée.",
    "Constaté à l'adresse indiquée.",
    "Le constat humain ne le dit pas.",
    "Promesse ouverte (« etc. ») : constatée en partie tant qu'un constat humain ne la dit pas tenue.",
    # --- the criteria
    "La page répond à l'adresse indiquée.",
    "Le dépôt répond à l'adresse indiquée.",
    "La fiche répond à l'adresse indiquée.",
    "La fiche est marquée comme privée.",
    "La page est lisible par tous.",
    "Le dépôt est lisible par tous.",
    "La fiche est lisible par tous.",
    "On ne sait pas si le dépôt est archivé.",
    "On ne sait pas si la fiche est archivée.",
    "Le dépôt n'est pas archivé.",
    "La fiche n'est pas archivée.",
    "Archivé.",
    "Le portail ne dit pas quel accès est donné.",
    "On ne sait pas combien de fichiers le jeu de données contient.",
    "Aucun fichier.",
    "data.gouv.fr signale des fichiers injoignables.",
    "data.gouv.fr ne signale aucun fichier injoignable ; Bothorel ne les a pas essayés.",
    "Les fichiers n'ont pas été essayés.",
    "Le portail ne dit rien de la licence.",
    "Le portail ne dit pas quel accès est donné : la licence ne peut pas être jugée.",
    "Aucune licence indiquée.",
    "On ne sait pas si le dépôt porte une licence.",
    "Aucune licence dans le dépôt.",
    "Le dépôt porte une licence, que la forge ne reconnaît pas.",
    "Publié par une personne et non par un service public.",
    "On ne sait pas qui publie.",
    "Publié sans organisation.",
    "Seule une personne peut dire si tout ce qui était promis est là.",
    "La fiche est plus récente que le dernier constat humain : couverture à vérifier.",
    "Aucune documentation.",
    "On ne sait pas si l'API a une documentation.",
    "Le dépôt contient du code.",
    "Le dépôt est vide.",
    "On ne sait pas si le dépôt contient du code.",
)
"""Whole sentences that the rules record; a test finds each of them in their code."""


def vocabulary() -> Iterator[str]:
    """Every one of them; some come twice."""
    yield from days.MONTHS
    yield from SENTENCES
    yield criteria.ONLY_A_PAGE
    yield from criteria.LABELS.values()
    yield from (f"À vérifier : {label}." for label in criteria.LABELS.values())
    yield from criteria.OPEN_LICENCES.values()
    yield from (text for _, text in verdicts.ABSENCES.values())
    yield from (*verdicts.NO_PAGE.values(), verdicts.NO_REPOSITORY)
    yield from rules.SECTIONS.values()
    for rule in rules.RULES.values():
        yield from (rule.title, rule.sentence)
    yield from (frequency.label for frequency in freshness.FREQUENCIES.values())
    yield from (cause.sentence for cause in Cause)
    yield from (*timeliness.LABELS.values(), *timeliness.PHRASES.values())
    yield from (timeliness.KEPT_LATE_AT_MOST, timeliness.OPENED_ONE_DAY)
    yield from (timeliness.DUE_TODAY, timeliness.AFTER_THE_FIRST)
    for meaning in contradictions.KINDS.values():
        yield from (meaning.label, meaning.sentence)
    yield from (*contradictions.CAUSES.values(), *contradictions.MISTAKES.values())
    for choices in _CHOICES:
        yield from (str(label) for _, label in choices)


_CHOICES: tuple[Iterable[tuple[object, object]], ...] = (
    Verdict.STATES,
    Reading.STATES,
    Deliverable.KINDS,
    Deliverable.ACCESSES,
    Deadline.PRECISIONS,
    Location.Portal.choices,
    Engagement.EngagementKind.choices,
    PollRun.Status.choices,
    BrakeAnswer.Answer.choices,
    CatalogueState.Section.choices,
    Declaration.Status.choices,
    ScopeChange.Aspect.choices,
    Report.Kind.choices,
    Notice.Kind.choices,
    Notice.Outcome.choices,
)
