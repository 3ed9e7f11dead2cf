"""What the queue carries: each task fetches, calls, ends. The queue may be lost: what is due lives in the database."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from commitments import candidates, polling
from commitments.models import PollRun
from commitments.watching import watch_new_locations


@shared_task(name="commitments.tasks.dispatch_due")
def dispatch_due() -> None:
    """Send what is due, in batches. Harmless when called twice: the first caller holds the addresses."""
    watch_new_locations(timezone.now())
    begun = polling.begin(timezone.now())
    if begun is None:
        return
    run, batches = begun
    for batch in batches:
        poll_batch.delay(run.pk, batch)


@shared_task(name="commitments.tasks.poll_batch")
def poll_batch(run_id: int, watch_ids: list[int]) -> None:
    """Ask one batch of addresses, then judge the run if this was its last."""
    polling.poll(run_id, watch_ids)
    settle_runs()


@shared_task(name="commitments.tasks.settle_runs")
def settle_runs() -> None:
    """Judge every run whose addresses were all asked, or whose lease ran out with a worker."""
    now = timezone.now()
    for run_id in PollRun.objects.filter(status=PollRun.Status.RUNNING).values_list("pk", flat=True):
        with transaction.atomic():
            run = PollRun.objects.select_for_update().filter(pk=run_id, status=PollRun.Status.RUNNING).first()
            if run is not None and polling.finished(run, now):
                polling.settle(run, now)


@shared_task(name="commitments.tasks.match_candidates")
def match_candidates() -> None:
    """Search the catalogues when it is time to. It takes one of the worker's threads: polling goes on beside."""
    now = timezone.now()
    if candidates.due(now):
        candidates.search(now)
