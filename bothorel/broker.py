"""A worker outlives its Redis.

When Redis goes away while messages are under way, kombu gives them back, or acknowledges them, through a channel that
it has closed: that raises an AttributeError, which Celery takes for a bug of its own. The worker then stops asking and
hangs for a minute and a half before it ends. Told for what it is, a connection lost, it connects again by itself.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis as transport
from redis.exceptions import ConnectionError as RedisGone


class Channel(transport.Channel):
    """A channel that says that it was closed."""

    def _connparams(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise RedisGone("the channel was closed with its connection")
        return dict(super()._connparams(*args, **kwargs))  # type: ignore[misc]


def outlive_redis() -> None:
    """Put it in the place of kombu's own, for every connection of this process."""
    transport.Transport.Channel = Channel
