"""All that happened to a promise, in one list: documents, ministry, people and robot, told apart."""

from __future__ import annotations

from dashboards.pages.dossier import Dossier
from dashboards.pages.timeline import said, seen
from dashboards.pages.timeline.event import Event
from dashboards.pages.timeline.seen import failures


def events(dossier: Dossier) -> list[Event]:
    """Newest first; on one day, what was said comes before what was seen."""
    found = [*said.events(dossier), *seen.events(dossier)]
    return sorted(found, key=lambda event: (event.day, event.rank), reverse=True)


__all__ = ["Event", "events", "failures"]
