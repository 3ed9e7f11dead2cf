"""Changing what « done » means: every change is kept, and asking less after the date is marked."""

from datetime import date

import pytest

from commitments.criteria import CRITERIA
from commitments.defining import DefinitionRefused, define, definition_of
from commitments.findings import Kind, ReadingState, State
from commitments.judging import rejudge
from commitments.models import Definition, Verdict
from tests.factories import DeadlineFactory, DeliverableFactory, LocationFactory, ReadingFactory
from tests.observed import observe

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

USUAL = CRITERIA[Kind.DATASET]
WHO = {"reason": "le fichier est annuel", "decided_by": "AMDAC"}


@pytest.fixture
def deliverable():
    deliverable = DeliverableFactory()
    DeadlineFactory(commitment=deliverable.commitment)
    return deliverable


def without(code):
    return [c for c in USUAL if c != code]


def test_a_deliverable_is_asked_what_its_kind_asks(deliverable):
    assert definition_of(deliverable, date(2026, 1, 1)) == USUAL


@pytest.mark.parametrize(("day", "late"), [(date(2021, 6, 1), False), (date(2022, 6, 1), True)])
def test_asking_less_is_marked_once_the_deadline_has_passed(deliverable, day, late):
    definition = define(deliverable, without("fresh"), today=day, **WHO)
    assert (definition.removed, definition.softened_late) == (["fresh"], late)


def test_asking_more_again_is_no_softening(deliverable):
    define(deliverable, without("fresh"), today=date(2022, 6, 1), **WHO)
    definition = define(deliverable, USUAL, today=date(2022, 7, 1), **WHO)
    assert (definition.removed, definition.softened_late) == ([], False)
    assert Definition.objects.count() == 2
    assert definition_of(deliverable, date(2022, 6, 15)) == tuple(without("fresh"))


def test_a_new_definition_changes_the_verdict_from_its_day_on():
    location = LocationFactory()
    observe(location, date(2026, 6, 1), frequency="monthly", last_update="2021-09-02T00:00:00+00:00")
    rejudge(today=date(2026, 6, 1))
    define(location.deliverable, without("fresh"), today=date(2026, 6, 2), **WHO)
    assert list(Verdict.objects.values_list("state", "since")) == [
        (State.PARTIAL, date(2026, 6, 1)),
        (State.KEPT, date(2026, 6, 2)),
    ]


@pytest.mark.parametrize(
    ("criteria", "who", "said"),
    [
        ([*USUAL, "beau"], WHO, "beau"),
        ([*USUAL, "has_commit"], WHO, "has_commit"),
        (without("has_files"), WHO, "offre au moins un fichier"),
        (USUAL, WHO, "déjà"),
        (without("fresh"), {**WHO, "reason": " "}, "motif"),
        (without("fresh"), {**WHO, "decided_by": ""}, "fonction"),
    ],
)
def test_a_definition_that_cannot_be_is_refused_in_words(deliverable, criteria, who, said):
    with pytest.raises(DefinitionRefused, match=said):
        define(deliverable, criteria, today=date(2022, 6, 1), **who)
    assert not Definition.objects.exists()


def test_a_reading_is_judged_by_the_definition_of_its_day(deliverable):
    ReadingFactory(commitment=deliverable.commitment, state=ReadingState.OPEN_PARTIAL, read_on=date(2022, 1, 1))
    rejudge(today=date(2022, 1, 1))
    define(deliverable, without("coverage"), today=date(2022, 2, 1), **WHO)
    assert Verdict.objects.first().state == State.PARTIAL
