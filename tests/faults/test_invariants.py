"""The script that checks the invariants says what is broken, and nothing when all is well."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from bothorel.management.commands.invariants import one_moment
from commitments import polling
from commitments.findings import Outcome, State
from commitments.invariants import INVARIANTS
from commitments.models import Location, Observation, PollRun, Snapshot, Verdict, Watch
from commitments.watching import watch_new_locations
from tests.factories import LocationFactory
from tests.observed import observe

pytestmark = [pytest.mark.django_db, pytest.mark.streams]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def followed(portal, settings):
    """Three promises, asked and judged an hour ago."""
    settings.DATAGOUV_URL = portal.url
    publisher = portal.catalogue.add_organization("Ministère de l'Exemple")
    for number in range(3):
        record = portal.catalogue.datasets.add(f"Jeu {number}", organization=publisher, frequency="punctual")
        LocationFactory(identifier=record.id)
    with time_machine.travel(timezone.now() - HOUR, tick=False):
        watch_new_locations(timezone.now())
        run, batches = polling.begin(timezone.now())
        for batch in batches:
            polling.poll(run.pk, batch)
        run.refresh_from_db()
        polling.settle(run, timezone.now())


def broken():
    """The codes of the invariants that do not hold."""
    told = {i.code: i.broken(timezone.now(), timedelta(minutes=1)) for i in INVARIANTS}
    return {code for code, sentences in told.items() if sentences}


def test_all_holds_after_a_round():
    assert Verdict.objects.count() == 3
    assert broken() == set()


def _verdict(**changes):
    verdict = Verdict.objects.order_by("pk").first()
    verdict.pk = None
    for name, value in changes.items():
        setattr(verdict, name, value)
    verdict.save()


def _outage():
    failure = Observation.objects.create(
        location=Location.objects.first(),
        outcome=Outcome.NO_OBSERVATION,
        cause="http_5xx",
        first_seen_at=timezone.now(),
        last_seen_at=timezone.now(),
    )
    _verdict(state=State.UNMET, observation=failure)


def _young_absence():
    absence = observe(Location.objects.first(), date(2026, 1, 2), Outcome.ABSENT, checks=2)
    _verdict(state=State.GONE, observation=absence)


def _lost_observation():
    Verdict.objects.update(observation=None)
    Snapshot.objects.all().delete()
    Observation.objects.all().delete()


DAMAGES = {
    "an address that nobody asks any more": ("I1", lambda: Watch.objects.update(next_check_at=timezone.now() - HOUR)),
    "an address that nobody follows": (
        "I1",
        lambda: (Watch.objects.all().delete(), Location.objects.update(recorded_at=timezone.now() - HOUR)),
    ),
    "an observation that is gone": ("I1", _lost_observation),
    "a failure without a trace": ("I1", lambda: Watch.objects.update(failures=1, cause="http_429")),
    "a finding that nobody judged": ("I1", lambda: Watch.objects.update(judged_at=None)),
    "a run that never ends": (
        "I1",
        lambda: PollRun.objects.update(status="running", started_at=timezone.now() - HOUR),
    ),
    "two intervals at once": (
        "I2",
        lambda: [
            observe(row.location, row.first_seen_at.date() - timedelta(days=1), days=3)
            for row in Observation.objects.all()
        ],
    ),
    "a verdict said twice": ("I2", _verdict),
    "an answer counted twice": ("I2", lambda: PollRun.objects.update(asked=7)),
    "a record that was touched": ("I3", lambda: Snapshot.objects.update(body=b"\x1f\x8b")),
    "a verdict by an outage": ("I4", _outage),
    "a fall after two tries": ("I4", _young_absence),
    "a verdict that the facts do not give": ("I5", lambda: Verdict.objects.update(state=State.PARTIAL)),
    "a verdict that was never written": ("I5", lambda: Verdict.objects.all().delete()),
}


@pytest.mark.parametrize(("code", "damage"), DAMAGES.values(), ids=DAMAGES)
def test_a_damage_is_seen(code, damage):
    damage()
    assert code in broken()


def test_a_suspended_run_leaves_its_findings_unjudged_and_nothing_is_broken():
    PollRun.objects.update(status=PollRun.Status.SUSPENDED)
    Watch.objects.update(judged_at=None)
    assert broken() == set()


def test_the_seal_sees_a_row_that_was_rewritten_or_taken_away(tmp_path):
    seal = tmp_path / "seal.json"
    for _ in range(2):
        call_command("invariants", "--seal", str(seal), stdout=StringIO())
    Verdict.objects.filter(pk=Verdict.objects.latest("pk").pk).update(since=date(2020, 1, 1))
    with pytest.raises(CommandError, match="2 manquements"):  # the seal, and the course that rests on it
        call_command("invariants", "--seal", str(seal), stdout=StringIO())
    before = json.loads(seal.read_text())
    Verdict.objects.latest("pk").delete()
    with pytest.raises(CommandError):
        call_command("invariants", "--seal", str(seal), stdout=StringIO())
    assert json.loads(seal.read_text())["ends"]["verdicts"] < before["ends"]["verdicts"]


def test_the_command_counts_and_names_what_is_broken():
    Watch.objects.update(next_check_at=timezone.now() - HOUR)
    out = StringIO()
    with pytest.raises(CommandError, match="3 manquements"):
        call_command("invariants", stdout=out)
    assert "I1      3  aucune observation perdue" in out.getvalue()
    assert "I5      0" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_everything_is_read_as_of_one_moment():
    """On SQLite nobody writes meanwhile; on PostgreSQL what others write meanwhile is not seen."""
    if connection.vendor != "postgresql":
        pytest.skip("on PostgreSQL alone can others write meanwhile")

    def elsewhere() -> None:
        Watch.objects.update(next_check_at=timezone.now() - HOUR)
        connection.close()

    with one_moment():
        assert broken() == set()
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join()
        assert broken() == set()
    assert broken() == {"I1"}
