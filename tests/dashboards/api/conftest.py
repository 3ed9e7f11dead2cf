"""The API under test: the reference loaded, nothing kept from one test to the next."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from commitments.findings import Outcome
from commitments.judging import rejudge
from commitments.models import Observation, Version
from dashboards.api.caching import KEPT
from dashboards.api.urls import LISTS
from ministries.models import Declaration
from tests.factories import (
    AgentFactory,
    CommitmentFactory,
    DeadlineFactory,
    DeclarationFactory,
    DeliverableFactory,
    LocationFactory,
    ReadingFactory,
)

SECRETS = ("note tout à fait privée", "brouillon tout à fait secret", "agent.secret@exemple.gouv.fr")
DETAILS = ("commitments/O-30/", "ministries/MI/", "recommendations/4/", "status/", "")
JSON_ROUTES = (*(f"{name}/" for name in LISTS), *DETAILS)
CSV_ROUTES = tuple(f"{name}.csv" for name in LISTS)


@pytest.fixture(autouse=True)
def forgotten():
    """Bytes kept and requests counted belong to one test."""
    KEPT.clear()
    cache.clear()
    yield
    KEPT.clear()
    cache.clear()


@pytest.fixture
def get(client: Client) -> Callable[..., Any]:
    """``get("commitments/?au=…", accept="text/csv")``."""
    return lambda path="", **headers: client.get(f"/api/v1/{path}", headers=headers)


@pytest.fixture
def crowded(reference):
    """The reference, and beside it what the robot saw, what a ministry declared, and all that must stay private."""
    agent = AgentFactory(email=SECRETS[2])
    location = LocationFactory()
    public = location.deliverable.commitment
    DeadlineFactory(commitment=public)
    DeadlineFactory(
        commitment=public, raw="mi-2022", last_day=date(2022, 6, 30), announced_on=date(2021, 11, 2), reason="marché"
    )
    draft = CommitmentFactory(ref="T-SECRET", title=SECRETS[1], visibility="draft")
    for commitment in (public, draft):
        DeclarationFactory(
            commitment=commitment,
            status=Declaration.Status.IN_PROGRESS,
            note=SECRETS[0],
            comment=SECRETS[1] if commitment is draft else "bientôt",
            agent=agent,
        )
    DeadlineFactory(commitment=draft, reason=SECRETS[1])
    hidden = DeliverableFactory(commitment=draft, label=SECRETS[1])
    ReadingFactory(commitment=draft, label=SECRETS[1])
    for found, detail in ((location, ""), (LocationFactory(deliverable=hidden), SECRETS[1])):
        see(found, datetime(2022, 1, 10, 6, tzinfo=UTC), datetime(2022, 1, 14, 6, tzinfo=UTC), detail=detail)
    see(location, datetime(2022, 1, 20, 6, tzinfo=UTC), datetime(2022, 1, 21, 6, tzinfo=UTC), cause="timeout")
    rejudge(today=date(2022, 1, 14))
    Version.bump()
    return public


def see(location, first: datetime, last: datetime, *, cause: str = "", detail: str = "") -> Observation:
    facts = {
        "id": location.identifier,
        "access_type": "open",
        "license": "lov2",
        "resources_total": 2,
        "frequency": "punctual",
        "created_at_internal": "2021-12-20",
        "archived": None,
    }
    return Observation.objects.create(
        location=location,
        outcome=Outcome.NO_OBSERVATION if cause else Outcome.FOUND,
        cause=cause,
        detail=detail,
        facts={} if cause else facts,
        digest="a",
        first_seen_at=first,
        last_seen_at=last,
        checks=5,
    )
