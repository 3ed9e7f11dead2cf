"""Our own mistakes: a false alarm ends what it caused, says so, and is counted."""

from datetime import UTC, date, datetime

import pytest

from commitments.findings import Outcome, ReadingState, State
from commitments.judging import rejudge
from commitments.models import Commitment, Observation, Verdict
from ministries.contradictions import Cause, Kind
from ministries.false_alarms import AlarmRefused, Alarms, false_alarms, mark_false_alarm
from ministries.models import Contradiction, FalseAlarm
from ministries.reconciling import Written, replay
from tests.factories import (
    DeclarationFactory,
    DeliverableFactory,
    LocationFactory,
    ReadingFactory,
)
from tests.ministries.disagreeing import MARCH, Status, look, seen, told
from tests.ministries.disagreeing import location as location
from tests.observed import observe

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


def alarm(verdict, day=date(2022, 3, 9)):
    return mark_false_alarm(verdict, reason="le portail était en panne", by_function="opérateur", today=day)


def test_a_false_alarm_ends_what_it_caused_as_the_robots_mistake(location):
    seen(location, date(2022, 1, 10))
    seen(location, MARCH, Outcome.GONE)
    look(MARCH)
    alarm(Verdict.objects.get(state=State.GONE))
    assert told()[-1] == (Kind.REGRESSION, MARCH, (date(2022, 3, 9), Cause.ROBOT))
    assert look(date(2022, 3, 10)) == Written()


def test_a_false_alarm_told_afterwards_corrects_the_cause_and_keeps_the_former(location):
    seen(location, date(2022, 1, 10))
    seen(location, MARCH, Outcome.GONE)
    look(MARCH)
    seen(location, date(2022, 3, 8))
    look(date(2022, 3, 8))
    alarm(Verdict.objects.get(state=State.GONE))
    row = Contradiction.objects.get(kind=Kind.REGRESSION)
    assert [(e.cause, e.ended_on) for e in row.ends.order_by("id")] == [
        (Cause.MINISTRY, date(2022, 3, 8)),
        (Cause.ROBOT, date(2022, 3, 8)),
    ]
    assert row.end.cause == Cause.ROBOT


def test_what_regresses_after_a_corrected_cause_is_opened_again(location):
    seen(location, date(2022, 1, 10))
    seen(location, MARCH, Outcome.GONE)
    look(MARCH)
    seen(location, date(2022, 3, 8))
    look(date(2022, 3, 8))
    alarm(Verdict.objects.get(state=State.GONE))
    seen(location, date(2022, 5, 1), Outcome.GONE)
    look(date(2022, 5, 1))
    assert told()[-1] == (Kind.REGRESSION, date(2022, 5, 1), None)


def test_an_observation_that_was_dismissed_ends_it_as_the_robots_mistake(location):
    seen(location, date(2022, 1, 10))
    seen(location, MARCH, Outcome.GONE)
    look(MARCH)
    Observation.objects.filter(outcome=Outcome.GONE).update(dismissed_at=datetime(2022, 3, 5, tzinfo=UTC))
    assert look(date(2022, 3, 5)) == Written(closed=1)
    assert told()[-1] == (Kind.REGRESSION, MARCH, (date(2022, 3, 5), Cause.ROBOT))


def test_a_reading_that_was_corrected_ends_it_as_a_mistaken_finding_on_the_day_it_was_owned():
    commitment = DeliverableFactory().commitment
    wrong = ReadingFactory(commitment=commitment, state=ReadingState.NOT_OPEN, read_on=MARCH)
    DeclarationFactory(commitment=commitment, status=Status.DONE, declared_on=MARCH)
    rejudge(today=MARCH)
    look(MARCH)
    ReadingFactory(commitment=commitment, state=ReadingState.OPEN, read_on=MARCH, corrects=wrong)
    today = date(2022, 4, 1)
    rejudge(today=today)
    assert replay({MARCH: {commitment.pk}}, today) == Written()
    look(today)
    assert told() == [(Kind.DONE_NOT_OBSERVED, MARCH, (today, Cause.FINDING))]


@pytest.mark.parametrize(
    ("state", "said"), [(State.KEPT, "Seul un constat négatif"), (State.UNMET, "Ce constat vient d'une personne")]
)
def test_only_a_negative_verdict_of_the_robot_is_a_false_alarm(location, state, said):
    if state == State.KEPT:
        seen(location, MARCH)
    else:
        ReadingFactory(commitment=location.deliverable.commitment, state=ReadingState.NOT_OPEN, read_on=MARCH)
        rejudge(today=MARCH)
    with pytest.raises(AlarmRefused, match=said):
        alarm(Verdict.objects.get())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": " "}, "Un motif"),
        ({"by_function": ""}, "Un motif"),
        ({"today": date(2022, 2, 1)}, "postérieur"),
    ],
)
def test_a_false_alarm_needs_a_reason_a_function_and_a_day(location, changed, said):
    seen(location, MARCH, Outcome.GONE)
    given = {"reason": "panne", "by_function": "opérateur", "today": MARCH, **changed}
    with pytest.raises(AlarmRefused, match=said):
        mark_false_alarm(Verdict.objects.get(), **given)


def test_false_alarms_are_counted_among_the_robots_negative_verdicts(location):
    seen(location, date(2022, 1, 10))
    seen(location, MARCH, Outcome.GONE)
    seen(LocationFactory(), MARCH, Outcome.ABSENT)
    assert false_alarms(MARCH) == Alarms(marked=0, negative=2, dismissed=0)
    alarm(Verdict.objects.get(state=State.GONE))
    with pytest.raises(AlarmRefused, match="déjà"):
        alarm(Verdict.objects.get(state=State.GONE))
    assert false_alarms(date(2022, 3, 9)) == Alarms(marked=1, negative=2, dismissed=0)
    assert false_alarms(date(2022, 3, 8)).marked == 0
    assert FalseAlarm.objects.count() == 1


def test_what_was_set_aside_of_a_draft_is_not_counted_in_public(location):
    hidden = LocationFactory(deliverable__commitment__visibility=Commitment.Visibility.DRAFT)
    for one in (location, hidden):
        observe(one, MARCH, Outcome.GONE)
    Observation.objects.update(dismissed_at=datetime(2022, 3, 5, tzinfo=UTC))
    assert false_alarms(date(2022, 3, 9)) == Alarms(marked=0, negative=0, dismissed=1)
