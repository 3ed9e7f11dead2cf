"""A contradiction begins and ends with its causes, past days included, and is never deleted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.findings import Outcome
from commitments.models import Commitment, Verdict, Version
from ministries import tasks
from ministries.contradictions import Cause, Kind
from ministries.models import Contradiction, ContradictionEnd
from ministries.reconciling import Written, catch_up, news, reconcile, replay
from ministries.standing import standing, standings
from tests.factories import (
    LocationFactory,
)
from tests.ministries.disagreeing import MARCH, Status, declare, look, seen, told
from tests.ministries.disagreeing import location as location

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


# --- begun and ended -------------------------------------------------------------------------------------------------


def test_a_contradiction_begins_the_day_both_sides_were_true_and_keeps_its_evidence(location):
    seen(location, MARCH, Outcome.GONE)
    said = declare(location, Status.DONE, date(2022, 3, 5))
    assert look(date(2022, 3, 6)) == Written(opened=1)
    row = Contradiction.objects.get()
    assert (row.opened_on, row.declaration, row.verdict) == (date(2022, 3, 5), said, Verdict.objects.get())
    assert row.deadline.raw == "d'ici fin 2021"
    assert row.days_on(date(2022, 3, 15)) == 10


def test_looking_twice_writes_once(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    assert look(MARCH) == Written(opened=1)
    version = Version.current()
    assert look(MARCH) == Written()
    assert Version.current() == version


def test_it_ends_when_the_world_changes(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    look(MARCH)
    seen(location, date(2022, 4, 1))
    assert look(date(2022, 4, 1)) == Written(closed=1)
    row = Contradiction.objects.get()
    end = row.end
    assert row.lasted == 31
    assert (end.ended_on, end.cause, end.text) == (
        date(2022, 4, 1),
        Cause.MINISTRY,
        "Depuis le 1er avril 2022, constaté (jeu de données) : Constaté à l'adresse indiquée. "
        "À vérifier : a des fichiers qui répondent. À vérifier : vient d'un éditeur connu. "
        "À vérifier : couvre ce qui a été promis.",
    )


def test_it_ends_when_the_declaration_changes(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    look(MARCH)
    said = declare(location, Status.IN_PROGRESS, date(2022, 3, 4))
    look(date(2022, 3, 4))
    end = Contradiction.objects.get().end
    assert (end.cause, end.declaration, end.text) == (Cause.MINISTRY, said, "Déclarée « en cours » le 4 mars 2022.")


def test_a_declaration_ends_it_even_when_the_robot_does_not_know_any_more(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    look(MARCH)
    declare(location, Status.IN_PROGRESS, date(2022, 4, 4))
    assert look(date(2022, 4, 4)) == Written(closed=1)


def test_it_may_begin_again_and_both_times_stay(location):
    seen(location, date(2022, 1, 10))
    for gone, back in ((MARCH, date(2022, 4, 1)), (date(2022, 5, 1), date(2022, 6, 1))):
        seen(location, gone, Outcome.GONE)
        look(gone)
        seen(location, back)
        look(back)
    assert [row for row in told() if row[0] == Kind.REGRESSION] == [
        (Kind.REGRESSION, MARCH, (date(2022, 4, 1), Cause.MINISTRY)),
        (Kind.REGRESSION, date(2022, 5, 1), (date(2022, 6, 1), Cause.MINISTRY)),
    ]


def test_the_database_refuses_two_open_contradictions_of_a_kind(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    look(MARCH)
    row = Contradiction.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_past_day_shows_what_was_open_that_day(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    look(MARCH)
    seen(location, date(2022, 4, 1))
    look(date(2022, 4, 1))
    ref = location.deliverable.commitment.ref
    shown = {day: len(standing(ref, day).contradictions) for day in (date(2022, 2, 28), MARCH, date(2022, 3, 31))}
    assert shown == {date(2022, 2, 28): 0, MARCH: 1, date(2022, 3, 31): 1}
    assert standing(ref, date(2022, 4, 1)).contradictions == ()


# --- catching up -----------------------------------------------------------------------------------------------------


@pytest.fixture
def history(location):
    """Kept in January, gone in March, back in April: nobody looked for contradictions meanwhile."""
    seen(location, date(2022, 1, 10))
    seen(location, MARCH, Outcome.GONE)
    seen(location, date(2022, 4, 1))
    return location


def at(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_what_happened_on_past_days_begins_and_ends_on_those_days(history):
    assert catch_up(at(date(2022, 4, 2))) == Written(opened=3, closed=2)
    assert told() == [
        (Kind.OBSERVED_NOT_DECLARED, date(2022, 1, 10), (MARCH, Cause.CHANGED)),
        (Kind.REGRESSION, MARCH, (date(2022, 4, 1), Cause.MINISTRY)),
        (Kind.OBSERVED_NOT_DECLARED, date(2022, 4, 1), None),
    ]
    before = told()
    assert replay(news(None), date(2022, 4, 2)) == Written()
    assert told() == before


def test_a_declaration_dated_before_it_was_written_counts_from_its_day(location):
    seen(location, MARCH, Outcome.GONE)
    catch_up(at(date(2022, 3, 20)))
    declare(location, Status.DONE, date(2022, 3, 4))
    Version.bump()
    catch_up(at(date(2022, 3, 20)))
    assert told() == [(Kind.DONE_NOT_OBSERVED, date(2022, 3, 4), None)]


def test_nothing_new_costs_two_small_reads(history, django_assert_num_queries):
    now = at(date(2022, 4, 2))
    while catch_up(now):
        pass
    assert catch_up(now) is None
    with django_assert_num_queries(2):
        assert catch_up(now) is None


def test_only_the_promises_of_which_something_is_new_are_looked_at(history, monkeypatch):
    now = timezone.now()
    while catch_up(now) is not None:
        pass
    Verdict.objects.update(recorded_at=now - timedelta(days=3))
    other = LocationFactory()
    seen(other, timezone.localdate())
    looked = []
    monkeypatch.setattr(
        "ministries.reconciling.standings",
        lambda day, commitments: looked.append(list(commitments)) or standings(day, commitments=commitments),
    )
    assert catch_up(now) == Written(opened=1)
    assert looked == [[other.deliverable.commitment]]


def test_the_task_writes_what_is_there_to_be_written(location):
    seen(location, timezone.localdate())
    tasks.reconcile()
    assert [kind for kind, *_ in told()] == [Kind.OBSERVED_NOT_DECLARED]


def test_drafts_contradict_nothing(location):
    Commitment.objects.update(visibility=Commitment.Visibility.DRAFT)
    seen(location, MARCH)
    catch_up(at(MARCH))
    assert told() == []


def test_the_reference_gets_its_contradictions_on_the_days_of_its_readings():
    call_command("load_reference", verbosity=0)
    opened = dict(Contradiction.objects.values_list("commitment__ref", "opened_on"))
    assert (opened["O-16"], opened["O-14"], len(opened)) == (date(2021, 9, 30), date(2021, 12, 8), 19)
    assert len(standing("O-16", date(2021, 9, 30)).contradictions) == 1
    assert standing("O-16", date(2021, 9, 29)).contradictions == ()
    assert not ContradictionEnd.objects.exists()


def test_reconciling_costs_the_same_queries_whatever_the_number_of_promises():
    for _ in range(8):
        seen(LocationFactory(), MARCH)
    found = standings(MARCH)
    costs = []
    for part in (found[:1], found[1:2], found[2:]):
        with CaptureQueriesContext(connection) as queries:
            assert reconcile(part, MARCH) == Written(opened=len(part))
        costs.append(len(queries))
    assert costs[1] == costs[2] <= 9
