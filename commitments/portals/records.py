"""Records of data.gouv.fr made into facts. Whatever JSON holds, this gives facts or None, never an exception."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from commitments.portals.addresses import is_identifier

LONGEST_TEXT = 2000

Record = dict[str, Any]


def dataset(record: object) -> Record | None:
    """The facts of a dataset, from a v2 record (masked or not) or an item of a v1 list; None if it isn't one."""
    common = _common(record)
    if common is None or not isinstance(record, dict):
        return None
    if "license" not in record or "resources" not in record:
        return None
    harvest = _object(record.get("harvest"))
    return {
        **common,
        "archived": _day(record.get("archived")),
        "archived_reason": _text(harvest.get("archived_reason")),
        "frequency": _text(record.get("frequency")) or "unknown",
        "last_update": _moment(record.get("last_update")),
        "created_at_internal": _day(_object(record.get("internal")).get("created_at_internal")),
        "resources_total": _total(record["resources"]),
        "resources_unavailable": _opposite(_object(record.get("quality")).get("all_resources_available")),
        "page": _address(record.get("page")),
    }


def dataservice(record: object) -> Record | None:
    """The facts of a dataservice (an API's record); None if it isn't one."""
    common = _common(record)
    if common is None or not isinstance(record, dict):
        return None
    if "license" not in record or "base_api_url" not in record:
        return None
    return {
        **common,
        "archived": _day(record.get("archived_at")),
        "archived_reason": _text(_object(record.get("harvest")).get("archived_reason")),
        "created_at_internal": _day(record.get("created_at")),
        "metadata_modified_at": _moment(record.get("metadata_modified_at")),
        "base_api_url": _address(record.get("base_api_url")),
        "machine_documentation_url": _address(record.get("machine_documentation_url")),
        "technical_documentation_url": _address(record.get("technical_documentation_url")),
        "page": _address(record.get("self_web_url")),
    }


def _common(record: object) -> Record | None:
    """What both kinds say; None without the two names that make a record."""
    if not isinstance(record, dict):
        return None
    identifier, title = record.get("id"), _text(record.get("title"))
    if not isinstance(identifier, str) or not is_identifier(identifier) or not title:
        return None
    organization = _object(record.get("organization"))
    return {
        "id": identifier,
        "slug": _text(record.get("slug")),
        "title": title,
        "organization_id": _text(organization.get("id")),
        "organization_name": _text(organization.get("name")),
        "organization_badges": _kinds(organization.get("badges")),
        # A person's name is nobody's business here: that there is one is enough.
        "owned_by_person": isinstance(record.get("owner"), dict),
        "access_type": _text(record.get("access_type")),
        "license": _text(record.get("license")) or "notspecified",
        "badges": _kinds(record.get("badges")),
    }


def _object(value: object) -> Record:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    """Text that any database accepts: no NUL, no half of a surrogate pair, not endless."""
    if not isinstance(value, str):
        return None
    return value[:LONGEST_TEXT].replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _address(value: object) -> str | None:
    """A web address, or None: what is not http(s) is never followed nor linked to."""
    text = (_text(value) or "").strip()
    return text if text.lower().startswith(("http://", "https://")) else None


def _kinds(value: object) -> list[str]:
    """Badges: ``[{"kind": …}]`` today, bare words in older answers."""
    if not isinstance(value, list):
        return []
    found = {_text(badge.get("kind") if isinstance(badge, dict) else badge) for badge in value}
    return sorted(kind for kind in found if kind)


def _total(value: object) -> int | None:
    """v2 gives a link with a total, v1 the list itself."""
    if isinstance(value, list):
        return len(value)
    total = _object(value).get("total")
    # bool is an int for Python, and a portal's « true » is no count.
    return total if isinstance(total, int) and not isinstance(total, bool) and 0 <= total < 2**31 else None


def _opposite(value: object) -> bool | None:
    return not value if isinstance(value, bool) else None


def _when(value: object) -> datetime | None:
    """A moment in UTC; naive means UTC, as the portal's older answers do; anything unreadable is None."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _moment(value: object) -> str | None:
    found = _when(value)
    # isoformat, since strftime forgets the zeros of the year 1.
    return found.replace(microsecond=0).isoformat() if found else None


def _day(value: object) -> str | None:
    found = _when(value)
    return found.date().isoformat() if found else None
