"""The brake is answered by somebody who says why, on the list that was read, once."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from commitments import polling
from commitments.braking import BrakeMoved, BrakeRefused, answer, pulled, suspended
from commitments.findings import State
from commitments.models import BrakeAnswer, Observation, PollRun, Verdict, Version
from tests.brakes import come_back, pull

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

NOW = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
WHO = {"reason": "le portail migre", "decided_by": "opérateur", "now": NOW}


def test_a_brake_that_is_pulled_tells_what_would_end_and_by_what(django_assert_num_queries):
    run = pull(NOW)
    held = pulled(TODAY)
    assert (held.run, len(held.ending), held.others) == (run, 6, 0)
    refs = [change.deliverable.commitment.ref for change in held.ending]
    assert refs == sorted(refs)
    assert {change.judgment.state for change in held.ending} == {State.PARTIAL}
    assert {change.observation.facts["access_type"] for change in held.ending} == {"restricted"}
    pull(NOW, kept=20, falling=12)
    with django_assert_num_queries(8):
        assert len(pulled(TODAY).ending) == 18


def test_confirmed_the_verdicts_change_and_the_answer_stays():
    run = pull(NOW)
    before = Version.current()
    given = answer(confirm=True, **WHO)
    assert (given.run, given.answer, given.verdicts) == (run, "confirmed", 6)
    assert (given.reason, given.decided_by, given.decided_at) == ("le portail migre", "opérateur", NOW)
    assert Verdict.objects.filter(state=State.PARTIAL).count() == 6
    assert PollRun.objects.get().status == PollRun.Status.CONFIRMED
    assert Version.current() > before
    assert pulled(TODAY) is None


def test_dismissed_no_verdict_changes_and_what_was_seen_is_set_aside():
    pull(NOW)
    given = answer(confirm=False, **WHO)
    assert (given.answer, given.verdicts) == ("dismissed", 6)
    assert Verdict.objects.exclude(state=State.KEPT).count() == 0
    assert Observation.objects.exclude(dismissed_at=None).count() == 6
    assert PollRun.objects.get().status == PollRun.Status.DISMISSED


@pytest.mark.parametrize("confirm", [True, False])
@pytest.mark.parametrize("empty", ["reason", "decided_by"])
def test_no_answer_without_a_reason_and_a_function(confirm, empty):
    pull(NOW)
    with pytest.raises(BrakeRefused, match="Un motif et la fonction"):
        answer(confirm=confirm, **{**WHO, empty: "  "})
    assert suspended() is not None
    assert not BrakeAnswer.objects.exists()


def test_a_brake_is_answered_once():
    pull(NOW)
    answer(confirm=False, **WHO)
    with pytest.raises(BrakeRefused, match="Aucun relevé n'est suspendu"):
        answer(confirm=True, **WHO)
    assert Verdict.objects.exclude(state=State.KEPT).count() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        BrakeAnswer.objects.create(
            run=PollRun.objects.get(), answer="confirmed", reason="x", decided_by="x", decided_at=NOW
        )


def test_a_list_that_changed_since_it_was_read_is_not_confirmed():
    pull(NOW)
    seen = pulled(TODAY).mark
    pull(NOW, kept=1, falling=1)
    for confirm in (True, False):
        with pytest.raises(BrakeMoved, match="relisez"):
            answer(confirm=confirm, seen=seen, **WHO)
    assert Verdict.objects.exclude(state=State.KEPT).count() == 0
    assert answer(confirm=True, seen=pulled(TODAY).mark, **WHO).verdicts == 7


def test_a_round_that_finds_the_same_leaves_the_list_that_was_read():
    pull(NOW)
    seen = pulled(TODAY).mark
    Observation.objects.update(checks=7, last_seen_at=NOW)
    again = PollRun.objects.create(started_at=NOW, expected=6, asked=6)
    polling.settle(again, NOW)
    assert PollRun.objects.filter(status=PollRun.Status.SUSPENDED).count() == 2
    given = answer(confirm=True, seen=seen, **WHO)
    assert given.run.started_at < again.started_at, "the answer is that of the run that pulled it"
    assert set(PollRun.objects.values_list("status", flat=True)) == {PollRun.Status.CONFIRMED}


def test_a_portal_that_came_back_leaves_nothing_to_confirm():
    pull(NOW)
    seen = pulled(TODAY).mark
    come_back(NOW)
    assert pulled(TODAY).ending == ()
    with pytest.raises(BrakeMoved):
        answer(confirm=True, seen=seen, **WHO)


def test_the_command_shows_then_answers_with_a_reason():
    said = StringIO()
    call_command("brake", stdout=said)
    assert said.getvalue().strip() == "Aucun relevé suspendu."
    pull(NOW)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        said = StringIO()
        with pytest.raises(CommandError, match="6 des 10 constats tenus prendraient fin"):
            call_command("brake", stdout=said)
        assert said.getvalue().count(" → partial : ") == 6
        with pytest.raises(CommandError, match="Un motif"):
            call_command("brake", "--dismiss", stdout=said)
        said = StringIO()
        call_command("brake", "--dismiss", "--reason", "panne", "--function", "astreinte", stdout=said)
    assert said.getvalue().strip() == "Écarté : 6 observations mises de côté."
    assert BrakeAnswer.objects.get().decided_by == "astreinte"
