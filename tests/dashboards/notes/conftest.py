"""The reference, or five hundred promises, loaded once a module: nothing that uses them writes."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from dashboards.api.caching import KEPT
from tests.dashboards.notes import many


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Answers are kept by version; the versions of rolled back transactions come again."""
    KEPT.clear()
    yield
    KEPT.clear()


@pytest.fixture(scope="module")
def many_promised(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        many.promise()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def five_hundred(many_promised: None, db: None) -> None:
    """Fifteen ministries with the longest names, five hundred promises with the longest titles."""
