"""Does Software Heritage hold a copy of a repository? For information: no criterion rests on it."""

from __future__ import annotations

from urllib.parse import quote

from commitments.portals.door import Door

ARCHIVE = "https://archive.softwareheritage.org"


async def archived(door: Door, url: str, archive: str = ARCHIVE) -> bool | None:
    """True or false as the archive says of this very address; None when it says nothing (quota, outage)."""
    answer = await door.get(
        f"{archive.rstrip('/')}/api/1/origin/{quote(url, safe=':/')}/get/", headers={"Accept": "application/json"}
    )
    if answer.cause or "json" not in answer.headers.get("content-type", ""):
        return None
    return {200: True, 404: False}.get(answer.status)
