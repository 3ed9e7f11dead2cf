"""A note made again from its permanent address is the same, byte for byte, whatever the robot and others did since."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from commitments import polling
from commitments.findings import State
from commitments.models import Location, Observation, Version
from commitments.watching import watch_new_locations
from ministries.standing import standings
from tests.factories import DeadlineFactory, DeclarationFactory, LocationFactory, ReadingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.streams]
MORNING = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)


@pytest.fixture
def followed(portal, settings):
    """Three promises due since 2021, found at the portal two days before the note."""
    settings.DATAGOUV_URL = portal.url
    publisher = portal.catalogue.add_organization("Ministère de l'Exemple")
    for number in range(3):
        record = portal.catalogue.datasets.add(f"Jeu {number}", organization=publisher, frequency="punctual")
        location = LocationFactory(identifier=record.id)
        DeadlineFactory(commitment=location.deliverable.commitment)
    with time_machine.travel(MORNING - timedelta(days=2), tick=False):
        watch_new_locations(timezone.now())
        poll()


def poll() -> None:
    locations = Location.objects.values_list("pk", flat=True)
    run, batches = polling.begin(timezone.now(), locations=locations)
    for batch in batches:
        polling.poll(run.pk, batch)
    run.refresh_from_db()
    polling.settle(run, timezone.now())


def article(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return re.search(r'<article class="note">.*</article>', response.content.decode(), re.DOTALL)[0]


@pytest.mark.parametrize("later", [timedelta(hours=3), timedelta(days=1), timedelta(days=6)])
@pytest.mark.parametrize("au", ["", "?au=2026-06-14", "?au=2026-06-15"])
def test_an_unchanged_answer_since_changes_nothing(client, followed, later, au):
    with time_machine.travel(MORNING, tick=False):
        made = client.get(f"/note/{au}")
        permanent = made.context["asked"].permanent("/note/")
        first = article(client, f"/note/{au}")
        assert article(client, permanent) == first
    with time_machine.travel(MORNING + later, tick=False):
        poll()
        promise = Location.objects.first().deliverable.commitment
        DeclarationFactory(commitment=promise, declared_on=MORNING.date())
        ReadingFactory(commitment=promise, read_on=MORNING.date(), read_raw="15 juin 2026", state="not_open")
        Version.bump()
        assert Observation.objects.latest("last_seen_at").last_seen_at == MORNING + later
        assert article(client, permanent) == first
        assert client.get(permanent).context["note"] == made.context["note"]


def test_what_was_too_old_then_is_too_old_for_ever(client, followed):
    """Eight days of silence, a note, then the robot comes back: the note still says that nobody knew."""
    then = MORNING + timedelta(days=8)
    with time_machine.travel(then, tick=False):
        permanent = client.get("/note/").context["asked"].permanent("/note/")
        first = article(client, permanent)
        assert {s.observed.state for s in standings(then.date())} == {State.UNKNOWN}
    with time_machine.travel(then + timedelta(hours=1), tick=False):
        poll()
        assert State.UNKNOWN not in {s.observed.state for s in standings(then.date())}
        assert article(client, permanent) == first


def test_a_note_of_a_past_day_says_that_day_and_when_it_was_known(client):
    with time_machine.travel(MORNING, tick=False):
        assert "état au 15\u00a0juin\u00a02026 à\u00a010:00<" in article(client, "/note/")
        assert "état au 1er\u00a0février\u00a02022, tel que connu le 15\u00a0juin\u00a02026 à\u00a010:00<" in article(
            client, "/note/?au=2022-02-01"
        )
