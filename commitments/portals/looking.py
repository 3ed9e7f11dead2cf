"""How each kind of target of a batch is looked at: in its publisher's list, by itself, then beyond its record."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from commitments.findings import Facts, Outcome, Sighting
from commitments.portals import AskSettings, Target, documentation, heritage, listing, web
from commitments.portals.addresses import (
    ASKABLE,
    DATASERVICE,
    DATASET,
    GIT,
    URL,
    AddressError,
    is_identifier,
    parse,
)
from commitments.portals.causes import Cause
from commitments.portals.datagouv import DataGouv
from commitments.portals.door import Door
from commitments.portals.forges import Forges
from commitments.portals.git import Git
from commitments.portals.naming import Namer
from commitments.portals.probing import NO_FILE, Prober

log = logging.getLogger(__name__)

RECORDS = (DATASET, DATASERVICE)
# What is looked at beyond a record, hence less often than it.
BEYOND = ("probes", "documentation")
ADDRESS = "machine_documentation_url"


class Looking:
    """One batch: how each kind of target is looked at."""

    def __init__(self, door: Door, base_url: str, settings: AskSettings) -> None:
        self._door = door
        self._base_url = base_url
        self._settings = settings
        self._today = settings.today or datetime.now(UTC).date()
        self._portal = DataGouv(door, base_url)
        self._namer = Namer(self._portal)
        until = time.monotonic() + settings.seconds
        self._prober = Prober(door, base_url, today=self._today, until=until, size=settings.files)
        self._git = Git(door, Forges(door, github=settings.github, tokens=settings.tokens, today=self._today))

    @staticmethod
    def goes_on(target: Target, sighting: Sighting) -> bool:
        """Whether there is something to look at beyond the record."""
        return (target.probe or target.heritage) and sighting.outcome is Outcome.FOUND

    async def listed(self, targets: Sequence[Target]) -> dict[Hashable, Sighting]:
        """What the lists of their publishers show of these targets, by key; empty when they show nothing."""
        groups: defaultdict[tuple[str, str], defaultdict[str, list[Hashable]]] = defaultdict(lambda: defaultdict(list))
        for target in targets:
            identifier, publisher = target.identifier.strip().lower(), target.facts.get("organization_id")
            if target.portal in RECORDS and is_identifier(identifier) and is_identifier(str(publisher)):
                groups[target.portal, str(publisher)][identifier].append(target.key)

        async def read(kind: str, publisher: str, keys: Mapping[str, Sequence[Hashable]]) -> dict[Hashable, Sighting]:
            try:
                found = await listing.shown(self._portal, kind, publisher, keys)
            except Exception:
                log.exception("unforeseen failure on the list of %s", publisher)
                return {}
            return {key: sighting for identifier, sighting in found.items() for key in keys[identifier]}

        answers = await asyncio.gather(*(read(*group, keys) for group, keys in groups.items()))
        return {key: sighting for found in answers for key, sighting in found.items()}

    async def record(self, target: Target, listed: Sighting | None = None) -> Sighting:
        """What the place itself answers, or what was ``listed`` of it already."""
        try:
            return await self._record(target, listed)
        except AddressError as error:
            return Sighting.none(Cause.BAD_ADDRESS, str(error), url=target.url)
        except Exception:
            # A record that our reader can't bear is our fault: it must not cost the others their turn.
            log.exception("unforeseen failure on %s", target.url or target.identifier)
            return Sighting.none(Cause.INTERNAL, Cause.INTERNAL.sentence, url=target.url)

    async def _record(self, target: Target, listed: Sighting | None) -> Sighting:
        if target.portal == GIT:
            return await self._git.look(target.url, etag=target.etag, facts=target.facts, probe=target.probe)
        if target.portal == URL:
            return await web.look(self._door, target.url, self._base_url)
        if target.portal not in ASKABLE:
            return Sighting.none(Cause.UNKNOWN_PORTAL, Cause.UNKNOWN_PORTAL.sentence, url=target.url)
        identifier = parse(target.portal, target.identifier, target.url)
        sighting = listed or await self._portal.record(target.portal, identifier, etag=target.etag, facts=target.facts)
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
        if target.portal == DATASET and target.probe:
            if sighting.facts.get("resources_total") == 0:
                return {"probes": NO_FILE}
            probes = await self._prober.probes(sighting.identifier, sighting.facts.get("probes"))
            return {} if probes is None else {"probes": probes}
        if target.portal == DATASERVICE and target.probe:
            before = sighting.facts.get("documentation")
            found = await documentation.documentation(self._door, sighting.facts, before, self._today)
            return {"documentation": found}
        if target.portal == URL and target.probe and sighting.facts.get("moved_to"):
            return {"moved_to_record": await self._moved(sighting.facts["moved_to"], target.facts)}
        if target.portal == GIT and target.heritage:
            archived = await heritage.archived(self._door, sighting.url, self._settings.heritage)
            return {} if archived is None else {"archived_at_swh": archived}
        return {}

    async def _moved(self, address: str, known: Facts) -> Any:
        """Which record a page now leads to: asked once, then known."""
        if known.get("moved_to") == address and known.get("moved_to_record"):
            return known["moved_to_record"]
        named = web.named(address, self._base_url)
        found = await self._portal.record(*named) if named else None
        if not named or not found or found.outcome is not Outcome.FOUND:
            return None
        facts = found.facts
        return {
            **{name: facts[name] for name in ("id", "title", "organization_id", "organization_name")},
            "portal": named[0],
            "created_on": facts["created_at_internal"],
        }


def _carried(known: Facts, found: Facts) -> dict[str, Any]:
    """What was seen beyond the same record before; the documentation, only at the same address."""
    carried = {name: known[name] for name in BEYOND if known.get(name) is not None}
    if known.get(ADDRESS) != found.get(ADDRESS):
        carried.pop("documentation", None)
    return carried


def _with(sighting: Sighting, more: Mapping[str, Any]) -> Sighting:
    return replace(sighting, facts={**sighting.facts, **more}) if more else sighting
