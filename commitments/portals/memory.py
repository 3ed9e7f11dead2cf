"""What one try tells, read with what the tries before it told: one failure is not believed, a missed try forgets
nothing at once. Pure.

``on`` is refreshed every few days only, so that facts that tell the same are most often the very same, and cost no
writing: it may be a little older than the last real try, never newer. What is forgotten is forgotten too early rather
than too late.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from commitments.ageing import MACHINE_STANDS

REFRESHED = 3
"""Days after which the day of an unchanged state is brought up to date."""


class State(enum.StrEnum):
    """``failing``: failed once, to be confirmed on another day; ``failed``: confirmed."""

    ANSWERS = "answers"
    FAILING = "failing"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Told:
    """A state and the day of the try that gave it; no day when nothing is known."""

    state: State = State.UNKNOWN
    on: date | None = None

    @classmethod
    def read(cls, stored: object) -> Told:
        """From facts, which are never trusted: anything odd is unknown."""
        if not isinstance(stored, dict):
            return cls()
        try:
            return cls(State(stored["state"]), date.fromisoformat(stored["on"]))
        except (KeyError, TypeError, ValueError):
            return cls()

    def stands(self, today: date, days: int = MACHINE_STANDS) -> bool:
        return self.state is not State.UNKNOWN and self.on is not None and 0 <= (today - self.on).days <= days


def after(now: State, before: Told, today: date) -> Told:
    """What is told once ``now`` (answers, failed or unknown) was found ``today``."""
    if now is State.UNKNOWN:
        return before if before.stands(today) else Told()
    if now is before.state and before.stands(today, REFRESHED):
        return before
    if now is not State.FAILED:
        return Told(now, today)
    if before.stands(today) and before.state is State.FAILED:
        return Told(State.FAILED, today)
    if before.stands(today) and before.state is State.FAILING:
        return before if before.on == today else Told(State.FAILED, today)
    return Told(State.FAILING, today)
