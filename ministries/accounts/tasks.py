"""What the queue does for accounts. It carries an address, never a link."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils import timezone

from ministries.accounts import sending


@shared_task(name="ministries.accounts.tasks.send_link", autoretry_for=(OSError, OperationalError))
def send_link(email: str) -> None:
    sending.send_link(email)


@shared_task(name="ministries.accounts.tasks.forget_sessions")
def forget_sessions() -> None:
    """Delete the sessions that are over: whoever starts for ProConnect and never comes back leaves one."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
