"""``Retry-After``, as servers really write it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 24 * 3600


def seconds(value: str, date_header: str = "") -> int | None:
    """The wait asked for, in seconds, between 0 and 24 h; None when the header is absent or unreadable.

    A date is counted from the answer's own ``Date`` when it has one: the server's clock, not ours, is the one
    that wrote it.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        # Nine digits are decades: past that, int() itself refuses absurd lengths.
        return LONGEST if len(value) > 9 else min(int(value), LONGEST)
    until = _date(value)
    if until is None:
        return None
    now = _date(date_header) or datetime.now(UTC)
    return max(0, min(int((until - now).total_seconds()), LONGEST))


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
