"""An ordinary day: lists answer for the records, and what is sent to each host is counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.utils import timezone

from commitments import polling
from commitments.models import Host, HostException, Location, Observation, Watch
from commitments.watching import watch_new_locations
from tests.factories import LocationFactory
from tests.portal.server import Portal

pytestmark = [pytest.mark.django_db, pytest.mark.streams, pytest.mark.usefixtures("our_portal")]
DAY = timedelta(days=1)
RECORDS = "/api/2/datasets/"


def follow(portal: Portal, title: str, publisher=None, **fields) -> Location:
    fields = {"frequency": "punctual", "resources": []} | fields
    record = portal.catalogue.datasets.add(title, organization=publisher, **fields)
    return LocationFactory(identifier=record.id, url=f"https://www.data.gouv.fr/datasets/{record.slug}")


def run(now: datetime) -> list[list[int]]:
    """Ask everything at ``now``: the batches that were asked."""
    with time_machine.travel(now, tick=False):
        watch_new_locations(now)
        Watch.objects.update(next_check_at=now)
        polled, batches = polling.begin(now)
        for batch in batches:
            polling.poll(polled.pk, batch)
    return batches


def asked(portal: Portal) -> tuple[int, int]:
    """Pages of lists, and single records, asked since it was forgotten."""
    paths = portal.counts()
    return paths[RECORDS], sum(n for path, n in paths.items() if path.startswith(RECORDS) and path != RECORDS)


def test_the_second_day_takes_one_page_and_what_it_does_not_show(portal):
    publisher = portal.catalogue.add_organization("Ministère de l'Exemple")
    locations = [follow(portal, f"Jeu {number}", publisher) for number in range(30)]
    now = timezone.now()
    run(now)
    assert asked(portal) == (0, 30)
    portal.forget()
    portal.catalogue.datasets.archive(locations[0].identifier)
    run(now + DAY)
    assert asked(portal) == (1, 1)
    assert Observation.objects.get(location=locations[0], facts__archived="2023-01-31")
    others = Observation.objects.exclude(location=locations[0])
    assert set(others.values_list("checks", flat=True)) == {2}


def test_a_change_seen_in_a_list_keeps_the_record_itself_as_evidence(portal):
    publisher = portal.catalogue.add_organization("Ministère de l'Exemple")
    locations = [follow(portal, f"Jeu {number}", publisher) for number in range(3)]
    now = timezone.now()
    run(now)
    portal.catalogue.datasets[locations[1].identifier].access_type = "restricted"
    portal.forget()
    run(now + DAY)
    assert asked(portal) == (1, 0)
    changed = Observation.objects.get(facts__access_type="restricted")
    assert changed.location == locations[1]
    assert changed.snapshot.opened.startswith(b'{"id":"%s"' % locations[1].identifier.encode())
    assert "?organization=" in changed.snapshot.url


def test_the_records_of_one_publisher_go_in_one_batch(portal, monkeypatch):
    monkeypatch.setattr(polling, "BATCH", 3)
    publishers = [portal.catalogue.add_organization(f"Ministère {number}") for number in range(2)]
    for number in range(6):
        follow(portal, f"Jeu {number}", publishers[number % 2])
    now = timezone.now()
    run(now)
    portal.forget()
    batches = run(now + DAY)
    assert asked(portal) == (2, 0)
    for batch in batches:
        found = Observation.objects.filter(location__watch__in=batch)
        assert len(set(found.values_list("facts__organization_id", flat=True))) == 1


def test_what_is_counted_is_what_was_sent(portal, settings):
    settings.HOST_PER_MINUTE = 1000
    for number in range(3):
        follow(portal, f"Jeu {number}", resources=[{}] * 5)
    run(timezone.now())
    assert portal.count() > 3
    assert Host.objects.get(name="127.0.0.1").sent == portal.count()


def test_what_was_sent_beyond_the_quota_is_waited_for(portal, settings):
    settings.HOST_PER_MINUTE = 4
    follow(portal, "Jeu", resources=[{}] * 5)
    now = timezone.now()
    run(now)
    sent = portal.count()
    assert sent > 4
    run(now + timedelta(seconds=30))
    assert portal.count() == sent
    run(now + timedelta(minutes=sent // 4 + 1))
    assert portal.count() > sent


def test_files_on_a_host_left_alone_by_decision_are_not_tried(portal, settings):
    files = f"http://localhost:{urlsplit(portal.url).port}"
    settings.OUTBOUND_ALLOW = [files.removeprefix("http://")]
    follow(portal, "Jeu", resources=[{"url": f"{files}/peer-files/ok.csv"}])
    now = timezone.now()
    HostException.objects.create(host="localhost", reason="migration", since=now, until=now + DAY, decided_by="DINUM")
    run(now)
    assert portal.count("/peer-files/") == 0
    run(now + DAY)
    assert portal.count("/peer-files/") > 0
