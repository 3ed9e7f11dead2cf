"""data.gouv.fr: what it says of a dataset or of a dataservice (an API's record).

**The facts**, always all present, None (or an empty list) where the portal says nothing:

=============================  ======================================================================
both kinds
-----------------------------  ----------------------------------------------------------------------
``id``                         24 hexadecimal digits, for ever the same
``slug``, ``title``            may change; the title may bear markup
``organization_id``            the publisher's id, to be compared with a promise's set of publishers
``organization_name``          as shown that day; ministries are renamed
``organization_badges``        sorted list of kinds: ``certified``, ``public-service``…
``owned_by_person``            true when a person, not an organisation, publishes; never the name
``archived``                   ISO day, or None when it is not archived
``archived_reason``            a harvester's word (``not-on-remote``…), or None
``access_type``                ``open``, ``open_with_account``, ``restricted``; as the portal gives it
``license``                    its id; ``notspecified`` when there is none
``badges``                     sorted list of kinds: ``hvd``, ``spd``, ``inspire``…
``created_at_internal``        ISO day of creation on the portal itself, never a harvested date
``page``                       address of the public page
datasets only
-----------------------------  ----------------------------------------------------------------------
``frequency``                  as the portal gives it, even out of its vocabulary; ``unknown`` when none
``last_update``                ISO moment in UTC; may be in the year 1 or in 2099
``resources_total``            number of files, or None
``resources_unavailable``      true when the portal found one down; false may mean « never checked »
dataservices only
-----------------------------  ----------------------------------------------------------------------
``metadata_modified_at``       ISO moment in UTC
``base_api_url``               http(s) address, or None
``machine_documentation_url``  the same
``technical_documentation_url``  the same
=============================  ======================================================================

**The outcomes**: 200 with the record asked → found; 410 → gone; 404 → absent (unknown, private and purged look
alike); anything else → no observation, with its cause. A slug may name another record tomorrow: whoever asks by
slug keeps the ``identifier`` found, and asks by it afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import orjson
from yarl import URL

from commitments.findings import Facts, Outcome, Sighting
from commitments.portals import causes, records
from commitments.portals.addresses import DATASERVICE, DATASET, is_identifier
from commitments.portals.causes import Cause
from commitments.portals.door import Answer, Door

PAGE = 100
"""Records a page. The portal sets no bound: this one is what it is asked for in one breath."""

# Only what the facts need: 3 kB of an answer become 600 bytes, and no person's name is received.
DATASET_FIELDS = (
    "id,slug,title,organization{id,name,badges},owner{class},archived,harvest{archived_reason},access_type,license,"
    "frequency,last_update,internal{created_at_internal},resources{total},quality{all_resources_available},badges,page"
)
DATASERVICE_FIELDS = (
    "id,slug,title,organization{id,name,badges},owner{class},archived_at,harvest{archived_reason},access_type,license,"
    "created_at,metadata_modified_at,base_api_url,machine_documentation_url,technical_documentation_url,badges,"
    "self_web_url"
)

# What a column holds; a portal in good health never comes near.
LONGEST_ADDRESS = 1000
LONGEST_ETAG = 200

Reader = Callable[[object], dict[str, Any] | None]


@dataclass(frozen=True)
class Kind:
    """How one kind of record is asked for and read. A list shows the very same fields under ``data``."""

    route: str
    fields: str
    reader: Reader


KINDS = {
    # v2, since v1 lists every file: 1 MB for 1,500 of them.
    DATASET: Kind("/api/2/datasets/", DATASET_FIELDS, records.dataset),
    DATASERVICE: Kind("/api/1/dataservices/", DATASERVICE_FIELDS, records.dataservice),
}


@dataclass(frozen=True)
class Page:
    """What one page of a list shows: sightings of the wanted records by their ids, how many records there are in all,
    and whether another page follows. Archived, private and deleted records are in no list."""

    shown: Mapping[str, Sighting]
    total: int
    last: bool


class DataGouv:
    """One portal, by its address; ``https://www.data.gouv.fr`` or another that runs the same software."""

    def __init__(self, door: Door, base_url: str) -> None:
        self._door = door
        self._base = base_url.rstrip("/")

    async def record(self, kind: str, identifier: str, *, etag: str = "", facts: Facts | None = None) -> Sighting:
        """What the portal says of one record. ``etag`` is sent only with the ``facts`` that it stood for."""
        asked = identifier.strip()
        if not asked or asked in (".", ".."):
            return Sighting.none(Cause.BAD_ADDRESS, Cause.BAD_ADDRESS.sentence)
        if is_identifier(asked.lower()):
            asked = asked.lower()
        answer = await self._door.get(
            f"{self._base}{KINDS[kind].route}{quote(asked, safe='')}/",
            headers={"Accept": "application/json", "X-Fields": KINDS[kind].fields},
            etag=etag if facts else "",
        )
        return read(answer, asked, KINDS[kind].reader, base_url=self._base, known=facts if etag else None)

    async def page(self, kind: str, organization: str, number: int, wanted: Collection[str]) -> Page | None:
        """One page of what an organisation publishes; None when what came is no such page, whatever the reason."""
        answer = await self._door.get(
            f"{self._base}{KINDS[kind].route}?organization={quote(organization, safe='')}"
            f"&page={number}&page_size={PAGE}",
            headers={"Accept": "application/json", "X-Fields": f"data{{{KINDS[kind].fields}}},total,next_page"},
        )
        return read_page(answer, wanted, KINDS[kind].reader, base_url=self._base)

    async def organization_deleted(self, identifier: str) -> bool | None:
        """True when the portal says so (410); false while it shows it; None when it says nothing of it."""
        answer = await self._door.get(
            f"{self._base}/api/1/organizations/{quote(identifier, safe='')}/",
            headers={"Accept": "application/json", "X-Fields": "id,deleted"},
        )
        if answer.cause or answer.status not in (200, 410):
            return None
        return answer.status == 410


def read(answer: Answer, asked: str, reader: Reader, *, base_url: str, known: Facts | None = None) -> Sighting:
    """Make an answer into a sighting; pure. ``known`` are the facts that a 304 leaves standing."""
    if answer.cause:
        return _nothing(answer, Cause(answer.cause), answer.detail)
    if not _same_site(answer.url, base_url):
        return _nothing(answer, Cause.FOREIGN_HOST)
    match answer.status:
        case 304 if known:
            return _sighting(answer, Outcome.FOUND, asked, known)
        case 200 | 404 | 410:
            return _read_json(answer, asked, reader)
        case status:
            return _nothing(answer, *causes.of_status(status))


def read_page(answer: Answer, wanted: Collection[str], reader: Reader, *, base_url: str) -> Page | None:
    """Make an answer into a page; pure. A row that is no whole record is left out, as if it were not shown."""
    if answer.cause or answer.status != 200 or not _same_site(answer.url, base_url):
        return None
    content, refusal = _json(answer)
    rows = content.get("data") if isinstance(content, Mapping) else None
    if refusal or not isinstance(content, Mapping) or not isinstance(rows, list):
        return None
    shown: dict[str, Sighting] = {}
    for row in rows[:PAGE]:
        identifier = row.get("id") if isinstance(row, Mapping) else None
        if not isinstance(identifier, str) or identifier not in wanted or identifier in shown:
            continue
        facts = reader(row)
        if facts is not None:
            shown[identifier] = _sighting(
                # What proves the record is its own row, not those of its neighbours; an ETag would be the page's.
                replace(answer, body=orjson.dumps(row), headers={}),
                Outcome.FOUND,
                identifier,
                facts,
            )
    total = content.get("total")
    counted = total if isinstance(total, int) and not isinstance(total, bool) else 0
    return Page(shown, max(counted, len(rows)), last=not content.get("next_page"))


def _read_json(answer: Answer, asked: str, reader: Reader) -> Sighting:
    content, refusal = _json(answer)
    if refusal:
        return refusal
    if answer.status != 200:
        # The route answers {"message": …}; {"error": …, "status": 404} is another one's: a wrong address of ours.
        if not (isinstance(content, Mapping) and isinstance(content.get("message"), str)):
            return _nothing(answer, Cause.UNEXPECTED_SHAPE)
        return _sighting(answer, Outcome.GONE if answer.status == 410 else Outcome.ABSENT, asked, {})
    facts = reader(content)
    if facts is None:
        return _nothing(answer, Cause.UNEXPECTED_SHAPE)
    if is_identifier(asked) and facts["id"] != asked:
        return _nothing(answer, Cause.IDENTITY)
    return _sighting(answer, Outcome.FOUND, facts["id"], facts)


def _json(answer: Answer) -> tuple[object, Sighting | None]:
    """What an answer holds, or the sighting that says why it is no JSON."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/html" or answer.body.lstrip()[:1] == b"<":
        detail = f"le portail répond {answer.status} par une page web au lieu de données"
        return None, _nothing(answer, Cause.HTML, detail)
    try:
        content: object = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return None, _nothing(answer, Cause.NOT_JSON)
    return (content, None) if kind.endswith("json") else (None, _nothing(answer, Cause.NOT_JSON))


def _sighting(answer: Answer, outcome: Outcome, identifier: str, facts: Facts) -> Sighting:
    etag = answer.headers.get("etag", "")
    return Sighting(
        outcome,
        facts=facts,
        # A slug that leads nowhere has found no id.
        identifier=identifier if is_identifier(identifier) else "",
        url=answer.url[:LONGEST_ADDRESS],
        etag=etag if len(etag) <= LONGEST_ETAG else "",
        evidence=answer.body,
    )


def _nothing(answer: Answer, cause: Cause, detail: str = "") -> Sighting:
    return Sighting(
        Outcome.NO_OBSERVATION,
        cause=cause,
        detail=detail or cause.sentence,
        url=answer.url[:LONGEST_ADDRESS],
        retry_after=answer.retry_after,
        evidence=answer.body,
    )


def _same_site(url: str, base_url: str) -> bool:
    """A portal may send from http to https, or to its « www. »; elsewhere, someone else is speaking."""
    hosts = [(URL(address).raw_host or "").lower().removeprefix("www.") for address in (url, base_url)]
    return hosts[0] == hosts[1]
