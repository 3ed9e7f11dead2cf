"""Events in order and by cursor; progress equal to situations; how the robot is doing."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache

from commitments.models import PollRun, Verdict, Version
from dashboards.api.throttling import PerAddress
from ministries.models import Responsibility
from ministries.progress import month_ends, progress
from ministries.recounting import recount
from ministries.standing import standings
from tests.factories import DeadlineFactory, MinistryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


def walk(get, path):
    while path:
        page = get(path).json()
        yield page
        path = page["next"] and page["next"].removeprefix("http://testserver/api/v1/")


def test_events_are_told_once_each_newest_first(crowded, get):
    whole = get("events/?page_size=100").json()
    assert whole["count"] > 100
    seen = [event for page in walk(get, "events/?page_size=7") for event in page["results"]]
    assert len(seen) == len({event["id"] for event in seen}) == whole["count"]
    assert [event["day"] for event in seen] == sorted((event["day"] for event in seen), reverse=True)
    assert {event["kind"] for event in seen} == {
        *("promised", "deadline_announced", "deadline_moved", "declared", "reading", "verdict", "contradiction_opened")
    }


def test_a_row_added_while_one_reads_hides_none(crowded, get):
    first = get("events/?page_size=10").json()
    later = get(first["next"].removeprefix("http://testserver/api/v1/")).json()["results"]
    DeadlineFactory(commitment=crowded, raw="fin 2027", last_day=date(2027, 12, 31), announced_on=date(2026, 1, 5))
    Version.bump()
    assert get(first["next"].removeprefix("http://testserver/api/v1/")).json()["results"] == later


def test_moving_a_deadline_is_an_event(crowded, get):
    events = get(f"events/?promesse={crowded.ref}").json()["results"]
    [moved] = [event for event in events if event["kind"] == "deadline_moved"]
    assert (moved["day"], moved["before"], moved["after"], moved["days"]) == (
        "2021-11-02",
        "d'ici fin 2021",
        "mi-2022",
        181,
    )
    assert moved["sentence"] == "Échéance déplacée : d'ici fin 2021 → mi-2022 (+181 jours)"


def test_a_verdict_that_only_changes_its_reasons_is_no_event(reference, get):
    last = Verdict.objects.filter(deliverable__commitment__ref="O-30").latest("since", "id")
    before = get("events/?promesse=O-30").json()["count"]
    again = {"deliverable": last.deliverable, "rule_version": "1", "reasons": []}
    Verdict.objects.create(**again, state=last.state, since=date(2023, 6, 1))
    Version.bump()
    assert get("events/?promesse=O-30").json()["count"] == before
    Verdict.objects.create(**again, state="kept", since=date(2023, 7, 1))
    Version.bump()
    newest = get("events/?promesse=O-30").json()["results"][0]
    assert (newest["kind"], newest["before"], newest["after"]) == ("verdict", "unmet", "kept")
    assert newest["sentence"].startswith("Constat : non constaté à l'adresse indiquée → constaté (API")


def test_an_event_belongs_to_its_day(crowded, get):
    assert all(e["day"] <= "2021-09-30" for e in get("events/?au=2021-09-30&page_size=100").json()["results"])


def test_each_month_is_counted_as_a_situation_is(crowded):
    other = MinistryFactory(code="ZZ")
    lead = crowded.responsibilities.get()
    lead.until = date(2021, 8, 15)
    lead.save()
    Responsibility.objects.create(ministry=other, commitment=crowded, since=date(2021, 8, 15))
    recount({crowded.pk})
    last = date(2026, 11, 24)
    rows = progress(last)
    days = list(month_ends(date(2021, 2, 5), last))
    assert len({row.month for row in rows}) == len(days) == 70
    for day in days:
        counted = {}
        for standing in standings(day):
            key = (standing.ministry.code, standing.observed.state)
            counted[key] = counted.get(key, 0) + 1
        told = {(r.ministry.code, state): n for r in rows if r.as_of == day for state, n in r.states.items() if n}
        assert told == counted, day


@pytest.mark.parametrize("day", [date(2021, 9, 30), date(2022, 2, 14), date(2023, 12, 31), date(2024, 7, 1)])
def test_a_past_day_asked_gives_the_months_as_they_are_today(crowded, day):
    recount({crowded.pk})
    now = {(row.month, row.ministry.code): row.counts for row in progress(date(2026, 11, 24))}
    past = progress(day)
    assert {(row.month, row.ministry.code): row.counts for row in past if row.month < f"{day:%Y-%m}"} == {
        key: counts for key, counts in now.items() if key[0] < f"{day:%Y-%m}"
    }
    counted = Counter((s.ministry.code, s.observed.state) for s in standings(day))
    told = {(r.ministry.code, s): n for r in past if r.as_of == day for s, n in r.states.items() if n}
    assert told == counted


def test_progress_costs_the_same_queries_whatever_the_months(crowded, get, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        assert get("progress/").json()["count"] > 500
    assert get("progress/?au=2020-01-01").json()["count"] == 0
    mine = get("progress/?ministere=MI&page_size=100").json()
    assert {row["ministry"]["code"] for row in mine["results"]} == {"MI"}
    assert mine["count"] == 70


def test_months_end_on_their_last_day():
    assert list(month_ends(date(2023, 12, 31), date(2024, 2, 29))) == [
        date(2023, 12, 31),
        date(2024, 1, 31),
        date(2024, 2, 29),
    ]
    assert list(month_ends(date(2024, 1, 30), date(2024, 1, 30))) == [date(2024, 1, 30)]


def test_the_brake_is_told(reference, get):
    started = datetime(2026, 1, 5, 6, tzinfo=UTC)
    PollRun.objects.create(
        started_at=started,
        settled_at=started + timedelta(minutes=2),
        status=PollRun.Status.SUSPENDED,
        expected=12,
        asked=12,
        kept_before=20,
        would_end=9,
    )
    told = get("status/").json()
    assert told["brake"] == {"on": True, "since": "2026-01-05T06:02:00+00:00", "would_end": 9, "kept_before": 20}
    assert told["last_run"]["status"] == "suspended"
    assert told["version"] == Version.current()
    assert [alert["code"] for alert in told["alerts"]] == ["brake"]
    past = get("status/?au=2025-12-31").json()
    assert (past["last_run"], past["brake"]["on"], past["watched"]) == (None, False, None)


def test_too_many_requests_are_told_when_to_come_back(get, monkeypatch):
    monkeypatch.setattr(PerAddress, "get_rate", lambda self: "3/min")
    answers = [get("status/") for _ in range(6)]
    assert {answer.status_code for answer in answers} == {200, 429}
    last = answers[-1]
    assert last["Content-Type"] == "application/problem+json"
    assert 1 <= int(last["Retry-After"]) <= 60
    assert get("status/", **{"X-Forwarded-For": "203.0.113.9"}).status_code == 429, "a header counts for nothing"


def test_a_cache_that_is_down_lets_everyone_in(get, monkeypatch):
    def down(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(PerAddress, "get_rate", lambda self: "1/min")
    monkeypatch.setattr(type(cache._connections[cache._alias]), "add", down)
    assert [get("status/").status_code for _ in range(3)] == [200, 200, 200]
