"""Asks portals what they show of many addresses at once.

Portals know no table, no rule and no setting: what they need is given, what they return are values.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from commitments.findings import Facts, Sighting
from commitments.portals.addresses import ASKABLE, DATASET, AddressError, parse
from commitments.portals.causes import Cause

if TYPE_CHECKING:
    from commitments.portals.datagouv import DataGouv
    from commitments.portals.door import DoorSettings

__all__ = ["ASKABLE", "Target", "ask"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Target:
    """One thing to look at. ``key`` is the caller's own (a row's id), unique in a batch.

    ``etag`` is sent only with ``facts``, those it stood for: they are what a « not modified » answer repeats.
    """

    key: Hashable
    portal: str
    identifier: str = ""
    url: str = ""
    etag: str = ""
    facts: Facts = field(default_factory=dict)


async def ask(
    targets: Sequence[Target],
    door_settings: DoorSettings,
    base_url: str,
    *,
    on_sighting: Callable[[Target, Sighting], None] | None = None,
) -> dict[Hashable, Sighting]:
    """One sighting for each target, whatever happens to the others; ``on_sighting`` is called as they come.

    Within the batch, a host that asks for a pause or fails 20 times in a row is not asked again: what remains of
    it gets « no observation », cause ``host_backoff``, with the wait asked for.
    """
    # Pages import this package for its addresses: only who asks pays for the network library.
    from commitments.portals.datagouv import DataGouv
    from commitments.portals.door import Door

    async with Door(door_settings) as door:
        portal = DataGouv(door, base_url)

        async def one(target: Target) -> tuple[Hashable, Sighting]:
            sighting = await _sighting(portal, target)
            if on_sighting:
                on_sighting(target, sighting)
            return target.key, sighting

        return dict(await asyncio.gather(*(one(target) for target in targets)))


async def _sighting(portal: DataGouv, target: Target) -> Sighting:
    if target.portal not in ASKABLE:
        return Sighting.none(Cause.UNKNOWN_PORTAL, Cause.UNKNOWN_PORTAL.sentence, url=target.url)
    try:
        identifier = parse(target.portal, target.identifier, target.url)
        method = portal.dataset if target.portal == DATASET else portal.dataservice
        return await method(identifier, etag=target.etag, facts=target.facts)
    except AddressError as error:
        return Sighting.none(Cause.BAD_ADDRESS, str(error), url=target.url)
    except Exception:
        # A record that our reader can't bear is our fault: it must not cost the others their turn.
        log.exception("unforeseen failure on %s", target.url or target.identifier)
        return Sighting.none(Cause.INTERNAL, Cause.INTERNAL.sentence, url=target.url)
