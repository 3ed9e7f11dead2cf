"""The reference, loaded once a file; pages made for each test, since what another kept says nothing of its base."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from dashboards.pages import keeping


@pytest.fixture(scope="module")
def reference_loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The real promises, for a whole file: loading them for each test would cost more than the tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def reference(reference_loaded: None, db: None) -> None:
    """The 42 promises, as loaded and never polled; what a test writes beside them is rolled back with it."""


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(keeping.PAGES, "most_bytes", 0)
    keeping.forget()
    yield
    keeping.forget()
