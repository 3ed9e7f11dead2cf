"""The schedule: which addresses the robot asks, and when it comes back. Pure delays, and the rows that hold them."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from commitments.models import Location, Watch
from commitments.portals.addresses import ASKABLE

DAY = timedelta(days=1)
SLOWEST = timedelta(days=3)
FIRST_RETRY = timedelta(hours=1)
UNCHANGED_BEFORE_SLOWING = 30
JITTER = 0.1


def next_delay(
    *, failures: int, unchanged: int, near_deadline: bool, retry_after: timedelta | None = None
) -> timedelta:
    """How long to wait before asking again.

    A first failure is tried again an hour later, then twice as late each time, up to a day; an address unchanged
    for a month of checks is asked less and less, never less than every three days, nor slower than a day near its
    deadline. A host that says when to come back is obeyed.
    """
    if failures:
        doublings = min(failures - 1, 5)
        delay = min(FIRST_RETRY * (1 << doublings), DAY)
        return max(delay, retry_after) if retry_after else delay
    if near_deadline:
        return DAY
    months = unchanged // UNCHANGED_BEFORE_SLOWING
    return min(DAY * (1 + months), SLOWEST)


def jittered(delay: timedelta, chance: random.Random) -> timedelta:
    """The delay, up to a tenth sooner: addresses loaded together must not be asked together for ever."""
    return delay * (1 - JITTER * chance.random())


def watch_new_locations(now: datetime) -> int:
    """Put every open address that a portal can ask on the schedule, due at once. Returns how many were added."""
    fresh = Location.objects.filter(until=None, portal__in=ASKABLE, watch=None)
    return len(Watch.objects.bulk_create([Watch(location=location, next_check_at=now) for location in fresh]))
