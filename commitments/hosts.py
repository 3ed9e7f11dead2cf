"""Politeness across batches and workers: a quota a minute, pauses that are kept, exceptions that people decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from commitments.findings import Outcome, Sighting
from commitments.models import Commitment, Host, HostException, Location

MINUTE = timedelta(minutes=1)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_NAME = 255
PAUSE_AFTER_429 = timedelta(hours=1)
FAILURES_BEFORE_PAUSE = 20
FIRST_PAUSE = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(days=1)
FAILING = frozenset(
    {"timeout_connect", "timeout_read", "timeout_total", "refused_connection", "unreachable", "reset", "http_5xx"}
)


@dataclass(frozen=True)
class Leave:
    """What may be asked of a host now: ``granted`` requests; the others come back at ``again_at``, for ``why``."""

    granted: int
    again_at: datetime
    why: str = ""


def host_of(url: str) -> str:
    """The host of an address, in lower case; empty when it has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def named_in_public(names: Collection[str]) -> set[str]:
    """Those of these hosts that a public promise names, and the portal's own: a draft's address stays its own."""
    if not names:
        return set()
    named = reduce(or_, (Q(url__icontains=name) for name in names))
    public = Location.objects.filter(named, deliverable__commitment__in=Commitment.objects.public())
    found = {host_of(url) for url in public.values_list("url", flat=True)} | {host_of(settings.DATAGOUV_URL)}
    return found.intersection(names)


@transaction.atomic
def reserve(name: str, wanted: int, now: datetime, *, per_minute: int) -> Leave:
    """Take ``wanted`` requests out of a host's quota of the minute. ``per_minute`` 0: no quota.

    Every worker asks the same row: together they stay below the quota, and none breaks another's pause.
    """
    exception = HostException.objects.in_force(now).filter(host=name).order_by("-until").first()
    if exception is not None:
        return Leave(0, exception.until, "exception")
    host = Host.objects.select_for_update().filter(name=name).first()
    if host is None:
        Host.objects.get_or_create(name=name)
        host = Host.objects.select_for_update().get(name=name)
    if host.paused_until and host.paused_until > now:
        return Leave(0, host.paused_until, "host_backoff")
    _turn(host, now, per_minute)
    granted = wanted if per_minute == 0 else max(0, min(wanted, per_minute - host.sent))
    host.sent += granted
    host.asked_at = now
    host.save()
    if granted == wanted:
        return Leave(granted, _begun(host) + MINUTE)
    return Leave(granted, _free_at(host, per_minute), "quota")


def _turn(host: Host, now: datetime, per_minute: int) -> None:
    """Begin the minute of ``now``: each minute past pays for as many requests as a minute grants."""
    begun = _begun(host)
    if begun > now or per_minute == 0 or host.sent == 0:
        host.minute = now
        host.sent = 0
        return
    past = (now - begun) // MINUTE
    host.minute, host.sent = begun + past * MINUTE, max(0, host.sent - past * per_minute)


def _begun(host: Host) -> datetime:
    return host.minute or NEVER


def _free_at(host: Host, per_minute: int) -> datetime:
    """When the quota has room again: a minute for each one that was sent ahead."""
    return _begun(host) + max(1, host.sent // per_minute) * MINUTE


@transaction.atomic
def account(reserved: Mapping[str, int], sent: Mapping[str, int], now: datetime, *, per_minute: int) -> None:
    """Put right, after a batch, what was ``reserved`` of each host's quota: as many as were really ``sent``.

    One address may take a dozen requests, or none when a list showed it. What was sent beyond the quota is paid by
    the minutes that follow. Hosts that were only met on the way (servers of files…) are counted as the others.
    """
    more = {name: sent.get(name, 0) - reserved.get(name, 0) for name in reserved.keys() | sent.keys() if name}
    names = sorted(name for name, count in more.items() if count and len(name) <= LONGEST_NAME)
    if per_minute == 0 or not names:
        return
    Host.objects.bulk_create([Host(name=name) for name in names], ignore_conflicts=True)
    rows = list(Host.objects.select_for_update().filter(name__in=names).order_by("name"))
    for host in rows:
        _turn(host, now, per_minute)
        host.sent = max(0, host.sent + more[host.name])
    Host.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=["minute", "sent"])


def resting(now: datetime, *, per_minute: int) -> dict[str, int]:
    """The hosts that nothing is to be asked of now, in seconds: paused, left alone by decision, or out of quota."""
    until = {host.name: host.paused_until for host in Host.objects.filter(paused_until__gt=now)}
    if per_minute:
        for host in Host.objects.filter(sent__gte=per_minute, minute__lte=now):
            _turn(host, now, per_minute)
            if host.sent >= per_minute:
                until[host.name] = max(until.get(host.name) or now, _free_at(host, per_minute))
    for exception in HostException.objects.in_force(now):
        until[exception.host] = max(until.get(exception.host) or now, exception.until)
    return {name: max(1, int((end - now).total_seconds())) for name, end in until.items() if end}


def learn(sightings: Iterable[tuple[str, Sighting]], now: datetime) -> None:
    """Remember what the answers of a batch say of their hosts: (host, sighting) pairs, in the order they came.

    A 429 pauses its host for as long as it asks, or an hour; twenty failures in a row for ten minutes, then twice as
    long each time it fails again, a day at most. One answer that is not a failure forgives everything.
    """
    by_host: dict[str, list[Sighting]] = {}
    for name, sighting in sightings:
        if sighting.cause != "host_backoff":
            by_host.setdefault(name, []).append(sighting)
    for name, answers in by_host.items():
        _learn(name, answers, now)


@transaction.atomic
def _learn(name: str, answers: list[Sighting], now: datetime) -> None:
    host = Host.objects.select_for_update().filter(name=name).first() or Host(name=name)
    before, known = host.failures, (host.failures, host.paused_until, host.cause)
    for sighting in answers:
        failed = sighting.outcome is Outcome.NO_OBSERVATION and sighting.cause in FAILING
        host.failures = host.failures + 1 if failed else 0
    asked_to_wait = [s for s in answers if s.cause == "http_429" or s.retry_after]
    if asked_to_wait:
        seconds = max((s.retry_after or 0) for s in asked_to_wait)
        _pause(host, now + (timedelta(seconds=seconds) if seconds else PAUSE_AFTER_429), asked_to_wait[0].cause)
    elif host.failures >= FAILURES_BEFORE_PAUSE and host.failures > before:
        doublings = min(host.failures // FAILURES_BEFORE_PAUSE - 1, 8)
        _pause(host, now + min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE), answers[-1].cause)
    elif host.failures == 0:
        host.paused_until, host.cause = None, ""
    if (host.failures, host.paused_until, host.cause) != known:
        host.save()


def _pause(host: Host, until: datetime, cause: str) -> None:
    """A pause is never shortened by a later, shorter one."""
    if host.paused_until is None or until > host.paused_until:
        host.paused_until, host.cause = until, cause


def shares(hosts: Mapping[int, str], now: datetime, *, per_minute: int) -> dict[int, Leave]:
    """For each key, whether it may be asked now: a Leave that grants 1 or 0. ``hosts``: key → host."""
    leaves: dict[int, Leave] = {}
    left: dict[str, Leave] = {
        name: reserve(name, count, now, per_minute=per_minute) for name, count in Counter(hosts.values()).items()
    }
    for key, name in hosts.items():
        leave = left[name]
        leaves[key] = Leave(min(leave.granted, 1), leave.again_at, leave.why if leave.granted == 0 else "")
        left[name] = Leave(max(leave.granted - 1, 0), leave.again_at, leave.why or "quota")
    return leaves
