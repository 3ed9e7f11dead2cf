"""What the queue carries for this stream. Harmless when called twice, or by two workers at once."""

from celery import shared_task
from django.utils import timezone

from ministries import reconciling


@shared_task(name="ministries.tasks.reconcile")
def reconcile() -> None:
    """Open and end contradictions after what was recorded since the last time: two small reads when nothing was."""
    reconciling.catch_up(timezone.now())
