"""Counting situations: the same sums for pages, files and frozen editions. Pure."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commitments.findings import State
from commitments.folding import fold
from ministries.timeliness import Code

if TYPE_CHECKING:
    from ministries.models import Ministry
    from ministries.standing import Standing

STATES: tuple[State, ...] = (State.KEPT, State.PARTIAL, State.UNMET, State.GONE, State.UNKNOWN, State.UNLOCATED)
"""The order in which states are always shown."""


def is_due(standing: Standing) -> bool:
    """« Échue »: the last day announced for it has passed."""
    current = standing.promised.current
    return current is not None and current.passed(standing.as_of)


def is_late(standing: Standing) -> bool:
    """« En retard »: due, and found not there or gone. What nobody could verify is not late."""
    return standing.timeliness.code == Code.LATE


def is_soon(standing: Standing) -> bool:
    """« Échéance dans moins de 90 jours »."""
    return standing.timeliness.code == Code.DUE_SOON


@dataclass(frozen=True)
class Tally:
    """Some promises, counted: ``states`` and ``timeliness`` each add up to ``total``, every key is there."""

    states: Mapping[State, int]
    timeliness: Mapping[Code, int]
    due: int
    late: int
    postponements: int

    @property
    def total(self) -> int:
        return sum(self.states.values())


def tally(standings: Sequence[Standing]) -> Tally:
    """Count promises on a day, each once."""
    states = Counter(s.observed.state for s in standings)
    codes = Counter(s.timeliness.code for s in standings)
    return Tally(
        states={state: states[state] for state in STATES},
        timeliness={code: codes[code] for code in Code},
        due=sum(is_due(s) for s in standings),
        late=sum(is_late(s) for s in standings),
        postponements=sum(s.promised.postponements for s in standings),
    )


class Frame(enum.Enum):
    """Two ways to tell whose a promise is: never added to each other."""

    CHARGE = "charge"
    """Who answers for it that day."""
    PROMISE = "promise"
    """Who made it."""


def by_ministry(standings: Iterable[Standing], frame: Frame = Frame.CHARGE) -> list[tuple[Ministry, list[Standing]]]:
    """Promises by ministry, in the order of names, each promise once."""
    groups: dict[int, tuple[Ministry, list[Standing]]] = {}
    for standing in standings:
        ministry = standing.ministry if frame is Frame.CHARGE else standing.promised_by
        groups.setdefault(ministry.pk, (ministry, []))[1].append(standing)
    return sorted(groups.values(), key=lambda group: fold(group[0].name))


@dataclass(frozen=True)
class Both:
    """One ministry in the two frames: what it promised, and what it answers for. The two are never added."""

    ministry: Ministry
    promised: Tally
    charge: Tally


def both_frames(standings: Sequence[Standing]) -> list[Both]:
    """Every ministry that made a promise or answers for one, by name. Each frame adds up to all the promises."""
    made = {ministry.pk: group for ministry, group in by_ministry(standings, Frame.PROMISE)}
    held = {ministry.pk: group for ministry, group in by_ministry(standings, Frame.CHARGE)}
    named = {m.pk: m for s in standings for m in (s.promised_by, s.ministry)}
    return [
        Both(ministry, tally(made.get(ministry.pk, ())), tally(held.get(ministry.pk, ())))
        for ministry in sorted(named.values(), key=lambda one: fold(one.name))
    ]
