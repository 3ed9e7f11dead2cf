"""A repository of source code: is it public, and is there anything in it?

**Why not the ``git`` command.** Over https, ``git ls-remote`` is one request: ``GET <address>/info/refs?service=
git-upload-pack``, and the reading of its answer. Made by the door, it inherits every guard (names resolved once and
pinned, private networks refused, redirects judged hop by hop, bytes and seconds bounded, one pool of connections for
the batch), needs no program in the image, and no other protocol exists: ``ext::``, ``file:``, ``ssh:``, credential
helpers, prompts and anyone's git configuration can't be reached, having nothing to be reached by. A test compares
what is read here with what ``git ls-remote`` says of the same repository.

**The facts**: ``commits`` (true when any reference exists, false when the repository is empty), ``default_branch``
and ``head`` (40 hexadecimal digits) or None, ``refs`` (how many, None past the first 256 kB), ``renamed_to`` (where
it is served from now, or None); ``archived_at_swh`` (true, false, or None when
Software Heritage was not asked yet); then those of ``forges``.

**The outcomes**: 404 or 410 → absent or gone; 401 → the forge's API decides, since forges ask who you are for what is
private *and* for what does not exist; a page, a group or an account → no observation, said so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from commitments.findings import Facts, Outcome, Sighting
from commitments.portals import causes
from commitments.portals.addresses import AddressError
from commitments.portals.causes import Cause
from commitments.portals.door import Answer, Door
from commitments.portals.forges import Forges, Said, carried

ADVERTISEMENT = "application/x-git-upload-pack-advertisement"
READ = 256 * 1024
EVIDENCE = 64 * 1024
REFERENCE = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64}) (HEAD|refs/[\x21-\x7e\x80-\uffff]{1,400})")
SYMREF = re.compile(r"(?:^|\s)symref=HEAD:refs/heads/(\S{1,200})")
SEGMENT = re.compile(r"[\w.~+-]+")
PATH_PAGES = frozenset({"tree", "blob", "commits", "releases", "issues", "wiki", "pulls"})


@dataclass(frozen=True)
class Repository:
    """An address cut to its repository: no page of it, query nor last slash.

    ``served`` is asked; ``url`` and ``path`` have no « .git »; ``place`` is the host, with its port when it is said.
    """

    url: str
    served: str
    origin: str
    place: str
    path: str


@dataclass(frozen=True)
class Refs:
    """What an advertisement holds; ``count`` leaves out HEAD and peeled tags, and is None when it was cut."""

    head: str | None
    default_branch: str | None
    count: int | None
    commits: bool


def repository(url: str) -> Repository:
    """The repository that an address names. Raises AddressError with the sentence that says why it names none."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise AddressError(f"« {url[:200]} » n'est pas une adresse web") from None
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        raise AddressError(f"« {url[:200]} » n'est pas l'adresse https d'un dépôt")
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    segments = segments[: segments.index("-")] if "-" in segments else segments
    if len(segments) > 3 and segments[2] in PATH_PAGES:
        segments = segments[:2]
    if not segments or not all(SEGMENT.fullmatch(segment) and segment.strip(".") for segment in segments):
        raise AddressError(f"« {url[:200]} » n'est pas l'adresse d'un dépôt")
    served = "/".join(segments)
    segments[-1] = segments[-1].removesuffix(".git")
    if len(segments) < 2:
        raise AddressError(
            f"« {url[:200]} » est l'adresse d'un groupe ou d'un compte : donner celle du dépôt lui-même"
        )
    path = "/".join(segments)
    name = f"[{host}]" if ":" in host else host
    place = f"{name}:{port}" if port else name
    origin = f"{parts.scheme}://{place}"
    return Repository(f"{origin}/{path}", f"{origin}/{served}", origin, place, path)


class Git:
    """Looks at repositories through one door; ``forges`` keeps the quotas of the batch."""

    def __init__(self, door: Door, forges: Forges) -> None:
        self._door = door
        self._forges = forges

    async def look(self, url: str, *, etag: str = "", facts: Facts | None = None, probe: bool = False) -> Sighting:
        """One sighting. ``probe``: the forge is asked too; else what it said in ``facts`` stands."""
        asked = repository(url)
        if not asked.url.startswith("https:") and not self._door.is_exception(asked.url):
            detail = "seul https est accepté pour un dépôt : l'adresse n'est pas demandée"
            return Sighting.none(Cause.BAD_ADDRESS, detail, url=asked.url)
        known = facts or {}
        answer = await self._door.get(
            f"{asked.served}/info/refs?service=git-upload-pack",
            headers={"Accept": "*/*", "Pragma": "no-cache"},
            first_bytes=READ,
        )
        if answer.status in (401, 404) and not answer.cause:
            return await self._settle(asked, answer)
        refs = read_refs(answer)
        if isinstance(refs, Sighting):
            return refs
        found: dict[str, Any] = {
            "commits": refs.commits,
            "default_branch": refs.default_branch,
            "head": refs.head,
            "refs": refs.count,
            "renamed_to": _moved(asked, answer),
            "archived_at_swh": known.get("archived_at_swh"),
        }
        said = await self._forges.ask(asked.origin, asked.place, asked.path, etag, known) if probe else Said()
        beside = carried(known) if said.facts is None else said.facts
        found |= {**beside, "renamed_to": beside.get("renamed_to") or found["renamed_to"]}
        return Sighting(
            Outcome.FOUND,
            facts=found,
            url=asked.url[:1000],
            etag=etag if said.etag is None else said.etag,
            evidence=said.evidence or answer.body[:EVIDENCE],
        )

    async def _settle(self, asked: Repository, answer: Answer) -> Sighting:
        """A repository that is not served: absent or private, or no repository at all; the forge says which."""
        said = await self._forges.ask(asked.origin, asked.place, asked.path, "", {})
        if said.group:
            detail = f"« {asked.url} » est l'adresse d'un groupe : donner celle du dépôt lui-même"
            return Sighting.none(Cause.NOT_A_REPOSITORY, detail, url=asked.url)
        if said.absent or (answer.status == 404 and said.facts is None):
            return Sighting(
                Outcome.ABSENT,
                facts={"commits": None},
                url=asked.url,
                evidence=said.evidence or answer.body[:EVIDENCE],
            )
        if answer.status == 404:
            return Sighting.none(Cause.NOT_A_REPOSITORY, Cause.NOT_A_REPOSITORY.sentence, url=asked.url)
        detail = "la forge demande de s'identifier : le dépôt est privé, ou n'existe pas"
        return Sighting.none(Cause.HTTP_401, detail, url=asked.url, retry_after=answer.retry_after)


def read_refs(answer: Answer) -> Refs | Sighting:
    """The references that an answer advertises, or the sighting that says why there are none. Pure."""
    nothing = replace(Sighting.none("", url=answer.url[:1000], retry_after=answer.retry_after), evidence=b"")
    if answer.cause:
        return replace(nothing, cause=answer.cause, detail=answer.detail)
    if answer.status == 410:
        return Sighting(Outcome.GONE, facts={"commits": None}, url=answer.url[:1000], evidence=answer.body[:EVIDENCE])
    if answer.status != 200:
        cause, detail = causes.of_status(answer.status, "la forge", "du dépôt")
        return replace(nothing, cause=cause, detail=detail)
    refs = None
    if answer.headers.get("content-type", "").partition(";")[0].strip().lower() == ADVERTISEMENT:
        refs = _advertised(answer.body, answer.truncated)
    if refs is None:
        return replace(nothing, cause=Cause.NOT_A_REPOSITORY, detail=Cause.NOT_A_REPOSITORY.sentence)
    return refs


def _advertised(body: bytes, cut: bool) -> Refs | None:
    """Packet lines: four hexadecimal digits of length, then the line; None when they are not that."""
    head = branch = None
    count = 0
    some = False
    lines, whole = _lines(body)
    if not lines or not lines[0].startswith("# service=git-upload-pack") or not (whole or cut):
        return None
    for line in lines[1:]:
        reference, _, capabilities = line.rstrip("\n").partition("\0")
        if reference.startswith("ERR "):
            return None
        if capabilities and (symref := SYMREF.search(capabilities)):
            branch = symref[1]
        found = REFERENCE.fullmatch(reference)
        if found is None or found[2].endswith("^{}"):
            continue
        some = True
        if found[2] == "HEAD":
            head = found[1]
        else:
            count += 1
    return Refs(head, branch, None if cut else count, some)


def _lines(body: bytes) -> tuple[list[str], bool]:
    """The packet lines, and whether the last one was whole."""
    lines: list[str] = []
    place = 0
    while place + 4 <= len(body):
        try:
            length = int(body[place : place + 4], 16)
        except ValueError:
            return [], False
        if length <= 4:  # a flush (0000) or a separator: no line of its own
            place += 4
            continue
        if place + length > len(body):
            return lines, False
        lines.append(body[place + 4 : place + length].decode("utf-8", "replace"))
        place += length
    return lines, place == len(body)


def _moved(asked: Repository, answer: Answer) -> str | None:
    """The address that served it, when it is another one than asked."""
    if not answer.hops:
        return None
    served = answer.url.partition("/info/refs")[0].removesuffix(".git")
    return served[:1000] if served.lower() != asked.url.lower() else None
