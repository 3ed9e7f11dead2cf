"""The portal's lists of records, filtered by organisation and cut in pages, as its own software answers them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.portal import masks
from tests.portal.catalogue import Catalogue, Dataservice, Dataset

Answer = tuple[int, dict[str, Any]]
SIZE = 20
NO_IDENTIFIER = {
    "datasets": "Organization arg must be an identifier",
    "dataservices": "`organization` must be an identifier",
}
LABELS = {"page": "The page to fetch", "page_size": "The page size to fetch"}


def answer(catalogue: Catalogue, base: str, route: str, version: int, query: Mapping[str, str], mask: str) -> Answer:
    """Status and body of a list; 404 past its end, 500 when one record of the page is broken.

    Archived, private and deleted records are not in it; restricted ones are. The page may be of any size.
    """
    section = route.rstrip("/").rsplit("/", 1)[-1]
    organization = query.get("organization", "")
    if organization and not re.fullmatch(r"[0-9a-fA-F]{24}", organization):
        return 400, {"message": NO_IDENTIFIER[section]}
    try:
        page, size = (
            _positive(name, query.get(name, default)) for name, default in (("page", "1"), ("page_size", SIZE))
        )
    except ValueError as error:
        return 400, {"errors": dict(error.args), "message": "Input payload validation failed"}
    rows = _visible(catalogue, section, organization.lower())
    asked = rows[(page - 1) * size : page * size]
    if not asked and page > 1:
        return 404, {"message": "The requested URL was not found on the server."}
    parsed = masks.parse(mask)
    inner = parsed.get("data") if parsed else None
    if any(row.broken and masks.wants(inner, row.broken) for row in asked):
        return 500, {"message": "Internal Server Error"}
    more = "".join(f"{name}={text}&" for name, text in query.items() if name != "page")

    def link(number: int) -> str:
        return f"{base}{route}?{more}page={number}"

    body = {
        "data": [row.body(base, version) for row in asked],
        "next_page": link(page + 1) if page * size < len(rows) else None,
        "page": page,
        "page_size": size,
        "previous_page": link(page - 1) if page > 1 else None,
        "total": len(rows),
    }
    return 200, masks.apply(parsed, body)


def _visible(catalogue: Catalogue, section: str, organization: str) -> list[Dataset | Dataservice]:
    """Those listed: datasets from the last created, APIs in the order of the base."""
    shelf: list[Dataset | Dataservice] = list(getattr(catalogue, section))
    # A record whose publisher left the base has none to be found by.
    rows = [row for row in shelf if not (row.private or row.deleted or row.archived)]
    if organization:
        rows = [r for r in rows if r.organization and r.organization.id == organization and r.broken != "organization"]
    if section == "datasets":
        rows.sort(key=lambda row: row.created)
        rows.reverse()
    return rows


def _positive(name: str, text: object) -> int:
    try:
        number = int(str(text))
    except ValueError:
        raise ValueError((name, f"{LABELS[name]} {text} is not a valid integer")) from None
    if number < 1:
        raise ValueError((name, f"{LABELS[name]} Invalid {name}: {number}. {name} must be a positive integer"))
    return number
