"""What to look at first: what contradicts itself, then what is overdue. Lists of promises, never a ranking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from commitments.findings import State
from dashboards.figures import Count, agreed
from dashboards.pages.words import agreeing
from ministries.models import Contradiction
from ministries.standing import Standing

Contradicted = tuple[Standing, Contradiction]


@dataclass(frozen=True)
class Disagreements:
    """The open contradictions, oldest first: those that somebody must settle, and the good news."""

    to_settle: tuple[Contradicted, ...]
    good_news: tuple[Contradicted, ...]

    @property
    def dated(self) -> int:
        """The good news whose finding is too old to stand on the day asked: unknown ends no contradiction."""
        return sum(s.observed.state not in (State.KEPT, State.PARTIAL) for s, contradiction in self.good_news)


def disagreements(standings: Iterable[Standing]) -> Disagreements:
    """Every open contradiction with its promise."""
    found = contradicted(standings)
    return Disagreements(
        to_settle=tuple(pair for pair in found if not pair[1].good_news),
        good_news=tuple(pair for pair in found if pair[1].good_news),
    )


@dataclass(frozen=True)
class Group:
    """Some of the promises that share a class of delay, with the filters that list them all."""

    title: str
    params: Mapping[str, str]
    count: int
    lines: tuple[Standing, ...]


def contradicted(standings: Iterable[Standing]) -> list[Contradicted]:
    """Every open contradiction with its promise, oldest first."""
    found = [(s, contradiction) for s in standings for contradiction in s.contradictions]
    return sorted(found, key=lambda pair: (pair[1].opened_on, pair[0].ref))


def contradictions(standings: Iterable[Standing]) -> Count:
    """Those that are open, bad and good news alike: the length of the first two lists of ``/contradictions/``."""
    count = len(contradicted(standings))
    label = agreeing(count, _("contradiction ouverte,contradictions ouvertes"))
    return Count("contradictions", count, label, {}, "/contradictions/")


OVERDUE = {
    "late": (N_("En retard"), {"vue": "retard"}),
    "partly": (N_("Échues, constatées en partie"), {"echeance": "partly"}),
    "unverified": (N_("Échues, non vérifiées"), {"echeance": "unverified"}),
}


def overdue(standings: Iterable[Standing], shown: int) -> tuple[Group, ...]:
    """What to look at first: late, then in part, then unverified, oldest first date first, ``shown`` lines in all.

    Lists of promises, never a ranking of ministries. « En retard » is there even when nothing is late.
    """
    found = list(standings)
    groups = []
    for code, (title, params) in OVERDUE.items():
        those = sorted((s for s in found if s.timeliness.code == code), key=lambda s: (_first_last_day(s), s.ref))
        lines = tuple(those[: max(0, shown)])
        shown -= len(lines)
        if lines or code == "late":
            groups.append(Group(agreed(_(title), len(those)), params, len(those), lines))
    return tuple(groups)


def _first_last_day(standing: Standing) -> date:
    first = standing.promised.first
    return first.last_day if first and first.last_day else date.max
