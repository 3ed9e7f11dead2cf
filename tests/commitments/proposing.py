"""For the tests of candidates: a catalogue that answers, a promise without address, what is proposed and answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commitments.candidates import search
from commitments.findings import Outcome
from commitments.models import (
    Candidate,
    Deliverable,
    Location,
    Observation,
    Publisher,
)
from tests import factories
from tests.commitments.catalogues import CatalogueServer, Row, as_csv, catalogue, dataservices, hexadecimal

NOW = datetime(2026, 6, 12, 3, 17, tzinfo=UTC)
MINISTRY = "534fff8fa3a7292c64a77f22"
RIGHT = Row(hexadecimal("right"), "Zonage des palourdes sauvages", "Ministère de la Mer", MINISTRY)
NOISE = [row for row in catalogue(600) if not row.ref]


@pytest.fixture
def server(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with CatalogueServer() as server:
        settings.DATAGOUV_URL = server.url
        server.files["datasets"] = as_csv([*NOISE, RIGHT])
        server.files["dataservices"] = as_csv(dataservices(60))
        yield server


@pytest.fixture
def deliverable():
    promise = factories.CommitmentFactory(title="Zonage des palourdes", wording="le zonage des palourdes sauvages")
    Publisher.objects.create(commitment=promise, portal_id=MINISTRY)
    return factories.DeliverableFactory(commitment=promise)


@pytest.fixture
def candidate(server, deliverable):
    search(NOW)
    return Candidate.objects.pending().get(deliverable=deliverable)


def titles(deliverable: Deliverable) -> list[str]:
    return list(Candidate.objects.pending().filter(deliverable=deliverable).values_list("title", flat=True))


def observed(location: Location, outcome: Outcome, day: int, **facts: str) -> None:
    moment = NOW - timedelta(days=day)
    Observation.objects.create(
        location=location, outcome=outcome, facts=facts, digest=f"{day}", first_seen_at=moment, last_seen_at=moment
    )
