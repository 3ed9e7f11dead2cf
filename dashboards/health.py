"""How the robot is doing, in a fixed number of queries: what ``/sante/`` shows, and machines read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q

from commitments.days import paris_day
from commitments.hosts import named_in_public
from commitments.models import BrakeAnswer, Host, HostException, Location, PollRun
from commitments.rules import METHOD_VERSION
from dashboards.pages.pulse import OVERDUE, Pulse, pulse
from ministries.false_alarms import Alarms, false_alarms

RECENT = 10
SHOWN = 50
"""Hosts and exceptions listed at most; counts are whole."""
ANSWERS = 10
"""The last answers to the brake that are shown."""


@dataclass(frozen=True)
class Health:
    """``pulse`` holds what every page says. ``overdue`` counts the addresses that wait for hours, ``unasked`` those
    that nobody asks, ``hosts`` the servers in pause whose addresses are public (``hosts_paused`` counts all),
    ``exceptions`` likewise those left alone by decision (``hosts_spared``), ``causes`` the last failures. ``alarms``:
    verdicts since found wrong, among the negative ones."""

    now: datetime
    pulse: Pulse
    method_version: str
    overdue: int
    unasked: int
    hosts_paused: int
    hosts: tuple[Host, ...]
    hosts_spared: int
    exceptions: tuple[HostException, ...]
    causes: Mapping[str, int]
    runs: Mapping[str, int]
    recent: tuple[PollRun, ...]
    last_run: PollRun | None
    suspended: PollRun | None
    answers: tuple[BrakeAnswer, ...]
    alarms: Alarms

    @property
    def state(self) -> str:
        """``suspended`` by the brake, ``unreachable`` portal, ``late``, or ``ok``."""
        if self.suspended:
            return "suspended"
        if self.pulse.unreachable:
            return "unreachable"
        return "late" if self.pulse.stopped or self.overdue else "ok"

    def age(self, moment: datetime | None) -> int | None:
        """Whole seconds since a moment, None when it never came."""
        return None if moment is None else max(0, int((self.now - moment).total_seconds()))


def health(now: datetime) -> Health:
    """Read it. Ten small queries, whatever the size of the base."""
    paused = list(Host.objects.filter(paused_until__gt=now).order_by("-paused_until", "name"))
    spared = list(HostException.objects.in_force(now).order_by("until", "host"))
    public = named_in_public({*(host.name for host in paused[:SHOWN]), *(one.host for one in spared[:SHOWN])})
    followed = _followed(now)
    recent, last, suspended = _runs()
    runs = PollRun.objects.order_by().values_list("status").annotate(times=Count("pk"))
    return Health(
        now=now,
        pulse=pulse(),
        method_version=METHOD_VERSION,
        overdue=sum(row["overdue"] for row in followed),
        unasked=sum(row["unasked"] for row in followed),
        hosts_paused=len(paused),
        hosts=tuple(host for host in paused if host.name in public),
        hosts_spared=len(spared),
        exceptions=tuple(one for one in spared[:SHOWN] if one.host in public),
        causes={row["watch__cause"]: row["failing"] for row in followed if row["failing"]},
        runs=dict(runs),
        recent=recent,
        last_run=last,
        suspended=suspended,
        answers=tuple(BrakeAnswer.objects.select_related("run")[:ANSWERS]),
        alarms=false_alarms(paris_day(now)),
    )


def _followed(now: datetime) -> list[dict[str, Any]]:
    """How the open addresses do, by the cause of their last failure: failing, waiting for hours, asked by nobody."""
    limit = now - OVERDUE
    free = Q(watch__lease_until=None) | Q(watch__lease_until__lte=limit)
    counted = Location.objects.filter(until=None).order_by().values("watch__cause")
    return [
        dict(row)
        for row in counted.annotate(
            failing=Count("pk", filter=Q(watch__failures__gt=0)),
            overdue=Count("pk", filter=free & Q(watch__next_check_at__lte=limit)),
            unasked=Count("pk", filter=Q(watch=None)),
        )
    ]


def _runs() -> tuple[tuple[PollRun, ...], PollRun | None, PollRun | None]:
    """The last rounds begun, the last one that ended, and the last one that the brake holds."""
    begun = PollRun.objects.order_by("-started_at", "-pk")
    ended = PollRun.objects.exclude(settled_at=None).order_by("-settled_at", "-pk")
    held = begun.filter(status=PollRun.Status.SUSPENDED)
    first = [Q(pk__in=rows.values("pk")[:number]) for rows, number in ((begun, RECENT), (ended, 1), (held, 1))]
    rows = list(begun.filter(reduce(or_, first)))
    last = max((row for row in rows if row.settled_at), key=lambda row: (row.settled_at, row.pk), default=None)
    suspended = next((row for row in rows if row.status == PollRun.Status.SUSPENDED), None)
    return tuple(rows[:RECENT]), last, suspended
