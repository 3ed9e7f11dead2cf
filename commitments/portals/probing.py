"""A dataset's files: do they answer? A bounded sample is tried, and said so.

A file is asked by HEAD first. HEAD is believed only when it is nice (a success, with a length or a date, and no web
page in the place of another format) and only for a file already seen to answer; else the first bytes are asked by
GET, and GET is what counts. So a server that refuses HEAD, or says by HEAD what it does not give, misleads nobody.

===============================================================  ==============================================
GET gives                                                        the file
===============================================================  ==============================================
2xx                                                              answers
404, 410                                                         fails; believed on a second day (see ``memory``)
2xx, a web page in the place of another format                   no observation
401, 403, 429, 5xx, any failure on the way, refused address…     no observation
===============================================================  ==============================================

The sample is the first main file listed and those of lowest fingerprint: the same ones day after day, whatever is
added to the list. Its facts, under ``probes``:

``tried``, ``total``  files tried, and main files listed by the portal
``answered``          how many of them answer
``failed``            titles of those that do not, two days at least
``failing``           titles of those that failed for the first time
``unknown``           how many could not be observed
``files``             one row a file: ``id``, ``name``, ``state``, ``on`` (day of the try it comes from), ``cause``
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

import orjson

from commitments.portals import causes, htmlpages
from commitments.portals.causes import Cause
from commitments.portals.door import Answer, Door
from commitments.portals.memory import State, Told, after

FIELDS = "data{id,title,url,format},total"
LISTED = 100
SAMPLE = 5
SECONDS = 8.0
FIRST_BYTES = htmlpages.TINY
LONGEST_NAME = 80

# A GET would meet the same wall, or insist where a pause was asked for.
FINAL = frozenset(
    {
        Cause.BAD_ADDRESS,
        Cause.REFUSED_ADDRESS,
        Cause.DNS,
        Cause.TLS,
        Cause.REFUSED_CONNECTION,
        Cause.UNREACHABLE,
        Cause.HOST_BACKOFF,
        Cause.PROXY,
    }
)
PAGES = frozenset({"html", "htm", "xhtml", "web", "www", "php", "url"})
# A compressed answer cut after its first bytes can't be told from a broken one.
AS_IT_IS = {"Accept-Encoding": "identity"}


@dataclass(frozen=True)
class File:
    """A file as the portal lists it; nothing of it is trusted."""

    id: str
    name: str
    url: str
    format: str


class Prober:
    """Tries the files of datasets; ``until`` is a monotonic moment after which nothing more is begun."""

    def __init__(self, door: Door, base_url: str, *, today: date, until: float, size: int = SAMPLE) -> None:
        self._door = door
        self._base = base_url.rstrip("/")
        self._today = today
        self._until = until
        self._size = size

    async def probes(self, dataset: str, before: object) -> dict[str, Any] | None:
        """The ``probes`` of a dataset (its id), given those known before; these again when nothing can be learned."""
        known = before if isinstance(before, dict) else None
        answer = await self._door.get(
            f"{self._base}/api/2/datasets/{dataset}/resources/?page=1&page_size={LISTED}&type=main",
            headers={"Accept": "application/json", "X-Fields": FIELDS},
        )
        listed = read_list(answer)
        if listed is None:
            return known
        files, total = listed
        remembered = _remembered(known)
        tried = []
        # One after the other: they are most often on one server, which is asked for a favour.
        for file in sample(files, self._size):
            if time.monotonic() > self._until:
                return known
            tried.append(await self._row(file, remembered.get(file.id, Told())))
        return summary(tried, total)

    async def _row(self, file: File, before: Told) -> dict[str, Any]:
        now, cause = await self._try(file, known_good=before.state is State.ANSWERS)
        told = after(now, before, self._today)
        return {
            "id": file.id,
            "name": file.name,
            "state": str(told.state),
            "on": told.on.isoformat() if told.on else None,
            "cause": cause,
        }

    async def _try(self, file: File, *, known_good: bool) -> tuple[State, str]:
        try:
            scheme = urlsplit(file.url.strip()).scheme.lower()
        except ValueError:
            scheme = ""
        if scheme not in ("http", "https"):
            return State.UNKNOWN, Cause.BAD_ADDRESS
        head = await self._door.get(file.url, method="HEAD", headers=AS_IT_IS, seconds=SECONDS)
        if head.cause in FINAL or head.status == 429:
            return State.UNKNOWN, head.cause or Cause.HTTP_429
        if known_good and is_nice(head, file.format):
            return State.ANSWERS, ""
        answer = await self._door.get(file.url, headers=AS_IT_IS, first_bytes=FIRST_BYTES, seconds=SECONDS)
        return judged(answer, file.format)


def sample(files: Sequence[File], size: int) -> list[File]:
    """The first one listed, then those of lowest fingerprint: stable when files are added or reordered."""
    first, others = list(files[:1]), list(files[1:])
    others.sort(key=lambda file: blake2b(file.id.encode(), digest_size=8).digest())
    return (first + others)[:size]


def is_nice(head: Answer, format: str) -> bool:
    """Whether a HEAD may be believed when it says that a file answers."""
    if head.cause or not 200 <= head.status < 300:
        return False
    if htmlpages.is_page(head) and format not in PAGES:
        return False
    length = head.headers.get("content-length", "")
    return "last-modified" in head.headers or (length.isascii() and length.isdigit() and length.strip("0") != "")


def judged(answer: Answer, format: str) -> tuple[State, str]:
    """What a GET of the first bytes says of a file of this format, with the cause when it says nothing."""
    if answer.cause:
        return State.UNKNOWN, answer.cause
    if answer.status in (404, 410):
        return State.FAILED, ""
    if not 200 <= answer.status < 300:
        return State.UNKNOWN, causes.of_status(answer.status)[0]
    if htmlpages.is_page(answer) and format not in PAGES and (format or htmlpages.is_tiny(answer)):
        return State.UNKNOWN, Cause.HTML
    if htmlpages.stands_in_the_way(answer):
        return State.UNKNOWN, Cause.BLOCKING_PAGE
    return State.ANSWERS, ""


def read_list(answer: Answer) -> tuple[list[File], int] | None:
    """The files of one page of the list, and how many there are in all; None when it is no such list."""
    if answer.cause or answer.status != 200:
        return None
    try:
        content = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return None
    rows = content.get("data") if isinstance(content, dict) else None
    if not isinstance(rows, list):
        return None
    files = [file for row in rows[:LISTED] if (file := _file(row)) is not None]
    total = content.get("total")
    counted = isinstance(total, int) and not isinstance(total, bool) and len(files) <= total < 2**31
    return files, total if counted else len(files)


def summary(rows: Sequence[dict[str, Any]], total: int) -> dict[str, Any]:
    """The facts ``probes`` from one row a file."""

    def names(state: State) -> list[str]:
        return sorted(row["name"] for row in rows if row["state"] == state)

    return {
        "tried": len(rows),
        "total": total,
        "answered": len(names(State.ANSWERS)),
        "failed": names(State.FAILED),
        "failing": names(State.FAILING),
        "unknown": len(names(State.UNKNOWN)),
        "files": list(rows),
    }


NO_FILE = summary([], 0)
"""What is known of the files of a record that says it has none: the list is not asked for."""


def _file(row: object) -> File | None:
    if not isinstance(row, dict):
        return None
    identifier, url = _text(row.get("id")), _text(row.get("url"))
    name = " ".join(_text(row.get("title")).split()) or identifier
    if not identifier:
        return None
    return File(identifier[:100], name[:LONGEST_NAME], url, _text(row.get("format")).strip().lower()[:40])


def _text(value: object) -> str:
    return value.replace("\0", "").encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _remembered(known: dict[str, Any] | None) -> dict[str, Told]:
    rows = known.get("files") if known else None
    if not isinstance(rows, list):
        return {}
    return {row["id"]: Told.read(row) for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)}
