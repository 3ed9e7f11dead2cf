"""``/donnees/`` and ``/api/``: every file with its lines and columns, every link answers, a few queries."""

import re

import pytest

from dashboards.opendata.files import FILES
from dashboards.pages.views import charts
from tests.dashboards.pages.reading import read
from tests.reading import text

pytestmark = pytest.mark.django_db


def test_every_file_is_offered_with_its_lines_and_its_columns(crowded, client, rows):
    html = client.get("/donnees/?au=2023-02-01").content.decode()
    page = read(html)
    assert "Les fichiers, au 1er février 2023" in text(html)
    for name, file in FILES.items():
        links = {f"/donnees/{name}.csv?au=2023-02-01", f"/donnees/{name}.json?au=2023-02-01", file.schema_path}
        assert links <= set(page.links)
        [line] = [line for line in page.texts["tr"] if line.startswith(f"{name} {file.line}")]
        lines = len(rows(f"{name}.csv?au=2023-02-01"))
        assert re.search(rf"(?<!\d){lines}(?!\d)", line.replace("\u202f", "").replace("\xa0", "")), line
        assert f"{len(file.columns)} colonnes" in line
        for column in file.columns:
            assert f"<code>{column['name']}</code>" in html


def test_every_table_behind_a_chart_is_offered_under_the_title_of_its_figure(crowded, client):
    html = text(client.get("/donnees/?au=2023-02-01"))
    for name in charts.KINDS:
        title = client.get(f"/graphiques/{name}.json?au=2023-02-01").json()["title"]
        assert f'<a href="/graphiques/{name}.csv?au=2023-02-01">{title} (CSV)</a>' in html


def test_no_id_is_given_twice_and_nothing_is_inline(crowded, client):
    for path in ("/donnees/", "/api/"):
        page = read(client.get(path).content.decode())
        assert len(set(page.ids)) == len(page.ids)
        assert not page.inline
        assert page.language == "fr"


@pytest.mark.slow
def test_every_link_answers(crowded, client):
    for path in ("/donnees/?au=2023-02-01", "/api/?au=2023-02-01"):
        for link in read(client.get(path).content.decode()).internal:
            assert client.get(link.partition("#")[0], follow=True).status_code == 200, link


def test_the_page_of_files_takes_a_query_a_file(crowded, client, django_assert_max_num_queries):
    client.get("/donnees/")
    with django_assert_max_num_queries(len(FILES) + 8):
        client.get("/donnees/?au=2022-06-01")


def test_a_day_that_is_none_is_said_in_words(client):
    for path in ("/donnees/", "/api/"):
        answer = client.get(f"{path}?au=hier")
        assert answer.status_code == 400
        assert "hier" in answer.content.decode()


def test_the_site_shown_is_the_one_of_the_settings(client, settings):
    settings.SITE_URL = "https://bothorel.exemple"
    text = client.get("/api/").content.decode()
    assert "https://bothorel.exemple/donnees/promesses.csv" in text
    assert "127.0.0.1" not in text
