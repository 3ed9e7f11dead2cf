"""Pages that are still true cost one query; what a reader must know is never hidden by what was kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.models import PollRun, Version
from dashboards.pages import keeping
from dashboards.pages.keeping import PAGES
from tests.factories import AgentFactory, CommitmentFactory, DeadlineFactory, WatchFactory


@pytest.fixture(autouse=True)
def something_kept(db: None, nothing_kept: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PAGES, "most_bytes", 1_000_000)
    Version.bump()


def queries(client: Client, path: str, **headers: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(path, headers=headers)
    return len(asked)


PAGES_KEPT = (
    "/changements/",
    "/echeances/",
    "/",
    "/promesses/",
    "/ministeres/",
    "/campagnes/",
    "/contradictions/",
    "/recommandations/",
    "/methode/",
    "/donnees/",
)


@pytest.mark.parametrize("path", PAGES_KEPT)
def test_a_page_that_is_still_true_costs_one_query(client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert queries(client, path, **{"If-None-Match": first["ETag"]}) == 1
    assert queries(client, path) == 1
    assert client.get(path).content == first.content
    monkeypatch.setattr(keeping, "PULSE_STANDS", timedelta())
    assert queries(client, path, **{"If-None-Match": first["ETag"]}) == 1, "the robot's pulse holds the version"


def test_a_write_makes_another_page(client: Client) -> None:
    first = client.get("/promesses/")
    promise = CommitmentFactory(title="Promesse nouvelle")
    DeadlineFactory(commitment=promise)
    Version.bump()
    again = client.get("/promesses/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert "Promesse nouvelle" in again.content.decode()


def test_each_address_has_its_own_tag(client: Client, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    tags = {
        client.get("/")["ETag"],
        client.get("/?au=2022-02-01")["ETag"],
        client.get("/promesses/")["ETag"],
        client.get("/promesses/?vue=echues")["ETag"],
        client.get("/", headers={"host": "autre.exemple"})["ETag"],
    }
    assert len(tags) == 5


def test_the_brake_is_told_at_once(client: Client) -> None:
    first = client.get("/")
    PollRun.objects.create(started_at=timezone.now(), status=PollRun.Status.SUSPENDED)
    Version.bump()
    assert "alerte-brake" in client.get("/", headers={"If-None-Match": first["ETag"]}).content.decode()


def test_a_robot_that_stops_is_told_without_any_write(client: Client) -> None:
    now = timezone.now()
    WatchFactory(checked_at=now, observed_at=now, next_check_at=now + timedelta(days=1))
    first = client.get("/")
    WatchFactory._meta.model.objects.update(
        checked_at=now - timedelta(days=2), next_check_at=now - timedelta(days=1), observed_at=now
    )
    keeping.forget()
    assert "alerte-stale" in client.get("/", headers={"If-None-Match": first["ETag"]}).content.decode()


def test_who_is_signed_in_is_answered_apart(client: Client) -> None:
    client.get("/")
    client.force_login(AgentFactory())
    response = client.get("/")
    assert response["Cache-Control"] == "private, no-cache"
    assert "ETag" not in response
    assert len(PAGES) == 1


def test_health_is_never_kept(client: Client) -> None:
    client.get("/sante/")
    assert "ETag" not in client.get("/sante/")
    assert len(PAGES) == 0


@pytest.mark.parametrize("path", ["/promesses/?constat=bon", "/promesses/O-99/", "/ministeres/rien/"])
def test_a_refusal_is_not_kept(client: Client, path: str) -> None:
    assert client.get(path).status_code in (400, 404)
    assert len(PAGES) == 0


def test_what_is_kept_is_bounded(client: Client) -> None:
    PAGES.most_bytes = 300_000
    for day in range(1, 29):
        client.get(f"/?au=2022-02-{day:02}")
    assert 0 < len(PAGES) < 28
