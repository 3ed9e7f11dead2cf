"""Asks portals what they show of many addresses at once.

Portals know no table, no rule and no setting: what they need is given, what they return are values.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from commitments.findings import Facts, Outcome, Sighting
from commitments.portals.addresses import ASKABLE, DATASERVICE, DATASET, GIT, URL, AddressError, parse
from commitments.portals.causes import Cause

if TYPE_CHECKING:
    from commitments.portals.door import Door, DoorSettings
    from commitments.portals.guard import Lookup

__all__ = ["ASKABLE", "AskSettings", "Target", "ask"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Target:
    """One thing to look at. ``key`` is the caller's own (a row's id), unique in a batch.

    ``facts`` are the last ones known of it: what a « not modified » answer repeats (``etag`` is sent only with them),
    and the memory without which a file that fails is never confirmed. ``probe``: look beyond the record, at its files,
    its documentation, its forge; once a day is enough. ``heritage``: ask Software Heritage; once a week is enough.
    What is not asked is repeated from ``facts``.
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
    on_sighting: Callable[[Target, Sighting], None] | None = None,
) -> dict[Hashable, Sighting]:
    """One sighting for each target, whatever happens to the others; ``on_sighting`` is called as they come.

    Within the batch, a host that asks for a pause or fails 20 times in a row is not asked again: what remains of
    it gets « no observation », cause ``host_backoff``, with the wait asked for. Records are all asked before any file
    is, so that a server of files that complains costs no record its turn. ``lookup`` replaces the name service.
    """
    # Pages import this package for its addresses: only who asks pays for the network library.
    from commitments.portals.door import Door

    async with Door(door_settings, lookup=lookup) as door:
        looking = _Looking(door, base_url, settings or AskSettings())
        sightings: dict[Hashable, Sighting] = {}

        async def first(target: Target) -> None:
            sightings[target.key] = sighting = await looking.record(target)
            if on_sighting and not _goes_on(target, sighting):
                on_sighting(target, sighting)

        async def beyond(target: Target) -> None:
            sightings[target.key] = sighting = await looking.beyond(target, sightings[target.key])
            if on_sighting:
                on_sighting(target, sighting)

        await asyncio.gather(*(first(target) for target in targets))
        await asyncio.gather(*(beyond(target) for target in targets if _goes_on(target, sightings[target.key])))
        return {target.key: sightings[target.key] for target in targets}


def _goes_on(target: Target, sighting: Sighting) -> bool:
    return (target.probe or target.heritage) and sighting.outcome is Outcome.FOUND


class _Looking:
    """One batch: how each kind of target is looked at."""

    def __init__(self, door: Door, base_url: str, settings: AskSettings) -> None:
        from commitments.portals.datagouv import DataGouv
        from commitments.portals.forges import Forges
        from commitments.portals.git import Git
        from commitments.portals.naming import Namer
        from commitments.portals.probing import Prober

        self._door = door
        self._base_url = base_url
        self._settings = settings
        self._today = settings.today or datetime.now(UTC).date()
        self._portal = DataGouv(door, base_url)
        self._namer = Namer(self._portal)
        until = time.monotonic() + settings.seconds
        self._prober = Prober(door, base_url, today=self._today, until=until, size=settings.files)
        self._git = Git(door, Forges(door, github=settings.github, tokens=settings.tokens, today=self._today))

    async def record(self, target: Target) -> Sighting:
        """What the place itself answers."""
        try:
            return await self._record(target)
        except AddressError as error:
            return Sighting.none(Cause.BAD_ADDRESS, str(error), url=target.url)
        except Exception:
            # A record that our reader can't bear is our fault: it must not cost the others their turn.
            log.exception("unforeseen failure on %s", target.url or target.identifier)
            return Sighting.none(Cause.INTERNAL, Cause.INTERNAL.sentence, url=target.url)

    async def _record(self, target: Target) -> Sighting:
        from commitments.portals import web

        if target.portal == GIT:
            return await self._git.look(target.url, etag=target.etag, facts=target.facts, probe=target.probe)
        if target.portal == URL:
            return await web.look(self._door, target.url, self._base_url)
        if target.portal not in ASKABLE:
            return Sighting.none(Cause.UNKNOWN_PORTAL, Cause.UNKNOWN_PORTAL.sentence, url=target.url)
        identifier = parse(target.portal, target.identifier, target.url)
        method = self._portal.dataset if target.portal == DATASET else self._portal.dataservice
        sighting = await method(identifier, etag=target.etag, facts=target.facts)
        named = await self._namer.facts(target.portal, identifier, target.url, target.facts, sighting)
        sighting = _with(sighting, named)
        same = sighting.outcome is Outcome.FOUND and sighting.facts.get("id") == target.facts.get("id")
        return _with(sighting, _carried(target.facts, sighting.facts)) if same else sighting

    async def beyond(self, target: Target, sighting: Sighting) -> Sighting:
        """The same sighting, with what was looked at beyond the record; as it was when that fails."""
        try:
            return _with(sighting, await self._beyond(target, sighting))
        except Exception:
            log.exception("unforeseen failure beyond %s", target.url or target.identifier)
            return sighting

    async def _beyond(self, target: Target, sighting: Sighting) -> dict[str, Any]:
        from commitments.portals import documentation, heritage
        from commitments.portals.probing import NO_FILE

        if target.portal == DATASET and target.probe:
            if sighting.facts.get("resources_total") == 0:
                return {"probes": NO_FILE}
            probes = await self._prober.probes(sighting.identifier, sighting.facts.get("probes"))
            return {} if probes is None else {"probes": probes}
        if target.portal == DATASERVICE and target.probe:
            before = sighting.facts.get("documentation")
            found = await documentation.documentation(self._door, sighting.facts, before, self._today)
            return {"documentation": found}
        if target.portal == GIT and target.heritage:
            archived = await heritage.archived(self._door, sighting.url, self._settings.heritage)
            return {} if archived is None else {"archived_at_swh": archived}
        return {}


# What is looked at beyond a record, hence less often than it.
BEYOND = ("probes", "documentation")


ADDRESS = "machine_documentation_url"


def _carried(known: Facts, found: Facts) -> dict[str, Any]:
    """What was seen beyond the same record before; the documentation, only at the same address."""
    carried = {name: known[name] for name in BEYOND if known.get(name) is not None}
    if known.get(ADDRESS) != found.get(ADDRESS):
        carried.pop("documentation", None)
    return carried


def _with(sighting: Sighting, more: Mapping[str, Any]) -> Sighting:
    return replace(sighting, facts={**sighting.facts, **more}) if more else sighting
