"""Events as the API tells them: the question that was asked, the cursor in the address, the row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from dashboards.api import facts
from dashboards.api.reading import CURSOR, Asked
from dashboards.api.shapes.common import site_url
from dashboards.asking import NotUnderstood, Wrong
from ministries import events
from ministries.event_streams import KINDS, STREAMS
from ministries.events import Event, Mark

__all__ = ["KINDS", "count", "cursor", "mark", "page", "row", "whole"]


def count(asked: Asked) -> int:
    return events.count(_question(asked))


def page(asked: Asked, size: int | None, after: Mark | None) -> tuple[list[Event], Mark | None]:
    """The events that follow a mark, and the mark of the last one when there are more. ``size`` None: all."""
    return events.newest(_question(asked), size, after)


def whole(asked: Asked, at_once: int) -> Iterator[Event]:
    """Every event that answers, newest first, so many read together."""
    return events.whole(_question(asked), at_once)


def cursor(mark: Mark) -> str:
    """A mark in an address: ``2021-09-30.4.12``."""
    return f"{mark.day.isoformat()}.{mark.stream}.{mark.pk}"


def mark(cursor: str) -> Mark:
    """The mark of a cursor. Raises NotUnderstood."""
    match = CURSOR.fullmatch(cursor)
    try:
        if match and int(match[2]) < len(STREAMS):
            return Mark(date.fromisoformat(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise NotUnderstood([Wrong("cursor", cursor[:40], "le curseur donné par « next », tel quel")])


def row(event: Event, names: Any) -> dict[str, Any]:
    return {
        "id": event.id,
        "kind": event.kind,
        "label": KINDS[event.kind],
        "day": event.day,
        "commitment": {"ref": event.commitment.ref, "title": event.commitment.title},
        "ministry": {"code": event.ministry, "name": names[event.ministry]},
        "sentence": event.sentence,
        "before": event.before,
        "after": event.after,
        "days": event.days,
        "source": event.source,
        "recorded_at": event.recorded_at,
        "url": site_url(event.commitment.get_absolute_url()),
    }


def _question(asked: Asked) -> events.Asked:
    return events.Asked(until=asked.as_of, commitments=facts.promises(asked))
