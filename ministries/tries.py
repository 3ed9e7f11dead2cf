"""How often something was tried lately: a counter in the cache, where nothing stays."""

from __future__ import annotations

import logging

from django.core.cache import cache

logger = logging.getLogger(__name__)


def tried(key: str, *, seconds: int) -> int:
    """Count one more try of ``key``, and say how many that makes since the first one, ``seconds`` ago at most.

    A cache that is down counts none: what is limited by it stays open, and has other limits.
    """
    try:
        return 1 if cache.add(key, 1, seconds) else int(cache.incr(key))
    except Exception as error:  # whatever the cache raises, nobody is kept out by it
        logger.warning("tries are out of reach: %s", type(error).__name__)
        return 0
