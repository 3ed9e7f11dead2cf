"""What is not understood is named, with what is allowed; nothing is guessed, nothing is written."""

import pytest
from django.utils import timezone

from ministries.event_streams import STREAMS
from tests.dashboards.api.conftest import CSV_ROUTES, JSON_ROUTES

pytestmark = pytest.mark.django_db

WRONG = [
    ("au=2021-02-30", "au", "AAAA-MM-JJ"),
    ("au=hier", "au", "AAAA-MM-JJ"),
    ("au=2021-W05-1", "au", "AAAA-MM-JJ"),
    ("au=20210201", "au", "AAAA-MM-JJ"),
    ("au=%00", "au", "AAAA-MM-JJ"),
    ("au=%ff", "au", "AAAA-MM-JJ"),
    ("au=9999-12-31", "au", "à venir"),
    ("au=2021-01-01&au=2022-01-01", "au", "une seule valeur"),
    ("inconnu=1", "inconnu", "paramètre inconnu"),
    ("au%5B%5D=2021-01-01", "au[]", "paramètre inconnu"),
    ("format=csv", "format", "paramètre inconnu"),
    ("__proto__=1", "__proto__", "paramètre inconnu"),
]
LISTED = [
    *((f"page={value}", "page", "à partir de 1") for value in ("0", "-1", "abc", "1.5", "10" + "0" * 29, "%00", "٣")),
    *((f"page_size={value}", "page_size", "de 1 à 100") for value in ("0", "101", "-5", "tout", "9" * 40)),
    ("page=1&page=2", "page", "une seule valeur"),
    ("constat=inconnu", "constat", "kept, partial, unmet, gone, unknown, unlocated"),
    ("echeance=jamais", "echeance", "late"),
    ("declare=peut-etre", "declare", "sans_reponse"),
    ("ministere=XX", "ministere", "MI"),
    ("ministere=%00", "ministere", "MI"),
    ("vue=tout", "vue", "echues"),
    ("q=" + "a" * 201, "q", "200 caractères"),
    ("q=%00", "q", "200 caractères"),
    ("connu_au=hier", "connu_au", "un instant"),
    ("connu_au=2026-13-01T00:00:00Z", "connu_au", "un instant"),
    ("connu_au=0001-01-01T00:00:00%2B14:00", "connu_au", "un instant"),
    ("connu_au=2099-12-31T23:59:59-14:00", "connu_au", "à venir"),
    ("connu_au=2026-01-01T00:00:00%2B99:00", "connu_au", "un instant"),
]


def refused(answer, status):
    assert answer.status_code == status, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    body = answer.json()
    assert body["status"] == status
    assert "ETag" not in answer
    return body


@pytest.mark.parametrize(("query", "parameter", "expected"), WRONG)
def test_every_address_refuses_what_it_does_not_understand(reference, get, query, parameter, expected):
    for route in (*JSON_ROUTES, *CSV_ROUTES):
        [error] = refused(get(f"{route}?{query}"), 400)["errors"]
        assert error["parameter"] == parameter
        assert expected in error["expected"]


@pytest.mark.parametrize(("query", "parameter", "expected"), LISTED)
def test_a_list_names_each_wrong_value_and_what_is_allowed(reference, get, query, parameter, expected):
    [error] = refused(get(f"commitments/?{query}"), 400)["errors"]
    assert error["parameter"] == parameter
    assert expected in error["expected"]


def test_everything_that_is_wrong_is_said_at_once(reference, get):
    body = refused(get("commitments/?page=0&constat=x&inconnu=1"), 400)
    assert {error["parameter"] for error in body["errors"]} == {"page", "constat", "inconnu"}


def test_facts_refuse_a_reference_that_is_not_one(reference, get):
    for value in ("%00", "O 30", "x" * 40, "é"):
        [error] = refused(get(f"deadlines/?promesse={value}"), 400)["errors"]
        assert error["parameter"] == "promesse"
    assert get("deadlines/?promesse=O-99").json()["count"] == 0


def test_a_page_that_does_not_exist_is_not_found(reference, get):
    body = refused(get("commitments/?page=2"), 404)
    assert "la dernière est la page 1" in body["detail"]
    assert get("declarations/?page=1").status_code == 200


def test_a_file_takes_no_page(reference, get):
    refused(get("commitments.csv?page=2"), 400)
    refused(get("events.csv?cursor=2021-01-01.0.1"), 400)


@pytest.mark.parametrize(
    "cursor", ["x", "2021-02-30.0.1", f"2021-01-01.{len(STREAMS)}.1", "2021-01-01.0.0", "%00", "1" * 300]
)
def test_a_cursor_is_given_back_as_it_came(reference, get, cursor):
    [error] = refused(get(f"events/?cursor={cursor}"), 400)["errors"]
    assert error["parameter"] == "cursor"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_nothing_here_writes(reference, client, method):
    for route in (*JSON_ROUTES, *CSV_ROUTES, "schema/", "docs/", "nulle/part"):
        answer = getattr(client, method)(f"/api/v1/{route}", headers={"X-HTTP-Method-Override": "GET"})
        assert answer.status_code == 405
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_a_method_that_nobody_knows_is_refused(reference, client):
    assert client.generic("BREW", "/api/v1/commitments/").status_code == 405


def test_head_is_get_without_its_body(reference, client, get):
    for route in (*JSON_ROUTES, *CSV_ROUTES):
        whole, head = get(route), client.head(f"/api/v1/{route}")
        assert head.status_code == 200
        assert head.content == b""
        for name in ("Content-Type", "Vary", "Link", "Content-Disposition", "ETag"):
            assert head.get(name) == whole.get(name), (route, name)


def test_a_page_of_another_site_may_read(client):
    answer = client.options("/api/v1/commitments/", headers={"Origin": "https://exemple.fr"})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert "POST" not in answer["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.parametrize(
    ("accept", "status", "media_type"),
    [
        ("", 200, "application/json"),
        ("*/*", 200, "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200, "application/json"),
        ("text/csv", 200, "text/csv"),
        ("text/*", 200, "text/csv"),
        ("text/csv;q=0.5, application/json", 200, "application/json"),
        ("text/csv, application/json;q=0.5", 200, "text/csv"),
        ("application/json;q=0, */*", 200, "text/csv"),
        ("application/json;q=0", 406, "application/problem+json"),
        ("application/xml", 406, "application/problem+json"),
        (";;;", 406, "application/problem+json"),
        (",,,", 406, "application/problem+json"),
        ("application/json;q=abc", 200, "application/json"),
        ("application/json;q=nan", 406, "application/problem+json"),
        ("é/à", 406, "application/problem+json"),
    ],
)
def test_the_format_is_the_one_preferred_among_those_served(reference, get, accept, status, media_type):
    answer = get("ministries/", accept=accept)
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (status, media_type)


def test_a_file_is_a_file_whatever_a_browser_prefers(reference, get):
    assert get("ministries.csv", accept="text/html")["Content-Type"].startswith("text/csv")


def test_an_error_is_readable_even_when_a_file_was_asked(reference, get):
    refused(get("commitments/O-99/", accept="*/*"), 404)
    refused(get("nulle/part", accept="text/csv"), 404)
    refused(get("commitments/?page=9", accept="application/json"), 404)
    refused(get("commitments/O-30/", accept="text/csv"), 406)


def test_an_address_that_is_not_one(reference, get):
    assert "/api/v1/" in refused(get("rien/"), 404)["detail"]
    for path in ("commitments/O-30/x/", "recommendations/0x1/", "recommendations/99999999999/", "%00", "%ff/"):
        refused(get(path), 404)
    answer = get("commitments?au=2022-02-01")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/commitments/?au=2022-02-01")


def test_too_many_parameters_are_refused(reference, get):
    refused(get("commitments/?" + "&".join(f"a{n}=1" for n in range(1500))), 400)


def test_today_may_be_asked_and_tomorrow_may_not(reference, get):
    today = timezone.localdate()
    assert get(f"commitments/?au={today}").status_code == 200
    refused(get(f"commitments/?au={today.replace(year=today.year + 1)}"), 400)
