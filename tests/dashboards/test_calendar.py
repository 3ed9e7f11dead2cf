"""The calendar of deadlines, read back by icalendar."""

from collections.abc import Iterator
from datetime import date, timedelta

import icalendar
import pytest
from django.test import Client

from commitments.models import Commitment, Version
from dashboards.api.caching import KEPT
from ministries.standing import standings
from tests.factories import CommitmentFactory, DeadlineFactory


@pytest.fixture(autouse=True)
def reference(reference_loaded: None, db: None) -> Iterator[None]:
    """Answers are kept by version; the versions of rolled back transactions come again."""
    KEPT.clear()
    yield
    KEPT.clear()


def events(client: Client, query: str = "") -> dict[str, icalendar.Event]:
    response = client.get(f"/echeances.ics{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    read = icalendar.Calendar.from_ical(response.content)
    assert not read.errors
    return {str(event["uid"]).split("@")[0]: event for event in read.walk("VEVENT")}


@pytest.mark.parametrize("day", ["2021-06-30", "2022-02-01", ""])
def test_there_is_one_event_for_each_promise_with_a_last_day(client: Client, day: str) -> None:
    found = standings(date.fromisoformat(day) if day else date.today())
    dated = {s.ref: s.promised.current for s in found if s.promised.current and s.promised.current.last_day}
    read = events(client, f"?au={day}" if day else "")
    assert {ref: event["dtstart"].dt for ref, event in read.items()} == {
        ref: deadline.last_day for ref, deadline in dated.items()
    }
    for event in read.values():
        assert event["dtend"].dt - event["dtstart"].dt == timedelta(days=1)
        assert not event.errors


def test_the_precision_is_said(client: Client) -> None:
    event = events(client)["O-30"]
    assert "T3 2021, au trimestre près" in str(event["summary"])
    assert event["dtstart"].dt == date(2021, 9, 30)


def test_a_date_that_moved_moves_its_event_and_keeps_the_first(client: Client) -> None:
    before, after = events(client, "?au=2021-06-30")["O-10"], events(client)["O-10"]
    assert before["uid"] == after["uid"]
    assert after["sequence"] > before["sequence"]
    assert after["dtstart"].dt > before["dtstart"].dt
    assert "Première échéance" in str(after["description"])


def test_the_same_calendar_is_the_same_bytes(client: Client) -> None:
    first = client.get("/echeances.ics?au=2022-02-01").content
    KEPT.clear()
    assert client.get("/echeances.ics?au=2022-02-01").content == first


def test_lines_are_folded_and_end_as_the_format_wants(client: Client) -> None:
    body = client.get("/echeances.ics").content
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")


def test_a_title_with_the_format_s_own_signs_is_read_back(client: Client) -> None:
    promise = CommitmentFactory(ref="X-1", title="A ; b, c\\d: « é »")
    DeadlineFactory(commitment=promise)
    Version.bump()
    summary = str(events(client)["X-1"]["summary"]).replace("\u00a0", " ")
    assert "A ; b, c\\d: « é »" in summary


def test_one_ministry_alone(client: Client) -> None:
    read = events(client, "?ministere=MI")
    assert read
    assert {str(event["categories"].cats[0]) for event in read.values()} == {"MI"}


def test_drafts_are_not_announced(client: Client) -> None:
    DeadlineFactory(commitment=CommitmentFactory(ref="X-2", visibility=Commitment.Visibility.DRAFT))
    Version.bump()
    assert "X-2" not in events(client)


@pytest.mark.parametrize("query", ["?ministere=XX", "?au=hier", "?constat=kept"])
def test_what_is_not_understood_is_said(client: Client, query: str) -> None:
    assert client.get(f"/echeances.ics{query}").status_code == 400
