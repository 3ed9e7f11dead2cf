"""Beside the record itself: whom its known address names today, and whether its publisher still exists.

The id is what is followed; the address that people know, a slug, may have gone to another record, and an organisation
may be deleted while its records stay. Both are asked only when there is a reason to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commitments.findings import Facts, Outcome, Sighting
from commitments.portals.addresses import AddressError, is_identifier, parse
from commitments.portals.datagouv import DataGouv


class Namer:
    """One batch: an organisation is asked once, whatever the number of its records."""

    def __init__(self, portal: DataGouv) -> None:
        self._portal = portal
        self._deleted: dict[str, bool | None] = {}

    async def facts(self, kind: str, identifier: str, url: str, known: Facts, sighting: Sighting) -> dict[str, Any]:
        """Facts to add to a definitive sighting of a record asked by its id: empty when nothing is to be told.

        ``address_names``: {id, title} of the record that the known address names, when it is another one.
        ``organization_deleted``: true when the portal says that the publisher was deleted.
        """
        if not sighting.outcome.definitive or not is_identifier(identifier):
            return {}
        more: dict[str, Any] = {}
        other = await self._named(kind, identifier, url, sighting)
        if other is not None:
            more["address_names"] = other
            if sighting.outcome is not Outcome.FOUND and known.get("title"):
                more["title"] = known["title"]
        publisher = sighting.facts.get("organization_id")
        if isinstance(publisher, str) and await self._was_deleted(publisher):
            more["organization_deleted"] = True
        return more

    async def _named(self, kind: str, identifier: str, url: str, sighting: Sighting) -> Mapping[str, str] | None:
        try:
            slug = parse(kind, "", url)
        except AddressError:
            return None
        if is_identifier(slug) or slug == sighting.facts.get("slug"):
            return None
        found = await self._portal.record(kind, slug)
        if found.outcome is not Outcome.FOUND or found.identifier in ("", identifier):
            return None
        return {"id": found.identifier, "title": str(found.facts.get("title") or "")[:350]}

    async def _was_deleted(self, organization: str) -> bool:
        if organization not in self._deleted:
            # Taken before the answer comes: twenty records of one publisher ask together.
            self._deleted[organization] = None
            self._deleted[organization] = await self._portal.organization_deleted(organization)
        return self._deleted[organization] is True
