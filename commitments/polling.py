"""One round of polling: what is due → batches → ask → record → judge. What is due lives in the database.

A batch claims its addresses with a lease by a conditional update, so that two beats, a killed worker or a message
delivered twice lose and double nothing: what is not finished is due again when its lease runs out.
"""

from __future__ import annotations

import asyncio
import logging
import random
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from commitments import hosts, moved, portals, telling
from commitments.days import paris_day
from commitments.findings import Outcome, Sighting
from commitments.judging import Change, changes, kept_on, write
from commitments.models import Deadline, Deliverable, Location, Observation, PollRun, Version, Watch
from commitments.portals.causes import Cause
from commitments.portals.door import DoorSettings
from commitments.recording import last_facts, last_publishers, record_many
from commitments.rules import METHOD_VERSION
from commitments.watching import jittered, next_delay

logger = logging.getLogger(__name__)

BATCH = 300
"""As many as one host may be asked in a minute by default: the larger, the fewer times the network is waited for."""
LEASE = timedelta(seconds=settings.LEASE_SECONDS)
HERITAGE_EVERY = 7
"""Software Heritage is asked once in so many unchanged rounds: it keeps what it has."""
NEAR_DEADLINE = timedelta(days=30)
BRAKE_SHARE = 0.10
BRAKE_LEAST = 5
LONG = ("wording", "scope_caveat", "search_text")
SCHEDULED = (
    *("checked_at", "observed_at", "failures", "unchanged", "cause", "etag"),
    *("next_check_at", "lease", "lease_until"),
)
"""What an answer changes of its address's schedule."""


@dataclass(frozen=True)
class Asked:
    """What one try gave at one address."""

    location: Location
    sighting: Sighting
    changed: bool


@transaction.atomic
def begin(now: datetime, *, locations: Iterable[int] | None = None) -> tuple[PollRun, list[list[int]]] | None:
    """Open a run for what is due (or for these locations, due or not) and cut it in batches of watches' ids.

    Returns None when nothing is due. Whoever asks first holds the addresses: they are put out of reach of a second
    beat until the batch claims them, or their lease runs out.
    """
    watches = Watch.objects.due(now) if locations is None else Watch.objects.filter(location__in=list(locations))
    due = dict(watches.order_by("next_check_at", "pk").values_list("pk", "location"))
    if not due:
        return None
    run = PollRun.objects.create(started_at=now, expected=len(due))
    lease, until = str(uuid.uuid4()), now + LEASE
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    held = Watch.objects.filter(free, pk__in=due).update(lease=lease, lease_until=until, run=run)
    if held != len(due):
        ours = set(Watch.objects.filter(lease=lease).values_list("pk", flat=True))
        due = {pk: location for pk, location in due.items() if pk in ours}
        run.expected = len(due)
        run.save(update_fields=["expected"])
    if not due:
        run.delete()
        return None
    # The records of one publisher go together, so that a page of its list answers for them all.
    publishers = last_publishers(due.values())
    ids = sorted(due, key=lambda pk: publishers.get(due[pk], ""))
    return run, [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]


def claim(run_id: int, watch_ids: Sequence[int], now: datetime) -> list[Watch]:
    """Take the addresses of a batch that this run still holds, under a lease of this batch's own."""
    lease = str(uuid.uuid4())
    Watch.objects.filter(pk__in=watch_ids, run=run_id, lease_until__gt=now).update(
        lease=lease, lease_until=now + LEASE
    )
    return list(Watch.objects.filter(lease=lease).select_related("location__deliverable").order_by())


def poll(
    run_id: int,
    watch_ids: Sequence[int],
    *,
    portal: str = "",
    on_sighting: Callable[[Any, Sighting], None] | None = None,
) -> list[Asked]:
    """Ask every address of a batch at once, record each answer, and let go of them. Never raises for the world."""
    portal = portal or settings.DATAGOUV_URL
    claimed = claim(run_id, watch_ids, timezone.now())
    watches = _allowed(run_id, claimed, portal, timezone.now())
    if not watches:
        return []
    reserved = Counter(_host(watch, portal) for watch in watches)
    known = last_facts([watch.location_id for watch in watches])
    targets = [
        portals.Target(
            key=watch.pk,
            portal=watch.location.portal,
            identifier=watch.location.known_identifier,
            url=watch.location.url,
            etag=watch.etag,
            facts=known.get(watch.location_id, {}),
            probe=True,
            heritage=watch.unchanged % HERITAGE_EVERY == 0,
        )
        for watch in watches
    ]
    per_minute: int = settings.HOST_PER_MINUTE
    resting = hosts.resting(timezone.now(), per_minute=per_minute)
    outside = replace(
        door_settings(portal), resting={name: wait for name, wait in resting.items() if name not in reserved}
    )
    sent: Counter[str] = Counter()
    sightings = asyncio.run(
        portals.ask(targets, outside, portal, settings=ask_settings(), sent=sent, on_sighting=on_sighting)
    )
    hosts.account(reserved, sent, timezone.now(), per_minute=per_minute)
    hosts.learn(((_host(watch, portal), sightings[watch.pk]) for watch in watches), timezone.now())
    seen = [(watch, sightings[watch.pk]) for watch in watches]
    try:
        return _finish(run_id, seen, timezone.now())
    except (DataError, IntegrityError):
        # One answer that the base can't hold must not cost the others theirs, nor come back with them for ever.
        logger.exception("an answer of this batch cannot be kept: each is kept alone")
    return [asked for one in seen for asked in _finish_alone(run_id, *one)]


def _finish_alone(run_id: int, watch: Watch, sighting: Sighting) -> list[Asked]:
    try:
        return _finish(run_id, [(watch, sighting)], timezone.now())
    except (DataError, IntegrityError):
        logger.exception("unforeseen answer on %s", watch.location.url)
        nothing = Sighting.none(Cause.INTERNAL, Cause.INTERNAL.sentence, url=watch.location.url)
        return _finish(run_id, [(watch, nothing)], timezone.now())


@transaction.atomic
def _finish(run_id: int, seen: Sequence[tuple[Watch, Sighting]], now: datetime) -> list[Asked]:
    """Record the answers and give their addresses back, all or none. Nothing is written where the lease was lost."""
    held = Watch.objects.select_for_update().filter(
        lease__in={watch.lease for watch, _ in seen}, pk__in=[watch.pk for watch, _ in seen]
    )
    ours = set(held.order_by("pk").values_list("pk", flat=True))
    for watch, _ in seen:
        if watch.pk not in ours:
            logger.warning("lease lost on %s: the answer is left to its new holder", watch.location.url)
    kept = [(watch, sighting) for watch, sighting in seen if watch.pk in ours]
    changed = record_many(kept, now)
    near = _near_their_deadline([watch for watch, _ in kept], now)
    chance = random.Random()  # noqa: S311 - jitter, not a secret
    rescheduled = [
        _rescheduled(watch, sighting, changed=watch.pk in changed, near=watch.pk in near, now=now, chance=chance)
        for watch, sighting in kept
    ]
    # One statement where bulk_update makes one case a row and a column.
    Watch.objects.bulk_create(rescheduled, update_conflicts=True, unique_fields=["id"], update_fields=SCHEDULED)
    for watch, sighting in kept:
        _resolve(watch.location, sighting, now)
    moved.propose(kept, now)
    failed = sum(1 for _, sighting in kept if not sighting.outcome.definitive)
    PollRun.objects.filter(pk=run_id).update(asked=F("asked") + len(kept), failed=F("failed") + failed)
    concerned = {w.location.deliverable.commitment_id for w, sighting in kept if sighting.outcome.definitive}
    telling.seen.send(poll, commitments=concerned)
    return [Asked(watch.location, sighting, watch.pk in changed) for watch, sighting in kept]


def _rescheduled(
    before: Watch, sighting: Sighting, *, changed: bool, near: bool, now: datetime, chance: random.Random
) -> Watch:
    """The address's next turn, as the answer has it; ``before`` stays as it was, should the base refuse this one."""
    watch = copy(before)
    failed = not sighting.outcome.definitive
    watch.checked_at = now
    watch.failures = watch.failures + 1 if failed else 0
    watch.cause = sighting.cause
    if not failed:
        watch.observed_at = now
        watch.unchanged = 0 if changed else watch.unchanged + 1
        watch.etag = sighting.etag[:200]
    retry_after = timedelta(seconds=sighting.retry_after) if sighting.retry_after else None
    delay = next_delay(failures=watch.failures, unchanged=watch.unchanged, near_deadline=near, retry_after=retry_after)
    sooner = jittered(delay, chance)
    watch.next_check_at = now + (max(sooner, retry_after) if retry_after else sooner)
    watch.lease, watch.lease_until = "", None
    return watch


def _allowed(run_id: int, watches: Sequence[Watch], portal: str, now: datetime) -> list[Watch]:
    """Those that their host may be asked now; the others are given back, due again when it may be."""
    leaves = hosts.shares(
        {watch.pk: _host(watch, portal) for watch in watches}, now, per_minute=settings.HOST_PER_MINUTE
    )
    put_off = [watch for watch in watches if not leaves[watch.pk].granted]
    for watch in put_off:
        Watch.objects.filter(pk=watch.pk, lease=watch.lease).update(
            lease="", lease_until=None, next_check_at=leaves[watch.pk].again_at
        )
    if put_off:
        PollRun.objects.filter(pk=run_id).update(expected=F("expected") - len(put_off))
    return [watch for watch in watches if leaves[watch.pk].granted]


def _host(watch: Watch, portal: str) -> str:
    """The host that is asked of an address: the portal's own for its records, the address's else."""
    of_portal = watch.location.portal in (Location.Portal.DATASET, Location.Portal.DATASERVICE)
    return hosts.host_of(portal if of_portal else watch.location.url)


def _resolve(location: Location, sighting: Sighting, now: datetime) -> None:
    """An address known only by its slug is resolved once: from then on the id is asked and compared."""
    if sighting.outcome is Outcome.FOUND and sighting.identifier and not location.known_identifier:
        Location.objects.filter(pk=location.pk, resolved_identifier="").update(
            resolved_identifier=sighting.identifier, resolved_at=now
        )


def _near_their_deadline(watches: Sequence[Watch], now: datetime) -> set[int]:
    """The watches whose promise has a deadline within a month, before or after."""
    today = paris_day(now)
    commitments = {watch.location.deliverable.commitment_id for watch in watches}
    near = set(
        Deadline.objects.filter(
            commitment__in=commitments, last_day__range=(today - NEAR_DEADLINE, today + NEAR_DEADLINE)
        ).values_list("commitment", flat=True)
    )
    return {watch.pk for watch in watches if watch.location.deliverable.commitment_id in near}


@transaction.atomic
def settle(run: PollRun, now: datetime, *, brake: bool = True) -> list[Change]:
    """Judge what was checked and not judged yet; pull the brake rather than end too many kept verdicts at once.

    Returns the changes written, or none when the run is suspended: the findings are kept, no verdict moves, and the
    addresses stay to be judged, so that a portal that comes back releases the brake by itself.
    """
    one_at_a_time()
    unjudged, now = _waiting(now)
    found = pending(paris_day(now))
    run.kept_before = kept_on(paris_day(now))
    run.would_end = sum(1 for change in found if change.ends_kept)
    run.settled_at = now
    if brake and run.would_end >= BRAKE_LEAST and run.would_end > BRAKE_SHARE * run.kept_before:
        run.status = PollRun.Status.SUSPENDED
        run.save()
        Version.bump()
        return []
    suspended = PollRun.objects.filter(status=PollRun.Status.SUSPENDED).exclude(pk=run.pk)
    suspended.update(status=PollRun.Status.RELEASED if brake else PollRun.Status.CONFIRMED)
    run.status = PollRun.Status.SETTLED if brake else PollRun.Status.CONFIRMED
    # Before anything is counted: who records an answer holds its address, then counts.
    _judged(unjudged, now)
    run.changed = write(found, run)
    run.save()
    Version.bump()
    return found


def finished(run: PollRun, now: datetime) -> bool:
    """Whether every address was asked, or given up when its lease ran out."""
    return run.asked >= run.expected or run.started_at + LEASE <= now


@transaction.atomic
def dismiss(now: datetime) -> int:
    """An operator says that the portal, not the ministries, was at fault: what it showed is set aside.

    Returns how many observations were dismissed. They stay, marked, and are counted among false alarms.
    """
    one_at_a_time()
    unjudged, now = _waiting(now)
    found = pending(paris_day(now))
    wrong = [change.observation.pk for change in found if change.ends_kept and change.observation]
    Observation.objects.filter(pk__in=wrong).update(dismissed_at=now)
    PollRun.objects.filter(status=PollRun.Status.SUSPENDED).update(status=PollRun.Status.DISMISSED)
    _judged(unjudged, now)
    Version.bump()
    telling.seen.send(dismiss, commitments={change.deliverable.commitment_id for change in found})
    return len(wrong)


def pending(day: date) -> list[Change]:
    """What judging on that day all that was observed and not judged yet would change. Writes nothing."""
    return changes(_unjudged(), day)


def one_at_a_time() -> None:
    """Wait for whoever judges: two rounds that end together would each write the verdicts of both.

    The first run ever is the lock, since it is always there and nobody else needs it.
    """
    PollRun.objects.select_for_update().order_by("pk").first()


def _waiting(now: datetime) -> tuple[dict[datetime, list[int]], datetime]:
    """The watches that wait for a judgment, by the moment of what was last seen there; and the moment of judging.

    Whoever judges read the clock, then waited for its turn: what others saw meanwhile is no later than that moment.
    """
    waiting: defaultdict[datetime, list[int]] = defaultdict(list)
    for pk, observed_at in Watch.objects.unjudged().values_list("pk", "observed_at"):
        if observed_at is not None:
            waiting[observed_at].append(pk)
    return waiting, max([now, *waiting])


def _judged(waiting: Mapping[datetime, Sequence[int]], now: datetime) -> None:
    """Nothing is left to judge there, but for what was seen since."""
    for observed_at, watches in waiting.items():
        Watch.objects.filter(pk__in=watches, observed_at=observed_at).update(judged_at=now)


def _unjudged() -> list[Deliverable]:
    """The deliverables of which something was observed since they were last judged."""
    seen = Location.objects.filter(watch__in=Watch.objects.unjudged()).values("deliverable")
    found = Deliverable.objects.filter(pk__in=seen).select_related("commitment")
    # A promise's texts are longer than all the rest, and judging has no use for them.
    return list(found.defer(*(f"commitment__{name}" for name in LONG)))


def door_settings(portal: str) -> DoorSettings:
    """How the robot goes out, from the settings: its name and contact, what is allowed besides public addresses."""
    return DoorSettings(
        user_agent=f"Bothorel/{METHOD_VERSION} (+{settings.SITE_URL}; {settings.CONTACT or 'contact sur le site'})",
        allow=frozenset(settings.OUTBOUND_ALLOW),
        trusted=frozenset({portal}),
        concurrency=max(DoorSettings.concurrency, settings.HOST_CONNECTIONS),
        per_host=settings.HOST_CONNECTIONS,
        ca_bundle=settings.CA_BUNDLE,
        proxy=settings.OUTBOUND_PROXY,
    )


def ask_settings() -> portals.AskSettings:
    """What is asked besides the portal: forges' tokens when there are some, the day in Paris."""
    tokens = {place: token for place, token in settings.FORGE_TOKENS.items() if token}
    return portals.AskSettings(tokens=tokens, today=paris_day(timezone.now()))
