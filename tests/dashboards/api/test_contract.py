"""The OpenAPI document is the one that is committed, and answers are what it says: no more, no less."""

import copy
import io
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.core.management import call_command

from dashboards.api.schema import document
from tests.dashboards.api.conftest import JSON_ROUTES

pytestmark = pytest.mark.django_db
COMMITTED = Path(__file__).resolve().parents[3] / "openapi.yaml"


@pytest.fixture(scope="module")
def described():
    """The committed document, where nothing may be said that is not described."""
    whole = yaml.safe_load(COMMITTED.read_text())
    closed = copy.deepcopy(whole)
    for shape in closed["components"]["schemas"].values():
        if "properties" in shape:
            shape["additionalProperties"] = False
    return closed


def path_of(route):
    path = "/api/v1/" + route
    for example, name in (("O-30", "{ref}"), ("MI", "{code}"), ("recommendations/4", "recommendations/{number}")):
        path = path.replace(example, name)
    return path


def validate(described, route, status, media_type, body):
    answer = described["paths"][path_of(route)]["get"]["responses"][str(status)]
    shape = answer["content"][media_type]["schema"]
    checker = jsonschema.Draft202012Validator(
        {**shape, "components": described["components"]}, format_checker=jsonschema.FormatChecker()
    )
    errors = [f"{error.json_path}: {error.message[:300]}" for error in checker.iter_errors(body)]
    assert not errors, f"{route}: {errors[:5]}"


def test_the_committed_document_is_the_one_that_the_code_makes():
    written = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=written)
    assert COMMITTED.read_text() == written.getvalue(), (
        "run: manage.py spectacular --validate --fail-on-warn --file openapi.yaml"
    )


def test_every_route_answers_what_is_described(crowded, get, described):
    assert {path_of(route) for route in JSON_ROUTES} == set(described["paths"])
    for day in ("", "?au=2023-02-01", "?au=2022-01-12", "?au=1999-12-31"):
        for route in JSON_ROUTES:
            answer = get(route + day)
            assert answer.status_code in (200, 404), (route, day)
            media_type = answer["Content-Type"].split(";")[0]
            validate(described, route, answer.status_code, media_type, answer.json())


def test_refusals_are_described_too(crowded, get, client, described):
    for route in JSON_ROUTES:
        for status, answer in (
            (400, get(f"{route}?inconnu=1")),
            (405, client.post(f"/api/v1/{route}")),
            (406, get(route, accept="application/xml")),
        ):
            assert answer.status_code == status
            validate(described, route, status, answer["Content-Type"], answer.json())


def test_no_operation_but_reading_is_described(described):
    assert {method for path in described["paths"].values() for method in path} == {"get"}


def test_the_document_is_served(get):
    assert get("schema/").json() == document()
    answer = get("schema/", accept="application/yaml")
    assert yaml.safe_load(answer.content)["openapi"].startswith("3.1")


def test_swagger_comes_from_our_own_files(get):
    page = get("docs/", accept="text/html")
    text = page.content.decode()
    assert "drf_spectacular_sidecar" in text
    assert "//cdn" not in text
    assert "style-src 'self' 'unsafe-inline'" in page["Content-Security-Policy"]
    assert "script-src 'self';" in page["Content-Security-Policy"]
    script = get("docs/?script=&lang=%22%3Balert(1)%2F%2F")
    assert b"/api/v1/schema/" in script.content
    assert b"alert" not in script.content
