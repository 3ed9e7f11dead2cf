"""The fingerprint that tells an unchanged record from a changed one."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

VOLATILE = frozenset({"metrics", "score", "update_fulfilled_in_time", "permissions", "quality"})
"""Keys that move without the record changing. Our portals drop them already; this holds whoever adds one."""


def digest(facts: Mapping[str, Any]) -> str:
    """64 hexadecimal digits, the same whatever the order of keys."""
    lasting = {name: fact for name, fact in facts.items() if name not in VOLATILE}
    return blake2b(orjson.dumps(lasting, option=orjson.OPT_SORT_KEYS), digest_size=32).hexdigest()
