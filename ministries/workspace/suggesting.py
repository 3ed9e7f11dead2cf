"""Records of the portal that may be what was promised, asked for while the agent waits: bounded, never believed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from commitments.findings import Kind
from commitments.polling import door_settings
from commitments.portals.door import Answer, Door

SECONDS = 6.0
MOST = 6
ROUTES = {
    Kind.API: ("/api/1/dataservices/", "data{id,title,self_web_url,organization{name}}"),
    Kind.DATASET: ("/api/2/datasets/search/", "data{id,title,page,organization{name}}"),
}


class Unreachable(Exception):
    """The portal gave nothing that can be read: the message says so in French."""


@dataclass(frozen=True)
class Suggestion:
    title: str
    organization: str
    url: str


def suggest(words: str, kind: str, *, portal: str = "") -> list[Suggestion]:
    """What the portal's own search answers to these words. Raises Unreachable."""
    words = " ".join(words.split())[:200]
    if not words:
        return []
    portal = (portal or settings.DATAGOUV_URL).rstrip("/")
    route, fields = ROUTES[Kind.API if kind == Kind.API else Kind.DATASET]
    answer = asyncio.run(_ask(f"{portal}{route}?{urlencode({'q': words, 'page_size': MOST})}", fields, portal))
    if answer.cause or answer.status != 200:
        raise Unreachable("Le portail ne répond pas : écrivez l'adresse vous-même, le robot ira voir.")
    try:
        rows = json.loads(answer.body)["data"]
        return [one for row in rows[:MOST] if (one := _read(row)) is not None]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unreachable("La réponse du portail ne se lit pas : écrivez l'adresse vous-même.") from None


async def _ask(url: str, fields: str, portal: str) -> Answer:
    async with Door(replace(door_settings(portal), total=SECONDS)) as door:
        return await door.get(url, headers={"Accept": "application/json", "X-Fields": fields}, max_bytes=500_000)


def _read(row: Mapping[str, Any]) -> Suggestion | None:
    url = row.get("page") or row.get("self_web_url")
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        return None
    organization = row.get("organization") or {}
    return Suggestion(str(row.get("title") or url)[:300], str(organization.get("name") or "")[:200], url)
