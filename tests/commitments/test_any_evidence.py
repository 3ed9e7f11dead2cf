"""Whatever is found, whatever was read: a verdict, with reasons that the method explains."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from commitments.ageing import expired
from commitments.criteria import LABELS
from commitments.findings import (
    Access,
    HumanFinding,
    Judgment,
    Kind,
    MachineFinding,
    Outcome,
    ReadingState,
    State,
)
from commitments.rules import RULES
from commitments.verdicts import judge
from tests.commitments.evidence import (
    API,
    CODE,
    DATASET,
    KEPT,
    NOT_OPEN,
    NOT_VERIFIED,
    OPEN,
    codes,
    judged,
    read,
    seen,
)

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
