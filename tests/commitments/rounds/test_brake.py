"""A round that would end too many verdicts at once is held, until the portal or an operator says why."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from commitments.findings import State
from commitments.models import Observation, PollRun, Verdict
from tests.commitments.rounds.running import run

pytestmark = [pytest.mark.django_db, pytest.mark.streams, pytest.mark.usefixtures("our_portal")]
DAY = timedelta(days=1)


@pytest.fixture
def many(portal, followed):
    """Ten kept promises, and the day after they were seen."""
    start = timezone.now() - 10 * DAY
    records = [followed(f"Jeu {number}")[0] for number in range(10)]
    run(start)
    assert set(Verdict.objects.values_list("state", flat=True)) == {State.KEPT}
    return records, start


def restrict(records):
    for record in records:
        record.access_type = "restricted"


def test_the_brake_suspends_a_round_that_would_end_too_many(many):
    records, start = many
    restrict(records[:5])
    assert run(start + 2 * DAY) == []
    suspended = PollRun.objects.get(status=PollRun.Status.SUSPENDED)
    assert (suspended.would_end, suspended.kept_before) == (5, 10)
    assert Verdict.objects.count() == 10


def test_four_endings_pull_no_brake(many):
    records, start = many
    restrict(records[:4])
    assert len(run(start + 2 * DAY)) == 4


def test_a_portal_that_comes_back_releases_the_brake(many):
    records, start = many
    restrict(records[:6])
    run(start + 2 * DAY)
    for record in records:
        record.access_type = "open"
    run(start + 5 * DAY)
    assert not PollRun.objects.filter(status=PollRun.Status.SUSPENDED).exists()
    assert Verdict.objects.count() == 10


def test_an_operator_confirms_the_brake(many):
    records, start = many
    restrict(records[:6])
    run(start + 2 * DAY)
    with time_machine.travel(start + 2.1 * DAY):
        call_command("brake", "--confirm", "--reason", "l'accès a changé", stdout=StringIO())
    assert Verdict.objects.filter(state=State.PARTIAL).count() == 6
    assert not PollRun.objects.filter(status=PollRun.Status.SUSPENDED).exists()


def test_an_operator_dismisses_what_the_portal_showed(portal, many):
    records, start = many
    for record in records[:6]:
        portal.catalogue.datasets.delete(record.id)
    for day in range(1, 6):
        run(start + day * DAY * 1.001)
    assert PollRun.objects.filter(status=PollRun.Status.SUSPENDED).exists()
    with time_machine.travel(start + 5.1 * DAY):
        call_command("brake", "--dismiss", "--reason", "panne du portail", stdout=StringIO())
    assert Verdict.objects.filter(state=State.GONE).count() == 0
    assert Observation.objects.exclude(dismissed_at=None).count() == 6
