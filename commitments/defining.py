"""Changing what must be true for one deliverable: recorded, explained, and marked when it asks less after the date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from commitments.criteria import CRITERIA, LABELS, REQUIRED
from commitments.findings import Kind
from commitments.judging import rejudge
from commitments.models import Deadline, Definition, Deliverable, Version


class DefinitionRefused(Exception):
    """A definition that can't be: the message says why, in French."""


def definition_of(deliverable: Deliverable, day: date) -> tuple[str, ...]:
    """The criteria asked of a deliverable on a day: its own, or those of its kind."""
    own = deliverable.definitions.in_force(day).last()
    return tuple(own.criteria) if own else CRITERIA[Kind(deliverable.kind)]


@dataclass(frozen=True)
class Redefinition:
    """What a change of definition would be: ``criteria`` from now on, what it adds and removes, in the shown order.

    ``softens_late``: it asks less, and the deadline in force, ``deadline``, has passed.
    """

    criteria: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    deadline: Deadline | None
    softens_late: bool


def redefinition(deliverable: Deliverable, criteria: Sequence[str], today: date) -> Redefinition:
    """What asking these criteria would change; writes nothing.

    Raises DefinitionRefused for a code that does not exist or is not of its kind, for the removal of what nothing can
    be kept without, and for a change that changes nothing.
    """
    kind = Kind(deliverable.kind)
    before = definition_of(deliverable, today)
    if unknown := [code for code in dict.fromkeys(criteria) if code not in CRITERIA[kind]]:
        raise DefinitionRefused(f"Critère inconnu pour ce livrable : {', '.join(unknown)[:200]}.")
    asked = tuple(code for code in CRITERIA[kind] if code in criteria)
    needed = [code for code in CRITERIA[kind] if code in REQUIRED and code not in asked]
    if needed:
        labels = ", ".join(f"« {LABELS[code]} »" for code in needed)
        raise DefinitionRefused(f"Sans {labels}, rien ne peut être constaté : ce critère ne se retire pas.")
    if set(asked) == set(before):
        raise DefinitionRefused("Ces critères sont déjà ceux du livrable.")
    removed = tuple(code for code in before if code not in asked)
    current = Deadline.objects.filter(commitment=deliverable.commitment_id).announced(today).last()
    passed = current is not None and current.passed(today)
    added = tuple(code for code in asked if code not in before)
    return Redefinition(asked, added, removed, current, bool(removed) and passed)


@transaction.atomic
def define(
    deliverable: Deliverable, criteria: Sequence[str], *, reason: str, decided_by: str, today: date
) -> Definition:
    """Ask these criteria of a deliverable from today on, and judge it again.

    Raises DefinitionRefused as ``redefinition`` does, and for a missing reason.
    """
    change = redefinition(deliverable, criteria, today)
    if not reason.strip() or not decided_by.strip():
        raise DefinitionRefused("Un motif et la fonction de qui décide sont obligatoires.")
    definition = Definition.objects.create(
        deliverable=deliverable,
        criteria=list(change.criteria),
        removed=list(change.removed),
        softened_late=change.softens_late,
        since=today,
        reason=reason.strip(),
        decided_by=decided_by.strip(),
    )
    Version.bump()
    rejudge([deliverable], today=today)
    return definition
