"""What comes next: sentence, dated list, file, strip and interactive drawing, from the same rows; and the others."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.test import Client

from commitments.days import in_words
from commitments.findings import State
from dashboards.upcoming import upcoming
from ministries.standing import standings
from ministries.timeliness import SOON
from tests.factories import CommitmentFactory, DeadlineFactory

DAYS = ("2021-06-01", "2021-11-01", "2026-11-24")
TODAY = date(2026, 6, 14)


@pytest.mark.parametrize("day", DAYS)
def test_page_file_and_drawings_tell_the_same(reference_loaded: None, client: Client, db: None, day: str) -> None:
    response = client.get("/echeances/", {"au": day})
    chart = response.context["coming"]
    html = response.content.decode()
    assert chart.sentence in html
    listed = client.get("/api/v1/commitments/", {"au": day, "vue": "moins_de_90_jours"}).json()["results"]
    assert {row.standing.ref for row in chart.rows} == {row["ref"] for row in listed}
    file = list(
        csv.DictReader(io.StringIO(client.get("/graphiques/echeances-a-venir.csv", {"au": day}).content.decode()))
    )
    assert [(row["Référence"], row["Dernier jour"]) for row in file] == [
        (row.standing.ref, row.day.isoformat()) for row in chart.rows
    ]
    assert sum(mark.count for mark in chart.marks()) == len(chart.rows)
    told = client.get("/graphiques/echeances-a-venir.json", {"au": day}).json()
    assert told["sentence"] == chart.sentence
    assert told["rows"] == chart.csv_rows()
    assert sorted(x for trace in told["traces"] for x in trace["x"]) == [row.day.isoformat() for row in chart.rows]
    assert ("<svg" in html.partition('id="a-venir"')[2].partition("</figure>")[0]) is bool(chart.rows)


def test_a_ministry_has_its_own(reference_loaded: None, client: Client, db: None) -> None:
    asked = {"au": "2021-11-01", "ministere": "MEFR"}
    chart = client.get("/echeances/", asked).context["coming"]
    assert {row.standing.ministry.code for row in chart.rows} == {"MEFR"}
    rows = client.get("/graphiques/echeances-a-venir.json", asked).json()["rows"]
    assert rows == chart.csv_rows()
    assert client.get("/graphiques/echeances-a-venir.csv", {"ministere": "XX"}).status_code == 400
    assert client.get("/graphiques/rythme.csv", asked).status_code == 400


@pytest.mark.django_db
def test_marks_stand_on_their_day_and_the_fullest_is_the_tallest() -> None:
    for left, precision in ((1, "day"), (30, "month"), (30, "day"), (30, "day"), (SOON, "quarter"), (SOON + 1, "day")):
        last = TODAY + timedelta(days=left)
        DeadlineFactory(commitment=CommitmentFactory(), last_day=last, first_day=last, precision=precision)
    chart = upcoming(standings(TODAY), TODAY)
    marks = chart.marks()
    assert [(mark.exact, mark.loose) for mark in marks] == [(1, 0), (2, 1), (0, 1)]
    places = [float(mark.x) for mark in marks]
    assert places == sorted(places)
    assert places[0] > 0
    assert places[-1] < 100
    heights = [mark.exact_height + mark.loose_height for mark in marks]
    assert heights[1] == max(heights)
    assert all(mark.top >= 0 for mark in marks)
    months = chart.months()
    assert [name for _, name in months] == ["juin", "juillet", "août", "septembre"]
    july = next(float(x) for x, name in months if name == "juillet")
    assert july == pytest.approx(100 * (date(2026, 7, 1) - TODAY).days / (SOON + 1), abs=0.01)
    assert "2 n’ont pas de jour précis" in chart.sentence
    assert in_words(TODAY + timedelta(days=1)).replace(" ", "\u00a0") in chart.sentence


def test_nothing_to_come_draws_nothing() -> None:
    chart = upcoming([], TODAY)
    assert (chart.rows, chart.marks(), chart.csv_rows()[1:]) == ((), [], [])
    assert "Aucune échéance" in chart.sentence


@pytest.mark.parametrize("name", ["rythme", "echeances-deplacees", "ministeres", "campagnes", "echeances-a-venir"])
@pytest.mark.parametrize("day", ["2021-02-05", "2022-02-01"])
def test_every_interactive_drawing_bears_the_rows_of_its_file(
    reference_loaded: None, client: Client, db: None, name: str, day: str
) -> None:
    told = client.get(f"/graphiques/{name}.json", {"au": day}).json()
    file = list(csv.reader(io.StringIO(client.get(f"/graphiques/{name}.csv", {"au": day}).content.decode())))
    assert [[str(cell) for cell in row] for row in told["rows"]] == file
    assert all(trace["type"] in ("bar", "scatter") for trace in told["traces"]), "the basic bundle has no other"
    assert told["sentence"]
    assert client.get("/graphiques/autre.json").status_code == 404


def test_one_deliverable_has_its_strip(reference_loaded: None, client: Client, db: None) -> None:
    page = client.get("/promesses/O-10-affelnet-lycee-code/", {"au": "2022-02-01"})
    (part,) = page.context["delivered"]
    told = client.get("/graphiques/constats/O-10/1.json", {"au": "2022-02-01"}).json()
    assert [row[:1] for row in told["rows"][1:]] == [[span.state] for span in part.spans]
    assert sum(x for trace in told["traces"] for x in trace["x"]) == sum(span.days for span in part.spans) * 86_400_000
    assert part.seen_states == [State.UNMET]
    assert client.get("/graphiques/constats/O-10/9.json").status_code == 404
    assert client.get("/graphiques/constats/O-999/1.json").status_code == 404


@pytest.mark.django_db
def test_titles_are_text_for_plotly_too(client: Client) -> None:
    promise = CommitmentFactory(title="<a href='//x'>clic</a> & co")
    DeadlineFactory(commitment=promise, last_day=TODAY + timedelta(days=9))
    told = client.get("/graphiques/echeances-a-venir.json", {"au": TODAY.isoformat()}).json()
    (trace,) = told["traces"]
    assert "<a" not in trace["customdata"][0]
    assert "&lt;a" in trace["customdata"][0]
