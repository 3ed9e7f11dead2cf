"""Whole files at stable addresses: all that is public on a day, the same rows as the API, 304 for one query."""

import json
from datetime import date

import pytest

from commitments.models import Version
from dashboards.api.urls import LISTS
from dashboards.opendata.files import FILES
from ministries.event_streams import KINDS
from tests.dashboards.api.conftest import SECRETS
from tests.dashboards.opendata.conftest import body
from tests.factories import CommitmentFactory

pytestmark = pytest.mark.django_db

DAYS = ("", "?au=2023-02-01", "?au=2021-09-30", "?au=1999-12-31")
CSV = tuple(f"{name}.csv" for name in FILES)
EVERY = (*CSV, *(f"{name}.json" for name in FILES), "datapackage.json", "catalogue.jsonld")
API = {file.name: next(name for name, view in LISTS.items() if view is file.view) for file in FILES.values()}


def test_the_names_are_a_promise():
    """A file may be added; none of these may ever change its name."""
    assert {
        *("promesses", "echeances", "declarations", "constats", "constats-humains", "observations"),
        *("contradictions", "evenements", "ministeres", "recommandations"),
    } <= set(FILES)


@pytest.mark.slow
def test_a_file_is_the_list_of_the_api_whole(crowded, client):
    for name, listed in API.items():
        for day in DAYS:
            whole = body(client.get(f"/donnees/{name}.csv{day}"))
            assert whole == body(client.get(f"/api/v1/{listed}.csv{day}")), (name, day)
            told = json.loads(body(client.get(f"/donnees/{name}.json{day}")))
            page = client.get(f"/api/v1/{listed}/{day}{'&' if day else '?'}page_size=100").json()
            assert told["results"][:100] == page["results"], (name, day)
            assert len(told["results"]) == page["count"]


def test_the_number_of_lines_is_told_without_making_the_file(crowded, rows, django_assert_num_queries):
    for file in FILES.values():
        for day in ("2026-01-01", "2021-09-30", "1999-12-31"):
            with django_assert_num_queries(1):
                count = file.count(date.fromisoformat(day))
            assert count == len(rows(f"{file.name}.csv?au={day}")), (file.name, day)


def test_every_event_is_a_line(crowded, rows):
    lines = rows("evenements.csv")
    assert {line["kind"] for line in lines} >= {"promised", "deadline_announced", "deadline_moved", "declared"}
    assert {line["kind"] for line in lines} <= set(KINDS)
    assert len({line["id"] for line in lines}) == len(lines)
    assert [line["day"] for line in lines] == sorted((line["day"] for line in lines), reverse=True)


def test_nothing_private_is_in_any_file(crowded, client):
    for path in EVERY:
        for day in DAYS:
            text = body(client.get(f"/donnees/{path}{day}")).decode()
            assert not [secret for secret in (*SECRETS, "T-SECRET") if secret in text], path


def test_a_formula_is_only_text(crowded, rows):
    CommitmentFactory(ref="T-FORMULE", title="=HYPERLINK(1)", wording="@SUM(A1)")
    Version.bump()
    [line] = [line for line in rows("promesses.csv") if line["ref"] == "T-FORMULE"]
    assert (line["title"], line["wording"]) == ("'=HYPERLINK(1)", "'@SUM(A1)")


def test_what_has_not_changed_costs_one_query(crowded, client, django_assert_num_queries):
    for path in EVERY:
        tag = client.get(f"/donnees/{path}?au=2023-02-01")["ETag"]
        with django_assert_num_queries(1):
            again = client.get(f"/donnees/{path}?au=2023-02-01", headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert again["Access-Control-Allow-Origin"] == "*"
        Version.bump()
        assert client.get(f"/donnees/{path}?au=2023-02-01", headers={"If-None-Match": tag}).status_code == 200


def test_two_files_or_two_days_never_share_a_tag(crowded, client):
    tags = [client.get(f"/donnees/{path}{day}")["ETag"] for path in EVERY for day in ("", "?au=2023-02-01")]
    assert len(set(tags)) == len(tags)


def test_each_says_its_day_its_method_its_licence_and_its_schema(crowded, client):
    for path in (path for path in EVERY if not path.startswith(("datapackage", "catalogue"))):
        answer = client.get(f"/donnees/{path}?au=2023-02-01")
        name, _, extension = path.partition(".")
        assert answer["Bothorel-As-Of"] == "2023-02-01"
        assert answer["Bothorel-Method"]
        assert 'rel="license"' in answer["Link"]
        assert f'/donnees/schemas/{name}.json>; rel="describedby"' in answer["Link"]
        assert answer["Content-Disposition"].endswith(f'_au-2023-02-01.{extension}"')
        assert "Bothorel-As-Of" in answer["Access-Control-Expose-Headers"]
    told = json.loads(body(client.get("/donnees/promesses.json?au=2023-02-01")))
    assert (told["as_of"], told["licence"]["title"]) == ("2023-02-01", "Licence Ouverte 2.0")


def test_any_page_of_any_origin_may_read_and_none_may_write(crowded, client):
    for path in (*EVERY, "schemas/promesses.json"):
        answer = client.options(f"/donnees/{path}", headers={"Origin": "https://exemple.fr"})
        assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
        answer = client.get(
            f"/donnees/{path}", headers={"Origin": "https://exemple.fr", "Cookie": f"sessionid={'a' * 32}"}
        )
        assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*")
        assert "Access-Control-Allow-Credentials" not in answer
        assert "Cookie" not in answer["Vary"]
        assert not answer.cookies
        for method in ("post", "put", "patch", "delete", "trace"):
            answer = getattr(client, method)(f"/donnees/{path}")
            assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_head_is_get_without_its_body(crowded, client):
    for path in (*EVERY, "schemas/promesses.json"):
        whole, head = client.get(f"/donnees/{path}"), client.head(f"/donnees/{path}")
        assert (head.status_code, body(head)) == (200, b"")
        for name in ("Content-Type", "Vary", "Link", "Content-Disposition", "ETag", "Bothorel-As-Of"):
            assert head.get(name) == whole.get(name), (path, name)


@pytest.mark.parametrize(
    "query", ["au=hier", "au=9999-12-31", "au=%ff", "au=2021-01-01&au=2021-01-02", "page=1", "vue=retard", "x=1"]
)
def test_what_is_not_understood_is_named(crowded, client, query):
    for path in EVERY:
        answer = client.get(f"/donnees/{path}?{query}")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), path
        assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_file_is_what_its_address_says_whatever_is_preferred(crowded, client):
    for accept in ("application/xml", "text/html", ";;;", "application/json"):
        assert client.get("/donnees/promesses.csv", headers={"Accept": accept})["Content-Type"].startswith("text/csv")
        answer = client.get("/donnees/catalogue.jsonld", headers={"Accept": accept})
        assert answer["Content-Type"] == "application/ld+json"


def test_a_file_that_does_not_exist_is_not_found(crowded, client):
    assert client.get("/donnees/secrets.csv").status_code == 404
    assert client.get("/donnees/schemas/secrets.json").json()["detail"].startswith("Aucun fichier")
