"""What changed between two days: before and after, each in its own list, from two lists of situations."""

from datetime import date

import pytest
from django.core.management import call_command

from commitments.findings import Outcome
from ministries.changes import changes
from ministries.models import Declaration, Responsibility
from ministries.standing import standings
from tests.factories import (
    CommitmentFactory,
    DeadlineFactory,
    DeclarationFactory,
    MinistryFactory,
)
from tests.ministries.disagreeing import location as location
from tests.ministries.disagreeing import seen

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

JANUARY, MARCH, APRIL = date(2022, 1, 10), date(2022, 3, 1), date(2022, 4, 1)


def between(first, second):
    return changes(standings(first), standings(second))


def words(found):
    return [(change.was, change.now) for change in found]


def test_nothing_changes_between_a_day_and_itself(location):
    seen(location, JANUARY)
    assert not between(JANUARY, JANUARY)


def test_what_is_seen_at_last_is_kept(location):
    seen(location, JANUARY)
    found = between(date(2022, 1, 9), JANUARY)
    assert words(found.kept) == [("indéterminé", "constaté")]
    assert (found.regressed, found.other) == ((), ())


def test_what_is_gone_has_regressed_though_nobody_knew_in_between(location):
    seen(location, JANUARY)
    seen(location, MARCH, Outcome.GONE)
    assert words(between(JANUARY, MARCH).regressed) == [("constaté", "disparu")]
    assert words(between(date(2022, 2, 15), MARCH).regressed) == [("indéterminé", "disparu")]


def test_losing_sight_and_finding_again_is_neither_a_loss_nor_a_gain(location):
    seen(location, JANUARY)
    seen(location, APRIL)
    lost, found = between(JANUARY, date(2022, 2, 15)), between(date(2022, 2, 15), APRIL)
    assert (words(lost.other), lost.regressed) == ([("constaté", "indéterminé")], ())
    assert (words(found.other), found.kept) == ([("indéterminé", "constaté")], ())


def test_from_kept_to_in_part_is_a_regression(location):
    seen(location, JANUARY)
    seen(location, date(2022, 1, 12), resources_total=0)
    assert words(between(JANUARY, date(2022, 1, 12)).regressed) == [("constaté", "constaté en partie")]


def test_a_date_that_moves_says_by_how_many_days(location):
    DeadlineFactory(
        commitment=location.deliverable.commitment,
        raw="fin juin 2022",
        first_day=date(2022, 6, 30),
        last_day=date(2022, 6, 30),
        precision="day",
        announced_on=MARCH,
    )
    found = between(JANUARY, MARCH)
    assert [(c.ref, c.was, c.now, c.days) for c in found.moved] == [
        (
            location.deliverable.commitment.ref,
            "d'ici fin 2021 (au plus tard le 31 décembre 2021)",
            "fin juin 2022 (au plus tard le 30 juin 2022)",
            181,
        )
    ]
    assert found.days_moved == 181


def test_the_same_date_said_again_moves_nothing(location):
    DeadlineFactory(commitment=location.deliverable.commitment, raw="31 décembre 2021", announced_on=MARCH)
    found = between(JANUARY, MARCH)
    assert (found.moved, len(found.other)) == ((), 1)


def test_a_first_date_is_told_and_moves_nothing():
    commitment = CommitmentFactory()
    DeadlineFactory(commitment=commitment, announced_on=MARCH)
    found = between(JANUARY, MARCH)
    assert words(found.other) == [("sans échéance", "d'ici fin 2021 (au plus tard le 31 décembre 2021)")]
    assert found.moved == ()


def test_a_declaration_is_told_with_the_one_before(location):
    commitment = location.deliverable.commitment
    DeclarationFactory(commitment=commitment, status=Declaration.Status.IN_PROGRESS, declared_on=JANUARY)
    DeclarationFactory(commitment=commitment, status=Declaration.Status.DONE, declared_on=MARCH)
    assert words(between(date(2022, 1, 9), JANUARY).declared) == [("sans réponse", "en cours")]
    assert words(between(JANUARY, MARCH).declared) == [("en cours", "réalisé")]
    DeclarationFactory(
        commitment=commitment, status=Declaration.Status.DONE, declared_on=date(2022, 6, 1), nothing_new=1
    )
    again = between(MARCH, date(2022, 6, 1)).declared
    assert words(again) == [("réalisé", "réalisé (rien de nouveau)")]


def test_a_promise_made_meanwhile_is_added_and_nothing_else():
    commitment = CommitmentFactory(announced_on=MARCH)
    found = between(JANUARY, MARCH)
    assert [(c.ref, c.before, c.now) for c in found.added] == [(commitment.ref, None, "annoncée le 1er mars 2022")]
    assert (found.kept, found.other, found.declared) == ((), (), ())


def test_another_ministry_answering_is_told(location):
    commitment = location.deliverable.commitment
    Responsibility.objects.update(until=MARCH)
    other = MinistryFactory(name="Ministère de la Mer")
    Responsibility.objects.create(ministry=other, commitment=commitment, since=MARCH)
    assert [now for _, now in words(between(JANUARY, MARCH).other)] == ["Ministère de la Mer"]


def test_a_promise_that_changed_twice_is_in_two_lists(location):
    seen(location, MARCH)
    DeclarationFactory(commitment=location.deliverable.commitment, status=Declaration.Status.DONE, declared_on=MARCH)
    found = between(JANUARY, MARCH)
    assert [len(part) for part in (found.kept, found.declared)] == [1, 1]


def test_comparing_reads_nothing(location, django_assert_num_queries):
    seen(location, MARCH)
    before, after = standings(JANUARY), standings(MARCH)
    with django_assert_num_queries(0):
        assert changes(after, before).regressed == ()
        assert len(changes(before, after).kept) == 1
        assert len(changes(before, []).removed) == 1


def test_the_reference_between_two_days_of_2021():
    call_command("load_reference", verbosity=0)
    found = between(date(2021, 4, 1), date(2021, 12, 31))
    assert len(found.added) == 28
    assert [(c.ref, c.days) for c in found.moved] == [("O-09", -31), ("O-10", -92)]
    assert [c.ref for c in found.kept] == ["O-14"]
