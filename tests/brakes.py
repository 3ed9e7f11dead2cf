"""A brake that is pulled, for tests that do not ask a portal: kept promises, then a round that would end too many."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from commitments import polling
from commitments.days import paris_day
from commitments.judging import rejudge
from commitments.models import Observation, PollRun
from ministries.models import Ministry
from tests.factories import CommitmentFactory, DeliverableFactory, LocationFactory, WatchFactory
from tests.observed import observe


def pull(
    now: datetime, *, kept: int = 10, falling: int = 6, ministry: Ministry | None = None, **facts: Any
) -> PollRun:
    """``kept`` promises seen open ten days before ``now``; ``falling`` of them seen restricted the day before it.

    Returns the round, which is suspended when six of ten would end.
    """
    of = {"responsibility__ministry": ministry} if ministry else {}
    before, day = paris_day(now - timedelta(days=10)), paris_day(now - timedelta(days=1))
    watches = []
    for _ in range(kept):
        location = LocationFactory(deliverable=DeliverableFactory(commitment=CommitmentFactory(**of)))
        observe(location, before, days=8)
        watches.append(WatchFactory(location=location, next_check_at=now + timedelta(hours=1)))
    rejudge(today=before)
    for watch in watches[:falling]:
        observe(watch.location, day, **(facts or {"access_type": "restricted"}))
        watch.checked_at = watch.observed_at = now - timedelta(hours=20)
        watch.save()
    run = PollRun.objects.create(started_at=now - timedelta(minutes=5), expected=kept, asked=kept)
    polling.settle(run, now)
    return run


def come_back(now: datetime) -> None:
    """The portal shows again what it showed before; nothing was judged since."""
    for watch in [row.location.watch for row in Observation.objects.filter(facts__access_type="restricted")]:
        observe(watch.location, paris_day(now))
