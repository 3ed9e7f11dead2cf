"""The queue: one application, one retry policy (its schedule is in the settings).

What is due lives in the database: a lost queue loses no poll. The same code runs on the
in-memory broker (worker and beat as threads, see ``bothorel.embedded``) and on Redis.
"""

import os
from typing import Any

import celery
from celery.signals import worker_ready
from django.conf import settings
from django.db import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError

from bothorel.broker import outlive_redis

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bothorel.settings")
# Django's checks import every page, note and file of the site: 30 MB that a worker has no use for. The commands that
# come before it (migrate, up) run them.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")


class Task(celery.Task):
    """The retry policy of every task, written once.

    Only what may pass by itself is tried again (a locked or restarting database, a broker or a
    socket that went away), later and later, five times at most. A bug fails at once. A message is
    acknowledged after the work, and given again when its worker is killed: tasks are idempotent.
    """

    autoretry_for = (OperationalError, InterfaceError, BrokerError, ConnectionError, TimeoutError)
    max_retries = 5
    retry_backoff = 2
    retry_backoff_max = 300
    retry_jitter = True
    acks_late = True
    reject_on_worker_lost = True
    ignore_result = True


outlive_redis()
app = celery.Celery("bothorel", task_cls=Task)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["ministries.accounts"])


@worker_ready.connect
def dispatch_at_once(sender: Any, **_: Any) -> None:
    """Do not wait for beat's first tick: a newcomer looks at the page now."""
    sender.app.send_task(settings.CELERY_BEAT_SCHEDULE["dispatch"]["task"])
