"""Doors as tests open them: quick to give up, trusting nothing but the portal they are given."""

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
from tests.portal.server import Portal

QUICK = DoorSettings(user_agent="bothorel tests (+mailto:tests@example.org)", connect=0.5, read=0.3, total=0.6)


def settings(*origins: str, **changes: Any) -> DoorSettings:
    return replace(QUICK, trusted=frozenset(origins), **changes)


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


def look(base_url: str, portal: str, name: str, *, facts: Mapping[str, Any] | None = None, etag: str = "") -> Sighting:
    """One sighting, as the polling gets it."""
    target = Target("only", portal, name, facts=facts or {}, etag=etag)
    return asyncio.run(ask([target], settings(base_url, read=10, total=20), base_url))["only"]


def look_quickly(portal: Portal, name: str, kind: str = DATASET) -> Sighting:
    """The same, giving up soon: for faults."""
    return asyncio.run(ask([Target("only", kind, name)], settings(portal.url), portal.url))["only"]


__all__ = ["DATASERVICE", "DATASET", "QUICK", "get", "look", "look_quickly", "names", "settings"]
