"""The charts about time: sentence, table, file and drawing from the same rows; the rows from the same promises."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.test import Client

from commitments.findings import Outcome, State
from commitments.judging import rejudge
from commitments.models import Commitment, Location, Reading, Verdict
from dashboards import figures, pace
from dashboards.files.tables import csv_bytes
from dashboards.spans import Span, spans
from ministries.standing import standings
from tests.factories import CommitmentFactory, DeadlineFactory, LocationFactory
from tests.observed import observe

DAYS = ("2021-06-30", "2022-02-01", "2026-11-24")


@pytest.mark.parametrize("day", DAYS)
class TestPace:
    def test_the_day_asked_counts_what_the_first_screen_counts(
        self, reference_loaded: None, db: None, day: str
    ) -> None:
        found = standings(date.fromisoformat(day))
        told = pace.steps(found, date.fromisoformat(day))
        assert told.now is not None
        assert told.now.day == date.fromisoformat(day)
        assert told.now.current == figures.summary(found).due.value
        assert told.now.kept == told.kept == next(c for c in figures.counters(found) if c.key == "kept").value

    def test_steps_only_climb_and_end_with_every_date(self, reference_loaded: None, db: None, day: str) -> None:
        found = standings(date.fromisoformat(day))
        told = pace.steps(found, date.fromisoformat(day))
        for name in ("first", "current", "kept"):
            values = [value for row in told.rows if (value := getattr(row, name)) is not None]
            assert values == sorted(values)
        assert told.rows[-1].current + told.undated == len(found)
        assert all((row.kept is None) is (row.day > told.as_of) for row in told.rows)

    def test_page_and_files_tell_the_same(self, reference_loaded: None, client: Client, db: None, day: str) -> None:
        found = standings(date.fromisoformat(day))
        response = client.get("/ministeres/", {"au": day})
        for name, told in (("rythme", pace.steps(found, found[0].as_of)), ("echeances-deplacees", None)):
            shown = response.context["steps"] if told else response.context["moves"]
            file = client.get(f"/graphiques/{name}.csv", {"au": day}).content
            assert file == csv_bytes(shown.csv_rows())
            assert shown.sentence in response.content.decode()

    def test_what_moved_is_what_the_ledger_says(self, reference_loaded: None, db: None, day: str) -> None:
        found = standings(date.fromisoformat(day))
        told = {row.standing.ref: row.days for row in pace.moves(found, date.fromisoformat(day)).rows}
        assert told == {s.ref: s.promised.days_moved for s in found if s.promised.days_moved}


def test_nothing_promised_draws_nothing() -> None:
    told = pace.steps([], date(2022, 1, 1))
    assert (told.rows, told.csv_rows()[1:]) == ((), [])
    assert told.sentence
    assert pace.moves([], date(2022, 1, 1)).sentence


@pytest.mark.django_db
def test_a_date_moved_goes_from_the_first_to_the_current_one() -> None:
    promise = CommitmentFactory()
    DeadlineFactory(commitment=promise, last_day=date(2021, 12, 31))
    DeadlineFactory(commitment=promise, last_day=date(2022, 6, 30), announced_on=date(2021, 10, 1))
    found = standings(date(2022, 1, 1), commitments=Commitment.objects.filter(pk=promise.pk))
    (row,) = pace.moves(found, date(2022, 1, 1)).rows
    assert (row.first, row.current, row.days) == (date(2021, 12, 31), date(2022, 6, 30), 181)
    assert float(row.x_first) < float(row.x_current)


def verdict(state: State, since: date, *, by: str) -> Verdict:
    grounds = {"observation_id": 1} if by == "machine" else {"reading_id": 1} if by == "reading" else {}
    return Verdict(state=state, since=since, **grounds)


class TestSpans:
    def told(self, found: tuple[Span, ...]) -> list[tuple[str, date, date]]:
        return [(span.state, span.first, span.last) for span in found]

    def test_a_finding_of_the_robot_stands_for_seven_days(self) -> None:
        found = spans(
            [verdict(State.KEPT, date(2022, 3, 1), by="machine")],
            [(date(2022, 3, 1), date(2022, 3, 10)), (date(2022, 4, 1), date(2022, 4, 2))],
            [],
            date(2022, 4, 30),
        )
        assert self.told(found) == [
            ("kept", date(2022, 3, 1), date(2022, 3, 17)),
            ("unknown", date(2022, 3, 18), date(2022, 3, 31)),
            ("kept", date(2022, 4, 1), date(2022, 4, 9)),
            ("unknown", date(2022, 4, 10), date(2022, 4, 30)),
        ]

    def test_a_reading_stands_for_a_year(self) -> None:
        reading = Reading(read_on=date(2021, 9, 30))
        found = spans([verdict(State.UNMET, date(2021, 9, 30), by="reading")], [], [reading], date(2022, 12, 31))
        assert self.told(found) == [
            ("unmet", date(2021, 9, 30), date(2022, 9, 30)),
            ("unknown", date(2022, 10, 1), date(2022, 12, 31)),
        ]

    def test_the_same_state_twice_is_one_span(self) -> None:
        days = [date(2022, 3, 1), date(2022, 3, 5)]
        found = spans([verdict(State.KEPT, d, by="machine") for d in days], [(days[0], days[1])], [], date(2022, 3, 9))
        assert self.told(found) == [("kept", days[0], date(2022, 3, 9))]

    def test_they_fill_the_strip_without_a_hole(self) -> None:
        found = spans(
            [
                verdict(State.KEPT, date(2022, 3, 1), by="machine"),
                verdict(State.GONE, date(2022, 3, 20), by="machine"),
            ],
            [(date(2022, 3, 1), date(2022, 3, 5)), (date(2022, 3, 17), date(2022, 3, 25))],
            [],
            date(2022, 3, 31),
        )
        assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(found))
        assert sum(span.days for span in found) == 31
        assert abs(sum(float(span.width) for span in found) - 100) < 0.1

    def test_nothing_judged_draws_nothing(self) -> None:
        assert spans([], [], [], date(2022, 1, 1)) == ()

    @pytest.mark.django_db
    @pytest.mark.parametrize("day", [date(2022, 3, 1) + timedelta(days=n) for n in range(0, 60, 4)])
    def test_the_last_span_is_what_the_page_says_of_that_day(self, client: Client, day: date) -> None:
        location: Location = LocationFactory()
        DeadlineFactory(commitment=location.deliverable.commitment)
        observe(location, date(2022, 3, 1), days=9, checks=10)
        observe(location, date(2022, 3, 25), Outcome.GONE, days=5, checks=6)
        for judged in (date(2022, 3, 1), date(2022, 3, 30)):
            rejudge([location.deliverable], today=judged)
        promise: Commitment = location.deliverable.commitment
        response = client.get(promise.get_absolute_url(), {"au": day.isoformat()})
        (part,) = response.context["delivered"]
        assert part.spans[-1].state == part.standing.observed.state
        file = client.get(f"/graphiques/constats/{promise.ref}.csv", {"au": day.isoformat()}).content.decode()
        rows = list(csv.DictReader(io.StringIO(file)))
        assert [row["Code"] for row in rows] == [span.state for span in part.spans]
        assert rows[-1]["Au"] == day.isoformat()
