"""The robot writes while a file is made, or while pages are walked: nothing is mixed, lost or told twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from commitments.models import Version
from dashboards.api.base import TRIES
from dashboards.api.views.facts import Declarations
from tests.factories import CommitmentFactory, DeadlineFactory, DeclarationFactory

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(write):
    """Write by another connection, as the robot does."""

    def run():
        try:
            write()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as another:
        another.submit(run).result()


def test_a_write_in_the_middle_makes_it_read_again(client, monkeypatch):
    """A file is of one state of the data, and its tag is that state's."""
    DeclarationFactory()
    Version.bump()
    told, writes, tell = [], [True], Declarations.tell

    def writing(self, items, asked):
        told.append(len(items))
        if writes.pop():
            elsewhere(Version.bump)
        return tell(self, items, asked)

    monkeypatch.setattr(Declarations, "tell", writing)
    writes[:] = [False, True]
    answer = client.get("/donnees/declarations.csv")
    assert (told, answer.status_code) == ([1, 1], 200)
    assert answer["ETag"].startswith(f'W/"v{Version.current()}-')
    told.clear()
    writes[:] = [True] * 10
    Version.bump()
    assert client.get("/donnees/declarations.csv").status_code == 200
    assert len(told) == TRIES, "who writes without end does not stop who reads"


def test_pages_of_events_are_walked_while_others_are_added(client):
    """Every event that was there is met once; one that comes ahead of the cursor hides and repeats nothing."""
    for day in range(1, 21):
        DeclarationFactory(declared_on=date(2022, 1, day))
    Version.bump()
    before = {event["id"] for event in client.get("/api/v1/events/?page_size=100").json()["results"]}
    address, met = "/api/v1/events/?page_size=7", []
    while address:
        page = client.get(address).json()
        met += [event["id"] for event in page["results"]]
        address = page["next"]
        elsewhere(lambda: (DeclarationFactory(declared_on=date(2022, 6, 1)), Version.bump()))
    assert len(met) == len(set(met))
    assert before <= set(met)


def test_pages_of_facts_are_walked_while_others_are_added(client):
    """Facts are in the order in which they were added: a new one comes last."""
    commitment = CommitmentFactory()
    for _ in range(20):
        DeclarationFactory(commitment=commitment)
    DeadlineFactory(commitment=commitment)
    Version.bump()
    address, met = "/api/v1/declarations/?page_size=7", []
    while address:
        page = client.get(address).json()
        met += [row["id"] for row in page["results"]]
        address = page["next"]
        if len(met) < 25:
            elsewhere(lambda: (DeclarationFactory(commitment=commitment), Version.bump()))
    assert met == sorted(set(met))
    assert len(met) >= 22
