"""Five thousand promises: lists and files in bounded memory and in few queries, whatever the number."""

import gc
import tracemalloc
from collections.abc import Iterator
from time import process_time

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboards.api.caching import KEPT
from dashboards.api.listing import AT_ONCE
from dashboards.opendata.files import FILES
from tests.dashboards.opendata import crowd

pytestmark = pytest.mark.slow

MANY = 5000
MEGABYTE = 1024 * 1024
MOST_MEMORY = 48 * MEGABYTE
"""Some hundreds of situations and what is spooled; all of the situations at once take three times as much."""
A_PART = 22
"""Queries for each part of a list, at most: the situations of its promises, then its rows."""


@pytest.fixture(scope="module")
def many(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        crowd.make(MANY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def measured(many, db, client: Client):
    """``measured(path)``: bytes sent, peak of memory, queries and seconds of processor."""

    def ask(path: str) -> tuple[int, int, int, float]:
        KEPT.clear()
        gc.collect()
        tracemalloc.start()
        began = process_time()
        try:
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(path)
                assert answer.status_code == 200
                sent = sum(map(len, answer)) if answer.streaming else len(answer.content)
            return sent, tracemalloc.get_traced_memory()[1], len(queries), process_time() - began
        finally:
            tracemalloc.stop()

    return ask


@pytest.mark.parametrize("path", ["promesses.csv", "evenements.json"])
def test_a_whole_file_takes_bounded_memory_and_few_queries(measured, path):
    sent, memory, queries, _ = measured(f"/donnees/{path}?au={crowd.DAY}")
    rows = FILES[path.partition(".")[0]].count(crowd.DAY)
    assert rows >= MANY
    assert sent > 50 * rows
    assert memory < MOST_MEMORY, memory / MEGABYTE
    assert queries <= 5 + A_PART * (rows // AT_ONCE + 1)


def test_a_page_costs_what_it_shows_and_not_what_there_is(measured):
    first = measured(f"/api/v1/commitments/?page_size=50&au={crowd.DAY}")
    last = measured(f"/api/v1/commitments/?page_size=50&page=100&au={crowd.DAY}")
    for _, memory, queries, _ in (first, last):
        assert memory < 8 * MEGABYTE
        assert queries <= 13
    every = measured(f"/api/v1/commitments/?constat=kept&page_size=50&au={crowd.DAY}")
    assert first[3] < every[3] / 3, "only the promises of a page are judged when the base can tell which"


def test_pages_and_files_say_the_same(many, db, client):
    page = client.get(f"/api/v1/commitments/?page=7&page_size=50&q=donnees&au={crowd.DAY}").json()
    assert (page["count"], page["results"][0]["ref"]) == (MANY, "N-00300")
    one = client.get(f"/api/v1/commitments/?q=numero+4999&au={crowd.DAY}").json()
    assert [row["ref"] for row in one["results"]] == ["N-04999"]
