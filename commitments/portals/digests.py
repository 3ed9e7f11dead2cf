"""The fingerprint that tells an unchanged record from a changed one."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

VOLATILE = frozenset({"metrics", "score", "update_fulfilled_in_time", "permissions", "quality"})
"""Keys that move without the record changing. Our portals drop them already; this holds whoever adds one."""


OF_A_REPOSITORY = frozenset({"head", "refs", "forge_on"})
OF_A_PAGE = frozenset({"title", "final_url", "moved_to_record"})
OF_A_TRY = frozenset({"on", "cause"})
"""What changes with each commit, each visit or each day, of things that stay the same."""


def digest(facts: Mapping[str, Any]) -> str:
    """64 hexadecimal digits, the same whatever the order of keys."""
    volatile = VOLATILE
    if "commits" in facts:
        volatile |= OF_A_REPOSITORY
    if "reachable" in facts:
        volatile |= OF_A_PAGE
    lasting = {name: fact for name, fact in facts.items() if name not in volatile}
    if isinstance(probes := facts.get("probes"), Mapping):
        lasting["probes"] = _of_probes(probes)
    if isinstance(documentation := facts.get("documentation"), Mapping):
        lasting["documentation"] = {name: fact for name, fact in documentation.items() if name not in OF_A_TRY}
    return blake2b(orjson.dumps(lasting, option=orjson.OPT_SORT_KEYS), digest_size=32).hexdigest()


def _of_probes(probes: Mapping[str, Any]) -> dict[str, Any]:
    """Which files fail, and whether all those tried answer: not which ones were drawn, nor how many were not seen."""
    return {
        "failed": probes.get("failed"),
        "failing": probes.get("failing"),
        "all_answer": probes.get("answered") == probes.get("tried"),
    }
