"""Ministries and documents: counts that add up, each with its list."""

import pytest

from tests.factories import CommitmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


@pytest.mark.parametrize("day", ["2021-03-01", "2022-02-01", "2023-02-01", "2026-11-24"])
def test_ministries_add_up_to_the_whole_list(reference, get, day):
    ministries = get(f"ministries/?page_size=100&au={day}").json()["results"]
    promises = get(f"commitments/?page_size=100&au={day}").json()["results"]
    assert sum(m["counts"]["promises"] for m in ministries) == len(promises)
    for ministry in ministries:
        led = [p for p in promises if p["ministry"]["code"] == ministry["code"]]
        counts = ministry["counts"]
        assert ministry["commitments"] == [p["ref"] for p in led]
        assert sum(counts["observed"].values()) == sum(counts["timeliness"].values()) == len(led)
        for state, count in counts["observed"].items():
            assert count == sum(p["observed"]["state"] == state for p in led)
        for code, count in counts["timeliness"].items():
            assert count == sum(p["timeliness"]["code"] == code for p in led)
        assert counts["undeclared"] == sum(p["declared"] is None for p in led)
        due = get(f"commitments/?page_size=100&au={day}&ministere={ministry['code']}&vue=echues").json()["count"]
        assert counts["due"] == due


def test_one_ministry_is_its_line_of_the_list(reference, get):
    lines = {m["code"]: m for m in get("ministries/").json()["results"]}
    assert len(lines) == 15
    assert get("ministries/MI/").json() == lines["MI"]
    for code in ("XX", "mi", "%00", "x" * 300):
        assert get(f"ministries/{code}/").status_code == 404


def test_a_promise_of_two_ministries_is_counted_once(reference, get):
    CommitmentFactory(ref="T-9")
    total = sum(m["counts"]["promises"] for m in get("ministries/?page_size=100").json()["results"])
    assert total == get("commitments/").json()["count"] == 43


def test_the_37_recommendations_show_what_is_observed(reference, get):
    rows = get("recommendations/?page_size=100").json()
    assert rows["count"] == 37
    fourth = rows["results"][3]
    assert fourth == get("recommendations/4/").json()
    assert fourth["counts"]["promises"] == len(fourth["commitments"]) == 38
    for row in rows["results"]:
        promises = [
            p for p in get("commitments/?page_size=100").json()["results"] if row["number"] in p["recommendations"]
        ]
        assert row["commitments"] == [p["ref"] for p in promises]
    assert fourth["url"].endswith("/recommandations/#n4")
    assert get("recommendations/38/").status_code == 404


def test_a_session_that_was_not_held_yet_is_not_there(reference, get):
    assert get("citp/").json()["count"] == 8
    assert get("citp/?au=2021-02-05").json()["count"] == 5
    fifth = get("citp/?au=2021-02-05").json()["results"][4]
    assert fifth["counts"]["promises"] == 14


def test_an_engagement_whose_text_is_not_known_says_nothing(reference, get):
    rows = [row for row in get("engagements/").json()["results"] if row["citp"] == 5]
    numbered = [row for row in rows if row["kind"] == "engagement"]
    assert len(numbered) == 12
    assert sum(not row["text"] for row in numbered) == 7


def test_every_action_is_under_its_document_once(reference, get):
    roadmaps = get("roadmaps/").json()["results"]
    codes = [action["code"] for roadmap in roadmaps for action in roadmap["actions"]]
    assert len(codes) == len(set(codes)) == 33
    assert roadmaps[-1]["ministry"] is None
    assert get("roadmaps/?au=2021-09-26").json()["count"] == 0
    assert all(roadmap["source"] for roadmap in roadmaps[:-1])
    then = get("roadmaps/?au=2021-10-01").json()["results"]
    told = {action["code"]: action for roadmap in then for action in roadmap["actions"]}
    assert told["A-01"]["reported_status"] == "", "what was reported in 2026 was not known then"


def test_organizations_are_told_by_their_identifier(reference, get):
    rows = get("organizations/").json()["results"]
    assert len({row["portal_id"] for row in rows}) == len(rows) == 24
    asked = get("organizations/?ministere=MI").json()["results"]
    assert asked == [row for row in rows if row["ministry"] and row["ministry"]["code"] == "MI"]
