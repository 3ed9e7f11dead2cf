"""How often one place may write, without knowing who: a keyed hash of its address, whose key changes every day.

The key is made of the site's secret and of the day: who has not the secret learns nothing from a hash, and who has it
finds none that is older than an hour. A cache that is down lets people write: what one promise may hold unread is
bounded apart.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from django.conf import settings

from ministries.tries import tried

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
    return any(tried(key, seconds=3600) > limit for key, limit in limits.items())
