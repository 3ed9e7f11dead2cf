"""What must hold whatever happened: no observation lost nor doubled, nothing rewritten, no verdict moved by an outage.

Each function reads the base and returns the sentences that say what is broken, none when all is well. Nothing is
written. Anyone may run them on any base: ``manage.py invariants``.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q

from commitments.days import paris_day
from commitments.findings import Outcome, State
from commitments.judging import LASTING, changes
from commitments.models import Deliverable, Location, Observation, PollRun, Snapshot, Verdict, Watch
from commitments.polling import LEASE
from commitments.portals.addresses import ASKABLE
from commitments.rules import METHOD_VERSION
from commitments.verdicts import CONFIRMING_CHECKS, CONFIRMING_DAYS

FALLEN = (State.GONE, State.UNMET)
ENTRANCE = timedelta(minutes=5)
"""How long a new address may wait before it is put on the schedule."""


@dataclass(frozen=True)
class Invariant:
    code: str
    text: str
    broken: Callable[[datetime, timedelta], list[str]]


def none_lost(now: datetime, patience: timedelta) -> list[str]:
    """Every address is on the schedule and asked in time; every try left its trace; every finding is judged."""
    late = now - LEASE - patience
    unwatched = Location.objects.filter(until=None, portal__in=ASKABLE, watch=None)
    unwatched = unwatched.filter(recorded_at__lt=now - ENTRANCE - patience)
    seen = Observation.objects.filter(location=OuterRef("location"))
    found = seen.exclude(outcome=Outcome.NO_OBSERVATION).filter(last_seen_at__gte=OuterRef("observed_at"))
    failed = seen.filter(outcome=Outcome.NO_OBSERVATION, last_seen_at__gte=OuterRef("checked_at"))
    watches = Watch.objects.filter(location__until=None).select_related("location")
    told = [f"{location} : suivie par personne" for location in unwatched]
    told += [f"{w} : due depuis le {w.next_check_at:%d/%m %H:%M}" for w in watches.due(late)]
    told += [
        f"{w} : vue le {w.observed_at:%d/%m %H:%M}, sans observation qui le dise"
        for w in watches.filter(~Exists(found), observed_at__isnull=False)
    ]
    told += [
        f"{w} : échec le {w.checked_at:%d/%m %H:%M}, sans trace"
        for w in watches.filter(~Exists(failed), failures__gt=0, checked_at__isnull=False)
        # The base refused what was seen: the next try is due, and says so itself.
        if w.cause != "internal"
    ]
    if not PollRun.objects.filter(status=PollRun.Status.SUSPENDED).exists():
        told += [f"{w} : observée, jamais jugée" for w in watches.unjudged().filter(observed_at__lt=late)]
    told += [
        f"{run} : jamais terminé" for run in PollRun.objects.filter(status=PollRun.Status.RUNNING, started_at__lt=late)
    ]
    return told


def none_doubled(now: datetime, patience: timedelta) -> list[str]:
    """One interval at a time at each address, no verdict said twice, no address counted twice in a run."""
    told = []
    for definitive in (True, False):
        failures = Q(outcome=Outcome.NO_OBSERVATION)
        rows = Observation.objects.filter(~failures if definitive else failures).order_by("location", "first_seen_at")
        for before, after in _neighbours(rows, "location_id", "first_seen_at", "last_seen_at"):
            if after["first_seen_at"] <= before["last_seen_at"]:
                told.append(f"adresse n° {after['location_id']} : deux observations à la fois ({after['pk']})")
    verdicts = Verdict.objects.order_by("deliverable", "since", "pk")
    columns = ("state", "reasons", "checks", "opened_on", "rule_version", "observation_id", "reading_id", "since")
    for before, after in _neighbours(verdicts, "deliverable_id", *columns):
        if all(before[column] == after[column] for column in columns):
            told.append(f"livrable n° {after['deliverable_id']} : constat dit deux fois ({after['pk']})")
    told += [
        f"{run} : {run.asked} réponses pour {run.expected}" for run in PollRun.objects.filter(asked__gt=F("expected"))
    ]
    shared = Watch.objects.exclude(lease="").values("location").annotate(times=Count("pk")).filter(times__gt=1)
    return told + [f"adresse n° {row['location']} : tenue deux fois" for row in shared]


def none_altered(now: datetime, patience: timedelta) -> list[str]:
    """Every record kept is the one that was received, and every verdict rests on what was seen at its own address."""
    told = []
    for snapshot in Snapshot.objects.select_related("observation").iterator(chunk_size=200):
        try:
            opened = snapshot.opened
        except (OSError, EOFError, ValueError):
            opened = None
        if opened is None or hashlib.sha256(opened).hexdigest() != snapshot.sha256:
            told.append(f"relevé n° {snapshot.pk} : son empreinte n'est plus la sienne")
    foreign = Verdict.objects.exclude(observation=None).exclude(observation__location__deliverable=F("deliverable"))
    told += [f"constat n° {pk} : fondé sur l'adresse d'un autre" for pk in foreign.values_list("pk", flat=True)]
    turned = Observation.objects.filter(first_seen_at__gt=F("last_seen_at")).values_list("pk", flat=True)
    return told + [f"observation n° {pk} : finit avant de commencer" for pk in turned]


def no_false_fall(now: datetime, patience: timedelta) -> list[str]:
    """No verdict rests on an outage; an absence ends a verdict only after three tries over three days."""
    outage = Verdict.objects.filter(observation__outcome=Outcome.NO_OBSERVATION)
    told = [f"constat n° {pk} : fondé sur une panne" for pk in outage.values_list("pk", flat=True)]
    verdicts = Verdict.objects.select_related("observation").order_by("deliverable", "since", "pk")
    last: dict[int, Verdict] = {}
    for after in verdicts.iterator(chunk_size=2000):
        before = last.get(after.deliverable_id)
        last[after.deliverable_id] = after
        ground = after.observation
        if before is None or before.state not in LASTING or after.state == before.state or ground is None:
            continue
        if after.state in FALLEN and not _confirmed(ground):
            told.append(f"constat n° {after.pk} : « {after.get_state_display()} » sans absence confirmée")
        elif after.state == State.PARTIAL and ground.outcome != Outcome.FOUND:
            told.append(f"constat n° {after.pk} : en partie, sans rien qui ait été trouvé")
    return told


def derived_as_recomputed(now: datetime, patience: timedelta) -> list[str]:
    """Judged again, on the day it was judged, everything that the robot saw gets the verdict that is stored."""
    watches = Watch.objects.filter(location__until=None, judged_at__isnull=False)
    judged: dict[int, datetime] = {}
    pending = set(watches.unjudged().values_list("location__deliverable", flat=True))
    for deliverable, judged_at in watches.values_list("location__deliverable", "judged_at"):
        if judged_at is not None and deliverable not in pending:
            judged[deliverable] = max(judged_at, judged.get(deliverable, judged_at))
    days: dict[date, list[int]] = defaultdict(list)
    for deliverable, judged_at in judged.items():
        days[paris_day(judged_at)].append(deliverable)
    told = []
    for day, ids in days.items():
        deliverables = list(Deliverable.objects.filter(pk__in=ids).select_related("commitment"))
        for change in changes(deliverables, day):
            if change.before is None or not _of_other_rules(change.deliverable):
                kept, again = change.before or "rien", change.judgment.state
                told.append(f"{change.deliverable} : « {kept} » gardé, « {again} » recalculé")
    return told


def _confirmed(ground: Observation) -> bool:
    days = (paris_day(ground.last_seen_at) - paris_day(ground.first_seen_at)).days
    absent = ground.outcome in (Outcome.GONE, Outcome.ABSENT)
    return absent and ground.checks >= CONFIRMING_CHECKS and days >= CONFIRMING_DAYS


def _of_other_rules(deliverable: Deliverable) -> bool:
    """A new version of the method judges again as addresses are asked again, within days."""
    last = deliverable.verdicts.order_by("-since", "-pk").values_list("rule_version", flat=True).first()
    return last != METHOD_VERSION


def _neighbours(
    rows: models.QuerySet[Any], key: str, *columns: str
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each row with the one before it of the same key."""
    found: Iterable[dict[str, Any]] = rows.values("pk", key, *columns).iterator(chunk_size=2000)
    for before, after in pairwise(found):
        if before[key] == after[key]:
            yield before, after


INVARIANTS = (
    Invariant("I1", "aucune observation perdue", none_lost),
    Invariant("I2", "aucune observation ni aucun constat en double", none_doubled),
    Invariant("I3", "aucune preuve altérée", none_altered),
    Invariant("I4", "aucun constat mis à terre par une panne", no_false_fall),
    Invariant("I5", "ce qui est gardé est ce qui se recalcule", derived_as_recomputed),
)


def seal(until: dict[str, int] | None = None) -> tuple[dict[str, int], str]:
    """The last row of each append-only table, and the fingerprint of all rows up to there (or up to ``until``).

    An interval still open moves: of observations only what never does is counted.
    """
    tables: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
        "verdicts": (Verdict, ("deliverable", "state", "since", "reasons", "checks", "opened_on", "rule_version")),
        "observations": (Observation, ("location", "outcome", "cause", "digest", "first_seen_at")),
        "snapshots": (Snapshot, ("observation", "sha256", "taken_at")),
    }
    chain = hashlib.sha256()
    ends = {}
    for name, (model, columns) in tables.items():
        rows = model._default_manager.order_by("pk")
        if until is not None:
            rows = rows.filter(pk__lte=until.get(name, 0))
        ends[name] = 0
        for row in rows.values_list("pk", *columns).iterator(chunk_size=2000):
            chain.update(json.dumps(row, default=str).encode())
            ends[name] = row[0]
    return ends, chain.hexdigest()
