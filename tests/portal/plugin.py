"""The ``portal`` fixture, for every test that needs a data.gouv.fr; empty until the test fills it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.portal.catalogue import Organization
from tests.portal.seed import seed_like_peer
from tests.portal.server import Portal


@pytest.fixture
def portal() -> Iterator[Portal]:
    """An empty portal on the loopback interface."""
    with Portal() as server:
        yield server


@pytest.fixture
def seeded_portal(portal: Portal) -> Portal:
    """The same, holding what the real software is seeded with."""
    seed_like_peer(portal)
    return portal


@pytest.fixture
def our_portal(portal: Portal, settings: Any) -> Portal:
    """The same, asked in place of data.gouv.fr."""
    settings.DATAGOUV_URL = portal.url
    return portal


@pytest.fixture
def publisher(portal: Portal) -> Organization:
    """A ministry that publishes there."""
    return portal.catalogue.add_organization("Ministère de l'Exemple")
