"""What the writes of a whole file share: promises held at once, rights read at once, all of it or nothing.

One by one a write costs ten queries a promise, which is nothing for a form and a minute for five thousand lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.db import models

from commitments.models import Commitment
from ministries.authoring import REFUSALS, Author, hold
from ministries.models import Act, Ministry
from ministries.permissions import Action, Capacity, answering_each

BATCH = 500
"""Rows in one statement."""


class About(Protocol):
    """What is asked of one promise, by its id."""

    @property
    def commitment(self) -> int: ...


One = TypeVar("One", bound=About)
Said = TypeVar("Said")
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Accepted(Generic[One, Said]):
    """Something asked that may be written: of which promise, in what capacity, and as a row keeps it."""

    one: One
    commitment: Commitment
    capacity: Capacity
    said: Said


class RefusedMany(Exception):
    """By commitment, what each would have raised alone. Nothing is written."""

    def __init__(self, refusals: dict[int, Exception]) -> None:
        super().__init__(f"{len(refusals)} refusals")
        self.refusals = refusals


@dataclass(frozen=True)
class Held:
    """Promises held until the transaction ends, and who answers for each of them, the lead first."""

    locked: Mapping[int, Commitment]
    answering: Mapping[int, list[Ministry]]

    def accepted(
        self, author: Author, action: Action, asked: Sequence[One], judge: Callable[[One], Said]
    ) -> list[Accepted[One, Said]]:
        """All that is asked, judged one by one. Raises RefusedMany, with each refusal."""
        found: list[Accepted[One, Said]] = []
        refusals: dict[int, Exception] = {}
        for one in asked:
            try:
                capacity = author.rights.capacity(action, self.answering[one.commitment])
                said = judge(one)
            except REFUSALS as refused:
                refusals[one.commitment] = refused
            else:
                found.append(Accepted(one, self.locked[one.commitment], capacity, said))
        if refusals:
            raise RefusedMany(refusals)
        return found


def held(author: Author, asked: Sequence[About]) -> Held:
    """Hold the promises, always in one order: two files that meet wait for each other, and never for ever."""
    ids = [one.commitment for one in asked]
    locked = {one.pk: one for one in hold(ids).only("ref", "visibility")}
    return Held(locked, answering_each(ids, author.today))


def recorded(
    author: Author, verb: Act.Verb, rows: Sequence[Row], accepted: Sequence[Accepted[Any, Any]]
) -> Sequence[Row]:
    """The rows written, each told in the journal."""
    for row, one in zip(rows, accepted, strict=True):
        author.record(verb, one.capacity, commitment=one.commitment, row=row)
    return rows
