"""On time, late, by how many days: computed from what is observed and from the deadlines, never declared.

Late begins the day after the last day. Days are counted from the current deadline and, beside it, from the first one
ever announced, which no postponement moves.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from commitments.findings import State

SOON = 90


class Code(enum.StrEnum):
    CLOSED = "closed"
    UNDATED = "undated"
    KEPT_ON_TIME = "kept_on_time"
    KEPT_LATE = "kept_late"
    UPCOMING = "upcoming"
    DUE_SOON = "due_soon"
    LATE = "late"
    PARTLY = "partly"
    UNVERIFIED = "unverified"


LABELS: dict[str, str] = {
    Code.CLOSED: "abandonnée ou remplacée",
    Code.UNDATED: "sans échéance",
    Code.KEPT_ON_TIME: "tenue à l'heure",
    Code.KEPT_LATE: "tenue en retard",
    Code.UPCOMING: "à venir",
    Code.DUE_SOON: "échéance dans 90 jours ou moins",
    Code.LATE: "en retard",
    Code.PARTLY: "tenue en partie, échéance passée",
    Code.UNVERIFIED: "échéance passée, non vérifiée",
}

PHRASES: dict[str, str] = {
    Code.LATE: "en retard de {days}",
    Code.KEPT_LATE: "tenue avec {days} de retard",
    Code.PARTLY: "tenue en partie, échéance passée de {days}",
    Code.UNVERIFIED: "échéance passée de {days}, non vérifiée",
    Code.UPCOMING: "échéance dans {days}",
    Code.DUE_SOON: "échéance dans {days}",
}
KEPT_LATE_AT_MOST = "tenue avec au plus {days} de retard"
OPENED_ONE_DAY = "tenue, jour d'ouverture inconnu"
DUE_TODAY = "échéance aujourd'hui"
AFTER_THE_FIRST = "({days} après la première échéance annoncée)"
"""Said of any of them, beside it."""

_PASSED = {
    State.UNMET: Code.LATE,
    State.GONE: Code.LATE,
    State.PARTIAL: Code.PARTLY,
    State.UNKNOWN: Code.UNVERIFIED,
    State.UNLOCATED: Code.UNVERIFIED,
}


@dataclass(frozen=True)
class Timeliness:
    """``days``: of delay once the deadline has passed, left before it; never negative, None when it has no meaning.

    ``days_from_first``: of delay counted from the first deadline announced; 0 before it. ``at_most``: the day it was
    opened is not known, only the day it was first seen; the delay is that much or less.
    """

    code: Code
    days: int | None = None
    days_from_first: int | None = None
    at_most: bool = False


def timeliness(
    *,
    closed: bool,
    state: State,
    opened_on: date | None,
    was_kept_since_last_gone: bool,
    current_last: date | None,
    first_last: date | None,
    today: date,
    opened_exactly: bool = True,
) -> Timeliness:
    """Say how a commitment stands against its deadlines on ``today``.

    What was kept, and is unknown since without having been seen gone, stays kept. Kept on an unknown day after the
    deadline is not called late: ``days`` is then None.
    """
    if closed:
        return Timeliness(Code.CLOSED)
    kept = state is State.KEPT or (state is State.UNKNOWN and was_kept_since_last_gone)
    counted = opened_on if kept else today
    from_first = _delay(counted, first_last)
    if current_last is None:
        return Timeliness(Code.UNDATED, None, from_first)
    delay = _delay(counted, current_last)
    if kept:
        code = Code.KEPT_LATE if delay else Code.KEPT_ON_TIME
        return Timeliness(code, delay, from_first, at_most=bool(delay) and not opened_exactly)
    if today > current_last:
        return Timeliness(_PASSED[state], delay, from_first)
    left = (current_last - today).days
    return Timeliness(Code.DUE_SOON if left <= SOON else Code.UPCOMING, left, from_first)


def sentence(found: Timeliness) -> str:
    """Say it in French words: « en retard de 489 jours », « échéance dans 12 jours »."""
    return " ".join(phrase.format(days=_days(days)) for phrase, days in phrases(found))


def phrases(found: Timeliness) -> tuple[tuple[str, int], ...]:
    """What there is to say, each phrase with the days that take the place of its ``{days}``."""
    days = found.days
    said = PHRASES.get(found.code, LABELS[found.code])
    match found.code:
        case Code.KEPT_LATE if found.at_most:
            said = KEPT_LATE_AT_MOST
        case Code.KEPT_ON_TIME if days is None:
            said = OPENED_ONE_DAY
        case Code.UPCOMING | Code.DUE_SOON if days == 0:
            said = DUE_TODAY
    first = (said, days or 0)
    before = found.code in (Code.UPCOMING, Code.DUE_SOON, Code.UNDATED, Code.KEPT_ON_TIME)
    if found.days_from_first and (before or found.days_from_first != days):
        return first, (AFTER_THE_FIRST, found.days_from_first)
    return (first,)


def _delay(day: date | None, last: date | None) -> int | None:
    return None if day is None or last is None else max(0, (day - last).days)


def _days(count: int | None) -> str:
    return f"{count or 0} jour{'s'[: (count or 0) > 1]}"
