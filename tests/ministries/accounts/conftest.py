from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from ministries.models import Agent
from tests.factories import AgentFactory, MandateFactory
from tests.ministries.accounts.provider import Provider

SITE = "http://testserver"


@pytest.fixture(scope="session")
def running() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, settings: Any) -> Iterator[Provider]:
    """ProConnect, configured here, where it knows Anne; nothing of it is kept from another test."""
    cache.clear()
    running.restore()
    running.users["anne"] = {"email": "Anne@Exemple.gouv.fr"}
    settings.SITE_URL = SITE
    settings.PROCONNECT = running.register(SITE)
    yield running
    running.restore()
    cache.clear()


@pytest.fixture
def anne(db: None) -> Agent:
    """An AMDAC without a password."""
    agent = AgentFactory(email="anne@exemple.gouv.fr")
    agent.set_unusable_password()
    agent.save()
    MandateFactory(agent=agent)
    return agent
