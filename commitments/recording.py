"""Sightings into intervals: an unchanged answer moves ``last_seen_at``, a changed one adds a row."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.fields.json import KT

from commitments.ageing import MACHINE_STANDS
from commitments.days import paris_day
from commitments.findings import Facts, Outcome, Sighting
from commitments.freshness import freshness
from commitments.models import Observation, Snapshot, Watch
from commitments.portals.digests import digest

MOVING = frozenset({"last_update", "metadata_modified_at"})


def record(watch: Watch, sighting: Sighting, now: datetime) -> bool:
    """Keep what was seen at one address at ``now``. Returns whether it tells something else than the time before."""
    return bool(record_many([(watch, sighting)], now))


@transaction.atomic
def record_many(seen: Sequence[tuple[Watch, Sighting]], now: datetime) -> set[int]:
    """Keep what was seen at ``now``, each address once: a few statements, however many there are.

    Returns the ids of the watches whose answer tells something else than the time before. Safe to call twice with
    the same sightings and time, and with ones that arrive late: an older answer never moves a newer interval.
    """
    definitive = [watch.location_id for watch, sighting in seen if sighting.outcome.definitive]
    failed = [watch.location_id for watch, sighting in seen if not sighting.outcome.definitive]
    failures = Observation.objects.filter(dismissed_at=None, outcome=Outcome.NO_OBSERVATION)
    last = {row.location_id: row for row in Observation.objects.definitive().last_of(definitive)} if definitive else {}
    if failed:
        last |= {row.location_id: row for row in failures.last_of(failed)}
    again: list[int] = []
    moved: list[Observation] = []
    added: list[tuple[Watch, Sighting, Observation]] = []
    for watch, sighting in seen:
        before = last.get(watch.location_id)
        mark = digest(_lasting(sighting.facts)) if sighting.outcome.definitive else sighting.cause
        if before is not None and now <= before.last_seen_at:
            continue
        if before is None or not _continues(before, sighting, mark, now):
            added.append((watch, sighting, _begun(watch, sighting, mark, now)))
            continue
        again.append(before.pk)
        if before.facts != sighting.facts:
            before.facts = dict(sighting.facts)
            moved.append(before)
    if again:
        Observation.objects.filter(pk__in=again).update(last_seen_at=now, checks=F("checks") + 1)
    # One statement where bulk_update makes one case a row.
    Observation.objects.bulk_create(moved, update_conflicts=True, unique_fields=["id"], update_fields=["facts"])
    Observation.objects.bulk_create([observation for _, _, observation in added])
    Snapshot.objects.bulk_create(
        [
            snapshot(observation, sighting, now)
            for _, sighting, observation in added
            if sighting.outcome.definitive and sighting.evidence
        ]
    )
    return {watch.pk for watch, sighting, _ in added if sighting.outcome.definitive}


def _begun(watch: Watch, sighting: Sighting, mark: str, now: datetime) -> Observation:
    return Observation(
        location_id=watch.location_id,
        outcome=sighting.outcome,
        cause=sighting.cause,
        detail=sighting.detail,
        facts=dict(sighting.facts),
        digest=mark,
        first_seen_at=now,
        last_seen_at=now,
    )


def snapshot(observation: Observation, sighting: Sighting, now: datetime) -> Snapshot:
    """The record whole, so that what grounds a verdict can be shown years later. Not saved yet."""
    return Snapshot(
        observation=observation,
        url=sighting.url,
        body=gzip.compress(sighting.evidence, mtime=0),
        sha256=hashlib.sha256(sighting.evidence).hexdigest(),
        taken_at=now,
    )


def last_facts(locations: Iterable[int]) -> dict[int, Facts]:
    """What the last definitive answer told of each address where something was found, by address."""
    rows = Observation.objects.filter(dismissed_at=None, outcome=Outcome.FOUND).last_of(locations)
    return dict(rows.values_list("location", "facts"))


def last_publishers(locations: Iterable[int]) -> dict[int, str]:
    """The organisation that published what was last found at each address, by address; those that had one."""
    rows = Observation.objects.filter(dismissed_at=None, outcome=Outcome.FOUND).last_of(locations)
    named = rows.values_list("location", KT("facts__organization_id"))
    return {location: publisher for location, publisher in named if publisher}


def _continues(last: Observation, sighting: Sighting, mark: str, now: datetime) -> bool:
    """Same answer, same freshness, and no hole in between longer than a finding stands."""
    # In days, as findings age: no day of an interval was ever one of which nobody knew.
    near = (paris_day(now) - paris_day(last.last_seen_at)).days <= MACHINE_STANDS
    same = last.outcome == sighting.outcome and last.digest == mark
    return near and same and _freshness(last.facts, now) == _freshness(sighting.facts, now)


def _lasting(facts: Facts) -> Facts:
    """The facts whose change is a change. A record updated as announced, day after day, stays what it is: the day of
    its last update moves on with the interval, and begins another only when it makes it fresh again, or stale."""
    return {name: fact for name, fact in facts.items() if name not in MOVING}


def _freshness(facts: Facts, now: datetime) -> bool | None:
    return freshness(facts.get("last_update"), facts.get("frequency"), paris_day(now)).holds
