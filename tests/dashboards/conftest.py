"""The reference, loaded once a file; pages made for each test, since what another kept says nothing of its base."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from dashboards.pages import keeping
from tests.reference import load


@pytest.fixture(scope="module")
def reference_loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The real promises, for a whole file: loading them for each test would cost more than the tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def reference(reference_loaded: None, db: None) -> None:
    """The 42 promises, as loaded and never polled; what a test writes beside them is rolled back with it."""


@pytest.fixture(scope="class")
def pages_kept() -> Iterator[None]:
    """For a class that writes nothing: what one of its tests has read is answered to the next as it was made."""
    keeping.forget()
    yield
    keeping.forget()


@pytest.fixture(autouse=True)
def nothing_kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if "pages_kept" in request.fixturenames:
        yield
        return
    monkeypatch.setattr(keeping.PAGES, "most_bytes", 0)
    keeping.forget()
    yield
    keeping.forget()
