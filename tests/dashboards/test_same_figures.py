"""One figure, one value: the home page, the ministry's page, the files, the API and the note, on three days."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date

import pytest
from django.test import Client

from dashboards import figures, priorities
from dashboards.by_ministry import by_ministry
from ministries.counting import is_due
from ministries.standing import Standing, standings

DAYS = ("2021-06-30", "2022-02-01", "2026-11-24")


@pytest.fixture(params=DAYS)
def day(request: pytest.FixtureRequest, reference_loaded: None, db: None) -> str:
    return str(request.param)


@pytest.fixture
def found(day: str) -> list[Standing]:
    return standings(date.fromisoformat(day))


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def test_the_first_sentence(client: Client, day: str, found: list[Standing]) -> None:
    """How many are due, and how many of them are kept."""
    due = [s for s in found if is_due(s)]
    expected = (len(due), sum(s.observed.state == "kept" for s in due))
    home = client.get("/", {"au": day}).context["summary"]
    file = rows(client.get("/api/v1/commitments.csv", {"vue": "echues", "au": day}).content)
    listed = client.get("/api/v1/commitments/", {"vue": "echues", "au": day, "page_size": 100}).json()
    kept = client.get("/api/v1/commitments/", {"vue": "echues", "constat": "kept", "au": day}).json()
    ministries = client.get("/api/v1/ministries/", {"au": day, "page_size": 100}).json()["results"]
    assert (home.due.value, home.kept.value) == expected
    assert (len(file), sum(row["observed_state"] == "kept" for row in file)) == expected
    assert (listed["count"], kept["count"]) == expected
    assert (sum(m["counts"]["due"] for m in ministries), sum(m["counts"]["due_kept"] for m in ministries)) == expected


def test_each_state_of_each_ministry(client: Client, day: str, found: list[Standing]) -> None:
    """Ministry by ministry: the table, its file, the ministry's page and the API."""
    table = {row["Sigle"]: row for row in rows(client.get("/graphiques/ministeres.csv", {"au": day}).content)}
    told = client.get("/api/v1/ministries/", {"au": day, "page_size": 100}).json()["results"]
    counts = {ministry["code"]: ministry["counts"] for ministry in told}
    chart = by_ministry(found, date.fromisoformat(day))
    assert chart.rows
    for row in chart.rows:
        code = row.ministry.code
        page = client.get(f"/ministeres/{row.ministry.slug}/", {"au": day}).context
        states = Counter(s.observed.state for s in page["in_charge"])
        for state in chart.shown:
            label = figures.PLURALS[state].capitalize()
            assert row.states[state] == states[state] == int(table[code][label]), (code, state)
            assert counts[code]["observed"][state] == row.states[state], (code, state)
        assert page["summary"].due.value == row.due == int(table[code]["Échues"]) == counts[code]["due"]


def test_the_note_counts_as_the_home_page(client: Client, day: str, found: list[Standing]) -> None:
    """The note says the same sentence, and its table ends with the same totals."""
    html = client.get("/note/", {"au": day}).content.decode()
    home = client.get("/", {"au": day}).context
    chart = home["chart"]
    assert chart.total is not None
    sentence = next(part for part in re.split(r"</?p[^>]*>", html) if "promesse" in part and "échue" in part)
    plain = re.sub(r"<[^>]+>", "", sentence)
    for figure in (home["summary"].due.value, home["summary"].kept.value):
        if figure > 1:
            assert str(figure) in digits_of(plain), plain
    for count in figures.counters(found):
        assert str(count.value) in digits_of(re.sub(r"<[^>]+>", " ", html)), count.label
    foot = re.search(r"<tfoot>(.*?)</tfoot>", html, re.DOTALL)
    assert foot is not None
    assert str(chart.total.total) in digits_of(re.sub(r"<[^>]+>", " ", foot[1]))


def digits_of(text: str) -> list[str]:
    return re.findall(r"\d+", text.replace("\u202f", ""))


def test_contradictions_are_as_many_everywhere(client: Client, day: str, found: list[Standing]) -> None:
    expected = sum(len(s.contradictions) for s in found)
    listed = client.get("/api/v1/contradictions/", {"au": day, "page_size": 100}).json()["results"]
    assert priorities.contradictions(found).value == expected
    assert sum(row["ended_on"] is None for row in listed) == expected
    assert len(client.get("/contradictions/", {"au": day}).context["still"]) == expected
