"""The day a promise was kept, whole or in part; and promises of 2021, as a careful reader would judge them."""

import pytest

from commitments.findings import (
    Access,
    Judgment,
    Kind,
)
from commitments.verdicts import combine
from tests.commitments.evidence import (
    DATASET,
    GONE,
    KEPT,
    NOT_OPEN,
    NOT_VERIFIED,
    OPEN,
    OPEN_PARTIAL,
    OPEN_RESTRICTED,
    PARTIAL,
    UNKNOWN,
    UNLOCATED,
    UNMET,
    codes,
    day,
    judged,
    read,
    seen,
)

# --- the opening day -------------------------------------------------------------------------------------------------


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


# --- promises of 2021, as the reference tells them -------------------------------------------------------------------


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


# --- several deliverables --------------------------------------------------------------------------------------------


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
