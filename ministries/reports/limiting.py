"""How often one place may write, without knowing who: a keyed hash of its address, whose key changes every day.

The key is made of the site's secret and of the day: who has not the secret learns nothing from a hash, and who has it
finds none that is older than an hour. A cache that is down lets people write: what one promise may hold unread is
bounded apart.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from datetime import datetime

from django.conf import settings
from django.core.cache import cache

logger = logging.getLogger(__name__)

AN_HOUR = 5
"""Reports that one place may send in an hour."""
EVERYWHERE = 200
"""Reports that the whole site takes in an hour."""


def place(address: str, now: datetime) -> str:
    """The day's mark of an address. Pure but for the secret key."""
    key = f"{settings.SECRET_KEY}·signalement·{now.date().isoformat()}".encode()
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()[:32]


def too_often(address: str, now: datetime) -> bool:
    """Count one more report from there, and say whether that is too many."""
    hour = now.strftime("%Y%m%d%H")
    limits = {f"report-{place(address, now)}-{hour}": AN_HOUR, f"report-all-{hour}": EVERYWHERE}
    try:
        return any(_count(key) > limit for key, limit in limits.items())
    except Exception as error:  # whatever the cache raises, people may write
        logger.warning("the count of reports is out of reach: %s", type(error).__name__)
        return False


def _count(key: str) -> int:
    return 1 if cache.add(key, 1, 3600) else int(cache.incr(key))
