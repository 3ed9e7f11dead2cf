"""Three answers: fresh, stale, and « we can't tell », which is never counted as either."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.freshness import FORMER_NAMES, FREQUENCIES, Code, day_of, frequency_of, freshness

TODAY = date(2026, 11, 24)

LONGEST_AGE = [
    ("hourly", 0),
    ("twelveHours", 0),
    ("daily", 1),
    ("weekly", 7),
    ("biweekly", 14),
    ("monthly", 31),
    ("bimonthly", 62),
    ("quarterly", 93),
    ("semiannual", 365),
    ("annual", 365),
    ("biennial", 730),
    ("tridecennial", 10950),
]


@pytest.mark.parametrize(("frequency", "days"), LONGEST_AGE)
def test_a_record_is_stale_one_day_after_the_longest_age(frequency, days):
    updated = datetime(2026, 3, 2, 8, tzinfo=UTC)
    due_on = date(2026, 3, 2) + timedelta(days=days)
    assert freshness(updated.isoformat(), frequency, due_on).due_on == due_on
    assert freshness(updated.isoformat(), frequency, due_on + timedelta(days=1)).holds is True
    late = freshness(updated.isoformat(), frequency, due_on + timedelta(days=2))
    assert (late.holds, late.code) == (False, Code.STALE)


@pytest.mark.parametrize(
    "frequency", ["continuous", "punctual", "irregular", "never", "notPlanned", "other", "realtime"]
)
def test_a_frequency_without_a_duration_is_beside_the_point(frequency):
    found = freshness("2021-01-01T00:00:00", frequency, TODAY)
    assert (found.holds, found.code, found.applies) == (None, Code.NOT_APPLICABLE, False)
    assert found.text.startswith("Sans objet : fréquence annoncée « ")


@pytest.mark.parametrize("frequency", ["unknown", "", "tousLesMardis", None, 7, ["monthly"], {"id": "monthly"}])
def test_an_unknown_frequency_tells_nothing(frequency):
    found = freshness("2021-01-01T00:00:00", frequency, TODAY)
    assert (found.holds, found.code) == (None, Code.UNKNOWN)


def test_a_frequency_out_of_the_vocabulary_is_shown_as_it_is():
    assert "« tousLesMardis »" in freshness("2026-01-01T00:00:00", "tousLesMardis", TODAY).text


@pytest.mark.parametrize(("former", "current"), FORMER_NAMES.items())
def test_former_names_are_still_read(former, current):
    assert frequency_of(former) == FREQUENCIES[current]


@pytest.mark.parametrize("last_update", [None, "", "hier", "2026-02-30", 20260101, "9" * 50, []])
def test_an_unreadable_date_tells_nothing(last_update):
    assert freshness(last_update, "monthly", TODAY).code is Code.UNKNOWN


@pytest.mark.parametrize("last_update", ["2099-12-31T00:00:00+00:00", "2026-11-26T12:00:00", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("frequency", ["monthly", "unknown"])
def test_a_date_in_the_future_is_never_fresh(last_update, frequency):
    found = freshness(last_update, frequency, TODAY)
    assert (found.holds, found.code) == (None, Code.FUTURE)
    assert "futur" in found.text


def test_a_date_of_tomorrow_is_forgiven():
    assert freshness("2026-11-25T12:00:00Z", "monthly", TODAY).holds is True


@pytest.mark.parametrize("last_update", ["0001-01-01T00:00:00+00:00", "1900-01-01T00:00:00+00:00", "1900-01-01"])
def test_a_date_of_old_is_stale_and_breaks_nothing(last_update):
    assert freshness(last_update, "monthly", TODAY).holds is False


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-01-02T03:04:05.678000+00:00", "2025-01-02"),
        ("2025-01-02T23:30:00+00:00", "2025-01-03"),
        ("2025-01-02T23:30:00", "2025-01-03"),
        ("2023-06-04 10:25:23.022766+02", "2023-06-04"),
        ("2025-01-02", "2025-01-02"),
    ],
)
def test_dates_of_portals_are_days_in_paris_and_utc_when_naive(written, day):
    assert day_of(written) == date.fromisoformat(day)


def test_the_sentence_names_the_date_the_frequency_and_what_was_expected():
    text = freshness("2025-06-03T10:00:00Z", "annual", TODAY).text
    assert text == (
        "Mis à jour le 3 juin 2025 ; fréquence annoncée « annuelle » : attendu au plus tard le 3 juin 2026."
    )


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2026, 11, 24)).map(lambda m: m.replace(tzinfo=UTC))


@given(MOMENTS, st.sampled_from([name for name, f in FREQUENCIES.items() if f.longest]), st.integers(0, 86399))
def test_we_never_call_stale_what_the_portal_still_calls_fresh(moment, name, seconds):
    """The portal compares moments, we compare days: on any moment that it accepts, so do we."""
    longest = FREQUENCIES[name].longest
    now = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(seconds=seconds)
    paris = (now + timedelta(hours=1)).date()
    if (moment + longest - now).days >= -1:
        assert freshness(moment.isoformat(), name, paris).holds is not False


@given(MOMENTS, st.sampled_from(sorted(FREQUENCIES)), st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_what_is_stale_stays_stale(moment, name, today):
    if freshness(moment.isoformat(), name, today).holds is False:
        assert freshness(moment.isoformat(), name, today + timedelta(days=1)).holds is False


@given(
    st.one_of(st.none(), st.text(), st.integers(), st.booleans(), st.lists(st.text())),
    st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text())),
    st.dates(),
)
def test_whatever_the_portal_says_there_is_an_answer(last_update, frequency, today):
    assert freshness(last_update, frequency, today).text
