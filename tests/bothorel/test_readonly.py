"""Reading changes nothing; and a reader does not see a database that stumbles once."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path, reverse

from bothorel.readonly import ARRIVALS, WriteWhileReading, writes

calls: list[str] = []


def writing(request: HttpRequest) -> HttpResponse:
    ContentType.objects.create(app_label="x", model=request.method)
    return HttpResponse()


def reading(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(ContentType.objects.count()))


def keeping_a_session(request: Any) -> HttpResponse:
    request.session["seen"] = True
    return HttpResponse()


def stumbling(request: HttpRequest, times: int) -> HttpResponse:
    calls.append("view")
    if len(calls) <= times:
        raise OperationalError("database is locked")
    return HttpResponse("read")


def stumbling_while_rendering(request: HttpRequest) -> TemplateResponse:
    def rows() -> str:
        calls.append("template")
        if len(calls) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return "rendered"

    template = engines["django"].from_string("{{ rows }}")
    return TemplateResponse(request, template, {"rows": rows})


def signing_in(request: HttpRequest, what: str) -> HttpResponse:
    columns = {"identity": {"proconnect_sub": "x"}, "date": {"last_login": None}, "rights": {"is_staff": True}}
    get_user_model().objects.filter(pk=0).update(**columns[what])
    return HttpResponse()


urlpatterns = [
    path("write/", writing),
    path("read/", reading),
    path("session/", keeping_a_session),
    path("espace/session/", keeping_a_session),
    path("espace/write/", writing),
    path("stumble/<int:times>/", stumbling),
    path("render/", stumbling_while_rendering),
    path("arrive/stumble/", lambda request: stumbling(request, 1)),
    path("arrive/<what>/", signing_in),
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def no_calls() -> None:
    calls.clear()


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("address", ["/write/", "/espace/write/", "/session/"])
def test_a_safe_request_that_writes_fails(client, method, address):
    with pytest.raises(WriteWhileReading):
        getattr(client, method)(address)


def test_a_safe_request_that_reads_passes(client):
    assert client.get("/read/").status_code == 200


def test_writing_is_for_the_other_methods(client):
    assert client.post("/write/").status_code == 200


def test_only_its_session_is_kept_where_people_log_in(client):
    assert client.get("/espace/session/").status_code == 200


@pytest.mark.parametrize(
    ("sql", "answer"),
    [
        ("SELECT 1", False),
        ("  select 1", False),
        ("(SELECT 1) UNION (SELECT 2)", False),
        ("WITH a AS (SELECT 1) SELECT * FROM a", False),
        ("WITH a AS (SELECT 1) INSERT INTO b SELECT * FROM a", True),
        ("WITH gone AS (DELETE FROM b RETURNING *) SELECT * FROM gone", True),
        ("SAVEPOINT s", False),
        ("BEGIN IMMEDIATE", False),
        ('UPDATE "a" SET b = 1', True),
        ("INSERT INTO a VALUES (1)", True),
        ("DELETE FROM a", True),
        ("REPLACE INTO a VALUES (1)", True),
        ("TRUNCATE a", True),
        ("DROP TABLE a", True),
    ],
)
def test_statements_are_told_apart_by_their_first_word(sql, answer):
    assert writes(sql) is answer


def test_a_safe_request_meets_one_database_error(client):
    assert client.get("/stumble/1/").content == b"read"
    assert len(calls) == 2


def test_it_is_met_while_rendering_too(client):
    assert client.get("/render/").content == b"rendered"


def test_two_errors_are_an_error(client):
    with pytest.raises(OperationalError):
        client.get("/stumble/2/")
    assert len(calls) == 2


def test_a_write_is_never_repeated(client):
    with pytest.raises(OperationalError):
        client.post("/stumble/1/")
    assert len(calls) == 1


def test_the_guard_ends_with_the_request(client):
    client.get("/read/")
    assert connection.execute_wrappers == []


@pytest.fixture
def arrival(monkeypatch: pytest.MonkeyPatch) -> None:
    """The named exception, at addresses of this file's."""
    [written] = ARRIVALS.values()
    for name in ("identity", "date", "rights"):
        monkeypatch.setitem(ARRIVALS, f"/arrive/{name}/", written)
    monkeypatch.setitem(ARRIVALS, "/arrive/stumble/", written)


def test_the_one_exception_is_the_way_back_from_an_identity_provider():
    [path] = ARRIVALS
    assert path == reverse("proconnect-back", urlconf="bothorel.urls")


@pytest.mark.parametrize("what", ["identity", "date"])
def test_whoever_arrives_is_written_down(client, arrival, what):
    assert client.get(f"/arrive/{what}/").status_code == 200


def test_nothing_else_is_written_on_arrival_nor_this_elsewhere(client, arrival):
    with pytest.raises(WriteWhileReading):
        client.get("/arrive/rights/")
    del ARRIVALS["/arrive/identity/"]
    with pytest.raises(WriteWhileReading):
        client.get("/arrive/identity/")


def test_an_arrival_is_never_repeated(client, arrival):
    with pytest.raises(OperationalError):
        client.get("/arrive/stumble/")
    assert len(calls) == 1
