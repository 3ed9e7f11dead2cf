"""Late begins the day after the last day; late is counted in days, for ever, from the current date and the first."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.findings import State
from commitments.periods import parse
from commitments.rules import RULES
from ministries.timeliness import LABELS, Code, Timeliness, sentence, timeliness


def told(
    state,
    today,
    current=None,
    first=None,
    *,
    closed=False,
    opened_on=None,
    was_kept_since_last_gone=False,
):
    """The answer for deadlines as they are written; the first one is the current one unless said otherwise."""
    current_last = parse(current).last_day
    return timeliness(
        closed=closed,
        state=state,
        opened_on=date.fromisoformat(opened_on) if opened_on else None,
        was_kept_since_last_gone=was_kept_since_last_gone,
        current_last=current_last,
        first_last=current_last if first is None else parse(first).last_day,
        today=date.fromisoformat(today),
    )


REAL_PROMISES = [
    ("O-30", State.UNMET, "2023-02-01", "T3 2021", None, (Code.LATE, 489, 489), "en retard de 489 jours"),
    (
        "O-30",
        State.UNLOCATED,
        "2022-02-01",
        "T3 2021",
        None,
        (Code.UNVERIFIED, 124, 124),
        "échéance passée de 124 jours, non vérifiée",
    ),
    (
        "O-03",
        State.UNKNOWN,
        "2022-02-01",
        "d'ici fin 2021",
        None,
        (Code.UNVERIFIED, 32, 32),
        "échéance passée de 32 jours, non vérifiée",
    ),
    ("O-10", State.UNMET, "2021-10-15", "T3 2021", "d'ici fin 2021", (Code.LATE, 15, 0), "en retard de 15 jours"),
]


@pytest.mark.parametrize(
    ("ref", "state", "today", "current", "first", "expected", "words"),
    REAL_PROMISES,
    ids=lambda value: str(value)[:12],
)
def test_promises_of_2021_are_late_by_the_days_that_anyone_can_count(
    ref, state, today, current, first, expected, words
):
    found = told(state, today, current, first)
    assert (found.code, found.days, found.days_from_first) == expected
    assert sentence(found).startswith(words)


def test_franceconnect_was_kept_on_time_and_still_is_five_years_later():
    found = told(State.KEPT, "2026-11-24", "novembre 2021", "d'ici fin 2021", opened_on="2021-11-22")
    assert found == Timeliness(Code.KEPT_ON_TIME, 0, 0)
    assert sentence(found) == "tenue à l'heure"


ANSWERS = [
    # closed outranks everything
    (State.UNMET, "2022-02-01", "T4 2021", {"closed": True}, (Code.CLOSED, None, None)),
    (State.KEPT, "2022-02-01", "T4 2021", {"closed": True, "opened_on": "2022-01-31"}, (Code.CLOSED, None, None)),
    # no last day, no delay, were it kept
    (State.UNMET, "2022-02-01", "dès que possible", {}, (Code.UNDATED, None, None)),
    (State.KEPT, "2022-02-01", "", {"opened_on": "2021-12-01"}, (Code.UNDATED, None, None)),
    # kept
    (State.KEPT, "2022-02-01", "T4 2021", {"opened_on": "2021-12-31"}, (Code.KEPT_ON_TIME, 0, 0)),
    (State.KEPT, "2022-02-01", "T4 2021", {"opened_on": "2022-01-01"}, (Code.KEPT_LATE, 1, 1)),
    (State.KEPT, "2026-02-01", "T4 2021", {"opened_on": "2022-04-04"}, (Code.KEPT_LATE, 94, 94)),
    (State.KEPT, "2022-02-01", "T4 2021", {}, (Code.KEPT_ON_TIME, None, None)),
    (State.KEPT, "2022-02-01", "T1 2022", {"first": "T4 2021", "opened_on": "2022-02-01"}, (Code.KEPT_ON_TIME, 0, 32)),
    # unknown after having been kept
    (
        State.UNKNOWN,
        "2026-02-01",
        "T4 2021",
        {"was_kept_since_last_gone": True, "opened_on": "2021-12-08"},
        (Code.KEPT_ON_TIME, 0, 0),
    ),
    (
        State.UNKNOWN,
        "2026-02-01",
        "T4 2021",
        {"was_kept_since_last_gone": True, "opened_on": "2022-01-10"},
        (Code.KEPT_LATE, 10, 10),
    ),
    (State.UNKNOWN, "2022-02-01", "T4 2021", {"opened_on": "2021-12-08"}, (Code.UNVERIFIED, 32, 32)),
    # seen gone is not kept, whatever it was
    (State.GONE, "2022-02-01", "T4 2021", {"was_kept_since_last_gone": True}, (Code.LATE, 32, 32)),
    # the last day is not late yet
    (State.UNMET, "2021-12-31", "T4 2021", {}, (Code.DUE_SOON, 0, 0)),
    (State.UNMET, "2022-01-01", "T4 2021", {}, (Code.LATE, 1, 1)),
    (State.UNKNOWN, "2021-10-02", "T4 2021", {}, (Code.DUE_SOON, 90, 0)),
    (State.UNKNOWN, "2021-10-01", "T4 2021", {}, (Code.UPCOMING, 91, 0)),
    (State.PARTIAL, "2021-10-01", "T4 2021", {}, (Code.UPCOMING, 91, 0)),
    # passed
    (State.PARTIAL, "2022-02-01", "T4 2021", {}, (Code.PARTLY, 32, 32)),
    (State.UNLOCATED, "2022-02-01", "T4 2021", {}, (Code.UNVERIFIED, 32, 32)),
    # postponed: not late against the current date, and the first one is not forgotten
    (State.UNMET, "2022-02-01", "T2 2022", {"first": "T4 2021"}, (Code.UPCOMING, 149, 32)),
    (State.UNMET, "2022-07-01", "T2 2022", {"first": "T4 2021"}, (Code.LATE, 1, 182)),
    (State.UNMET, "2022-02-01", "dès que possible", {"first": "T4 2021"}, (Code.UNDATED, None, 32)),
]


@pytest.mark.parametrize(("state", "today", "current", "more", "expected"), ANSWERS)
def test_each_situation_has_one_answer(state, today, current, more, expected):
    found = told(state, today, current, **more)
    assert (found.code, found.days, found.days_from_first) == expected


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Timeliness(Code.LATE, 489, 489), "en retard de 489 jours"),
        (Timeliness(Code.LATE, 1, 182), "en retard de 1 jour (182 jours après la première échéance annoncée)"),
        (Timeliness(Code.KEPT_LATE, 94, 94), "tenue avec 94 jours de retard"),
        (
            Timeliness(Code.KEPT_ON_TIME, 0, 32),
            "tenue à l'heure (32 jours après la première échéance annoncée)",
        ),
        (Timeliness(Code.KEPT_ON_TIME), "tenue, jour d'ouverture inconnu"),
        (Timeliness(Code.DUE_SOON, 12, 0), "échéance dans 12 jours"),
        (Timeliness(Code.DUE_SOON, 1, 0), "échéance dans 1 jour"),
        (Timeliness(Code.DUE_SOON, 0, 0), "échéance aujourd'hui"),
        (Timeliness(Code.UPCOMING, 149, 32), "échéance dans 149 jours (32 jours après la première échéance annoncée)"),
        (Timeliness(Code.PARTLY, 32, 32), "tenue en partie, échéance passée de 32 jours"),
        (Timeliness(Code.UNVERIFIED, 32, 32), "échéance passée de 32 jours, non vérifiée"),
        (Timeliness(Code.UNDATED), "sans échéance"),
        (Timeliness(Code.CLOSED), "abandonnée ou remplacée"),
    ],
)
def test_delays_are_said_in_french(found, words):
    assert sentence(found) == words


@pytest.mark.parametrize("code", Code)
def test_every_answer_has_a_label_and_a_rule_in_the_method(code):
    assert LABELS[code]
    assert RULES[code].section == "delai"


DAYS = st.dates(date(2021, 1, 1), date(2030, 12, 31))
MAYBE = st.none() | DAYS
SITUATION = {
    "closed": st.booleans(),
    "state": st.sampled_from(State),
    "opened_on": MAYBE,
    "was_kept_since_last_gone": st.booleans(),
    "current_last": MAYBE,
    "first_last": MAYBE,
    "today": DAYS,
}
SITUATIONS = st.fixed_dictionaries(SITUATION)
DATED = SITUATION | {"closed": st.just(False), "current_last": DAYS}
NOT_KEPT = st.fixed_dictionaries(
    DATED | {"state": st.sampled_from(sorted(set(State) - {State.KEPT})), "was_kept_since_last_gone": st.just(False)}
)
KEPT = st.fixed_dictionaries(DATED | {"state": st.just(State.KEPT)})
PASSED = {State.PARTIAL: Code.PARTLY, State.UNMET: Code.LATE, State.GONE: Code.LATE}
LATER = st.integers(1, 1000)


def on(situation, days):
    """The same situation, so many days after its current last day."""
    return timeliness(**situation | {"today": situation["current_last"] + timedelta(days=days)})


@given(SITUATIONS)
def test_every_situation_is_answered_and_no_count_is_negative(situation):
    found = timeliness(**situation)
    assert (found.days or 0) >= 0
    assert (found.days_from_first or 0) >= 0
    assert sentence(found)
    assert found == timeliness(**situation)


@given(NOT_KEPT, LATER)
def test_what_is_late_is_one_day_later_each_day(situation, days):
    expected = PASSED.get(situation["state"], Code.UNVERIFIED)
    assert (on(situation, days).code, on(situation, days).days) == (expected, days)


@given(NOT_KEPT, st.integers(0, 1000))
def test_a_deadline_to_come_gets_nearer_by_a_day_each_day(situation, days):
    expected = Code.DUE_SOON if days <= 90 else Code.UPCOMING
    assert (on(situation, -days).code, on(situation, -days).days) == (expected, days)


@given(KEPT, st.integers(-1000, 1000), LATER)
def test_what_was_kept_keeps_its_delay_for_ever(situation, days, later):
    assert on(situation, days) == on(situation, days + later)
    assert on(situation, days).code in (Code.KEPT_ON_TIME, Code.KEPT_LATE)


@given(SITUATIONS, DAYS)
def test_postponing_never_touches_the_count_from_the_first_date(situation, postponed_to):
    moved = timeliness(**situation | {"current_last": postponed_to})
    assert moved.days_from_first == timeliness(**situation).days_from_first
