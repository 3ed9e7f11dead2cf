"""Promises of 2021 through the API: what it must say of them, on the days that were written about."""

import csv
import io
from datetime import date

import pytest
from django.utils import timezone

from commitments.models import Version
from tests.factories import CommitmentFactory, DeadlineFactory, DeliverableFactory

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


@pytest.mark.parametrize(
    ("ref", "day", "expected"),
    [
        ("O-30", "2023-02-01", ("T3 2021", "unmet", "late", 489)),
        ("O-30", "2022-02-01", ("T3 2021", "unlocated", "unverified", 124)),
        ("O-03", "2022-02-01", ("d'ici fin 2021", "unlocated", "unverified", 32)),
    ],
)
def test_the_delay_of_a_promise_on_a_day(reference, get, ref, day, expected):
    told = get(f"commitments/{ref}/?au={day}").json()
    first = told["promised"]["first"]["raw"]
    assert (first, told["observed"]["state"], told["timeliness"]["code"], told["timeliness"]["days"]) == expected
    assert told["as_of"] == day


def test_the_first_deadline_is_whole(reference, get):
    first = get("commitments/O-30/?au=2023-02-01").json()["promised"]["first"]
    assert (first["first_day"], first["last_day"], first["precision"]) == ("2021-07-01", "2021-09-30", "quarter")
    assert first["announced_on"] == "2021-04-29"
    assert first["source_url"].startswith("https://")


def test_franceconnect_was_kept_on_time(reference, get):
    told = get("commitments/O-09/?au=2026-11-24").json()
    assert told["timeliness"]["code"] == "kept_on_time"
    assert told["observed"]["opened_on"] == "2021-11-22"
    assert told["observed"]["opened_from"] == "reading"


def test_three_announced_dates_are_three_dates(reference, get):
    promised = get("commitments/O-10/").json()["promised"]
    assert [one["raw"] for one in promised["history"]] == ["d'ici fin 2021", "T2 2021", "T3 2021"]
    assert promised["first"] == promised["history"][0]
    assert promised["current"] == promised["history"][-1]
    assert (promised["postponements"], promised["days_moved"]) == (1, -92)


def test_a_promise_is_unknown_before_it_was_made(reference, get):
    assert get("commitments/O-15/?au=2021-04-01").status_code == 404
    assert get("commitments/?au=2021-02-05").json()["count"] == 14
    assert get("commitments/?au=2001-01-01").json() == {"count": 0, "next": None, "previous": None, "results": []}


def test_what_was_not_recorded_yet_is_not_told(reference, get):
    moment = timezone.now().isoformat().replace("+", "%2B")
    assert get(f"commitments/?connu_au={moment}").json()["count"] == 42
    assert get("commitments/?connu_au=2025-01-01T08:00:00Z").json()["count"] == 0
    assert get("commitments/O-30/?connu_au=2025-01-01T08:00:00%2B01:00").status_code == 404
    told = get("commitments/O-30/?connu_au=2025-01-01T08:00:00 01:00")
    assert told.status_code == 404, "a plus sign that an address turned into a space is one"


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ("ministere=MI", lambda p: p["ministry"]["code"] == "MI"),
        ("constat=unmet", lambda p: p["observed"]["state"] == "unmet"),
        ("echeance=late", lambda p: p["timeliness"]["code"] == "late"),
        ("declare=sans_reponse", lambda p: p["declared"] is None),
        ("type=source_code", lambda p: "source_code" in {d["kind"] for d in p["deliverables"]}),
        ("acces=restricted", lambda p: "restricted" in {d["access_promised"] for d in p["deliverables"]}),
        ("vue=retard", lambda p: p["timeliness"]["code"] == "late"),
        ("q=vehicule", lambda p: "véhicule" in p["wording"].lower()),
    ],
)
def test_a_filter_keeps_what_it_says_and_only_that(reference, get, asked, holds):
    whole = get("commitments/?page_size=100&au=2023-02-01").json()["results"]
    told = get(f"commitments/?page_size=100&au=2023-02-01&{asked}").json()
    assert told["results"] == [one for one in whole if holds(one)]
    assert 0 < told["count"] == len(told["results"])


def test_pages_follow_one_another_and_lose_nothing(reference, get):
    refs, path = [], "commitments/?page_size=10&au=2026-11-24"
    while path:
        page = get(path).json()
        refs += [one["ref"] for one in page["results"]]
        path = page["next"] and page["next"].removeprefix("http://testserver/api/v1/")
    assert len(refs) == len(set(refs)) == page["count"] == 42
    assert page["previous"] == "http://testserver/api/v1/commitments/?page_size=10&au=2026-11-24&page=4"


@pytest.mark.parametrize("path", ["commitments.csv?au=2022-02-01", "commitments/?au=2022-02-01"])
def test_the_file_holds_the_whole_list_with_its_first_dates(reference, get, path):
    answer = get(path, accept="text/csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert 'filename="promesses_au-2022-02-01.csv"' in answer["Content-Disposition"]
    rows = {row["ref"]: row for row in csv.DictReader(io.StringIO(answer.content.decode()))}
    assert len(rows) == 42
    late = rows["O-03"]
    assert (late["as_of"], late["timeliness_code"], late["timeliness_days"]) == ("2022-02-01", "unverified", "32")
    assert (late["promised_first_raw"], late["promised_first_last_day"]) == ("d'ici fin 2021", "2021-12-31")
    assert (late["declared_status"], late["observed_state"]) == ("", "unlocated")
    assert rows["O-10"]["promised_postponements"] == "1"
    assert rows["O-10"]["promised_days_moved"] == "-92"


def test_the_list_costs_the_same_queries_whatever_its_size(reference, get, django_assert_max_num_queries):
    with django_assert_max_num_queries(13) as few:
        assert get("commitments/?au=2021-02-05").json()["count"] == 14
    for _ in range(30):
        commitment = CommitmentFactory()
        DeadlineFactory(commitment=commitment)
        DeliverableFactory(commitment=commitment)
    Version.bump()
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert get("commitments/?page_size=100").json()["count"] == 72


def test_no_answer_merges_what_is_declared_and_what_is_observed(reference, get):
    told = get("commitments/O-30/").json()
    assert "status" not in told
    assert "state" not in told
    assert {"promised", "declared", "observed", "timeliness"} <= told.keys()


def test_a_refused_reference_is_only_not_found(reference, get):
    for ref in ("T-SECRET", "x" * 200, "%00", "%ff", "O-30'--", "O-30%20"):
        assert get(f"commitments/{ref}/").status_code == 404


def test_today_is_the_day_by_default(reference, get):
    assert date.fromisoformat(get("commitments/O-30/").json()["as_of"]) == timezone.localdate()
