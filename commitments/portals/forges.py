"""What the forge says of a repository: its licence, whether it is archived, when it was last worked on.

GitHub is known by its name; any other host is asked as a GitLab, and left alone when it answers as none. A token is
sent to the forge it was given for and to no one else. A quota used up, or a refusal, is no observation of these facts:
those known before stand for a month, the repository's own stay.

===================  ===========================================================================================
``forge``            ``github`` or ``gitlab``
``license``          SPDX id as the forge gives it; ``none`` without licence; ``NOASSERTION`` when it knows it not
``archived``         true or false
``last_activity``    month, as « 2026-11 »: a day would change the facts at each commit, and tell no more
``renamed_to``       the repository's address today, when it is another one
``forge_on``         day of the answer
===================  ===========================================================================================
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

import orjson

from commitments.findings import Facts
from commitments.portals.door import Answer, Door
from commitments.portals.memory import REFRESHED

FORGE_FACTS = ("forge", "license", "archived", "last_activity", "renamed_to", "forge_on")
KNOWN_FOR = 31
"""Days for which what a forge said stands when it no longer says anything."""
EVIDENCE = 256 * 1024
GITHUB_SPEAKS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


@dataclass(frozen=True)
class Said:
    """``facts`` is None when nothing was learned. ``absent``: the forge knows no such public repository.
    ``group``: the address is that of a group of repositories. ``etag`` is None when the one known still stands."""

    facts: dict[str, Any] | None = None
    absent: bool = False
    group: bool = False
    etag: str | None = None
    evidence: bytes = b""


def carried(known: Facts) -> dict[str, Any]:
    """What a forge said before, among these facts."""
    return {name: known[name] for name in FORGE_FACTS if name in known}


class Forges:
    """``github`` maps a place (host, and port when it is said) to its API's address, ``tokens`` to its token."""

    def __init__(self, door: Door, *, github: Mapping[str, str], tokens: Mapping[str, str], today: date) -> None:
        self._door = door
        self._github = github
        self._tokens = tokens
        self._today = today
        self._used_up: set[str] = set()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def ask(self, origin: str, place: str, path: str, etag: str, known: Facts) -> Said:
        """What the forge of ``origin`` (scheme and place) says; ``etag`` stood for the facts ``known``."""
        if place in self._github:
            said = await self._ask_github(self._github[place].rstrip("/"), place, path, etag, known)
        else:
            said = await self._ask_gitlab(origin, place, path, etag, known)
        if said.facts is not None or said.absent or said.group:
            return said
        return Said(self._still(known))

    async def _ask_github(self, api: str, place: str, path: str, etag: str, known: Facts) -> Said:
        headers = dict(GITHUB_SPEAKS)
        if token := self._token(place, api):
            headers["Authorization"] = f"Bearer {token}"
        url = f"{api}/repos/{quote(path)}"
        answer = await self._get(api, url, headers, etag if known.get("forge") == "github" else "")
        if answer.status == 304 and known:
            return Said(carried(known) | {"forge_on": self._on(known)})
        if answer.status == 404 and not answer.cause and _json(answer) is not None:
            return Said(absent=True, evidence=answer.body[:EVIDENCE])
        body = _json(answer) if answer.status == 200 and not answer.cause else None
        name = _text(body, "full_name")
        if body is None or not name or not isinstance(body.get("archived"), bool):
            return Said()
        licence = body.get("license")
        return self._read(
            answer,
            known,
            forge="github",
            license=(_text(licence, "spdx_id") or "NOASSERTION") if isinstance(licence, dict) else "none",
            archived=body["archived"],
            last_activity=_month(body.get("pushed_at")),
            renamed_to=_web(body.get("html_url")) if name.lower() != path.lower() else None,
        )

    async def _ask_gitlab(self, origin: str, place: str, path: str, etag: str, known: Facts) -> Said:
        headers = {"Accept": "application/json"}
        if token := self._token(place, origin):
            headers["PRIVATE-TOKEN"] = token
        url = f"{origin}/api/v4/projects/{quote(path, safe='')}?license=true"
        answer = await self._get(origin, url, headers, etag if known.get("forge") == "gitlab" else "")
        if answer.status == 304 and known:
            return Said(carried(known) | {"forge_on": self._on(known)})
        body = _json(answer) if not answer.cause else None
        if body is None:
            return Said()
        if answer.status == 404 and _text(body, "message"):
            group = await self._get(origin, f"{origin}/api/v4/groups/{quote(path, safe='')}", headers, "")
            is_group = group.status == 200 and bool(_text(_json(group), "full_path"))
            return Said(absent=not is_group, group=is_group, evidence=answer.body[:EVIDENCE])
        name = _text(body, "path_with_namespace")
        if answer.status != 200 or not name:
            return Said()
        more: dict[str, Any] = {}
        if "license" in body:
            licence = body["license"]
            more["license"] = (_text(licence, "key") or "NOASSERTION") if isinstance(licence, dict) else "none"
            if more["license"] == "other":
                more["license"] = "NOASSERTION"
        if isinstance(body.get("archived"), bool):
            more["archived"] = body["archived"]
        return self._read(
            answer,
            known,
            forge="gitlab",
            last_activity=_month(body.get("last_activity_at")),
            renamed_to=_web(body.get("web_url")) if name.lower() != path.lower() else None,
            **more,
        )

    async def _get(self, api: str, url: str, headers: Mapping[str, str], etag: str) -> Answer:
        """One request, unless the quota of this API is used up for the batch.

        One at a time for each API: an answer says what is left before the next question goes out.
        """
        async with self._turns[api]:
            if api in self._used_up:
                return Answer(url=url, cause="http_429")
            answer = await self._door.get(url, headers=headers, etag=etag)
            left = answer.headers.get("x-ratelimit-remaining", answer.headers.get("ratelimit-remaining", ""))
            if answer.status == 429 or left.strip() == "0":
                self._used_up.add(api)
            return answer

    def _token(self, place: str, api: str) -> str:
        """The forge's token, over https only unless the operator named the place."""
        safe = api.startswith("https://") or self._door.is_exception(api)
        return self._tokens.get(place, "") if safe else ""

    def _read(self, answer: Answer, known: Facts, **facts: Any) -> Said:
        etag = answer.headers.get("etag", "")
        return Said(
            {**facts, "forge_on": self._on(known)},
            etag=etag if len(etag) <= 200 else "",
            evidence=answer.body[:EVIDENCE],
        )

    def _on(self, known: Facts) -> str:
        """The day to keep: that of the last answer while it is recent, so that the same facts stay the same."""
        age = self._age(known)
        return str(known["forge_on"]) if age is not None and 0 <= age <= REFRESHED else self._today.isoformat()

    def _still(self, known: Facts) -> dict[str, Any] | None:
        """What was known, while it is not too old; nothing at all after that."""
        age = self._age(known)
        if age is None:
            return None
        return carried(known) if 0 <= age <= KNOWN_FOR else {}

    def _age(self, known: Facts) -> int | None:
        try:
            return (self._today - date.fromisoformat(known["forge_on"])).days
        except (KeyError, TypeError, ValueError):
            return None


def _json(answer: Answer) -> dict[str, Any] | None:
    try:
        content = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return None
    return content if isinstance(content, dict) else None


def _text(holder: object, name: str) -> str:
    value = holder.get(name) if isinstance(holder, dict) else None
    return value.replace("\0", "").encode("utf-8", "replace").decode()[:300] if isinstance(value, str) else ""


def _web(value: object) -> str | None:
    return value[:1000] if isinstance(value, str) and value.startswith(("https://", "http://")) else None


def _month(value: object) -> str | None:
    """The month of an ISO moment."""
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()[:7] if isinstance(value, str) else None
    except ValueError:
        return None
