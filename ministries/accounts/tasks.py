"""What the queue carries for accounts: an address, never a link."""

from __future__ import annotations

from celery import shared_task
from django.db import OperationalError

from ministries.accounts import sending


@shared_task(name="ministries.accounts.tasks.send_link", autoretry_for=(OSError, OperationalError))
def send_link(email: str) -> None:
    sending.send_link(email)
