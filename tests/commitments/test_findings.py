"""Which finding is judged, what an absence is worth, how long each stands, and what nothing at all gives."""

from datetime import timedelta

import pytest

from commitments.ageing import expired, expiry
from commitments.findings import (
    Access,
    Check,
    Judgment,
    Outcome,
    Reason,
)
from commitments.verdicts import judge_nothing
from tests.commitments.evidence import (
    GONE,
    KEPT,
    NOT_OPEN,
    NOT_VERIFIED,
    OPEN,
    OPEN_PARTIAL,
    OPEN_RESTRICTED,
    PARTIAL,
    TODAY,
    UNKNOWN,
    UNLOCATED,
    UNMET,
    codes,
    day,
    holds,
    judged,
    read,
    seen,
)


def missing(outcome=Outcome.ABSENT, *, first="2026-11-20", last="2026-11-24", checks=4):
    return seen({}, outcome=outcome, first=first, last=last, checks=checks)


# --- nothing was ever found ------------------------------------------------------------------------------------------


def test_without_an_address_nor_a_reading_nothing_is_judged():
    judgment = judged(located=False)
    assert (judgment.state, codes(judgment)) == (UNLOCATED, ["sans-adresse"])
    assert judge_nothing(located=False) == judgment


def test_an_address_never_asked_is_unknown_and_not_absent():
    judgment = judged()
    assert (judgment.state, codes(judgment)) == (UNKNOWN, ["jamais-interrogee"])


def test_an_address_that_no_robot_can_ask_says_so():
    judgment = judged(asked=False)
    assert (judgment.state, codes(judgment)) == (UNKNOWN, ["sorte-non-interrogee"])


@pytest.mark.parametrize(
    "readings", [[read(NOT_VERIFIED, "2026-11-01")], [read(OPEN, "2026-11-25")], [read(NOT_OPEN, "2027-01-01")]]
)
def test_a_reading_that_verifies_nothing_or_is_yet_to_come_is_no_finding(readings):
    assert judged(readings=readings, located=False).state is UNLOCATED
    assert judged(readings=readings).state is UNKNOWN


@pytest.mark.parametrize(
    "machine",
    [seen(outcome=Outcome.NO_OBSERVATION), seen(first="2026-11-25", last="2026-11-26")],
    ids=["no observation", "to come"],
)
def test_a_failure_to_observe_or_a_later_observation_is_no_finding(machine):
    assert codes(judged(machine=machine)) == ["jamais-interrogee"]


def test_an_interval_of_observation_counts_only_up_to_the_day():
    machine = missing(first="2026-11-20", last="2026-11-30", checks=10)
    assert judged(machine=machine, today="2026-11-22").state is UNKNOWN
    assert judged(machine=machine, today="2026-11-23").state is UNMET


# --- which finding is judged -----------------------------------------------------------------------------------------


def test_a_standing_machine_finding_outranks_an_older_reading():
    judgment = judged(machine=seen(), readings=[read(NOT_OPEN, "2021-09-30")])
    assert (judgment.state, judgment.grounded_by) == (KEPT, "machine")


def test_a_standing_machine_finding_outranks_even_a_newer_reading_but_for_the_coverage():
    judgment = judged(machine=seen(last="2026-11-20"), readings=[read(OPEN, "2026-11-22")])
    assert (judgment.grounded_by, holds(judgment, "coverage")) == ("machine", True)


def test_a_machine_finding_outranks_a_newer_reading_up_to_the_last_day_it_stands():
    assert judged(machine=seen(last="2026-11-17"), readings=[read(OPEN, "2026-11-20")]).grounded_by == "machine"
    assert judged(machine=seen(last="2026-11-16"), readings=[read(OPEN, "2026-11-20")]).grounded_by == "reading"


def test_a_machine_finding_that_stands_no_longer_yields_to_a_newer_reading():
    judgment = judged(machine=seen(last="2026-11-01"), readings=[read(NOT_OPEN, "2026-11-10")])
    assert (judgment.state, judgment.grounded_by) == (UNMET, "reading")


def test_a_machine_finding_that_stands_no_longer_is_not_replaced_by_an_older_reading():
    judgment = judged(machine=seen(last="2026-11-10"), readings=[read(OPEN, "2026-11-01")])
    assert (judgment.state, codes(judgment)) == (UNKNOWN, ["constat-ancien", "dernier-constat"])


def test_the_latest_reading_speaks_and_the_last_given_of_a_same_day():
    older, newer = read(NOT_OPEN, "2026-01-01"), read(OPEN, "2026-06-01")
    assert judged(readings=[newer, older]).state is KEPT
    assert judged(readings=[read(OPEN, "2026-06-01"), read(NOT_OPEN, "2026-06-01")]).state is UNMET


READ = [
    (OPEN, Access.OPEN, KEPT, "constat-humain"),
    (OPEN, Access.RESTRICTED, KEPT, "constat-humain"),
    (OPEN_PARTIAL, Access.OPEN, PARTIAL, "couverture-partielle"),
    (OPEN_RESTRICTED, Access.OPEN, PARTIAL, "acces-restreint"),
    (OPEN_RESTRICTED, Access.OPEN_WITH_ACCOUNT, PARTIAL, "acces-restreint"),
    (OPEN_RESTRICTED, Access.RESTRICTED, KEPT, "constat-humain"),
    (OPEN_RESTRICTED, Access.UNSAID, KEPT, "constat-humain"),
    (NOT_OPEN, Access.OPEN, UNMET, "non-ouvert"),
]


@pytest.mark.parametrize(("state", "promised", "expected", "code"), READ)
@pytest.mark.parametrize("located", [True, False])
def test_a_reading_alone_is_judged(state, promised, expected, code, located):
    judgment = judged(promised=promised, readings=[read(state, "2026-06-01")], located=located)
    assert (judgment.state, judgment.grounded_by, codes(judgment)[0]) == (expected, "reading", code)
    assert "d'après un constat humain du 1er juin 2026" in judgment.reasons[0].text


def test_an_open_reading_makes_every_criterion_true():
    assert {check.holds for check in judged(readings=[read(OPEN, "2026-06-01")]).checks} == {True}


# --- absences: three tries over three days ---------------------------------------------------------------------------


ABSENCES = [
    # checks, first, last → confirmed?
    (1, "2026-11-24", "2026-11-24", False),
    (2, "2026-11-20", "2026-11-24", False),
    (3, "2026-11-22", "2026-11-24", False),
    (30, "2026-11-22", "2026-11-24", False),
    (3, "2026-11-21", "2026-11-24", True),
]


@pytest.mark.parametrize(("checks", "first", "last", "confirmed"), ABSENCES)
@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.ABSENT])
def test_an_absence_is_believed_after_three_tries_over_three_days(outcome, checks, first, last, confirmed):
    machine = missing(outcome, first=first, last=last, checks=checks)
    before = Judgment(KEPT, opened_on=day("2021-07-09"), opened_from="portal", grounded_by="machine")
    assert judged(machine=machine, kept_before=True, previous=before).state is (GONE if confirmed else KEPT)
    assert judged(machine=machine).state is (UNMET if confirmed else UNKNOWN)


@pytest.mark.parametrize(
    ("outcome", "code", "words"),
    [
        (Outcome.GONE, "supprime", "Supprimé du portail (réponse 410)."),
        (Outcome.ABSENT, "introuvable", "Plus public ou inconnu (réponse 404) : le portail ne distingue pas."),
    ],
)
def test_deleted_and_no_longer_public_are_told_apart_in_words(outcome, code, words):
    judgment = judged(machine=missing(outcome))
    assert [(reason.code, reason.text) for reason in judgment.reasons] == [(code, words)]
    assert judgment.checks == (Check("exists", False, words),)


def test_while_an_absence_is_to_be_confirmed_the_verdict_stays_and_says_so():
    before = Judgment(
        PARTIAL,
        (Reason("licence-non-ouverte", "Aucune licence indiquée.", "open_licence"),),
        (Check("open_licence", False, "Aucune licence indiquée."),),
        day("2021-07-09"),
        "portal",
        "machine",
    )
    first = judged(
        machine=missing(first="2026-11-23", last="2026-11-23", checks=1), previous=before, today="2026-11-23"
    )
    assert (first.state, first.checks, first.opened_on) == (PARTIAL, before.checks, before.opened_on)
    assert codes(first) == ["licence-non-ouverte", "constats-a-confirmer"]
    assert first.reasons[1].text.startswith("1 constat négatif sur 3 depuis le 23 novembre 2026")
    second = judged(machine=missing(first="2026-11-23", last="2026-11-24", checks=2), previous=first)
    assert codes(second) == ["licence-non-ouverte", "constats-a-confirmer"]
    assert second.reasons[1].text.startswith("2 constats négatifs sur 3")


@pytest.mark.parametrize("state", [UNKNOWN, UNLOCATED])
def test_an_absence_to_be_confirmed_leaves_unknown_what_was_unknown(state):
    machine = missing(first="2026-11-24", checks=1)
    assert judged(machine=machine, previous=Judgment(state)).state is UNKNOWN


def test_an_absence_to_be_confirmed_does_not_revive_a_reading_of_old():
    before = Judgment(KEPT, opened_on=day("2021-12-08"), opened_from="reading", grounded_by="reading")
    machine = missing(first="2026-11-24", checks=1)
    judgment = judged(machine=machine, readings=[read(OPEN, "2021-12-08", "2021-12-08")], previous=before)
    assert (judgment.state, judgment.opened_on) == (UNKNOWN, day("2021-12-08"))


def test_an_absence_never_confirmed_grows_old_as_an_absence():
    before = Judgment(KEPT, opened_on=day("2021-07-09"), opened_from="portal", grounded_by="machine")
    machine = missing(first="2026-11-10", last="2026-11-10", checks=1)
    first = judged(machine=machine, previous=before, today="2026-11-10")
    aged = expired(first, seen_on=day("2026-11-10"), by="machine", today=TODAY)
    assert aged == judged(machine=machine, previous=before)
    assert codes(aged) == ["constat-ancien", "constats-a-confirmer"]


# --- ageing ----------------------------------------------------------------------------------------------------------


def test_a_machine_finding_stands_for_seven_days():
    machine = seen(last="2026-11-17")
    assert expiry(day("2026-11-17"), "machine") == TODAY
    assert judged(machine=machine).state is KEPT
    aged = judged(machine=machine, today="2026-11-25")
    assert (aged.state, aged.grounded_by) == (UNKNOWN, "machine")
    assert [reason.text for reason in aged.reasons] == [
        "Indéterminé depuis le 25 novembre 2026 : le robot n'a rien pu constater depuis le 17 novembre 2026, "
        "et son constat vaut 7 jours.",
        "Dernier constat : constaté à l'adresse indiquée, le 17 novembre 2026.",
    ]


def test_a_reading_stands_for_365_days_and_its_last_word_stays_visible():
    reading = read(NOT_OPEN, "2023-01-03")
    assert judged(readings=[reading], today="2024-01-03").state is UNMET
    aged = judged(readings=[reading], today="2024-01-04")
    assert [reason.text for reason in aged.reasons] == [
        "Indéterminé depuis le 4 janvier 2024 : le dernier constat humain date du 3 janvier 2023, "
        "et il vaut 365 jours.",
        "Dernier constat : non ouvert, le 3 janvier 2023.",
    ]


def test_what_has_become_unknown_still_remembers_its_opening_day():
    aged = judged(machine=seen(last="2026-11-01"))
    assert (aged.opened_on, aged.opened_from) == (day("2021-07-09"), "portal")


@pytest.mark.parametrize("state", [KEPT, PARTIAL, UNMET, GONE])
@pytest.mark.parametrize("by", ["machine", "reading"])
def test_a_stored_verdict_ages_without_its_findings(state, by):
    seen_on = day("2026-01-01")
    end = expiry(seen_on, by)
    assert expired(state, seen_on=seen_on, by=by, today=end) is None
    aged = expired(Judgment(state, grounded_by=by), seen_on=seen_on, by=by, today=end + timedelta(days=1))
    assert aged is not None
    assert (aged.state, codes(aged)) == (UNKNOWN, ["constat-ancien", "dernier-constat"])


@pytest.mark.parametrize(("state", "by"), [(UNKNOWN, "machine"), (UNLOCATED, "machine"), (KEPT, "")])
def test_what_is_unknown_or_rests_on_nothing_does_not_age(state, by):
    assert expired(state, seen_on=day("2021-01-01"), by=by, today=TODAY) is None
