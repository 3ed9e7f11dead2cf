"""The streams row by row: what counts on the day, and nothing private."""

import csv
import io
from itertools import pairwise

import pytest

from commitments.models import Deadline
from tests.dashboards.api.conftest import CSV_ROUTES, JSON_ROUTES, SECRETS

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


def test_nothing_private_is_anywhere(crowded, get):
    for route in (*JSON_ROUTES, *CSV_ROUTES, "schema/", "commitments/T-SECRET/", f"commitments/{crowded.ref}/"):
        for query in ("", "?au=2022-01-20"):
            text = get(route + query).content.decode()
            for secret in SECRETS:
                assert secret not in text, route
            assert "T-SECRET" not in text
    for fact in ("deadlines", "declarations", "observations", "readings", "verdicts", "events"):
        assert get(f"{fact}/?promesse=T-SECRET").json()["count"] == 0
        assert get(f"{fact}/?q=secret").json()["count"] == 0


def test_a_moved_deadline_keeps_all_its_rows(crowded, get):
    rows = get(f"deadlines/?promesse={crowded.ref}").json()["results"]
    assert [(r["rank"], r["raw"], r["current"], r["days_moved"]) for r in rows] == [
        (1, "d'ici fin 2021", False, 0),
        (2, "mi-2022", True, 181),
    ]
    assert rows[1]["reason"] == "marché"
    before = get(f"deadlines/?promesse={crowded.ref}&au=2021-11-01").json()["results"]
    assert [(r["raw"], r["current"]) for r in before] == [("d'ici fin 2021", True)]


def test_a_deadline_that_was_misread_does_not_count(crowded, get):
    wrong = crowded.deadlines.get(raw="mi-2022")
    Deadline.objects.create(
        commitment=crowded,
        raw="fin 2022",
        last_day="2022-12-31",
        precision="year",
        announced_on=wrong.announced_on,
        announced_in="CITP 7",
        corrects=wrong,
    )
    rows = get(f"deadlines/?promesse={crowded.ref}").json()["results"]
    assert [r["raw"] for r in rows] == ["d'ici fin 2021", "fin 2022"]
    moved = [e for e in get(f"events/?promesse={crowded.ref}").json()["results"] if e["kind"] == "deadline_moved"]
    assert [(e["before"], e["after"], e["days"]) for e in moved] == [("d'ici fin 2021", "fin 2022", 365)]


def test_what_a_ministry_says_is_said_by_a_function(crowded, get):
    [row] = get("declarations/").json()["results"]
    assert (row["by_function"], row["comment"], row["status"]) == ("AMDAC", "bientôt", "in_progress")
    assert "note" not in row
    assert get("declarations/?au=2022-01-14").json()["count"] == 0
    assert get("declarations/?declare=done").json()["count"] == 0


def test_an_interval_that_goes_on_after_the_day_is_cut_there(crowded, get):
    [row] = get(f"observations/?promesse={crowded.ref}&au=2022-01-12").json()["results"]
    assert (row["last_seen_on"], row["last_seen_at"], row["checks"]) == ("2022-01-12", None, None)
    whole, failed = get(f"observations/?promesse={crowded.ref}").json()["results"]
    assert (whole["last_seen_on"], whole["checks"], whole["outcome"]) == ("2022-01-14", 5, "found")
    assert (failed["outcome"], failed["cause"]) == ("no_observation", "timeout")
    assert get(f"observations/?promesse={crowded.ref}&au=2022-01-09").json()["count"] == 0


def test_a_verdict_lasts_until_the_next_one(reference, get):
    rows = get("verdicts/?promesse=O-10").json()["results"]
    assert rows
    assert rows[-1]["until"] is None
    for row, following in pairwise(rows):
        if row["deliverable"] == following["deliverable"]:
            assert row["until"] == following["since"]
    assert {row["state"] for row in get("verdicts/?constat=unmet").json()["results"]} == {"unmet"}


def test_the_ministry_is_the_one_that_answers_on_the_day(reference, get):
    promises = get("commitments/?page_size=100").json()["results"]
    leads = {one["ref"]: one["ministry"] for one in promises}
    for fact in ("deadlines", "readings", "verdicts"):
        rows = get(f"{fact}/?page_size=100").json()["results"]
        assert all(row["ministry"] == leads[row["commitment"]] for row in rows)
        asked = get(f"{fact}/?page_size=100&ministere=MI").json()["results"]
        assert asked == [row for row in rows if row["ministry"]["code"] == "MI"]


def test_a_file_of_facts_is_whole(reference, get):
    rows = list(csv.DictReader(io.StringIO(get("readings.csv").content.decode())))
    assert len(rows) == get("readings/").json()["count"] == 30


def test_facts_cost_the_same_queries_whatever_their_number(crowded, get, django_assert_max_num_queries):
    for fact in ("declarations", "observations", "readings", "verdicts"):
        with django_assert_max_num_queries(4):
            get(f"{fact}/")
    with django_assert_max_num_queries(14):
        get("events/")
