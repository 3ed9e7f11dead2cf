"""Intervals: what is seen again moves the end, what changed adds a row, what fails never hides what was seen."""

from datetime import UTC, datetime, timedelta

import pytest

from commitments.findings import Outcome, Sighting
from commitments.models import Observation, Snapshot
from commitments.recording import record
from tests.factories import WatchFactory

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

START = datetime(2026, 6, 1, 6, 12, tzinfo=UTC)
FOUND = Sighting(
    Outcome.FOUND, facts={"id": "a", "license": "lov2"}, evidence=b'{"id": "a"}', url="https://exemple.fr/"
)
CLOSED = Sighting(
    Outcome.FOUND, facts={"id": "a", "license": "other-closed"}, evidence=b'{"id": "a", "l": 0}', url="u"
)
ABSENT = Sighting(Outcome.ABSENT)
BUSY = Sighting.none("http_429")


def days(*numbers):
    return [START + timedelta(days=n) for n in numbers]


def rows(watch):
    return [
        (o.outcome, (o.first_seen_at - START).days, (o.last_seen_at - START).days, o.checks)
        for o in Observation.objects.filter(location=watch.location)
    ]


def test_the_same_answer_moves_the_end_of_its_interval():
    watch = WatchFactory()
    told = [record(watch, FOUND, day) for day in days(0, 1, 2)]
    assert rows(watch) == [("found", 0, 2, 3)]
    assert told == [True, False, False]


def test_a_changed_answer_adds_a_row_and_keeps_its_record():
    watch = WatchFactory()
    for sighting, day in zip((FOUND, CLOSED, FOUND), days(0, 1, 2), strict=True):
        record(watch, sighting, day)
    assert rows(watch) == [("found", 0, 0, 1), ("found", 1, 1, 1), ("found", 2, 2, 1)]
    assert [s.opened for s in Snapshot.objects.order_by("taken_at")] == [
        FOUND.evidence,
        CLOSED.evidence,
        FOUND.evidence,
    ]


def test_a_failure_between_two_same_answers_hides_nothing():
    watch = WatchFactory()
    for sighting, day in zip((FOUND, BUSY, FOUND), days(0, 1, 2), strict=True):
        record(watch, sighting, day)
    assert rows(watch) == [("found", 0, 2, 2), ("no_observation", 1, 1, 1)]


def test_an_interval_never_bridges_a_silence_longer_than_a_finding_stands():
    watch = WatchFactory()
    for day in days(0, 8):
        record(watch, FOUND, day)
    assert rows(watch) == [("found", 0, 0, 1), ("found", 8, 8, 1)]


@pytest.mark.parametrize("late", [0, -1])
def test_an_answer_delivered_twice_or_late_changes_nothing(late):
    watch = WatchFactory()
    record(watch, FOUND, START)
    record(watch, FOUND, START + timedelta(days=late))
    assert rows(watch) == [("found", 0, 0, 1)]


def test_an_absence_has_its_own_interval():
    watch = WatchFactory()
    for sighting, day in zip((FOUND, ABSENT, ABSENT), days(0, 1, 2), strict=True):
        record(watch, sighting, day)
    assert rows(watch) == [("found", 0, 0, 1), ("absent", 1, 2, 2)]


def updated(day, frequency="daily"):
    return Sighting(Outcome.FOUND, facts={"id": "a", "frequency": frequency, "last_update": f"{day}T06:00:00+00:00"})


def test_a_record_updated_each_day_as_announced_stays_one_interval():
    watch = WatchFactory()
    for number, day in enumerate(days(0, 1, 2)):
        record(watch, updated(f"2026-06-0{number + 1}"), day)
    assert rows(watch) == [("found", 0, 2, 3)]
    assert Observation.objects.get().facts["last_update"].startswith("2026-06-03")


def test_a_record_that_becomes_fresh_again_begins_another_interval():
    watch = WatchFactory()
    for sighting, day in zip((updated("2026-01-01"), updated("2026-06-02")), days(0, 1), strict=True):
        record(watch, sighting, day)
    assert rows(watch) == [("found", 0, 0, 1), ("found", 1, 1, 1)]
