from collections.abc import Callable

import pytest
from django.test import Client

from tests.ministries.people import House


@pytest.fixture
def come(house: House) -> Callable[[str], Client]:
    """A browser in which somebody of the house is signed in."""

    def signed_in(who: str) -> Client:
        client = Client()
        if who != "anonymous":
            client.force_login(house.agents[who], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
