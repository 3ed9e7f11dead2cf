"""A worker outlives its Redis.

When Redis goes away while messages are under way, kombu gives them back, or acknowledges them, through a channel that
it has closed: that raises an AttributeError, which Celery takes for a bug of its own. The worker then stops asking and
hangs for a minute and a half before it ends. Told for what it is, a connection lost, it connects again by itself.

Connecting again, Celery watches the processes of its pool anew. One that ended a moment before, and has not been
replaced yet, is no longer watched and has nothing to watch: that raises a ValueError, and the worker ends.
"""

from __future__ import annotations

from typing import Any

from celery.concurrency import asynpool, prefork
from kombu.transport import redis as transport
from redis.exceptions import ConnectionError as RedisGone


class Channel(transport.Channel):
    """A channel that says that it was closed."""

    def _connparams(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise RedisGone("the channel was closed with its connection")
        return dict(super()._connparams(*args, **kwargs))  # type: ignore[misc]


class Pool(asynpool.AsynPool):
    """A pool that does not watch a process that ended: its next round replaces it."""

    def _track_child_process(self, proc: Any, hub: Any) -> None:
        if getattr(proc, "_sentinel_poll", proc) is not None:
            super()._track_child_process(proc, hub)  # type: ignore[misc]


def outlive_redis() -> None:
    """Put both in the place of kombu's and Celery's own, for every connection and pool of this process."""
    transport.Transport.Channel = Channel
    prefork.TaskPool.Pool = Pool
