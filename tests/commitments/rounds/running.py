"""One round, whole, and what it judged."""

import time_machine
from django.utils import timezone

from commitments import polling
from commitments.models import Verdict
from commitments.watching import watch_new_locations


def run(now=None):
    """One whole round at ``now``, as the tasks do it."""
    now = now or timezone.now()
    with time_machine.travel(now, tick=False):
        watch_new_locations(now)
        begun = polling.begin(now)
        if begun is None:
            return []
        polled, batches = begun
        for batch in batches:
            polling.poll(polled.pk, batch)
        polled.refresh_from_db()
        return polling.settle(polled, now)


def states(location):
    return [v.state for v in Verdict.objects.filter(deliverable=location.deliverable).order_by("since", "id")]
