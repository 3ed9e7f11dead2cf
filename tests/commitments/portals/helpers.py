"""Doors as tests open them: trusting nothing but the portal they are given; patient, as the machine may be busy.

Only who meets a server that never answers gives up soon.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from commitments.findings import Sighting
from commitments.portals import Target, ask
from commitments.portals.addresses import DATASERVICE, DATASET
from commitments.portals.door import Answer, Door, DoorSettings
from commitments.portals.guard import Lookup

PATIENT = DoorSettings(user_agent="bothorel tests (+mailto:tests@example.org)", connect=30, read=30, total=60)


def settings(*origins: str, **changes: Any) -> DoorSettings:
    return replace(PATIENT, trusted=frozenset(origins), **changes)


def patience(case: str) -> dict[str, float]:
    """What to give up after, in a case named « slow… »: more than a busy machine needs to answer anything else."""
    return {"read": 2} if case.startswith("slow") else {}


def get(url: str, door_settings: DoorSettings, *, lookup: Lookup | None = None, **options: Any) -> Answer:
    """One request through a door of its own."""

    async def once() -> Answer:
        async with Door(door_settings, lookup=lookup) as door:
            return await door.get(url, **options)

    return asyncio.run(once())


def names(**addresses: list[str] | OSError) -> Lookup:
    """A name service that knows these names (``_`` for ``.``), and no other."""

    async def lookup(host: str, port: int) -> list[str]:
        found = addresses.get(host.replace(".", "_"), OSError("unknown name"))
        if isinstance(found, OSError):
            raise found
        return found

    return lookup


def look(
    base_url: str, portal: str, name: str, *, facts: Mapping[str, Any] | None = None, etag: str = "", **changes: Any
) -> Sighting:
    """One sighting, as the polling gets it."""
    target = Target("only", portal, name, facts=facts or {}, etag=etag)
    return asyncio.run(ask([target], settings(base_url, **changes), base_url))["only"]


__all__ = ["DATASERVICE", "DATASET", "PATIENT", "get", "look", "names", "patience", "settings"]
