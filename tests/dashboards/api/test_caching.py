"""An unchanged answer costs one query; two answers that differ never bear the same tag."""

import pytest
from django.test import Client

from commitments.models import Version
from dashboards.api.caching import KEPT, Answer, Kept
from tests.dashboards.api.conftest import CSV_ROUTES, JSON_ROUTES

pytestmark = pytest.mark.django_db


def test_what_has_not_changed_costs_one_query(reference, get, django_assert_num_queries):
    for route in (*JSON_ROUTES, *CSV_ROUTES):
        if route == "status/":
            continue
        tag = get(f"{route}?au=2023-02-01")["ETag"]
        assert tag.startswith(f'W/"v{Version.current()}-')
        for given in (tag, tag.removeprefix("W/"), f'"autre", {tag}'):
            with django_assert_num_queries(1):
                answer = get(f"{route}?au=2023-02-01", **{"If-None-Match": given})
            assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
            assert answer["Access-Control-Allow-Origin"] == "*"
            assert "stale-if-error" in answer["Cache-Control"]
        with django_assert_num_queries(1):
            assert get(f"{route}?au=2023-02-01").status_code == 200


def test_a_write_makes_a_new_tag(reference, get):
    tag = get("commitments/")["ETag"]
    Version.bump()
    answer = get("commitments/", **{"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer["ETag"] != tag


def test_a_tag_belongs_to_one_answer(reference, get):
    paths = [
        "commitments/",
        "commitments.csv",
        "commitments/?au=2022-02-01",
        "commitments/?au=2022-02-02",
        "commitments/?constat=kept",
        "commitments/?q=constat%3Dkept",
        "commitments/?page=1",
        "commitments/?page_size=10",
        "commitments/O-30/",
        "commitments/O-03/",
        "ministries/",
    ]
    tags = [get(path)["ETag"] for path in paths] + [get("commitments/", accept="text/csv")["ETag"]]
    assert len(set(tags)) == len(tags)


def test_the_order_of_parameters_changes_nothing(reference, get):
    one = get("commitments/?au=2022-02-01&constat=unmet")["ETag"]
    assert get("commitments/?constat=unmet&au=2022-02-01")["ETag"] == one


def test_an_address_in_an_answer_is_the_one_asked_by(reference, get, settings):
    settings.ALLOWED_HOSTS = ["*"]
    get("commitments/?page_size=10")
    other = Client(SERVER_NAME="autre.exemple").get("/api/v1/commitments/?page_size=10").json()
    assert other["next"].startswith("http://autre.exemple/")


def test_what_a_cache_must_tell_apart_is_said(reference, get):
    answer = get("commitments/")
    assert {"Accept", "Accept-Encoding"} <= {name.strip() for name in answer["Vary"].split(",")}
    assert "Cookie" not in answer["Vary"]
    assert not answer.cookies


@pytest.mark.parametrize("given", ["*", 'W/"v0-abc"', "abc", '"', "W/"])
def test_a_tag_that_we_did_not_give(reference, get, given):
    answer = get("commitments/O-30/", **{"If-None-Match": given})
    assert answer.status_code == (304 if given == "*" else 200)
    assert get("commitments/O-99/", **{"If-None-Match": given}).status_code == 404


def test_dates_of_the_client_are_not_believed(reference, get):
    assert get("commitments/", **{"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}).status_code == 200
    assert get("commitments/", Range="bytes=0-10").status_code == 200


def test_how_the_robot_is_doing_is_never_kept(reference, get):
    answer = get("status/")
    assert answer["Cache-Control"] == "no-cache"
    assert "ETag" not in answer


def test_a_refusal_is_not_kept(reference, get):
    get("commitments/?constat=x")
    get("commitments/O-99/")
    assert len(KEPT) == 0


def test_what_is_kept_is_bounded():
    kept = Kept(most_bytes=1000, most_answers=10)
    for number in range(1000):
        kept.put(str(number), Answer(b"x" * 150, "text/plain"))
    assert len(kept) == 6
    assert kept.get("999") is not None
    assert kept.get("0") is None
    kept.put("large", Answer(b"x" * 600, "text/plain"))
    assert kept.get("large") is None
    for number in range(1000):
        kept.put(f"small{number}", Answer(b"", "text/plain"))
    assert len(kept) == 10
