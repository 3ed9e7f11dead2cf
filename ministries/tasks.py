"""What the queue carries for this stream. Harmless when called twice, or by two workers at once."""

from celery import shared_task
from django.utils import timezone

from ministries import mails, reconciling
from ministries.sheets import applying, sending


@shared_task(name="ministries.tasks.reconcile")
def reconcile() -> None:
    """Open and end contradictions after what was recorded since the last time: two small reads when nothing was."""
    reconciling.catch_up(timezone.now())


@shared_task(name="ministries.tasks.apply_upload")
def apply_upload(upload_id: int) -> None:
    """Apply a previewed file, whole or not at all, unless another worker is at it."""
    applying.apply(upload_id)


@shared_task(name="ministries.tasks.resume_uploads")
def resume_uploads() -> None:
    """Hand over again the files that no worker holds any more."""
    sending.resume(timezone.now())


@shared_task(name="ministries.tasks.send_notices")
def send_notices() -> None:
    """Send the mails that are to be sent at this moment: one small read when there are none."""
    mails.send_due(timezone.now())
