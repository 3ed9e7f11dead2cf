"""What is found meets each criterion, does not, or nobody can tell: each answer with its reason."""

import pytest

from commitments.criteria import CRITERIA, LABELS, OPEN_LICENCES, RULE_OF
from commitments.findings import (
    Access,
    Kind,
    Outcome,
)
from commitments.rules import METHOD_VERSION, RULES, SECTIONS, rules_of
from tests.commitments.evidence import (
    API,
    CODE,
    DATASET,
    KEPT,
    NOT_OPEN,
    NOT_VERIFIED,
    OPEN,
    OPEN_PARTIAL,
    OPEN_RESTRICTED,
    PARTIAL,
    UNKNOWN,
    UNMET,
    codes,
    holds,
    judged,
    read,
    seen,
)

PAGE_OF_API = {"state": "answers", "fetched": False, "openapi": None, "paths": 0, "title": "API", "page": True}
WEB = {"reachable": True, "title": "Une page", "content_type": "text/html", "final_url": "https://exemple.fr/"}
FACTS = {Kind.DATASET: DATASET, Kind.API: API, Kind.SOURCE_CODE: CODE, Kind.DOCUMENT: {}, Kind.PLATFORM: {}}


def text_of(judgment, criterion):
    return next(check.text for check in judgment.checks if check.criterion == criterion)


# --- found: each criterion is true, false or unknown -----------------------------------------------------------------


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


# --- a person's word on the coverage ---------------------------------------------------------------------------------


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


# --- a plain page: it answers, and nothing more is claimed -----------------------------------------------------------


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


# --- the method ------------------------------------------------------------------------------------------------------


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
