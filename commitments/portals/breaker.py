"""Leaves alone, for the rest of a batch, a host that asks for a pause or no longer answers."""

from __future__ import annotations

from commitments.portals.causes import Cause

IN_A_ROW = 20
ON_THE_WAY = frozenset(
    {
        Cause.TIMEOUT_CONNECT,
        Cause.TIMEOUT_READ,
        Cause.TIMEOUT_TOTAL,
        Cause.DNS,
        Cause.TLS,
        Cause.REFUSED_CONNECTION,
        Cause.UNREACHABLE,
        Cause.RESET,
        Cause.PROXY,
    }
)


class Breaker:
    """One a door: it knows no clock, since a door lives for one batch and the next batch asks again."""

    def __init__(self) -> None:
        self._troubles: dict[str, int] = {}
        self._closed: dict[str, int | None] = {}

    def is_closed(self, place: str) -> bool:
        return place in self._closed

    def wait_of(self, place: str) -> int | None:
        """What the host asked for, in seconds, when it said so."""
        return self._closed.get(place)

    def note(self, place: str, *, status: int, cause: str, retry_after: int | None) -> None:
        """Take one answer of this host into account."""
        if status == 429 and retry_after is not None:
            self._closed[place] = retry_after
        elif cause in ON_THE_WAY or status == 429 or status >= 500:
            self._troubles[place] = self._troubles.get(place, 0) + 1
            if self._troubles[place] >= IN_A_ROW:
                self._closed.setdefault(place, retry_after)
        elif status:
            self._troubles[place] = 0
