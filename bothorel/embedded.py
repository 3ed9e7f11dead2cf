"""Celery's real worker and real beat as two threads of this process (broker ``memory://``).

Same serialisation, same retries, same schedule as with Redis: only the broker's address differs.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import celery
from celery.beat import EmbeddedService
from celery.signals import worker_ready

START_SECONDS = 30
STOP_SECONDS = 10


@contextmanager
def embedded_celery(app: "celery.Celery[Any]", *, threads: int = 4) -> Iterator[None]:
    """Enter once tasks are consumed; leave once the running ones have ended.

    Raises ``RuntimeError`` when the worker does not start.
    """
    ready = threading.Event()

    def consuming_now(consumer: Any) -> None:
        # Our callback takes the place of the worker's own, which tells whoever waits for the signal.
        worker_ready.send(sender=consumer)
        ready.set()

    worker: Any = app.Worker(
        pool="threads",
        concurrency=threads,
        optimization="fair",
        quiet=True,
        without_gossip=True,
        without_heartbeat=True,
        without_mingle=True,
        ready_callback=consuming_now,
    )
    consuming = threading.Thread(target=worker.start, name="celery-worker", daemon=True)
    consuming.start()
    if not ready.wait(START_SECONDS):
        raise RuntimeError("the embedded worker did not start")
    # In a thread, beat never sleeps more than one second: it stops as fast.
    beat: Any = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")
    beat.start()
    try:
        yield
    finally:
        beat.service.stop()
        # The message wakes the consumer; setting its flag would wait for two idle rounds of 2 s.
        app.control.shutdown(destination=[worker.hostname])
        consuming.join(STOP_SECONDS)
        beat.join(2)
