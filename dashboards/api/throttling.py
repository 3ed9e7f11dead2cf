"""A lenient limit for each address: so many answers a minute. A cache that is down lets everyone in."""

from __future__ import annotations

import time
from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle

from ministries.tries import tried


class PerAddress(AnonRateThrottle):
    """A counter a window of time, rather than the time of every request: one small value in the cache."""

    duration: int
    num_requests: int
    remaining: float = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        key = self.get_cache_key(request, view)
        if key is None or self.rate is None:
            return True
        now = time.time()
        window = int(now // self.duration)
        self.remaining = self.duration - now % self.duration
        key = f"{key}_{window}"
        return tried(key, seconds=self.duration) <= self.num_requests

    def wait(self) -> float:
        return self.remaining
