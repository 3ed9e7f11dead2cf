"""Sightings into intervals: an unchanged answer moves ``last_seen_at``, a changed one adds a row."""

from __future__ import annotations

import gzip
import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from commitments.criteria import MACHINE_STANDS
from commitments.days import paris_day
from commitments.findings import Facts, Outcome, Sighting
from commitments.freshness import freshness
from commitments.models import Location, Observation, Snapshot, Watch
from commitments.portals.digests import digest

MOVING = frozenset({"last_update", "metadata_modified_at"})


@transaction.atomic
def record(watch: Watch, sighting: Sighting, now: datetime) -> bool:
    """Keep what was seen at ``now``. Returns whether it tells something else than the time before.

    Safe to call twice with the same sighting and time, and with one that arrives late: an older answer never
    moves a newer interval.
    """
    found = sighting.outcome is not Outcome.NO_OBSERVATION
    mark = digest(_lasting(sighting.facts)) if found else sighting.cause
    last = _last(watch, found)
    if last is not None and last.first_seen_at <= now <= last.last_seen_at:
        return False
    if last is not None and now < last.first_seen_at:
        return False
    if last is not None and _continues(last, sighting, mark, now):
        last.last_seen_at = now
        last.checks += 1
        last.facts = dict(sighting.facts)
        last.save(update_fields=["last_seen_at", "checks", "facts"])
        return False
    observation = Observation.objects.create(
        location=watch.location,
        outcome=sighting.outcome,
        cause=sighting.cause,
        detail=sighting.detail,
        facts=dict(sighting.facts),
        digest=mark,
        first_seen_at=now,
        last_seen_at=now,
    )
    if found and sighting.evidence:
        keep(observation, sighting, now)
    return found


def keep(observation: Observation, sighting: Sighting, now: datetime) -> None:
    """Keep the record whole, so that what grounds a verdict can be shown years later."""
    Snapshot.objects.create(
        observation=observation,
        url=sighting.url,
        body=gzip.compress(sighting.evidence, mtime=0),
        sha256=hashlib.sha256(sighting.evidence).hexdigest(),
        taken_at=now,
    )


def last_facts(location: Location) -> Facts:
    """What the last definitive answer told: what a « not modified » repeats."""
    rows = Observation.objects.filter(location=location, dismissed_at=None, outcome=Outcome.FOUND)
    last = rows.order_by("-last_seen_at").values_list("facts", flat=True).first()
    return last or {}


def _last(watch: Watch, definitive: bool) -> Observation | None:
    rows = Observation.objects.filter(location_id=watch.location_id, dismissed_at=None)
    failures = rows.filter(outcome=Outcome.NO_OBSERVATION)
    return (rows.exclude(outcome=Outcome.NO_OBSERVATION) if definitive else failures).order_by("-last_seen_at").first()


def _continues(last: Observation, sighting: Sighting, mark: str, now: datetime) -> bool:
    """Same answer, same freshness, and no hole in between longer than a finding stands."""
    near = now - last.last_seen_at <= timedelta(days=MACHINE_STANDS)
    same = last.outcome == sighting.outcome and last.digest == mark
    return near and same and _freshness(last.facts, now) == _freshness(sighting.facts, now)


def _lasting(facts: Facts) -> Facts:
    """The facts whose change is a change. A record updated as announced, day after day, stays what it is: the day of
    its last update moves on with the interval, and begins another only when it makes it fresh again, or stale."""
    return {name: fact for name, fact in facts.items() if name not in MOVING}


def _freshness(facts: Facts, now: datetime) -> bool | None:
    return freshness(facts.get("last_update"), facts.get("frequency"), paris_day(now)).holds
