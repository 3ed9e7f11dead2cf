"""Counting without lying: the same rows give the sentence, the table, the CSV, the bars and the traces."""

from datetime import date

import pytest
from django.test import Client

from commitments.folding import fold
from dashboards import figures, lately, priorities
from dashboards.by_ministry import by_ministry
from dashboards.charts import draw
from dashboards.files.tables import csv_bytes
from ministries.standing import Standing, standings
from tests.dashboards.pages.reading import query, read

DAYS = ("2021-03-01", "2022-02-01", "2023-02-01", "2026-11-24")


# At home the day when most was late, and the last.
@pytest.fixture(params=[pytest.param(day, marks=() if day in DAYS[1::2] else pytest.mark.slow) for day in DAYS])
def day(request: pytest.FixtureRequest, reference_loaded: None, db: None) -> str:
    return str(request.param)


@pytest.fixture
def found(day: str) -> list[Standing]:
    return standings(date.fromisoformat(day))


def length(client: Client, day: str, params: dict[str, str]) -> int:
    response = client.get("/promesses/", {**params, "au": day})
    assert response.status_code == 200
    return int(response.context["count"])


def test_the_parts_of_the_sentence_add_up(found: list[Standing]) -> None:
    summary = figures.summary(found)
    assert summary.kept.value + sum(part.value for part in summary.others) == summary.due.value
    assert summary.followed == len(found)


def test_each_figure_is_the_length_of_its_list(client: Client, day: str, found: list[Standing]) -> None:
    summary = figures.summary(found)
    for count in (summary.due, summary.kept, *summary.others, *figures.counters(found)):
        assert length(client, day, dict(count.params)) == count.value, count.label


def test_each_group_to_look_at_is_its_list(client: Client, day: str, found: list[Standing]) -> None:
    for group in priorities.overdue(found, shown=5):
        assert length(client, day, dict(group.params)) == group.count
        firsts = [s.promised.first.last_day for s in group.lines if s.promised.first and s.promised.first.last_day]
        assert firsts == sorted(firsts)


def test_ministries_add_up_to_the_whole(found: list[Standing], day: str) -> None:
    chart = by_ministry(found, date.fromisoformat(day))
    assert chart.total is not None
    assert chart.count == len(found)
    for index, value in enumerate(chart.values(chart.total)):
        assert sum(chart.values(row)[index] for row in chart.rows) == value, chart.columns[index]


def test_ministries_come_by_name(found: list[Standing], day: str) -> None:
    names = [row.ministry.name for row in by_ministry(found, date.fromisoformat(day)).rows]
    assert names == sorted(names, key=fold)


def test_each_cell_of_the_table_is_its_list(client: Client, found: list[Standing], day: str) -> None:
    chart = by_ministry(found, date.fromisoformat(day))
    row, cells = chart.table()[0]
    for cell in (c for c in [*cells, *chart.foot()] if c.params is not None):
        assert length(client, day, dict(cell.params)) == cell.value, (row.ministry.code, cell.label)


def test_table_file_bars_and_traces_tell_the_same(client: Client, found: list[Standing], day: str) -> None:
    chart = by_ministry(found, date.fromisoformat(day))
    html = client.get("/ministeres/", {"au": day}).content.decode()
    page = read(html)
    cells = [list(map(str, chart.values(row))) for row in chart.rows]
    width, shown = len(chart.columns), page.texts["td"]
    assert [shown[i : i + width] for i in range(0, width * len(cells), width)] == cells

    file = client.get("/graphiques/ministeres.csv", {"au": day})
    assert file.content == csv_bytes(chart.csv_rows())
    assert [row[2:] for row in chart.csv_rows()[1:-1]] == cells

    traces = client.get("/graphiques/ministeres.json", {"au": day}).json()["traces"]
    assert [trace["x"] for trace in traces] == [[row.states[state] for row in chart.rows] for state in chart.shown]

    for bar, row in zip(draw(chart).bars, chart.rows, strict=True):
        assert [part.count for part in bar.parts] == [row.states[s] for s in chart.shown if row.states[s]]
        assert sum(float(part.width) for part in bar.parts) <= 100.1
    for state in chart.shown:
        count = chart.total.states[state] if chart.total else 0
        assert f"{count}\u00a0{figures.agreed(figures.PLURALS[state], count)}" in chart.sentence
    assert chart.sentence in html


def test_home_and_ministry_tell_the_same(client: Client, found: list[Standing], day: str) -> None:
    chart = by_ministry(found, date.fromisoformat(day))
    for row in chart.rows[:4]:
        context = client.get(f"/ministeres/{row.ministry.slug}/", {"au": day}).context
        assert len(context["in_charge"]) == row.total
        assert context["summary"].due.value == row.due
        late = next(count for count in context["counters"] if count.key == "late")
        assert late.value == row.late


def test_links_of_the_first_screen_filter(client: Client, day: str) -> None:
    links = [
        link for link in read(client.get("/", {"au": day}).content.decode()).links if link.startswith("/promesses/?")
    ]
    assert links
    assert all(query(link)["au"] == [day] for link in links)


def test_what_changed_is_read_from_the_streams(reference_loaded: None, db: None) -> None:
    changes = lately.changes(standings(date(2021, 9, 30)), since=date(2021, 6, 30))
    moved = [change for change in changes.of("moved") if change.standing.ref == "O-10"]
    assert [(change.before, change.after, change.days) for change in moved] == [("T2 2021", "T3 2021", 92)]
    assert all(date(2021, 6, 30) < change.day <= date(2021, 9, 30) for change in changes.rows)


def test_nothing_at_all(db: None) -> None:
    chart = by_ministry([], date(2022, 1, 1))
    assert chart.rows == ()
    assert chart.count == 0
    assert chart.sentence
    assert draw(chart).height == 0
    assert figures.summary([]).due.value == 0
