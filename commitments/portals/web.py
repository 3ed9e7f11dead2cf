"""A plain address (a map, a portal's page): does it answer, under which title? Nothing more is claimed of it.

**The facts**: ``reachable``; ``title`` and ``content_type``, or None; ``final_url`` and ``final_host`` after the
redirects; ``moved_to``, the record of data.gouv.fr that it now leads to, or None: a proposal that a person confirms.
When it is looked up, ``moved_to_record`` says which one it is: ``portal``, ``id``, ``title``, ``organization_id``,
``organization_name``, ``created_on``; None when the portal does not show it.

**The outcomes**: 2xx → found; 404 → absent; 410 → gone, as JSON or as a page alike; anything else → no observation.
So are a page that stands in the way (firewall, maintenance, « page introuvable » under a 200) and a deep address sent
back to the home page: neither says that the thing is there, nor that it is not.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from commitments.findings import Outcome, Sighting
from commitments.portals import causes, htmlpages
from commitments.portals.addresses import DATASERVICE, DATASET, AddressError, parse
from commitments.portals.causes import Cause
from commitments.portals.door import Answer, Door

READ = 64 * 1024
LONGEST = 1000


async def look(door: Door, url: str, base_url: str) -> Sighting:
    """One sighting of the page. ``base_url``: the portal whose records are recognised, beside www.data.gouv.fr."""
    answer = await door.get(url, headers={"Accept": "text/html, */*;q=0.8"}, first_bytes=READ)
    return read(answer, url, base_url)


def read(answer: Answer, asked: str, base_url: str) -> Sighting:
    """Make an answer into a sighting; pure."""
    if answer.cause:
        return _nothing(answer, answer.cause, answer.detail)
    if answer.status in (404, 410):
        outcome = Outcome.GONE if answer.status == 410 else Outcome.ABSENT
        return Sighting(outcome, facts={"reachable": False}, url=answer.url[:LONGEST], evidence=answer.body)
    if not 200 <= answer.status < 300:
        return _nothing(answer, *causes.of_status(answer.status, "le site", "de la page"))
    if htmlpages.stands_in_the_way(answer):
        return _nothing(answer, Cause.BLOCKING_PAGE, Cause.BLOCKING_PAGE.sentence)
    if answer.hops and _is_deep(asked) and not _is_deep(answer.url):
        return _nothing(answer, Cause.REDIRECTED_HOME, Cause.REDIRECTED_HOME.sentence)
    facts: dict[str, Any] = {
        "reachable": True,
        "title": htmlpages.title(answer),
        "content_type": htmlpages.content_type(answer) or None,
        "final_url": answer.url[:LONGEST],
        "final_host": (urlsplit(answer.url).hostname or "")[:255],
        "moved_to": record_of(answer.url, base_url) if answer.hops else None,
    }
    return Sighting(Outcome.FOUND, facts=facts, url=answer.url[:LONGEST], evidence=answer.body)


def record_of(url: str, base_url: str) -> str | None:
    """The address itself when it is the page of a record, in the form that ``addresses.parse`` reads."""
    return url.partition("?")[0].partition("#")[0][:LONGEST] if named(url, base_url) else None


def named(url: str, base_url: str) -> tuple[str, str] | None:
    """The portal and the id or slug of the record whose page this is; None when it is none's."""
    parts, base = urlsplit(url), urlsplit(base_url)
    page = url
    if parts.netloc == base.netloc:
        page = f"https://www.data.gouv.fr{parts.path}"
    for portal in (DATASERVICE, DATASET):
        try:
            return portal, parse(portal, "", page)
        except AddressError:
            continue
    return None


def _is_deep(url: str) -> bool:
    """Whether an address points inside a site: a home page may be in a language (« /fr/ »)."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    return bool(parts.query) or len(segments) > 1 or (len(segments) == 1 and len(segments[0]) > 2)


def _nothing(answer: Answer, cause: str, detail: str) -> Sighting:
    return Sighting(
        Outcome.NO_OBSERVATION,
        cause=cause,
        detail=detail,
        url=answer.url[:LONGEST],
        retry_after=answer.retry_after,
        evidence=answer.body,
    )
