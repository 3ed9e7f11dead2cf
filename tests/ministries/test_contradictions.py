"""Contradictions: each kind begins on evidence, and what nobody knows opens and closes nothing."""

from datetime import date

import pytest

from commitments.findings import Outcome, State
from commitments.judging import rejudge
from ministries.contradictions import KINDS, Kind, doubtful
from ministries.reconciling import Written
from ministries.standing import standing
from tests.factories import (
    DeliverableFactory,
    LocationFactory,
)
from tests.ministries.disagreeing import MARCH, Status, declare, look, seen, shown
from tests.ministries.disagreeing import location as location
from tests.observed import observe

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


# --- each kind -------------------------------------------------------------------------------------------------------


def test_what_is_declared_done_and_not_there_is_a_contradiction(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, date(2022, 1, 15))
    found = shown(location, MARCH)
    assert set(found) == {Kind.DONE_NOT_OBSERVED}
    assert found[Kind.DONE_NOT_OBSERVED].since == MARCH
    assert found[Kind.DONE_NOT_OBSERVED].text == (
        "Déclarée réalisée le 15 janvier 2022. Non constaté depuis le 1er mars 2022 (jeu de données) : "
        "Supprimé du portail (réponse 410)."
    )


def test_a_record_without_any_file_is_not_there_either(location):
    seen(location, MARCH, resources_total=0)
    declare(location, Status.DONE, MARCH)
    assert "Aucun fichier." in shown(location, MARCH)[Kind.DONE_NOT_OBSERVED].text


def test_a_licence_that_is_not_open_does_not_contradict_done(location):
    seen(location, MARCH, license="notspecified")
    declare(location, Status.DONE, MARCH)
    assert shown(location, MARCH) == {}


@pytest.mark.parametrize("status", [None, Status.NOT_STARTED, Status.IN_PROGRESS])
def test_what_is_there_and_not_declared_is_good_news(location, status):
    seen(location, MARCH)
    if status:
        declare(location, status, date(2022, 3, 4))
    found = shown(location, date(2022, 3, 5))
    assert set(found) == {Kind.OBSERVED_NOT_DECLARED}
    assert KINDS[Kind.OBSERVED_NOT_DECLARED].good_news
    assert found[Kind.OBSERVED_NOT_DECLARED].since == (date(2022, 3, 4) if status else MARCH)


def test_declared_done_and_there_contradicts_nothing(location):
    seen(location, MARCH)
    declare(location, Status.DONE, MARCH)
    assert shown(location, MARCH) == {}


@pytest.mark.parametrize(
    "facts", [{"resources_total": 0}, {"archived": "2022-02-20"}, {"resources_unavailable": True}]
)
def test_what_was_there_and_can_be_had_no_more_is_a_regression(location, facts):
    seen(location, date(2022, 1, 10))
    assert shown(location, date(2022, 1, 10)).keys() == {Kind.OBSERVED_NOT_DECLARED}
    seen(location, MARCH, **facts)
    found = shown(location, MARCH)
    assert set(found) == {Kind.REGRESSION}
    assert found[Kind.REGRESSION].since == MARCH
    assert found[Kind.REGRESSION].text.startswith(
        "Constaté le 10 janvier 2022, plus disponible depuis le 1er mars 2022 (jeu de données) : "
    )


def test_what_was_never_there_does_not_regress(location):
    seen(location, MARCH, Outcome.ABSENT)
    assert shown(location, MARCH) == {}


def test_promised_open_and_found_restricted_counts_from_the_first_day_it_was_found_so(location):
    seen(location, MARCH, access_type="restricted")
    seen(location, date(2022, 3, 3), access_type="restricted", archived="2022-03-02")
    found = shown(location, date(2022, 3, 3))
    assert found[Kind.RESTRICTED].since == MARCH
    assert found[Kind.RESTRICTED].text.endswith("Promis ouvert, accès restreint.")


def test_what_announces_a_frequency_and_is_not_updated_is_stale(location):
    seen(location, MARCH, frequency="monthly", last_update="2021-06-01T00:00:00+00:00")
    assert set(shown(location, MARCH)) == {Kind.STALE}


def test_abandoned_and_yet_there(location):
    seen(location, MARCH)
    declare(location, Status.ABANDONED, MARCH)
    found = shown(location, MARCH)
    assert set(found) == {Kind.ABANDONED_BUT_KEPT}
    assert found[Kind.ABANDONED_BUT_KEPT].text == (
        "Déclarée abandonnée le 1er mars 2022, et pourtant constatée en ligne le 1er mars 2022."
    )


@pytest.mark.parametrize("status", [Status.ABANDONED, Status.REPLACED])
def test_what_is_given_up_in_daylight_is_not_accused_of_being_gone(location, status):
    seen(location, date(2022, 1, 10))
    seen(location, MARCH, Outcome.GONE)
    declare(location, status, MARCH)
    assert shown(location, MARCH) == {}


def test_one_missing_deliverable_of_two_is_enough(location):
    commitment = location.deliverable.commitment
    other = LocationFactory(deliverable=DeliverableFactory(commitment=commitment))
    seen(location, MARCH)
    seen(other, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    found = shown(location, MARCH)[Kind.DONE_NOT_OBSERVED]
    assert found.deliverable_id == other.deliverable_id


def test_every_kind_says_what_it_is_and_which_way_it_goes():
    assert set(KINDS) == set(Kind)
    assert [kind for kind, meaning in KINDS.items() if meaning.good_news] == [
        Kind.OBSERVED_NOT_DECLARED,
        Kind.ABANDONED_BUT_KEPT,
    ]
    assert all(meaning.sentence.endswith(".") for meaning in KINDS.values())


# --- unknown ---------------------------------------------------------------------------------------------------------


def test_unknown_opens_nothing(location):
    declare(location, Status.DONE, MARCH)
    observe(location, MARCH, Outcome.ABSENT, days=1, checks=2)
    rejudge(today=date(2022, 3, 2))
    assert standing(location.deliverable.commitment.ref, date(2022, 3, 2)).observed.state == State.UNKNOWN
    assert shown(location, date(2022, 3, 2)) == {}
    assert look(date(2022, 3, 2)) == Written()


def test_unknown_closes_nothing_but_is_told(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    look(MARCH)
    later = date(2022, 3, 20)
    assert look(later) == Written()
    situation = standing(location.deliverable.commitment.ref, later)
    assert [c.kind for c in situation.contradictions] == [Kind.DONE_NOT_OBSERVED]
    row = situation.contradictions[0]
    assert doubtful(situation, row)
    assert not doubtful(standing(situation.ref, MARCH), row)
