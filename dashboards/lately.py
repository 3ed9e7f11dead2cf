"""What happened to promises since a day, read from situations already at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from commitments.findings import State
from dashboards.pages.words import agreeing
from ministries.standing import Standing


@dataclass(frozen=True)
class Change:
    """Something dated that happened to a promise: a verdict that changed, or a date that moved."""

    kind: str  # kept · gone · verdict · moved · promised
    day: date
    standing: Standing
    before: str
    after: str
    days: int = 0


@dataclass(frozen=True)
class Changes:
    """What happened after ``since`` and up to the day asked, newest first."""

    since: date
    rows: tuple[Change, ...]

    def of(self, kind: str) -> list[Change]:
        return [change for change in self.rows if change.kind == kind]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The kinds that occurred, with their count, in the order in which they are told."""
        told = {
            "kept": _("constatée,constatées"),
            "gone": _("disparue,disparues"),
            "verdict": _("autre changement de constat,autres changements de constat"),
            "moved": _("date déplacée,dates déplacées"),
            "promised": _("promesse annoncée,promesses annoncées"),
        }
        if not self.of("kept") and not self.of("gone"):  # « other » than nothing
            told["verdict"] = _("changement de constat,changements de constat")
        counted = ((forms, len(self.of(kind))) for kind, forms in told.items())
        return [(agreeing(count, forms), count) for forms, count in counted if count]

    @property
    def days_moved(self) -> int:
        return sum(change.days for change in self.of("moved"))


def changes(standings: Iterable[Standing], since: date) -> Changes:
    """Read from the rows that situations already hold: no query. Days are those on which things were said or seen."""
    found: list[Change] = []
    for standing in standings:
        if standing.commitment.announced_on > since:
            found.append(Change("promised", standing.commitment.announced_on, standing, "", "promesse annoncée"))
        for deadline, days in standing.promised.moves:
            if deadline.announced_on > since:
                before = standing.promised.deadlines[standing.promised.deadlines.index(deadline) - 1]
                found.append(Change("moved", deadline.announced_on, standing, before.raw, deadline.raw, days))
        for delivered in standing.deliverables:
            before_state = ""
            for verdict in delivered.verdicts:
                if verdict.since > since and verdict.state != before_state:
                    found.append(Change(_kind(verdict.state), verdict.since, standing, before_state, verdict.state))
                before_state = verdict.state
    found.sort(key=lambda change: (-change.day.toordinal(), change.standing.ref))
    return Changes(since, tuple(found))


def _kind(state: str) -> str:
    return state if state in (State.KEPT, State.GONE) else "verdict"
