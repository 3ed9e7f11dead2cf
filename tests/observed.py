"""What the robot may have seen, for tests that do not ask a portal."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from commitments.findings import Outcome
from commitments.models import Location, Observation
from commitments.portals.digests import digest

GOOD = {
    "title": "Jeu promis",
    "organization_id": "534fff8fa3a7292c64a77f22",
    "organization_name": "Ministère de l'Exemple",
    "organization_badges": ["certified", "public-service"],
    "owned_by_person": False,
    "archived": None,
    "access_type": "open",
    "license": "lov2",
    "frequency": "punctual",
    "last_update": "2021-12-20T08:00:00+00:00",
    "created_at_internal": "2021-12-20",
    "resources_total": 2,
    "resources_unavailable": None,
}


def observe(
    location: Location, day: date, outcome: Outcome = Outcome.FOUND, *, days: int = 0, checks: int = 1, **facts: Any
) -> Observation:
    """An interval that begins on ``day`` and lasts ``days``: a good record, but for ``facts``."""
    seen = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    return Observation.objects.create(
        location=location,
        outcome=outcome,
        facts={**GOOD, "id": location.identifier, **facts} if outcome is Outcome.FOUND else {},
        digest=digest(facts),
        first_seen_at=seen,
        last_seen_at=seen + timedelta(days=days),
        checks=checks,
    )
