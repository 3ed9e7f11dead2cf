"""One sighting of a repository, of its forge and of its archived copy, on a loopback."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from commitments.findings import Facts, Sighting
from commitments.portals import AskSettings, Target, ask
from tests.commitments.portals.helpers import names, settings
from tests.portal.server import Portal

DAY = date(2026, 11, 24)


def look(
    forge: Portal,
    url: str,
    *,
    api: Portal | None = None,
    probe: bool = True,
    heritage: bool = False,
    facts: Facts | None = None,
    etag: str = "",
    day: date = DAY,
    token: str = "",
    **changes: Any,
) -> Sighting:
    """One sighting of a repository; ``api`` makes its place a GitHub."""
    place = urlsplit(forge.url).netloc
    asking = AskSettings(
        github={place: api.url} if api else {},
        tokens={place: token} if token else {},
        heritage=(api or forge).url,
        today=day,
    )
    target = Target("only", "git", url=url, facts=facts or {}, etag=etag, probe=probe, heritage=heritage)
    trusted = [forge.url, *([api.url] if api else [])]
    door = settings(*trusted, **changes)
    return asyncio.run(ask([target], door, forge.url, settings=asking, lookup=names()))["only"]
