"""Asks portals what they show of many addresses at once.

Portals know no table, no rule and no setting: what they need is given, what they return are values.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from commitments.findings import Facts, Sighting
from commitments.portals.addresses import ASKABLE

if TYPE_CHECKING:
    from commitments.portals.door import DoorSettings
    from commitments.portals.guard import Lookup

__all__ = ["ASKABLE", "AskSettings", "Target", "ask"]


@dataclass(frozen=True)
class Target:
    """One thing to look at. ``key`` is the caller's own (a row's id), unique in a batch.

    ``facts`` are the last ones known of it: what a « not modified » answer repeats (``etag`` is sent only with them),
    the publisher whose list may show it, and the memory without which a file that fails is never confirmed.
    ``probe``: look beyond the record, at its files, its documentation, its forge; once a day is enough. ``heritage``:
    ask Software Heritage; once a week is enough. What is not asked is repeated from ``facts``.
    """

    key: Hashable
    portal: str
    identifier: str = ""
    url: str = ""
    etag: str = ""
    facts: Facts = field(default_factory=dict)
    probe: bool = False
    heritage: bool = False


@dataclass(frozen=True)
class AskSettings:
    """What an operator may decide of places other than the portal.

    ``github`` maps a place to the address of its API, ``tokens`` to a token, sent there and nowhere else. ``seconds``:
    how long after the beginning of a batch its last probe may begin. ``today`` dates the probes (UTC when not given).
    """

    github: Mapping[str, str] = field(default_factory=lambda: {"github.com": "https://api.github.com"})
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    heritage: str = "https://archive.softwareheritage.org"
    files: int = 5
    seconds: float = 240
    today: date | None = None


async def ask(
    targets: Sequence[Target],
    door_settings: DoorSettings,
    base_url: str,
    *,
    settings: AskSettings | None = None,
    lookup: Lookup | None = None,
    sent: Counter[str] | None = None,
    on_sighting: Callable[[Target, Sighting], None] | None = None,
) -> dict[Hashable, Sighting]:
    """One sighting for each target, whatever happens to the others; ``on_sighting`` is called as they come.

    Within the batch, a host that asks for a pause or fails 20 times in a row is not asked again: what remains of
    it gets « no observation », cause ``host_backoff``, with the wait asked for. Records that a list shows are not
    asked by themselves (see ``listing``). Records are all asked before any file is, so that a server of files that
    complains costs no record its turn. ``sent`` is filled with the requests really sent, by host; ``lookup`` replaces
    the name service.
    """
    # Pages import this package for its addresses: only who asks pays for the network library.
    from commitments.portals.door import Door
    from commitments.portals.looking import Looking

    async with Door(door_settings, lookup=lookup, sent=sent) as door:
        looking = Looking(door, base_url, settings or AskSettings())
        sightings: dict[Hashable, Sighting] = {}

        listed = await looking.listed(targets)

        async def first(target: Target) -> None:
            sightings[target.key] = sighting = await looking.record(target, listed.get(target.key))
            if on_sighting and not looking.goes_on(target, sighting):
                on_sighting(target, sighting)

        async def beyond(target: Target) -> None:
            sightings[target.key] = sighting = await looking.beyond(target, sightings[target.key])
            if on_sighting:
                on_sighting(target, sighting)

        await asyncio.gather(*(first(target) for target in targets))
        await asyncio.gather(*(beyond(target) for target in targets if looking.goes_on(target, sightings[target.key])))
        return {target.key: sightings[target.key] for target in targets}
