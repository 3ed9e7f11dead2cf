"""What became of a record between two answers: eight stories, each in its own words. Pure.

An address is followed by the portal's id, which never changes; names, publishers and addresses do. Facts read here:
``title``, ``slug``, ``organization_id``, ``organization_name``, ``organization_deleted``, ``archived``, and
``address_names`` ({id, title}): the record that the address people know names now, when it is another one.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from commitments.findings import Facts, Outcome
from commitments.folding import fold


class Story(enum.StrEnum):
    """What happened to the record, or to the address by which people know it."""

    RENAMED = "renamed"
    PUBLISHER_RENAMED = "publisher_renamed"
    PUBLISHER_CHANGED = "publisher_changed"
    PUBLISHER_DELETED = "publisher_deleted"
    ARCHIVED = "archived"
    UNARCHIVED = "unarchived"
    DELETED = "deleted"
    PRIVATE_OR_UNKNOWN = "private_or_unknown"
    ADDRESS_TAKEN = "address_taken"
    RECREATED = "recreated"
    RETURNED = "returned"


@dataclass(frozen=True)
class Told:
    """A story and its French sentence. ``identifier``: the other record it speaks of, when there is one."""

    story: Story
    text: str
    identifier: str = ""


@dataclass(frozen=True)
class Seen:
    """One definitive answer."""

    outcome: Outcome
    facts: Facts


def stories(before: Seen | None, after: Seen) -> tuple[Told, ...]:
    """What a reader is told of the passage from one definitive answer to the next; nothing when nothing happened."""
    told: list[Told] = []
    if before is None or before.outcome != after.outcome:
        told += _arrived(before, after)
    if before is not None and before.outcome is after.outcome is Outcome.FOUND:
        told += _same_record(before.facts, after.facts)
    told += _address(before, after)
    return tuple(told)


def _arrived(before: Seen | None, after: Seen) -> list[Told]:
    if after.outcome is Outcome.GONE:
        return [Told(Story.DELETED, "La fiche a été supprimée du portail (réponse 410).")]
    if after.outcome is Outcome.ABSENT:
        text = "La fiche n'est plus publique, ou est inconnue (réponse 404) : le portail ne distingue pas."
        return [Told(Story.PRIVATE_OR_UNKNOWN, text)]
    if before is not None:
        return [Told(Story.RETURNED, "La fiche est de nouveau là, sous le même identifiant.")]
    return []


def _same_record(before: Facts, after: Facts) -> list[Told]:
    told = []
    if _text(before, "title") != _text(after, "title") and _text(after, "title"):
        text = f"Renommé : « {_text(before, 'title')} » est devenu « {_text(after, 'title')} », même identifiant."
        told.append(Told(Story.RENAMED, text))
    old, new = _text(before, "organization_name") or "?", _text(after, "organization_name") or "?"
    if before.get("organization_id") != after.get("organization_id"):
        told.append(Told(Story.PUBLISHER_CHANGED, f"L'éditeur a changé : « {old} » puis « {new} »."))
    elif old != new:
        text = f"L'éditeur a changé de nom : « {old} » s'appelle « {new} », même identifiant."
        told.append(Told(Story.PUBLISHER_RENAMED, text))
    if after.get("organization_deleted") is True and before.get("organization_deleted") is not True:
        text = f"L'organisation « {new} » a été supprimée du portail ; sa fiche y est encore."
        told.append(Told(Story.PUBLISHER_DELETED, text))
    if after.get("archived") and not before.get("archived"):
        told.append(Told(Story.ARCHIVED, f"La fiche a été archivée (le portail dit : {after['archived']})."))
    elif before.get("archived") and not after.get("archived"):
        told.append(Told(Story.UNARCHIVED, "La fiche n'est plus archivée."))
    return told


def _address(before: Seen | None, after: Seen) -> list[Told]:
    """The address people know names another record now: a copy made anew, or someone else's."""
    other = _other(after.facts)
    if other is None or (before is not None and _other(before.facts) == other):
        return []
    identifier, title = other
    known = _text(after.facts, "title") or (_text(before.facts, "title") if before else "")
    if after.outcome is not Outcome.FOUND and fold(known) == fold(title):
        text = f"Une autre fiche porte le même titre à la même adresse : « {title} ». À confirmer par une personne."
        return [Told(Story.RECREATED, text, identifier)]
    text = f"L'adresse connue désigne maintenant une autre fiche, « {title} » : c'est l'identifiant qui est suivi."
    return [Told(Story.ADDRESS_TAKEN, text, identifier)]


def _other(facts: Facts) -> tuple[str, str] | None:
    other: Any = facts.get("address_names")
    if not isinstance(other, dict) or not isinstance(other.get("id"), str):
        return None
    return other["id"], _text(other, "title")


def _text(facts: Facts, key: str) -> str:
    value = facts.get(key)
    return value.strip() if isinstance(value, str) else ""
