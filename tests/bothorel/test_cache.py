"""A cache that is down is a miss."""

import pytest

from bothorel.cache import ForgivingRedisCache


@pytest.fixture
def unreachable(free_port):
    return ForgivingRedisCache(f"redis://127.0.0.1:{free_port}/0", {"OPTIONS": {"socket_connect_timeout": 0.5}})


def test_a_cache_that_is_down_answers_as_an_empty_one(unreachable):
    assert unreachable.get("a") is None
    assert unreachable.get("a", "default") == "default"
    assert unreachable.get_or_set("a", lambda: 3) == 3
    assert unreachable.get_many(["a", "b"]) == {}
    assert "a" not in unreachable
    assert unreachable.delete("a") is False
    unreachable.set("a", 1, 60)
    unreachable.set_many({"a": 1})
    unreachable.delete_many(["a"])
    unreachable.clear()
    assert unreachable.add("a", 0) is True
    with pytest.raises(ValueError, match="'a'"):
        unreachable.incr("a")


@pytest.mark.redis
def test_a_cache_that_is_up_remembers(redis_url):
    cache = ForgivingRedisCache(redis_url, {"OPTIONS": {"socket_timeout": 1}})
    cache.set("a", {"é": [1]})
    cache.set_many({"b": 2}, 60)
    assert cache.get("a") == {"é": [1]}
    assert cache.get_many(["a", "b"])["b"] == 2
    assert "b" in cache
    assert cache.delete("a")
    assert cache.get("a") is None
    # Its own close() keeps connections for the next request.
    for pool in cache._cache._pools.values():
        pool.disconnect()
