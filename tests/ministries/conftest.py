import pytest

from tests.ministries.people import House, house


@pytest.fixture(name="house")
def _house(db: None) -> House:
    return house()
