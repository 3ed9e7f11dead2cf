"""What a worker outlives; the faults themselves, on a real Redis, are in ``tests/faults``."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from celery.concurrency import asynpool, prefork
from kombu.asynchronous import Hub

from bothorel.broker import Pool


def test_a_process_of_the_pool_that_ended_is_watched_no_more() -> None:
    """Connecting again in the moment before it is replaced, Celery's own pool stops the worker."""
    ended = SimpleNamespace(_sentinel_poll=None)
    hub = Hub()
    try:
        with pytest.raises(ValueError, match="file descriptor is None"):
            asynpool.AsynPool._track_child_process(object.__new__(asynpool.AsynPool), ended, hub)  # type: ignore[attr-defined]
        object.__new__(Pool)._track_child_process(ended, hub)
        assert not hub.readers
    finally:
        hub.close()


def test_workers_have_this_pool() -> None:
    assert prefork.TaskPool.Pool is Pool
