import pytest

from tests.dashboards.conftest import nothing_kept as nothing_kept
from tests.ministries.people import House, house


@pytest.fixture(name="house")
def _house(db: None) -> House:
    return house()
