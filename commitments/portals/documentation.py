"""An API's documentation, really fetched: the machine one read as OpenAPI, the technical one as a page that answers.

Its facts, under ``documentation``:

``fetched``   true: read as OpenAPI; false: its address gives no such document (404, or a page for people); None:
              nothing was observed, or no such address is given
``openapi``   version, as « 3.0.3 »; None when none was read
``paths``     how many; 0 when none was read
``title``     of the document, or of the page
``page``      true when a page for people answers; None when not observed
``state``     answers, failing, failed, unknown (see ``memory``): one 404 alone is not believed
``on``        day of the try that it comes from
``cause``     why nothing was observed, a code
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

from commitments.portals import causes, htmlpages, openapi
from commitments.portals.causes import Cause
from commitments.portals.door import Answer, Door
from commitments.portals.memory import State, Told, after

ACCEPT = "application/vnd.oai.openapi+json, application/json, application/yaml;q=0.9, text/yaml;q=0.9, */*;q=0.5"
PAGE_BYTES = 64 * 1024

Part = tuple[State, dict[str, Any]]


async def documentation(door: Door, record: Mapping[str, Any], before: object, today: date) -> dict[str, Any] | None:
    """What the two addresses of an API's record give; None when it has neither."""
    machine, technical = record.get("machine_documentation_url"), record.get("technical_documentation_url")
    if not machine and not technical:
        return None
    parts: list[Part] = []
    if machine:
        parts.append(await _machine(door, str(machine)))
    if technical and not (parts and parts[0][0] is State.ANSWERS):
        parts.append(await _technical(door, str(technical)))
    return settled(parts, before, today)


def settled(parts: list[Part], before: object, today: date) -> dict[str, Any]:
    """One answer from those of each address, remembering the last one when today's try gave nothing. Pure."""
    known = before if isinstance(before, dict) else {}
    last = Told.read(known)
    first = parts[0]
    if first[0] is State.UNKNOWN and known.get("fetched") is True and last.stands(today):
        return known
    states = {state for state, _ in parts}
    now = next((state for state in (State.ANSWERS, State.UNKNOWN) if state in states), State.FAILED)
    told = after(now, last, today)
    if now is State.UNKNOWN and told.state is not State.UNKNOWN:
        return known
    found = next((part for state, part in parts if state is now), {})
    # That the machine's address gives no OpenAPI is worth saying, even when a page for people makes up for it.
    found = {**found, "fetched": found.get("fetched", first[1].get("fetched"))}
    return {**NOTHING, **found, "state": str(told.state), "on": told.on.isoformat() if told.on else None}


NOTHING: dict[str, Any] = {"fetched": None, "openapi": None, "paths": 0, "title": None, "page": None, "cause": ""}


async def _machine(door: Door, url: str) -> Part:
    answer = await door.get(url, headers={"Accept": ACCEPT}, max_bytes=openapi.MAX_BYTES)
    if answer.cause or not 200 <= answer.status < 300:
        return _failure(answer, fetched=False)
    if htmlpages.is_page(answer):
        return _page(answer, fetched=False)
    # A large YAML takes a second to read: not on the loop that serves the whole batch.
    document = await asyncio.to_thread(openapi.read, answer.body)
    if document is None:
        return State.UNKNOWN, {"cause": str(Cause.NOT_DOCUMENTATION)}
    read = {"fetched": True, "openapi": document.version, "paths": document.paths, "title": document.title}
    return State.ANSWERS, read


async def _technical(door: Door, url: str) -> Part:
    answer = await door.get(url, first_bytes=PAGE_BYTES)
    if answer.cause or not 200 <= answer.status < 300:
        return _failure(answer)
    if not htmlpages.is_page(answer):  # a PDF, most often
        return State.ANSWERS, {"page": True}
    return _page(answer)


def _page(answer: Answer, **more: Any) -> Part:
    if htmlpages.stands_in_the_way(answer):
        return State.UNKNOWN, {"cause": str(Cause.BLOCKING_PAGE)}
    return State.ANSWERS, {"page": True, "title": htmlpages.title(answer), **more}


def _failure(answer: Answer, **more: Any) -> Part:
    if not answer.cause and answer.status in (404, 410):
        return State.FAILED, more
    return State.UNKNOWN, {"cause": answer.cause or str(causes.of_status(answer.status)[0])}
