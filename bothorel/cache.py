"""A cache that is down is a miss, never an error."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, which answers as an empty one while Redis cannot be reached."""

    def _spared(self, method: str, missed: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), method)(*args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("cache out of reach: %s", type(error).__name__)
            return missed

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._spared("add", True, *args, **kwargs)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._spared("get", default, key, default, version=version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._spared("set", None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._spared("touch", False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._spared("delete", False, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._spared("get_many", {}, *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._spared("set_many", [], *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._spared("delete_many", None, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._spared("has_key", False, *args, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> Any:
        """Raises ValueError, as for a key that is not there: what can't be counted is not at one."""
        try:
            return super().incr(key, delta, version=version)
        except (RedisError, OSError) as error:
            logger.warning("cache out of reach: %s", type(error).__name__)
            raise ValueError(f"nothing is known of {key!r}") from None

    def clear(self) -> Any:
        return self._spared("clear", False)
