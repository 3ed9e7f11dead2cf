"""How many promises were in each state at the end of each month, by ministry: one sum of the movements kept.

A test holds it equal to the situations (``ministries.standing``), month by month.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from operator import add
from typing import NamedTuple

from commitments.findings import State
from ministries.models import DayMovement, Ministry, MonthMovement, month_number

NOTHING = (0,) * len(State)


class Month(NamedTuple):
    """One ministry at the end of a month, or on the day asked for the month that is not over.

    ``counts``: how many promises in each state, in the order of ``State``.
    """

    month: str
    as_of: date
    ministry: Ministry
    counts: tuple[int, ...]

    @property
    def states(self) -> dict[State, int]:
        return dict(zip(State, self.counts, strict=True))

    @property
    def promises(self) -> int:
        return sum(self.counts)


def month_ends(first: date, last: date) -> Iterator[date]:
    """The last day of each month from that of ``first``; ``last`` closes the one that is not over."""
    day = first
    while True:
        following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        end = following - timedelta(days=1)
        if end >= last:
            yield last
            return
        yield end
        day = following


def progress(as_of: date) -> list[Month]:
    """Every month since the first promise, oldest first; within a month, ministries by code. Three queries.

    What a day was depends on no row of a later day, so that a past day asked gives the months as they are today.
    """
    this = month_number(as_of)
    moves = dict(MonthMovement.objects.filter(when__lt=this).values_list("when", "moves"))
    under_way = DayMovement.objects.filter(when__range=(as_of.replace(day=1).toordinal(), as_of.toordinal()))
    that_month = list(under_way.values_list("moves", flat=True))
    if not moves and not that_month:
        return []
    ministries = {str(one.pk): one for one in Ministry.objects.order_by("code").only("code", "name", "slug")}
    running = dict.fromkeys(ministries, NOTHING)
    found: list[Month] = []
    first = min(moves, default=this)
    for day in month_ends(date(first // 12, first % 12 + 1, 1), as_of):
        number = month_number(day)
        for moved in that_month if number == this else (moves.get(number, {}),):
            for pk, counts in moved.items():
                running[pk] = tuple(map(add, running[pk], counts))
        month = f"{day:%Y-%m}"
        found += [Month(month, day, ministries[pk], counts) for pk, counts in running.items() if counts != NOTHING]
    return found
