"""Days on which there was nothing to count yet, and counts of one: sentences that still read as French."""

import pytest
from django.test import Client

from tests.dashboards.pages.reading import read

BEFORE, FIRST, NOW = "2021-01-01", "2021-03-01", "2026-11-24"


def html(client: Client, path: str, day: str) -> str:
    response = client.get(path, {"au": day})
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


@pytest.mark.usefixtures("reference")
class TestBeforeAnything:
    def test_no_table_is_empty(self, client: Client) -> None:
        for path in ("/", "/ministeres/"):
            page = html(client, path, BEFORE)
            assert "Aucune promesse n’était annoncée ce jour-là." in page
            assert 'id="tableau-ministeres"' not in page
            assert 'id="tableau-ministeres"' in html(client, path, FIRST)

    def test_the_home_page_says_so_once(self, client: Client) -> None:
        page = html(client, "/", BEFORE)
        assert "Au 1er janvier 2021, aucune promesse n’est encore annoncée." in page
        assert "0 promesse suivie" not in page

    def test_every_page_says_since_when_there_is_something(self, client: Client) -> None:
        for path in ("/", "/promesses/", "/ministeres/"):
            page = html(client, path, BEFORE)
            assert f'Les premières promesses connues sont du <a href="{path}?au=2021-02-05">' in page
            assert "premières promesses connues" not in html(client, path, "2021-02-05")

    def test_the_list_blames_no_filter(self, client: Client) -> None:
        page = html(client, "/promesses/", BEFORE)
        assert "Aucune promesse n’était annoncée ce jour-là." in page
        assert "Retirez un filtre" not in page
        assert "Retirez un filtre" in client.get("/promesses/", {"q": "zzzz"}).content.decode()

    def test_ministries_stand_in_the_order_of_names(self, client: Client) -> None:
        names = [m.name for m in client.get("/ministeres/", {"au": BEFORE}).context["others"]]
        assert names.index("Ministère de l'Économie, des Finances et de la Relance") == 1


@pytest.mark.usefixtures("reference")
class TestOne:
    def test_what_is_not_due_is_counted_once(self, client: Client) -> None:
        page = html(client, "/", FIRST)
        assert "aucune échéance n’est encore passée pour 14 promesses suivies." in page
        assert "14 promesses suivies en tout" not in page

    def test_a_change_is_other_only_beside_some(self, client: Client) -> None:
        assert "<strong>1</strong> changement de constat, <strong>14</strong> promesses" in html(client, "/", FIRST)

    def test_a_line_alone_is_not_the_oldest(self, client: Client) -> None:
        assert "Échue, constatée en partie 1" in read(html(client, "/", NOW)).texts["h3"]

    def test_a_promise_without_a_date_says_it_once(self, client: Client) -> None:
        assert "sans échéance annoncée" not in html(client, "/promesses/", NOW)
