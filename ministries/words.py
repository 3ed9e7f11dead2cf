"""A ministry's last public word on a promise: one meaning of « answered » for its inbox, the campaigns and the rates.

It speaks by declaring (abandoning, replacing and « rien de nouveau » are declarations), by moving the date, by
changing what will be delivered. Its reply to a finding speaks of the finding; what a contributor prepares is nobody's
word yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, IntegerChoices, Q, QuerySet, Value

from commitments.models import Commitment, Deadline
from ministries.models import Declaration, ScopeChange


class Said(IntegerChoices):
    """What was said. Of two words of one day, the greater one is the last."""

    SCOPE = 1, "périmètre changé"
    DATE = 2, "échéance déplacée"
    STATE = 3, "état déclaré"


@dataclass(frozen=True, order=True)
class Word:
    """``row``: the id of the row that says it. ``again``: « rien de nouveau », how many times in a row, or 0."""

    said_on: date
    said: Said
    row: int
    again: int = 0


def last_words(commitments: QuerySet[Commitment], *, until: date, since: date = date.min) -> dict[int, Word]:
    """By promise, the last thing said from ``since`` to ``until``, both included: one query. None for the silent."""
    first, *others = (
        rows.filter(**{f"{about}__in": commitments.order_by().values("pk"), f"{day}__range": (since, until)})
        .annotate(said=Value(said.value), again=again)
        .order_by()
        .values_list(about, day, "said", "pk", "again")
        for said, rows, about, day, again in _streams()
    )
    found: dict[int, Word] = {}
    for pk, said_on, said, row, again in first.union(*others, all=True):
        word = Word(said_on, Said(said), row, again)
        found[pk] = max(found.get(pk, word), word)
    return found


def last_word(commitment: Commitment, *, until: date) -> Word | None:
    return last_words(Commitment.objects.filter(pk=commitment.pk), until=until).get(commitment.pk)


def spoke(commitment: Any, *, since: Any, until: Any) -> Q:
    """The same asked of the base, row by row: whether anything was said. Every argument may be an ``OuterRef``."""
    asked = (
        Exists(rows.filter(**{about: commitment, f"{day}__gte": since, f"{day}__lte": until}))
        for _said, rows, about, day, _again in _streams()
    )
    return reduce(or_, map(Q, asked))


def _streams() -> Iterator[tuple[Said, QuerySet[Any], str, str, Any]]:
    """Where a ministry speaks: the rows, how they name the promise and the day, how often « rien de nouveau » is said.

    A date that a document announces is no answer: what the ministry moves itself has a Postponement.
    """
    moved = Deadline.objects.filter(postponement__isnull=False)
    yield Said.STATE, Declaration.objects.all(), "commitment", "declared_on", F("nothing_new")
    yield Said.DATE, moved, "commitment", "announced_on", Value(0)
    yield Said.SCOPE, ScopeChange.objects.all(), "deliverable__commitment", "changed_on", Value(0)
