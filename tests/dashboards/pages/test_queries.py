"""A page asks a fixed number of questions of the base, whatever its size."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.judging import rejudge
from commitments.models import Commitment, Version
from dashboards.pages import keeping
from tests.factories import (
    CommitmentFactory,
    DeadlineFactory,
    DeclarationFactory,
    DeliverableFactory,
    LocationFactory,
    ReadingFactory,
    ResponsibilityFactory,
)

LIMIT = 12
# Ten are the situation's own. The page on the robot's health reads what machines read of it, and is kept by nobody.
MORE = {"ministry": 17, "/sante/": 16, "/citp/5/": 14}
PAGES = (
    "/",
    "/promesses/",
    "/promesses/?q=jeu&vue=echues",
    "/ministeres/",
    "/contradictions/",
    "/graphiques/ministeres.csv",
    "/echeances/",
    "/graphiques/echeances-a-venir.json",
    "/graphiques/rythme.json",
    "/sante/",
)


def grow(ministries: int, promises: int) -> list[Commitment]:
    made = []
    for _ in range(ministries):
        first = CommitmentFactory()
        ministry = first.responsibilities.get().ministry
        for _ in range(promises):
            promise = CommitmentFactory(responsibility=None)
            ResponsibilityFactory(commitment=promise, ministry=ministry)
            DeadlineFactory(commitment=promise)
            LocationFactory(deliverable=DeliverableFactory(commitment=promise))
            ReadingFactory(commitment=promise)
            DeclarationFactory(commitment=promise)
            made.append(promise)
    Version.bump()
    return made


def asked(client: Client, address: str) -> int:
    keeping.forget()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    made = grow(2, 2)
    rejudge(today=made[0].announced_on)
    promise = made[0].get_absolute_url()
    ministry = f"/ministeres/{made[0].responsibilities.get().ministry.slug}/"
    addresses = (*PAGES, promise, ministry)
    few = {address: asked(client, address) for address in addresses}
    grow(4, 10)
    assert {address: asked(client, address) for address in addresses} == few
    limits = {**MORE, ministry: MORE["ministry"]}
    assert {address: count for address, count in few.items() if count > limits.get(address, LIMIT)} == {}


@pytest.mark.django_db
def test_documents_too(client: Client) -> None:
    call_command("load_reference", verbosity=0)
    for address in ("/recommandations/", "/citp/5/", "/citp/", "/methode/", "/mentions-legales/"):
        assert asked(client, address) <= MORE.get(address, LIMIT)
