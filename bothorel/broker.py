"""A worker outlives its Redis.

As it reconnects, kombu first gives back what was not acknowledged; when Redis has gone meanwhile that raises an
AttributeError, which Celery takes for a bug of its own: the worker stops asking, and ends a minute and a half later.
What is due lives in the database, so that a message which cannot be given back is no loss.
"""

from __future__ import annotations

import logging
from typing import Any

from kombu.transport import redis

logger = logging.getLogger(__name__)


class Unacknowledged(redis.QoS):
    """What a worker holds and has not acknowledged yet."""

    def restore_unacked_once(self, stderr: Any = None) -> None:
        try:
            super().restore_unacked_once(stderr)
        except Exception as error:
            logger.warning("Redis is gone: messages under way are left to the next dispatch (%r)", error)


def outlive_redis() -> None:
    """Put it in the place of kombu's own, for every connection of this process."""
    redis.Channel.QoS = Unacknowledged
