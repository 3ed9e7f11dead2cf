"""What openapi.yaml cannot say to schemathesis: no day is to come, each one exists, ministries are those of the base.

Everything else that it makes up is sent as it came. See ``benchmarks/README.md`` for the command.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime
from typing import Any

import schemathesis

MINISTRIES = os.environ.get("MINISTRIES", "MI,MEFR,MTFP,SPM").split(",")
WRITTEN = {
    "au": re.compile(r"\d{4}-\d\d-\d\d"),
    "connu_au": re.compile(r"(19|20)\d\d-\d\d-\d\dT.+"),
    "cursor": re.compile(r"(19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\.[0-9]\.[1-9]\d{0,17}"),
}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    query = case.query
    if not isinstance(query, dict):
        return
    for name, written in WRITTEN.items():
        value = query.get(name)
        if isinstance(value, str) and written.fullmatch(value) and not _holds(name, value):
            query[name] = {"au": "2023-06-05", "connu_au": "2023-06-05T11:02:12Z", "cursor": "2023-06-05.0.12"}[name]
    code = query.get("ministere")
    if isinstance(code, str) and code and code not in MINISTRIES:
        query["ministere"] = MINISTRIES[len(code) % len(MINISTRIES)]


def _holds(name: str, value: str) -> bool:
    """Whether a day that is well written exists, and is not to come."""
    try:
        if name == "connu_au":
            moment = datetime.fromisoformat(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) <= datetime.now(UTC)
        return date.fromisoformat(value[:10]) <= datetime.now(UTC).date()
    except (ValueError, OverflowError):
        return not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]).*", value)
