"""What is kept, what is not, what nobody can tell: each verdict with the reasons a careful reader would give."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.ageing import expired, expiry
from commitments.criteria import CRITERIA, LABELS, OPEN_LICENCES, RULE_OF
from commitments.findings import (
    Access,
    Check,
    HumanFinding,
    Judgment,
    Kind,
    MachineFinding,
    Outcome,
    ReadingState,
    Reason,
    State,
)
from commitments.rules import METHOD_VERSION, RULES, SECTIONS, rules_of
from commitments.verdicts import combine, judge, judge_nothing

TODAY = date(2026, 11, 24)
MINISTRY = "534fff8ea3a7292c64a77f02"
KEPT, PARTIAL, UNMET, GONE = State.KEPT, State.PARTIAL, State.UNMET, State.GONE
UNKNOWN, UNLOCATED = State.UNKNOWN, State.UNLOCATED
OPEN, OPEN_PARTIAL = ReadingState.OPEN, ReadingState.OPEN_PARTIAL
OPEN_RESTRICTED, NOT_OPEN = ReadingState.OPEN_RESTRICTED, ReadingState.NOT_OPEN
NOT_VERIFIED = ReadingState.NOT_VERIFIED

DATASET = {
    "id": "650000000000000000000001",
    "title": "Jeu exemplaire",
    "organization_id": MINISTRY,
    "organization_name": "Ministère",
    "organization_badges": ["certified", "public-service"],
    "owned_by_person": False,
    "archived": None,
    "access_type": "open",
    "license": "lov2",
    "frequency": "annual",
    "last_update": "2026-11-04T08:00:00+00:00",
    "created_at_internal": "2021-07-09",
    "resources_total": 3,
    "all_resources_available": True,
}
READ_AS_OPENAPI = {"state": "answers", "fetched": True, "openapi": "3.0.3", "paths": 12, "title": "API", "page": None}
PAGE_OF_API = {"state": "answers", "fetched": False, "openapi": None, "paths": 0, "title": "API", "page": True}
API = {
    "organization_id": MINISTRY,
    "organization_badges": ["public-service"],
    "owned_by_person": False,
    "archived": None,
    "access_type": "open",
    "license": "notspecified",
    "created_at_internal": "2022-01-10",
    "machine_documentation_url": "https://exemple.gouv.fr/openapi.json",
    "technical_documentation_url": None,
    "documentation": READ_AS_OPENAPI,
}
WEB = {"reachable": True, "title": "Une page", "content_type": "text/html", "final_url": "https://exemple.fr/"}
CODE = {"commits": True, "archived": None, "license": "MIT"}
FACTS = {Kind.DATASET: DATASET, Kind.API: API, Kind.SOURCE_CODE: CODE, Kind.DOCUMENT: {}, Kind.PLATFORM: {}}


def day(text):
    return date.fromisoformat(text)


def seen(facts=DATASET, *, outcome=Outcome.FOUND, first="2026-11-01", last="2026-11-24", checks=20):
    return MachineFinding(outcome, facts, day(first), day(last), checks)


def missing(outcome=Outcome.ABSENT, *, first="2026-11-20", last="2026-11-24", checks=4):
    return seen({}, outcome=outcome, first=first, last=last, checks=checks)


def read(state, on, opened_on=None, label=""):
    return HumanFinding(state, day(on), day(opened_on) if opened_on else None, label)


def judged(kind=Kind.DATASET, promised=Access.OPEN, *, machine=None, readings=(), today=TODAY, **more):
    more.setdefault("located", True)
    more.setdefault("publishers", frozenset({MINISTRY}))
    today = day(today) if isinstance(today, str) else today
    return judge(kind, promised, machine=machine, readings=readings, today=today, **more)


def codes(judgment):
    return [reason.code for reason in judgment.reasons]


def holds(judgment, criterion):
    return next(check.holds for check in judgment.checks if check.criterion == criterion)


def text_of(judgment, criterion):
    return next(check.text for check in judgment.checks if check.criterion == criterion)


# --- nothing was ever found -------------------------------------------------------------------------------------


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


# --- found: each criterion is true, false or unknown -------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_what_is_found_with_nothing_against_it_is_kept(kind):
    judgment = judged(kind, machine=seen(FACTS[kind]))
    assert (judgment.state, judgment.grounded_by) == (KEPT, "machine")
    assert codes(judgment)[0] == "constate"
    assert [check.criterion for check in judgment.checks] == list(CRITERIA[kind])


def test_what_remains_to_be_verified_is_listed_and_does_not_prevent_the_verdict():
    judgment = judged(machine=seen())
    assert [r.criterion for r in judgment.reasons if r.code == "a-verifier"] == ["files_answer", "coverage"]


def test_what_is_beside_the_point_is_not_to_be_verified():
    judgment = judged(machine=seen(DATASET | {"frequency": "punctual"}))
    assert holds(judgment, "fresh") is None
    assert "fresh" not in [reason.criterion for reason in judgment.reasons]


BROKEN = [
    ({"archived": "2023-01-31"}, "not_archived", "archive", "Archivé le 31 janvier 2023."),
    ({"archived": True}, "not_archived", "archive", "Archivé."),
    ({"access_type": "restricted"}, "access", "acces-restreint", "Promis ouvert, accès restreint."),
    ({"access_type": "open_with_account"}, "access", "acces-restreint", "accès ouvert avec un compte"),
    ({"resources_total": 0}, "has_files", "aucun-fichier", "Aucun fichier."),
    (
        {"all_resources_available": False},
        "files_answer",
        "fichiers-injoignables",
        "data.gouv.fr signale des fichiers injoignables.",
    ),
    ({"resources_unavailable": True}, "files_answer", "fichiers-injoignables", "data.gouv.fr signale"),
    (
        {"probes": {"tried": 3, "answered": 2, "failed": ["a.csv"]}},
        "files_answer",
        "fichiers-injoignables",
        "3 fichiers essayés par Bothorel ; injoignables : a.csv.",
    ),
    ({"license": "notspecified"}, "open_licence", "licence-non-ouverte", "Aucune licence indiquée."),
    ({"license": "other-closed"}, "open_licence", "licence-non-ouverte", "« other-closed »"),
    ({"frequency": "monthly", "last_update": "2021-01-01"}, "fresh", "non-a-jour", "attendu au plus tard"),
    ({"owned_by_person": True}, "publisher", "editeur-inattendu", "Publié par une personne"),
    ({"organization_id": None}, "publisher", "editeur-inattendu", "Publié sans organisation."),
    (
        {"organization_id": "x", "organization_name": "Asso", "organization_badges": []},
        "publisher",
        "editeur-inattendu",
        "Publié par Asso",
    ),
    ({"private": True}, "public", "non-public", "privée"),
]


@pytest.mark.parametrize(("facts", "criterion", "code", "words"), BROKEN, ids=lambda value: str(value)[:40])
def test_one_false_criterion_makes_a_dataset_partial_and_is_the_only_reason(facts, criterion, code, words):
    judgment = judged(machine=seen(DATASET | facts))
    assert (judgment.state, codes(judgment)) == (PARTIAL, [code])
    assert judgment.reasons[0].criterion == criterion
    assert words in judgment.reasons[0].text
    assert holds(judgment, criterion) is False


def test_each_false_criterion_gives_its_reason():
    facts = DATASET | {"archived": "2023-01-31", "license": "notspecified", "resources_total": 0}
    judgment = judged(machine=seen(facts))
    assert codes(judgment) == ["archive", "aucun-fichier", "licence-non-ouverte"]


TOLD = [
    # criterion, facts, answer
    ("not_archived", {}, True),
    ("not_archived", {"archived": False}, True),
    ("access", {"access_type": "sur demande"}, None),
    ("access", {"access_type": None}, None),
    ("has_files", {"resources_total": 1}, True),
    ("files_answer", {}, None),
    ("files_answer", {"all_resources_available": None}, None),
    ("files_answer", {"resources_unavailable": False, "all_resources_available": None}, None),
    ("files_answer", {"resources_total": 0, "all_resources_available": False}, None),
    ("files_answer", {"probes": {"tried": 3, "answered": 3, "failed": []}, "all_resources_available": False}, True),
    ("files_answer", {"probes": {"tried": 3, "answered": 1, "failed": []}}, None),
    ("files_answer", {"probes": {"tried": 3, "answered": 2, "failed": [], "failing": ["a.csv"]}}, None),
    (
        "files_answer",
        {"probes": {"tried": 3, "answered": 2, "failing": ["a.csv"]}, "resources_unavailable": True},
        False,
    ),
    ("files_answer", {"probes": {"tried": 5, "answered": 5, "total": 37}}, True),
    ("files_answer", {"probes": {"tried": 5, "answered": 5, "total": 37}, "resources_unavailable": True}, None),
    ("files_answer", {"probes": {"tried": 5, "answered": 4, "total": 5}, "resources_unavailable": True}, False),
    ("files_answer", {"probes": {"tried": 0, "answered": 0, "failed": []}, "all_resources_available": False}, False),
    ("files_answer", {"probes": "beaucoup", "all_resources_available": False}, False),
    ("open_licence", {"license": None}, None),
    ("open_licence", {"license": "notspecified", "access_type": "restricted"}, None),
    ("open_licence", {"license": "notspecified", "access_type": None}, None),
    ("open_licence", {"license": "odc-odbl", "access_type": None}, True),
    ("fresh", {}, True),
    ("fresh", {"frequency": "unknown"}, None),
    ("fresh", {"frequency": "tousLesMardis"}, None),
    ("fresh", {"frequency": "continuous"}, None),
    ("fresh", {"last_update": "2099-12-31T00:00:00+00:00"}, None),
    ("publisher", {}, True),
    ("publisher", {"organization_id": "autre"}, None),
    ("publisher", {"organization_id": "autre", "organization_badges": [{"kind": "public-service"}]}, None),
    ("publisher", {"organization_id": "autre", "organization_badges": None}, None),
    ("publisher", {"organization_id": 12}, None),
    ("coverage", {}, None),
]


@pytest.mark.parametrize(("criterion", "facts", "expected"), TOLD, ids=str)
def test_a_criterion_has_three_answers(criterion, facts, expected):
    assert holds(judged(machine=seen(DATASET | facts)), criterion) is expected


@pytest.mark.parametrize("licence", OPEN_LICENCES)
def test_open_licences_are_open(licence):
    assert holds(judged(machine=seen(DATASET | {"license": licence})), "open_licence") is True


ACCESSES = [
    (Access.OPEN, "open", True),
    (Access.OPEN, "open_with_account", False),
    (Access.OPEN, "restricted", False),
    (Access.OPEN_WITH_ACCOUNT, "open", True),
    (Access.OPEN_WITH_ACCOUNT, "open_with_account", True),
    (Access.OPEN_WITH_ACCOUNT, "restricted", False),
    (Access.RESTRICTED, "open", True),
    (Access.RESTRICTED, "open_with_account", True),
    (Access.RESTRICTED, "restricted", True),
    (Access.UNSAID, "open", None),
    (Access.UNSAID, "restricted", None),
]


@pytest.mark.parametrize(("promised", "found", "expected"), ACCESSES)
def test_access_must_be_at_least_as_open_as_promised(promised, found, expected):
    judgment = judged(promised=promised, machine=seen(DATASET | {"access_type": found}))
    assert holds(judgment, "access") is expected


def test_a_publisher_out_of_a_closed_set_is_the_wrong_one():
    machine = seen(DATASET | {"organization_id": "autre"})
    assert holds(judged(machine=machine, publishers_closed=True), "publisher") is False


def test_a_publisher_that_we_cannot_place_is_named_and_left_to_be_verified():
    machine = seen(DATASET | {"organization_id": "autre", "organization_name": "Agence Bio"})
    assert text_of(judged(machine=machine), "publisher") == (
        "Publié par Agence Bio, que nous ne savons pas rattacher à ce ministère."
    )


def test_data_gouv_fr_is_not_believed_when_it_says_that_files_answer():
    text = text_of(judged(machine=seen()), "files_answer")
    assert text == "data.gouv.fr ne signale aucun fichier injoignable ; Bothorel ne les a pas essayés."


@pytest.mark.parametrize(
    ("kind", "facts", "criterion"),
    [
        (Kind.DATASET, DATASET | {"resources_total": None}, "has_files"),
        (Kind.DATASET, {}, "has_files"),
        (Kind.API, {}, "documentation"),
        (Kind.SOURCE_CODE, {}, "has_commit"),
    ],
)
def test_without_knowing_what_makes_it_useful_nothing_is_kept(kind, facts, criterion):
    judgment = judged(kind, machine=seen(facts))
    assert (judgment.state, codes(judgment)) == (UNKNOWN, ["exigence-inconnue"])
    assert judgment.reasons[0].criterion == criterion


def test_a_false_criterion_outweighs_an_unknown_requirement():
    machine = seen(DATASET | {"resources_total": None, "license": "notspecified"})
    assert judged(machine=machine).state is PARTIAL


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, KEPT),
        ({"documentation": PAGE_OF_API}, KEPT),
        (
            {
                "machine_documentation_url": None,
                "technical_documentation_url": "https://exemple.fr/doc",
                "documentation": PAGE_OF_API | {"fetched": None},
            },
            KEPT,
        ),
        ({"documentation": None}, UNKNOWN),
        ({"documentation": {"state": "unknown", "fetched": None}}, UNKNOWN),
        ({"documentation": {"state": "failing", "fetched": False}}, UNKNOWN),
        ({"documentation": {"state": "failed", "fetched": False}}, PARTIAL),
        ({"documentation": "oui"}, UNKNOWN),
        ({"machine_documentation_url": None}, PARTIAL),
        ({"machine_documentation_url": "", "technical_documentation_url": 7}, PARTIAL),
        ({"access_type": "restricted"}, PARTIAL),
        ({"archived": "2024-01-01"}, PARTIAL),
    ],
)
def test_an_api_needs_a_documentation(facts, expected):
    assert judged(Kind.API, machine=seen(API | facts)).state is expected


@pytest.mark.parametrize(
    ("facts", "expected", "code"),
    [
        ({}, KEPT, "constate"),
        ({"commits": 12}, KEPT, "constate"),
        ({"commits": False}, PARTIAL, "depot-vide"),
        ({"commits": 0}, PARTIAL, "depot-vide"),
        ({"license": ""}, PARTIAL, "sans-licence"),
        ({"license": None}, KEPT, "constate"),
        ({"archived": "2024-01-01"}, PARTIAL, "archive"),
    ],
)
def test_source_code_needs_a_commit_and_a_licence(facts, expected, code):
    judgment = judged(Kind.SOURCE_CODE, machine=seen(CODE | facts))
    assert (judgment.state, codes(judgment)[0]) == (expected, code)


def test_the_criteria_of_a_deliverable_may_be_its_own():
    machine = seen(DATASET | {"license": "notspecified"})
    judgment = judged(machine=machine, criteria=("exists", "has_files"))
    assert (judgment.state, [c.criterion for c in judgment.checks]) == (KEPT, ["exists", "has_files"])
    assert judged(Kind.API, machine=seen(API), criteria=("open_licence",)).state is PARTIAL


def test_a_criterion_that_does_not_exist_is_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="unknown criteria: pretty"):
        judged(machine=seen(), criteria=("exists", "pretty"))


# --- a person's word on the coverage ------------------------------------------------------------------------------

COVERAGE = [
    (read(OPEN, "2026-03-01"), True),
    (read(OPEN_PARTIAL, "2026-03-01"), False),
    (read(OPEN_RESTRICTED, "2026-03-01"), None),
    (read(NOT_OPEN, "2026-03-01"), None),  # what was found is newer than the look
    (read(NOT_OPEN, "2026-11-10"), False),  # someone looked at it, and it isn't what was promised
    (read(NOT_OPEN, "2026-11-01"), False),
    (read(NOT_OPEN, "2026-10-31"), None),
    (read(OPEN, "2025-11-24"), True),  # the last day it stands
    (read(OPEN, "2025-11-23"), None),
    (read(OPEN_PARTIAL, "2025-11-23"), None),
    (read(NOT_VERIFIED, "2026-03-01"), None),
]


@pytest.mark.parametrize(("reading", "expected"), COVERAGE, ids=str)
def test_only_a_person_tells_the_coverage_while_the_reading_stands(reading, expected):
    assert holds(judged(machine=seen(), readings=[reading]), "coverage") is expected


def test_a_partial_coverage_makes_it_partial_and_says_who_said_so():
    judgment = judged(machine=seen(), readings=[read(OPEN_PARTIAL, "2026-02-02", label="open, partial coverage")])
    assert (judgment.state, codes(judgment)) == (PARTIAL, ["couverture-partielle"])
    assert judgment.reasons[0].text == (
        "Couverture partielle d'après un constat humain du 2 février 2026 : « open, partial coverage »."
    )


# --- a plain page: it answers, and nothing more is claimed ---------------------------------------------------------

PAGES = [
    (Kind.DATASET, UNKNOWN, ["exigence-inconnue"]),
    (Kind.API, UNKNOWN, ["exigence-inconnue"]),
    (Kind.SOURCE_CODE, UNKNOWN, ["exigence-inconnue"]),
    (Kind.DOCUMENT, KEPT, ["constate", "a-verifier"]),
    (Kind.PLATFORM, KEPT, ["constate", "a-verifier"]),
]


@pytest.mark.parametrize(("kind", "state", "reasons"), PAGES)
def test_a_page_that_answers_keeps_only_what_is_a_page(kind, state, reasons):
    judgment = judged(kind, machine=seen(WEB))
    assert (judgment.state, codes(judgment)) == (state, reasons)
    if state is UNKNOWN:
        assert judgment.reasons[0].text == "La page répond ; rien de plus n'est vérifié par le robot."


def test_a_page_that_answers_does_not_silence_the_person_who_read_it():
    assert judged(machine=seen(WEB), readings=[read(OPEN, "2026-06-01")]).grounded_by == "reading"
    assert judged(machine=seen(WEB), readings=[read(NOT_OPEN, "2026-06-01")]).state is UNMET


def test_a_page_that_answers_leaves_the_last_word_of_a_person_in_sight_once_it_is_old():
    judgment = judged(machine=seen(WEB), readings=[read(OPEN, "2022-06-01")])
    assert (judgment.state, codes(judgment)) == (UNKNOWN, ["exigence-inconnue", "dernier-constat"])
    assert judgment.reasons[1].text == "Dernier constat : ouvert, le 1er juin 2022."


@pytest.mark.parametrize(
    ("facts", "outcome", "words"),
    [
        ({"reachable": False}, Outcome.ABSENT, "Aucune page à cette adresse (réponse 404)."),
        ({"reachable": False}, Outcome.GONE, "La page a été supprimée (réponse 410)."),
        ({"commits": None}, Outcome.ABSENT, "Dépôt privé ou inexistant (réponse 404) : la forge ne distingue pas."),
    ],
)
def test_an_absence_is_told_in_the_words_of_what_was_looked_for(facts, outcome, words):
    assert judged(machine=seen(facts, outcome=outcome)).reasons[0].text == words


SAMPLES = [
    ({"tried": 5, "answered": 5, "total": 37}, "5 fichiers essayés sur 37 par Bothorel : tous répondent."),
    ({"tried": 1, "answered": 1, "total": 1}, "1 fichier essayé par Bothorel : il répond."),
    (
        {"tried": 2, "answered": 1, "failing": ["a.csv"], "total": 2},
        "2 fichiers essayés par Bothorel ; sans réponse une première fois, à confirmer un autre jour : a.csv.",
    ),
    (
        {"tried": 2, "answered": 1, "files": [{"state": "unknown", "cause": "refused_address"}]},
        "2 fichiers essayés par Bothorel : 1 répond, sans observation pour les autres "
        "(adresse d'un réseau privé, que le robot n'interroge pas).",
    ),
    ({"tried": 2, "answered": 0}, "2 fichiers essayés par Bothorel : aucun n'a pu être observé."),
]


@pytest.mark.parametrize(("probes", "words"), SAMPLES)
def test_the_sample_of_files_is_told(probes, words):
    judgment = judged(machine=seen(DATASET | {"probes": probes}))
    assert [check.text for check in judgment.checks if check.criterion == "files_answer"] == [words]


# --- which finding is judged ------------------------------------------------------------------------------------


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


# --- absences: three tries over three days -------------------------------------------------------------------------

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


# --- ageing -------------------------------------------------------------------------------------------------------


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


# --- the opening day ------------------------------------------------------------------------------------------------

OPENED = [
    # readings, facts, more → day, provenance
    ([read(OPEN, "2026-06-01", "2021-06-30")], DATASET, {}, "2021-06-30", "reading"),
    ([read(OPEN, "2026-06-01", "2021-06-30"), read(OPEN, "2026-09-01")], DATASET, {}, "2021-06-30", "reading"),
    (
        [read(OPEN, "2026-06-01", "2021-06-30"), read(OPEN, "2026-09-01", "2021-07-02")],
        DATASET,
        {},
        "2021-07-02",
        "reading",
    ),
    ([read(NOT_OPEN, "2026-06-01", "2021-06-30")], DATASET, {}, "2021-07-09", "portal"),
    ([], DATASET, {}, "2021-07-09", "portal"),
    ([], DATASET | {"created_at_internal": "0001-01-01"}, {}, "2026-11-01", "first_seen"),
    ([], DATASET | {"created_at_internal": "2027-01-01"}, {}, "2026-11-01", "first_seen"),
    ([], DATASET | {"created_at_internal": 2021}, {}, "2026-11-01", "first_seen"),
    ([read(OPEN, "2026-06-01")], DATASET | {"created_at_internal": None}, {}, "2026-06-01", "first_seen"),
    (
        [read(OPEN, "2026-06-01"), read(NOT_OPEN, "2026-07-01")],
        DATASET | {"created_at_internal": None},
        {},
        "2026-11-01",
        "first_seen",
    ),
    # after a regression the count restarts
    ([], DATASET, {"regressed_on": day("2026-10-01")}, "2026-11-01", "first_seen"),
    (
        [read(OPEN, "2026-06-01", "2021-06-30")],
        DATASET,
        {"regressed_on": day("2026-10-01")},
        "2026-11-01",
        "first_seen",
    ),
    ([], DATASET, {"regressed_on": day("2021-07-09")}, "2021-07-09", "portal"),
    ([], DATASET, {"regressed_on": day("2026-11-10")}, "2026-11-10", "first_seen"),
    # a new interval of observation does not move the first day
    (
        [],
        DATASET | {"created_at_internal": None},
        {"previous": Judgment(KEPT, opened_on=day("2026-02-01"), opened_from="first_seen")},
        "2026-02-01",
        "first_seen",
    ),
    (
        [],
        DATASET | {"created_at_internal": None},
        {
            "previous": Judgment(UNKNOWN, opened_on=day("2026-02-01"), opened_from="first_seen"),
            "regressed_on": day("2026-05-01"),
        },
        "2026-11-01",
        "first_seen",
    ),
]


@pytest.mark.parametrize(("readings", "facts", "more", "expected", "provenance"), OPENED)
def test_the_opening_day_is_shown_with_its_provenance(readings, facts, more, expected, provenance):
    judgment = judged(machine=seen(facts), readings=readings, **more)
    assert (judgment.opened_on, judgment.opened_from) == (day(expected), provenance)


def test_a_reading_without_an_opening_day_gives_the_latest_possible_one():
    judgment = judged(readings=[read(OPEN, "2022-11-22")], located=False, today="2022-12-01")
    assert (judgment.opened_on, judgment.opened_from) == (day("2022-11-22"), "first_seen")


# --- promises of 2021, as the reference tells them --------------------------------------------------------------

REAL_PROMISES = [
    # ref, kind, promised, readings, located, today, state
    ("O-30", Kind.API, Access.RESTRICTED, [read(NOT_OPEN, "2023-01-03")], False, "2023-02-01", UNMET),
    ("O-30", Kind.API, Access.RESTRICTED, [read(NOT_OPEN, "2023-01-03")], False, "2022-02-01", UNLOCATED),
    ("O-10", Kind.SOURCE_CODE, Access.OPEN, [read(NOT_OPEN, "2021-09-30")], False, "2021-10-15", UNMET),
    ("O-10", Kind.SOURCE_CODE, Access.OPEN, [read(NOT_OPEN, "2021-09-30")], False, "2026-11-24", UNKNOWN),
    ("O-09", Kind.SOURCE_CODE, Access.OPEN, [read(OPEN, "2026-02-24", "2021-11-22")], True, "2026-11-24", KEPT),
    (
        "O-28",
        Kind.API,
        Access.RESTRICTED,
        [read(OPEN_RESTRICTED, "2023-01-03", "2021-04-13")],
        True,
        "2023-02-01",
        KEPT,
    ),
    ("O-01", Kind.DATASET, Access.OPEN, [read(OPEN_PARTIAL, "2026-02-02")], True, "2026-11-24", PARTIAL),
    ("O-04", Kind.DATASET, Access.OPEN, [read(NOT_VERIFIED, "2023-01-31")], True, "2023-02-01", UNKNOWN),
]


@pytest.mark.parametrize(("ref", "kind", "promised", "readings", "located", "today", "state"), REAL_PROMISES)
def test_promises_of_2021_are_judged_as_a_careful_reader_would(ref, kind, promised, readings, located, today, state):
    assert judged(kind, promised, readings=readings, located=located, asked=False, today=today).state is state


def test_an_address_of_2021_that_nobody_asked_leaves_the_promise_unknown():
    assert judged(today="2022-02-01", asked=False).state is UNKNOWN


# --- several deliverables -------------------------------------------------------------------------------------------

COMBINED = [
    ([], UNLOCATED),
    ([KEPT], KEPT),
    ([KEPT, KEPT], KEPT),
    ([UNMET, UNMET], UNMET),
    ([GONE, GONE], GONE),
    ([UNKNOWN, UNKNOWN], UNKNOWN),
    ([UNLOCATED, UNLOCATED], UNLOCATED),
    ([KEPT, UNMET], PARTIAL),
    ([KEPT, GONE], PARTIAL),
    ([KEPT, PARTIAL], PARTIAL),
    ([PARTIAL, UNKNOWN], PARTIAL),
    ([PARTIAL, UNMET], PARTIAL),
    ([KEPT, UNKNOWN, UNMET], PARTIAL),
    ([KEPT, UNKNOWN], UNKNOWN),
    ([KEPT, UNLOCATED], UNKNOWN),
    ([UNMET, GONE], GONE),
    ([UNMET, UNKNOWN], UNMET),
    ([GONE, UNLOCATED], GONE),
    ([UNKNOWN, UNLOCATED], UNKNOWN),
]


@pytest.mark.parametrize(("states", "expected"), COMBINED, ids=str)
def test_a_promise_is_kept_when_all_its_deliverables_are(states, expected):
    judgments = [Judgment(state) for state in states]
    assert combine(judgments, open_ended=False, settled_by_reading=False).state is expected
    assert combine(judgments[::-1], open_ended=False, settled_by_reading=False).state is expected


@pytest.mark.parametrize(
    ("state", "settled", "expected"),
    [
        (KEPT, False, PARTIAL),
        (KEPT, True, KEPT),
        (PARTIAL, True, PARTIAL),
        (UNMET, False, UNMET),
        (UNKNOWN, True, UNKNOWN),
    ],
)
def test_an_open_ended_promise_is_partial_at_most_unless_a_reading_says_otherwise(state, settled, expected):
    whole = combine([Judgment(state)], open_ended=True, settled_by_reading=settled)
    assert whole.state is expected
    assert ("promesse-ouverte" in codes(whole)) is (state is KEPT and not settled)


def test_the_last_opening_is_the_promise_s_own():
    first = Judgment(KEPT, opened_on=day("2021-07-01"), opened_from="portal", grounded_by="machine")
    last = Judgment(KEPT, opened_on=day("2021-11-26"), opened_from="reading", grounded_by="reading")
    whole = combine([last, first], open_ended=False, settled_by_reading=False)
    assert (whole.opened_on, whole.opened_from, whole.grounded_by) == (day("2021-11-26"), "reading", "")
    assert whole.reasons[0].text == "2 livrables constatés sur 2."
    half = combine([first, Judgment(UNMET)], open_ended=False, settled_by_reading=False)
    assert (half.opened_on, half.opened_from) == (None, "")
    assert half.reasons[0].text == "1 livrable constaté sur 2."


# --- the method ---------------------------------------------------------------------------------------------------


def test_every_criterion_has_its_words_and_its_rule():
    assert set(RULE_OF) == set(LABELS)
    assert set(RULE_OF.values()) <= set(RULES)
    assert {code for kind in Kind for code in CRITERIA[kind]} <= set(LABELS)


def test_every_rule_is_one_french_sentence_at_its_own_anchor():
    for rule in RULES.values():
        assert rule.sentence.endswith(".")
        assert rule.title
        assert rule.section in SECTIONS
        assert (rule.anchor, rule.version) == (rule.code, METHOD_VERSION)
    assert sum(len(rules_of(section)) for section in SECTIONS) == len(RULES)


# --- whatever comes -------------------------------------------------------------------------------------------------

DAYS = st.dates(date(2021, 1, 1), date(2026, 12, 31))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = sorted({*DATASET, *API, *CODE, "probes", "private", "resources_unavailable", "reachable"})
PLAUSIBLE = st.sampled_from(
    ["open", "restricted", "lov2", "annual", "2026-01-01", "2099-12-31", None, True, False, 0, 3, {"tried": 2}]
)
WILD = st.dictionaries(st.sampled_from(KEYS), PLAUSIBLE | JSON)
MACHINES = st.builds(
    lambda outcome, facts, first, days, checks: MachineFinding(outcome, facts, first, first + timedelta(days), checks),
    st.sampled_from(Outcome),
    WILD | st.just(DATASET),
    DAYS,
    st.integers(0, 400),
    st.integers(0, 500),
)
READINGS = st.lists(
    st.builds(HumanFinding, st.sampled_from(ReadingState), DAYS, st.none() | DAYS, st.sampled_from(["", "open"])),
    max_size=3,
)
PREVIOUS = st.none() | st.builds(
    lambda state, opened, by: Judgment(state, (), (), opened, "first_seen" if opened else "", by),
    st.sampled_from(State),
    st.none() | DAYS,
    st.sampled_from(["machine", "reading", ""]),
)
CASES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(Kind),
        "access_promised": st.sampled_from(Access),
        "machine": st.none() | MACHINES,
        "readings": READINGS,
        "located": st.booleans(),
        "asked": st.booleans(),
        "publishers_closed": st.booleans(),
        "kept_before": st.booleans(),
        "regressed_on": st.none() | DAYS,
        "previous": PREVIOUS,
        "today": DAYS,
    }
)


@given(CASES)
def test_whatever_is_found_there_is_a_verdict_with_reasons_that_the_method_explains(case):
    judgment = judge(**case)
    assert judgment.reasons or (case["previous"] and judgment.state is case["previous"].state)
    assert set(codes(judgment)) <= set(RULES)
    assert {check.criterion for check in judgment.checks} <= set(LABELS)
    assert (judgment.opened_on is None) is (judgment.opened_from == "")
    if judgment.state is KEPT and "constats-a-confirmer" not in codes(judgment):
        assert all(check.holds is not False for check in judgment.checks)
        assert judgment.opened_on is not None


@given(CASES, st.randoms())
def test_the_order_of_readings_of_different_days_changes_nothing(case, random):
    by_day = list({reading.day: reading for reading in case["readings"]}.values())
    shuffled = random.sample(by_day, len(by_day))
    assert judge(**case | {"readings": by_day}) == judge(**case | {"readings": shuffled})


@given(CASES, DAYS)
def test_what_is_no_finding_changes_no_verdict(case, on):
    later = [HumanFinding(NOT_VERIFIED, on), HumanFinding(NOT_OPEN, case["today"] + timedelta(days=1))]
    assert judge(**case | {"readings": [*case["readings"], *later]}) == judge(**case)


@given(CASES)
def test_judging_twice_the_same_evidence_adds_nothing(case):
    once = judge(**case)
    assert judge(**case | {"previous": once}) == once


@given(MACHINES.filter(lambda machine: machine.outcome.definitive), st.integers(0, 30), st.booleans())
def test_a_verdict_of_the_robot_aged_on_reading_is_the_one_that_judging_again_gives(machine, days, kept_before):
    asked = {"machine": machine, "criteria": ("exists", "public", "not_archived"), "kept_before": kept_before}
    then = judged(today=machine.last_seen, **asked)
    later = machine.last_seen + timedelta(days=days)
    aged = expired(then, seen_on=machine.last_seen, by=then.grounded_by, today=later)
    assert judged(today=later, **asked) == (aged or then)


@given(st.sampled_from(sorted(set(ReadingState) - {NOT_VERIFIED})), DAYS, st.integers(0, 800))
def test_a_verdict_of_a_person_aged_on_reading_is_the_one_that_judging_again_gives(state, on, days):
    reading, later = HumanFinding(state, on), on + timedelta(days=days)
    then = judged(readings=[reading], today=on)
    aged = expired(then, seen_on=on, by="reading", today=later)
    assert judged(readings=[reading], today=later) == (aged or then)


def test_a_steady_record_gives_the_same_verdict_word_for_word_day_after_day():
    """What the robot sees again unchanged writes no row: no sentence counts days."""
    machine, before = seen(last="2026-11-05", checks=1), None
    verdicts = []
    for days in range(20):
        today = date(2026, 11, 5) + timedelta(days=days)
        machine = replace(machine, last_seen=today, checks=machine.checks + 2)
        before = judged(machine=machine, readings=[read(OPEN, "2026-10-01")], today=today, previous=before)
        verdicts.append(before)
    assert len(set(verdicts)) == 1
