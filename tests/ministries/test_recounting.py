"""What is kept to count months follows every write, in its transaction; and the invariant says when it does not."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from commitments import polling
from commitments.models import Commitment, Observation
from commitments.watching import watch_new_locations
from ministries import transferring
from ministries.authoring import Author
from ministries.invariants import months_as_recounted
from ministries.models import Course, DayMovement, MonthMovement, Responsibility
from ministries.progress import progress
from ministries.recounting import differing, recount
from ministries.standing import standings
from tests.factories import CommitmentFactory, LocationFactory, MandateFactory, MinistryFactory

pytestmark = pytest.mark.django_db
RIGHT: tuple[list[int], list[str]] = ([], [])


@pytest.fixture
def followed(portal, settings):
    """Three promises at the portal, counted before anything was seen of them."""
    settings.DATAGOUV_URL = portal.url
    publisher = portal.catalogue.add_organization("Ministère de l'Exemple")
    records = []
    for number in range(3):
        records.append(portal.catalogue.datasets.add(f"Jeu {number}", organization=publisher, frequency="punctual"))
        LocationFactory(identifier=records[-1].id)
    recount()
    return records


def batch():
    """Ask everything, and judge nothing yet."""
    watch_new_locations(timezone.now())
    run, batches = polling.begin(timezone.now())
    for ids in batches:
        polling.poll(run.pk, ids)
    run.refresh_from_db()
    return run


def told(day):
    return {(r.ministry.code, s): n for r in progress(day) if r.as_of == day for s, n in r.states.items() if n}


@pytest.mark.streams
def test_a_poll_and_its_judgment_are_counted_with_them(followed):
    run = batch()
    assert differing() == RIGHT
    polling.settle(run, timezone.now())
    assert differing() == RIGHT
    today = timezone.localdate()
    assert sum(told(today).values()) == 3
    assert told(today) == dict(Counter((s.ministry.code, s.observed.state) for s in standings(today)))


@pytest.mark.streams
def test_an_answer_that_changes_nothing_puts_off_the_day_it_grows_too_old(followed):
    run = batch()
    polling.settle(run, timezone.now())
    Observation.objects.update(first_seen_at=timezone.now() - timedelta(days=4))
    Observation.objects.update(last_seen_at=timezone.now() - timedelta(days=2))
    recount()
    before = Course.objects.first().parts[-1][0]
    again, batches = polling.begin(timezone.now(), locations=Observation.objects.values_list("location", flat=True))
    for ids in batches:
        polling.poll(again.pk, ids)
    assert date.fromisoformat(Course.objects.first().parts[-1][0]) - date.fromisoformat(before) == timedelta(days=2)
    assert differing() == RIGHT


def test_a_transfer_is_counted_with_it():
    promise = CommitmentFactory()
    other = MinistryFactory()
    author = Author(MandateFactory(role="operator", ministry=None).agent, timezone.now())
    transferring.transfer(author, [promise], to=other, since=author.today)
    assert differing() == RIGHT
    assert {code for code, _ in told(author.today)} == {other.code}


def test_what_is_undone_is_not_counted():
    promise = CommitmentFactory()
    recount()
    with transaction.atomic():
        Responsibility.objects.update(ministry=MinistryFactory())
        assert recount({promise.pk}) == 1
        transaction.set_rollback(True)
    assert differing() == RIGHT


def test_a_draft_is_counted_nowhere_and_leaves_when_it_becomes_one():
    promise = CommitmentFactory()
    recount()
    assert Course.objects.count() == 1
    Commitment.objects.filter(pk=promise.pk).update(visibility="draft")
    recount({promise.pk})
    assert not Course.objects.exists()
    assert not DayMovement.objects.exists()
    assert not MonthMovement.objects.exists()


def test_counting_again_writes_nothing():
    CommitmentFactory.create_batch(3)
    assert recount() == 3
    assert recount() == 0


def _course():
    course = Course.objects.first()
    course.parts[0][2] = "kept"
    course.save()


def _day():
    DayMovement.objects.all().delete()


def _month():
    row = MonthMovement.objects.first()
    row.moves = {pk: [2 * n for n in counts] for pk, counts in row.moves.items()}
    row.save()


def _told_to_nobody():
    Responsibility.objects.update(ministry=MinistryFactory())


@pytest.mark.parametrize("harm", [_course, _day, _month, _told_to_nobody])
def test_the_invariant_tells_what_is_wrong(harm):
    CommitmentFactory()
    recount()
    now = timezone.now()
    assert months_as_recounted(now, timedelta()) == []
    harm()
    assert months_as_recounted(now, timedelta())
