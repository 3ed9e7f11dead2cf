"""What goes wrong inside one process: the disk, the clock, and records that no one would dare to invent."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from commitments import polling
from commitments.findings import Outcome
from commitments.models import Observation, PollRun, Verdict, Watch
from commitments.watching import watch_new_locations
from ministries.recounting import recount
from tests.conftest import ROOT
from tests.factories import DeadlineFactory, LocationFactory
from tests.faults.services import identifier, manage, populate
from tests.portal import faults

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("our_portal")]

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MARKUP = "<script>alert('jeu')</script> & <b>données</b> «\u202e » \u0001"


@pytest.fixture
def follow(portal, publisher):
    """A function that publishes a record and follows it: returns the record and its location."""

    def published(title="Jeu promis", **fields):
        fields = {"frequency": "punctual", "resources": [], **fields}
        record = portal.catalogue.datasets.add(title, organization=publisher, **fields)
        location = LocationFactory(identifier=record.id, url=f"https://www.data.gouv.fr/datasets/{record.id}")
        DeadlineFactory(commitment=location.deliverable.commitment)
        recount([location.deliverable.commitment_id])  # as whoever writes a promise does
        return record, location

    return published


def run(now):
    """One whole round at ``now``, as the tasks do it; None when nothing is due."""
    with time_machine.travel(now, tick=False):
        watch_new_locations(now)
        begun = polling.begin(now)
        if begun is None:
            return None
        polled, batches = begun
        for batch in batches:
            polling.poll(polled.pk, batch)
        polled.refresh_from_db()
        return polling.settle(polled, now)


def check(now=None):
    with time_machine.travel(now or timezone.now(), tick=False):
        call_command("invariants", stdout=StringIO())


@pytest.mark.django_db
@pytest.mark.streams
class TestTheClock:
    def test_moved_back_an_hour_between_two_rounds_loses_and_doubles_nothing(self, follow):
        _, location = follow()
        now = timezone.now()
        run(now)
        Watch.objects.update(next_check_at=now - 2 * HOUR)
        run(now - HOUR)
        assert [(o.checks, o.last_seen_at) for o in location.observations.all()] == [(1, now)]
        run(now + 1.1 * DAY)
        assert location.observations.get().checks == 2
        assert Verdict.objects.count() == 1
        check(now + 1.1 * DAY)

    def test_moved_back_in_the_middle_of_a_batch_ends_no_lease_early(self, follow):
        follow()
        now = timezone.now()
        watch_new_locations(now)
        polled, batches = polling.begin(now)
        assert polling.begin(now - HOUR) is None
        with time_machine.travel(now - HOUR + timedelta(seconds=5), tick=False):
            polling.poll(polled.pk, batches[0])
        assert Observation.objects.get().checks == 1
        assert Watch.objects.get().lease == ""

    def test_moved_forward_an_hour_gives_a_batch_to_another_and_its_late_answer_to_nobody(self, follow, portal):
        follow()
        now = timezone.now()
        watch_new_locations(now)
        polled, batches = polling.begin(now)
        claimed = polling.claim(polled.pk, batches[0], now)
        run(now + HOUR)
        assert polling._finish(polled.pk, [(claimed[0], polling.Sighting(Outcome.GONE))], now + HOUR) == []
        assert Observation.objects.get().outcome == Outcome.FOUND

    @pytest.mark.parametrize("day", ["2026-03-29T00:30:00+00:00", "2026-10-25T00:30:00+00:00"])
    def test_changes_of_hour_double_no_day(self, follow, day):
        _, location = follow()
        start = timezone.datetime.fromisoformat(day)
        for hours in range(0, 72, 24):
            Watch.objects.update(next_check_at=start)
            run(start + hours * HOUR)
        assert location.observations.get().checks == 3
        assert Verdict.objects.count() == 1


RECORD = {
    "slug": "jeu-promis",
    "title": "Jeu promis",
    "organization": {"id": "534fff8ea3a7292c64a77f02", "name": "Ministère de l'Exemple", "badges": []},
    "owner": None,
    "archived": None,
    "access_type": "open",
    "license": "lov2",
    "frequency": "daily",
    "last_update": "2021-12-20T08:00:00+00:00",
    "internal": {"created_at_internal": "2021-12-20T08:00:00+00:00"},
    "resources": {"total": 2},
    "quality": {"all_resources_available": True},
    "badges": [],
    "page": "https://www.data.gouv.fr/datasets/jeu-promis/",
}


def dated(text):
    return {"last_update": text, "internal": {"created_at_internal": text}}


ABSURD = {
    "the year 1": dated("0001-01-01T00:00:00+00:00"),
    "the year 2099": dated("2099-12-31T00:00:00+00:00"),
    "the end of time": dated("9999-12-31T23:59:59-23:59"),
    "no time zone": dated("2021-09-02T10:20:30"),
    "no date": dated(None),
    "a word for a date": dated("hier"),
    "a number for a date": dated(1e300),
    "a frequency that nobody knows": {"frequency": "when-the-moon-is-full"},
    "a frequency of another kind": {"frequency": {"every": 3}},
    "fewer files than none": {"resources": {"total": -1}},
    "files of another kind": {"resources": [1, 2]},
    "a title in markup": {"title": MARKUP},
    "a publisher in markup": {"organization": {"id": MARKUP, "name": MARKUP, "badges": [{"kind": MARKUP}]}},
    "a title without end": {"title": "x" * 100_000},
    "a licence of another kind": {"license": ["lov2"]},
    "nobody's": {"organization": None},
}


@pytest.mark.django_db
@pytest.mark.streams
@pytest.mark.parametrize("fields", ABSURD.values(), ids=ABSURD)
def test_an_absurd_record_goes_through_the_whole_chain(portal, follow, fields):
    _, sound = follow("Jeu sain")
    record, location = follow()
    portal.fail(record.id, faults.answer(json.dumps({"id": record.id, **RECORD, **fields}).encode()))
    now = timezone.now()
    for day in range(3):
        run(now + day * 1.1 * DAY)
    assert Watch.objects.get(location=location).failures == 0
    assert [location.observations.get().checks, sound.observations.get().checks] == [3, 3]
    _pages_hold(location.deliverable.commitment.ref)
    check(now + 2.2 * DAY)


def _pages_hold(ref):
    pages = [Client().get(path, follow=True) for path in (f"/promesses/{ref}/", "/promesses/", "/sante/")]
    pages.append(Client().get(f"/api/v1/commitments/{ref}/"))
    assert [page.status_code for page in pages] == [200] * 4
    assert not any(b"<script>alert" in page.content for page in pages[:3])


@pytest.mark.django_db
@pytest.mark.streams
def test_a_record_of_1500_files_costs_few_requests(portal, follow):
    _, location = follow(resources=[{}] * 1500)
    run(timezone.now())
    assert location.observations.get().facts["resources_total"] == 1500
    assert portal.count() < 20
    _pages_hold(location.deliverable.commitment.ref)
    check()


@pytest.mark.django_db
@pytest.mark.streams
def test_null_everywhere_is_nothing_seen(portal, follow):
    record, location = follow()
    _, sound = follow("Jeu sain")
    portal.fail(record.id, faults.answer(json.dumps({"id": record.id, **dict.fromkeys(RECORD)}).encode()))
    now = timezone.now()
    run(now)
    assert location.observations.get().outcome == Outcome.NO_OBSERVATION
    assert sound.observations.get().outcome == Outcome.FOUND
    assert Verdict.objects.filter(deliverable=location.deliverable).count() == 0
    check(now)


@pytest.mark.django_db
@pytest.mark.streams
def test_a_character_that_the_base_cannot_hold_costs_the_others_nothing(portal, follow):
    record, _location = follow("Jeu retors")
    _, sound = follow("Jeu sain")
    record.title = "Jeu\x00retors"
    record.description = "\x00"
    now = timezone.now()
    run(now)
    assert sound.observations.get().outcome == Outcome.FOUND
    assert PollRun.objects.get().asked == 2
    check(now)


FULL = """
import django; django.setup()
from datetime import timedelta
from django.db import OperationalError, connection
from django.utils import timezone
from commitments import polling
from commitments.models import Observation, Snapshot, Verdict, Watch
from commitments.watching import watch_new_locations

def round(now):
    watch_new_locations(now)
    run, batches = polling.begin(now)
    for batch in batches:
        polling.poll(run.pk, batch)
    run.refresh_from_db()
    polling.settle(run, now)

def rows():
    return [model.objects.count() for model in (Observation, Snapshot, Verdict)]

now = timezone.now()
watch_new_locations(now)
run, batches = polling.begin(now)
with connection.cursor() as cursor:
    cursor.execute("PRAGMA page_count")
    pages = cursor.fetchone()[0]
    cursor.execute(f"PRAGMA max_page_count = {pages + 4}")
try:
    polling.poll(run.pk, batches[0])
except OperationalError as error:
    print(error)
print(rows(), Watch.objects.exclude(checked_at=None).count())
with connection.cursor() as cursor:
    cursor.execute("PRAGMA max_page_count = 1000000")
Watch.objects.update(lease_until=now)
round(timezone.now())
print(rows(), Watch.objects.exclude(lease="").count())
"""


@pytest.mark.slow
def test_a_disk_full_on_the_snapshot_leaves_nothing_half_written(portal, clean_environment):
    """A real SQLite that may not grow any more: the batch is refused whole, the next round does it again."""
    publisher = portal.catalogue.add_organization("Ministère de l'Exemple")
    for number in range(30):
        # Records that compress badly, so that keeping them takes room.
        title = "".join(chr(33 + (number * 7919 + n * n * 31) % 5000) for n in range(1500))
        portal.catalogue.datasets.add(title, id=identifier(number), organization=publisher, resources=[])
    env = {**clean_environment, "DATAGOUV_URL": portal.url, "DJANGO_SETTINGS_MODULE": "bothorel.settings"}
    env["HOST_CONNECTIONS"] = "20"
    populate(env, 30)
    done = subprocess.run(
        [sys.executable, "-c", FULL], cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "database or disk is full",
        "[0, 0, 0] 0",
        "[30, 30, 30] 0",
    ]
    manage(env, "invariants")
