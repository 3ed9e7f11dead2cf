"""What machines read of the robot: the same health as the page, in JSON and as Prometheus reads it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from commitments.hosts import host_of
from commitments.models import Commitment, Host, HostException, PollRun, Version, Watch
from dashboards.health import health
from tests.factories import LocationFactory, WatchFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SAMPLE = re.compile(r'(bothorel_[a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)+)\})? (-?[0-9.e+]+)')


@pytest.fixture
def now():
    Version.bump()
    return timezone.now()


@pytest.fixture
def told(client):
    """A function that reads ``/sante.json``."""

    def read():
        answer = client.get("/sante.json")
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        return answer.json()

    return read


@pytest.fixture
def metrics(client):
    """A function that reads ``/metrics`` into a dictionary, and refuses a line that Prometheus would refuse."""

    def read():
        found = {}
        for line in client.get("/metrics").content.decode().splitlines():
            if not line.startswith("#"):
                name, labels, value = SAMPLE.fullmatch(line).groups()
                found[name, labels or ""] = float(value)
        return found

    return read


def test_an_empty_base_has_a_health(told, metrics):
    assert told()["state"] == "ok"
    assert told()["last_check"] == {"at": None, "age_seconds": None}
    assert metrics()["bothorel_addresses_watched", ""] == 0
    assert not any("timestamp" in name for name, _ in metrics())


def test_what_is_due_what_is_late_and_what_fails_are_counted(now, told, metrics):
    WatchFactory(next_check_at=now - 4 * HOUR, checked_at=now - HOUR, observed_at=now - 2 * HOUR)
    WatchFactory(next_check_at=now - HOUR, checked_at=now - 2 * HOUR, failures=2, cause="http_429")
    WatchFactory(next_check_at=now + HOUR)
    LocationFactory()
    read = told()
    assert read["state"] == "late"
    addresses = read["addresses"]
    assert [addresses[name] for name in ("watched", "due", "overdue", "failing", "unasked")] == [3, 2, 1, 1, 1]
    assert addresses["failing_by_cause"] == {"http_429": 1}
    assert 3600 <= read["last_check"]["age_seconds"] < 3660
    assert metrics()["bothorel_addresses_overdue", ""] == 1
    assert metrics()["bothorel_addresses_failing", 'cause="http_429"'] == 1
    assert metrics()["bothorel_last_observation_timestamp_seconds", ""] == pytest.approx((now - 2 * HOUR).timestamp())


def test_the_brake_is_public(now, told, metrics):
    PollRun.objects.create(
        started_at=now, settled_at=now, expected=10, asked=10, would_end=6, kept_before=10, status="suspended"
    )
    assert told()["state"] == "suspended"
    assert told()["brake"]["would_end"] == 6
    assert told()["runs_suspended"] == 1
    assert metrics()["bothorel_brake_on", ""] == 1


def test_hosts_in_back_off_are_shown_but_never_those_of_a_draft(now, told, metrics):
    LocationFactory(portal="url", url="https://ouvert.fr/x")
    LocationFactory(
        portal="url", url="https://brouillon.fr/x", deliverable__commitment__visibility=Commitment.Visibility.DRAFT
    )
    for name in ("ouvert.fr", "brouillon.fr"):
        Host.objects.create(name=name, paused_until=now + HOUR, cause="http_429")
    Host.objects.create(name="libre.fr", paused_until=now - HOUR)
    backoff = told()["hosts_in_backoff"]
    assert backoff["count"] == 2
    assert [host["host"] for host in backoff["public"]] == ["ouvert.fr"]
    assert metrics()["bothorel_hosts_paused", ""] == 2


def test_exceptions_say_why_and_until_when(now, told):
    LocationFactory(portal="url", url="https://exemple.fr/x")
    LocationFactory(portal="url", url="https://hier.fr/x")
    HostException.objects.create(
        host="exemple.fr", reason="migration", since=now - HOUR, until=now + HOUR, decided_by="DINUM"
    )
    HostException.objects.create(host="hier.fr", reason="finie", since=now - 2 * HOUR, until=now, decided_by="DINUM")
    assert [(e["host"], e["reason"]) for e in told()["exceptions"]] == [("exemple.fr", "migration")]


def test_exceptions_are_shown_where_a_public_promise_names_the_host_and_nowhere_else(client, now, told, metrics):
    LocationFactory(portal="url", url="https://Ouvert.fr/x")
    for visibility, name in (
        ("draft", "brouillon.fr"),
        ("discarded", "ecarte.fr"),
        ("public", "autre.fr/brouillon.fr"),
    ):
        LocationFactory(portal="url", url=f"https://{name}/x", deliverable__commitment__visibility=visibility)

    def spared(*names):
        for name in names:
            HostException.objects.create(
                host=name, reason="migration", since=now - HOUR, until=now + HOUR, decided_by="DINUM"
            )

    def shown():
        page = client.get("/sante/").content.decode()
        assert not any(name in page for name in ("brouillon.fr", "ecarte.fr"))
        return [one["host"] for one in told()["exceptions"]]

    spared("brouillon.fr", "ecarte.fr")
    assert shown() == []
    assert "aucun de ces serveurs n’est cité" in client.get("/sante/").content.decode()
    spared("ouvert.fr", host_of(settings.DATAGOUV_URL))
    assert sorted(shown()) == sorted(["ouvert.fr", host_of(settings.DATAGOUV_URL)])
    assert "4 en tout, dont 2 suivis" in client.get("/sante/").content.decode().replace("\xa0", " ")
    assert metrics()["bothorel_host_exceptions", ""] == 4
    assert "brouillon" not in client.get("/metrics").content.decode()
    Commitment.objects.filter(visibility="draft").update(visibility="public")
    Version.bump()
    assert "brouillon.fr" in [one["host"] for one in told()["exceptions"]]


def test_a_label_bears_any_character(now, metrics):
    WatchFactory(failures=1, cause='a "b"\\\nc')
    assert ("bothorel_addresses_failing", r'cause="a \"b\"\\\nc"') in metrics()


def test_the_same_few_queries_whatever_the_size(now, django_assert_num_queries, django_assert_max_num_queries):
    for number in range(3):
        Host.objects.create(name=f"h{number}.fr", paused_until=now + HOUR)
    with django_assert_max_num_queries(14) as few:
        health(now)
    for number in range(10):
        watch = WatchFactory(location__url=f"https://h{number}x.fr/", failures=1, cause="reset")
        Host.objects.create(name=f"h{number}x.fr", paused_until=now + HOUR)
    assert Watch.objects.filter(pk=watch.pk).exists()
    with django_assert_num_queries(len(few)):
        health(now)
