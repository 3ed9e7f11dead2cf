"""The situation as of a day: the reference's own promises, on the days that the press wrote about them."""

from datetime import UTC, date, datetime

import pytest

from commitments.findings import ReadingState, State
from commitments.judging import rejudge
from commitments.locating import close
from commitments.models import Commitment
from ministries.models import Declaration
from ministries.standing import standing, standings
from tests.factories import (
    CommitmentFactory,
    DeadlineFactory,
    DeclarationFactory,
    DeliverableFactory,
    LocationFactory,
    ReadingFactory,
)
from tests.observed import observe
from tests.reference import load

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


@pytest.fixture
def reference():
    load()


def told(ref, day):
    s = standing(ref, date.fromisoformat(day))
    return s.observed.state, s.timeliness.code, s.timeliness.days


@pytest.mark.parametrize(
    ("ref", "day", "expected"),
    [
        ("O-30", "2023-02-01", (State.UNMET, "late", 489)),
        ("O-30", "2022-02-01", (State.UNLOCATED, "unverified", 124)),
        ("O-03", "2022-02-01", (State.UNLOCATED, "unverified", 32)),
        ("O-10", "2021-10-15", (State.UNMET, "late", 15)),
        ("O-14", "2022-02-01", (State.KEPT, "kept_on_time", 0)),
        ("O-14", "2026-02-01", (State.UNKNOWN, "kept_on_time", 0)),
    ],
)
def test_a_promise_of_2021_is_told_as_it_stood(reference, ref, day, expected):
    assert told(ref, day) == expected


def test_franceconnect_was_kept_on_time(reference):
    s = standing("O-09", date(2026, 11, 24))
    assert (s.observed.state, s.observed.opened_on, s.timeliness.code) == (
        State.KEPT,
        date(2021, 11, 22),
        "kept_on_time",
    )


def test_the_first_date_is_never_lost(reference):
    promised = standing("O-10", date(2026, 11, 24)).promised
    assert [d.raw for d in promised.deadlines] == ["d'ici fin 2021", "T2 2021", "T3 2021"]
    assert (promised.postponements, promised.days_moved) == (1, -92)


def test_a_date_not_announced_yet_does_not_count(reference):
    assert [d.raw for d in standing("O-10", date(2021, 5, 1)).promised.deadlines] == ["d'ici fin 2021", "T2 2021"]


@pytest.mark.parametrize("found_then", ["open", "open_partial", "not_open"])
def test_a_day_of_the_past_is_judged_by_the_addresses_it_had(found_then):
    location = LocationFactory(since=date(2021, 2, 5))
    deliverable = location.deliverable
    promise, read_on, closed_on, later = (
        deliverable.commitment,
        date(2022, 3, 1),
        date(2022, 11, 1),
        date(2023, 3, 1),
    )
    observe(location, date(2022, 1, 1), days=290)
    ReadingFactory(commitment=promise, state=found_then, read_on=read_on)
    rejudge([deliverable], today=read_on)
    before = standing(promise.ref, read_on)
    close(location, until=closed_on)
    rejudge([deliverable], today=closed_on)
    ReadingFactory(commitment=promise, state="not_open", read_on=later)
    rejudge([deliverable], today=later)
    after = standing(promise.ref, read_on)
    assert after.observed == before.observed
    assert after.deliverables[0].verdicts == before.deliverables[0].verdicts
    assert standing(promise.ref, later).observed.state == State.UNMET


def test_a_promise_does_not_exist_before_it_was_made(reference):
    assert standing("O-15", date(2021, 4, 1)) is None
    assert len(standings(date(2021, 2, 5))) == 14


def test_the_whole_list_costs_the_same_queries_whatever_its_size(reference, django_assert_num_queries):
    with django_assert_num_queries(7):
        assert len(standings(date(2026, 11, 24))) == 42
    with django_assert_num_queries(7):
        standings(date(2026, 11, 24), commitments=Commitment.objects.filter(ref="O-01"))


def test_a_draft_is_shown_to_nobody():
    CommitmentFactory(ref="T-1", visibility=Commitment.Visibility.DRAFT)
    assert standings(date(2026, 1, 1)) == []


def test_an_abandoned_promise_is_closed_and_its_verdict_stays():
    commitment = DeadlineFactory().commitment
    DeliverableFactory(commitment=commitment)
    ReadingFactory(commitment=commitment, state=ReadingState.NOT_OPEN)
    rejudge(today=date(2022, 2, 1))
    DeclarationFactory(commitment=commitment, status=Declaration.Status.ABANDONED, declared_on=date(2022, 1, 15))
    assert told(commitment.ref, "2022-01-14") == (State.UNMET, "late", 14)
    assert told(commitment.ref, "2022-01-15") == (State.UNMET, "closed", None)


def test_a_finding_ages_on_reading_without_any_write():
    location = LocationFactory()
    commitment = location.deliverable.commitment
    DeadlineFactory(commitment=commitment)
    observe(location, date(2022, 1, 10))
    rejudge(today=date(2022, 1, 10))
    assert told(commitment.ref, "2022-01-09") == (State.UNKNOWN, "unverified", 9)
    assert told(commitment.ref, "2022-01-17") == (State.KEPT, "kept_on_time", 0)
    assert told(commitment.ref, "2022-01-18") == (State.UNKNOWN, "kept_on_time", 0)


def test_what_was_recorded_later_is_not_known_yet(reference):
    before = datetime(2026, 1, 1, tzinfo=UTC)
    assert standings(date(2026, 1, 1), before) == []


def test_a_day_of_opening_that_nobody_knows_gives_a_delay_at_most(reference):
    told = standing("O-05", date(2023, 1, 1)).timeliness
    assert (told.code, told.days, told.at_most) == ("kept_late", 326, True)
