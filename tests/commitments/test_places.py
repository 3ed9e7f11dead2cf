"""All the places a promise can be kept, from the address to the verdict, through real rounds of polling."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from commitments import polling
from commitments.deciding import decide
from commitments.findings import Kind, ReadingState, State
from commitments.judging import paris_day
from commitments.models import Candidate, Decision, Location, Observation, Verdict
from commitments.watching import watch_new_locations
from tests.factories import DeliverableFactory, LocationFactory, ReadingFactory
from tests.portal import faults, forges

pytestmark = [pytest.mark.django_db, pytest.mark.streams, pytest.mark.usefixtures("our_portal")]
DAY = timedelta(days=1.01)
OPENAPI = {"openapi": "3.0.3", "info": {"title": "API"}, "paths": {"/a": {}}}
PAGE = faults.answer(b"<html><title>Carte</title>" + b" " * 5000, content_type="text/html")


@pytest.fixture
def promised():
    """A function that makes a deliverable of a kind, looked for at an address."""

    def promise(kind, portal, *, deliverable=None, **fields):
        deliverable = deliverable or DeliverableFactory(kind=kind)
        LocationFactory(deliverable=deliverable, portal=portal, **({"identifier": ""} | fields))
        return deliverable

    return promise


def run(day=0, *, start=None):
    """One whole round, some days after the first one."""
    now = (start or timezone.now()) + day * DAY
    with time_machine.travel(now, tick=False):
        watch_new_locations(now)
        begun = polling.begin(now)
        assert begun is not None
        polled, batches = begun
        for batch in batches:
            polling.poll(polled.pk, batch)
        polled.refresh_from_db()
        polling.settle(polled, now, brake=False)


def verdict(deliverable):
    last = Verdict.objects.filter(deliverable=deliverable).order_by("since", "id").last()
    return last.state, [reason["code"] for reason in last.reasons if reason["code"] != "a-verifier"]


def test_a_dataset_whose_file_disappears_is_partial_on_the_second_day(portal, publisher, promised):
    record = portal.catalogue.datasets.add(
        "Jeu", organization=publisher, frequency="punctual", resources=[{"url": "BASE/f.csv"}]
    )
    portal.put("/f.csv", faults.answer(b"a;b\n", content_type="text/csv"))
    deliverable = promised(Kind.DATASET, Location.Portal.DATASET, identifier=record.id)
    start = timezone.now()
    run(start=start)
    told = [verdict(deliverable)]
    portal.put("/f.csv", faults.status(404))
    for day in (1, 2, 3):
        run(day, start=start)
        told.append(verdict(deliverable))
    kept, partial = (State.KEPT, ["constate"]), (State.PARTIAL, ["fichiers-injoignables"])
    assert told == [kept, kept, partial, partial]
    assert Observation.objects.count() == 3


def test_a_file_that_refuses_the_robot_now_and_then_adds_no_row(portal, publisher, promised):
    record = portal.catalogue.datasets.add(
        "Jeu", organization=publisher, frequency="punctual", resources=[{"url": "BASE/f.csv"}]
    )
    deliverable = promised(Kind.DATASET, Location.Portal.DATASET, identifier=record.id)
    start = timezone.now()
    for day in range(8):
        portal.put("/f.csv", faults.status(403) if day % 3 else faults.answer(b"a;b\n", content_type="text/csv"))
        run(day, start=start)
    assert verdict(deliverable) == (State.KEPT, ["constate"])
    assert (Observation.objects.count(), Verdict.objects.count()) == (1, 1)


def test_an_api_is_kept_once_its_documentation_is_read(portal, publisher, promised):
    url = portal.put("/openapi.json", faults.status(403))
    record = portal.catalogue.dataservices.add("API", organization=publisher, machine_documentation_url=url)
    deliverable = promised(Kind.API, Location.Portal.DATASERVICE, identifier=record.id)
    start = timezone.now()
    run(start=start)
    assert verdict(deliverable) == (State.UNKNOWN, ["exigence-inconnue"])
    portal.put("/openapi.json", faults.answer(json.dumps(OPENAPI).encode()))
    run(1, start=start)
    assert verdict(deliverable) == (State.KEPT, ["constate"])


def test_source_code_is_kept_when_its_repository_bears_something(portal, promised):
    url = forges.put_repository(portal, "groupe/depot", {})
    forges.put_gitlab(portal, "groupe/depot")
    deliverable = promised(Kind.SOURCE_CODE, Location.Portal.GIT, url=url)
    start = timezone.now()
    run(start=start)
    assert verdict(deliverable) == (State.PARTIAL, ["depot-vide"])
    forges.put_repository(portal, "groupe/depot")
    run(1, start=start)
    assert verdict(deliverable) == (State.KEPT, ["constate"])


def test_a_repository_at_work_adds_one_row_a_month_at_most(portal, promised):
    url = forges.put_repository(portal, "groupe/depot")
    deliverable = promised(Kind.SOURCE_CODE, Location.Portal.GIT, url=url)
    start = timezone.now()
    for day in range(5):
        forges.put_repository(portal, "groupe/depot", forges.REFS | {"HEAD": f"{day:040x}"})
        forges.put_gitlab(portal, "groupe/depot", last_activity_at=f"2026-11-0{day + 1}T10:00:00Z")
        run(day, start=start)
    assert verdict(deliverable)[0] == State.KEPT
    assert Observation.objects.count() == 1
    assert Observation.objects.get().facts["head"] == f"{4:040x}"


@pytest.mark.parametrize("kind", [Kind.DATASET, Kind.API, Kind.SOURCE_CODE])
def test_an_address_alone_keeps_no_promise(portal, promised, kind):
    deliverable = promised(kind, Location.Portal.URL, url=portal.put("/carte/relance", PAGE))
    run()
    assert verdict(deliverable) == (State.UNKNOWN, ["exigence-inconnue"])


def test_a_platform_is_its_page(portal, promised):
    deliverable = promised(Kind.PLATFORM, Location.Portal.URL, url=portal.put("/carte/relance", PAGE))
    run()
    assert verdict(deliverable) == (State.KEPT, ["constate"])


def test_a_page_that_answers_leaves_a_person_s_finding_in_force(portal, promised):
    deliverable = promised(Kind.DATASET, Location.Portal.URL, url=portal.put("/carte/relance", PAGE))
    ReadingFactory(
        commitment=deliverable.commitment,
        read_on=paris_day(timezone.now()) - timedelta(days=30),
        state=ReadingState.OPEN,
    )
    run()
    assert verdict(deliverable) == (State.KEPT, ["constat-humain"])


def test_a_record_says_more_than_a_page_whichever_was_asked_last(portal, publisher, promised):
    record = portal.catalogue.datasets.add("Jeu", organization=publisher, frequency="punctual")
    deliverable = promised(Kind.DATASET, Location.Portal.DATASET, identifier=record.id)
    start = timezone.now()
    run(start=start)
    promised(Kind.DATASET, Location.Portal.URL, deliverable=deliverable, url=portal.put("/carte/relance", PAGE))
    run(0.1, start=start)
    assert Observation.objects.order_by("last_seen_at").last().location.portal == Location.Portal.URL
    assert verdict(deliverable) == (State.KEPT, ["constate"])


@pytest.fixture
def moved(portal, publisher, promised):
    """An API's page that now leads to its record on the portal: the record and the deliverable."""
    record = portal.catalogue.dataservices.add("API BALO", organization=publisher)
    url = portal.put("/les-api/api-balo", faults.redirect(f"/dataservices/{record.slug}"))
    portal.put(f"/dataservices/{record.slug}", PAGE)
    return record, promised(Kind.API, Location.Portal.URL, url=url)


def test_an_opening_that_moved_to_a_record_is_proposed_not_followed(portal, publisher, moved):
    record, deliverable = moved
    run()
    assert Observation.objects.get().facts["moved_to"] == f"{portal.url}/dataservices/{record.slug}"
    assert verdict(deliverable)[0] == State.UNKNOWN
    assert Location.objects.count() == 1
    candidate = Candidate.objects.pending().get()
    assert (candidate.deliverable, candidate.portal) == (deliverable, Location.Portal.DATASERVICE)
    assert (candidate.identifier, candidate.title, candidate.organization) == (record.id, record.title, publisher.name)
    (reason,) = candidate.reasons
    assert f"l'adresse suivie ({portal.url}/les-api/api-balo) renvoie désormais à cette fiche" in reason["text"]


def test_what_moved_is_proposed_once_and_its_record_asked_once(portal, moved):
    start = timezone.now()
    run(start=start)
    run(1, start=start)
    assert Candidate.objects.count() == 1
    assert Observation.objects.get().checks == 2
    assert portal.count("/api/1/dataservices/") == 1


def test_an_answer_on_what_moved_stands(moved):
    _, deliverable = moved
    start = timezone.now()
    run(start=start)
    decide(Candidate.objects.get(), "no", by_function="AMDAC", now=start)
    run(1, start=start)
    assert not Candidate.objects.pending().exists()
    decide(Candidate.objects.get(), "yes", by_function="AMDAC", now=start, seen=Decision.objects.get().pk)
    run(2, start=start)
    assert Location.objects.filter(deliverable=deliverable, portal=Location.Portal.DATASERVICE, until=None).exists()
    assert Candidate.objects.count() == 1


def test_what_moved_to_nothing_shown_proposes_nothing(portal, moved):
    record, _ = moved
    portal.catalogue.dataservices.make_private(record.id)
    run()
    assert Observation.objects.get().facts["moved_to_record"] is None
    assert not Candidate.objects.exists()
