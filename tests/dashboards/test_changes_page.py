"""Two days compared, and the page of dates: the same lines in the page and in its file."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboards.api.caching import KEPT
from ministries.standing import standings
from tests.dashboards.pages.reading import read
from tests.factories import CommitmentFactory, DeadlineFactory

ASKED = {"du": "2021-06-01", "au": "2021-12-31"}


@pytest.fixture(autouse=True)
def reference(reference_loaded: None, db: None) -> Iterator[None]:
    """Answers are kept by version; the versions of rolled back transactions come again."""
    KEPT.clear()
    yield
    KEPT.clear()


class TestChanges:
    def test_before_and_after_are_told(self, client: Client) -> None:
        response = client.get("/changements/", ASKED)
        rows = [row.replace("\u00a0", " ") for row in read(response.content.decode()).texts["tr"]]
        affelnet = next(row for row in rows if "Affelnet" in row and "T3 2021" in row)
        assert "T2 2021 (au plus tard le 30 juin 2021)" in affelnet
        assert "(+92 jours)" in affelnet

    def test_the_file_holds_the_lines_of_the_page(self, client: Client) -> None:
        response = client.get("/changements/", ASKED)
        groups = response.context["compared"].groups
        file = client.get("/changements.csv", ASKED)
        rows = list(csv.reader(io.StringIO(file.content.decode())))
        assert rows[0] == ["Changement", "Référence", "Promesse", "Ministère", "Avant", "Après", "Jours"]
        assert [(row[0], row[1]) for row in rows[1:]] == [
            (group.title, line.ref) for group in groups for line in group.lines
        ]
        assert 'filename="changements-du-2021-06-01_au-2021-12-31.csv"' in file["Content-Disposition"]

    def test_by_default_the_last_ninety_days(self, client: Client) -> None:
        compared = client.get("/changements/").context["compared"]
        assert timezone.localdate() - compared.since == timedelta(days=90)

    def test_links_carry_exactly_these_two_days(self, client: Client) -> None:
        links = read(client.get("/changements/", {**ASKED, "ministere": "MENJS"}).content.decode()).links
        files = [link for link in links if link.startswith(("/changements.csv", "/changements.atom"))]
        assert files
        for link in files:
            assert all(part in link for part in ("du=2021-06-01", "au=2021-12-31", "ministere=MENJS"))
            assert client.get(link).status_code == 200

    def test_one_ministry_alone(self, client: Client) -> None:
        compared = client.get("/changements/", {**ASKED, "ministere": "MENJS"}).context["compared"]
        lines = [line for group in compared.groups for line in group.lines]
        assert lines
        assert {line.after.ministry.code for line in lines} == {"MENJS"}

    def test_the_same_day_twice_changes_nothing(self, client: Client) -> None:
        compared = client.get("/changements/", {"du": "2021-12-31", "au": "2021-12-31"}).context["compared"]
        assert not compared.found

    def test_every_table_has_a_caption_and_headers(self, client: Client) -> None:
        page = read(client.get("/changements/", ASKED).content.decode())
        html = client.get("/changements/", ASKED).content.decode()
        assert html.count("<table") == len(page.texts["caption"])
        assert 'scope="col"' in html

    @pytest.mark.parametrize("path", ["/changements/", "/changements.csv"])
    @pytest.mark.parametrize(
        ("query", "told"),
        [
            ("du=hier", "AAAA-MM-JJ"),
            ("du=2022-01-01&au=2021-12-31", "un jour qui ne suit pas"),
            ("ministere=XX", "valeurs possibles"),
            ("du=2021-01-01&du=2021-02-01", "une seule valeur"),
            ("constat=kept", "paramètre inconnu"),
        ],
    )
    def test_what_is_not_understood_is_said(self, client: Client, path: str, query: str, told: str) -> None:
        response = client.get(f"{path}?{query}")
        assert response.status_code == 400
        assert told in response.content.decode()

    def test_the_number_of_queries_does_not_grow(self, client: Client) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                client.get("/changements/", ASKED)
            return len(queries)

        few = asked()
        for _ in range(5):
            DeadlineFactory(commitment=CommitmentFactory(announced_on=date(2021, 7, 1)))
        assert asked() == few


class TestDeadlines:
    def test_each_list_has_the_length_of_its_filter(self, client: Client) -> None:
        for day in ("2021-06-01", "2021-12-01", "2022-02-01"):
            shown = client.get("/echeances/", {"au": day}).context
            for key, params in (("coming", {"vue": "moins_de_90_jours"}), ("undated", {"echeance": "undated"})):
                listed = client.get("/promesses/", {**params, "au": day}).context["count"]
                assert len(getattr(shown[key], "rows", shown[key])) == listed, (day, key)

    def test_the_first_date_stays_beside_the_current_one(self, client: Client) -> None:
        rows = read(client.get("/echeances/", {"au": "2022-02-01"}).content.decode()).texts["tr"]
        affelnet = next(row for row in rows if "Affelnet" in row)
        assert affelnet.index("fin 2021") < affelnet.index("T2 2021") < affelnet.index("T3 2021")

    def test_postponements_are_those_of_the_ministries_table(self, client: Client) -> None:
        shown = client.get("/echeances/", {"au": "2022-02-01"}).context["postponements"]
        assert shown == sum(s.promised.postponements for s in standings(date(2022, 2, 1)))
        assert shown == client.get("/ministeres/", {"au": "2022-02-01"}).context["chart"].total.postponements

    def test_links_of_the_page_answer(self, client: Client) -> None:
        page = read(client.get("/echeances/", {"au": "2022-02-01", "ministere": "MENJS"}).content.decode())
        wrong = {link: code for link in page.internal if (code := client.get(link).status_code) != 200}
        assert wrong == {}

    @pytest.mark.parametrize("query", ["ministere=XX", "au=hier", "du=2021-01-01"])
    def test_what_is_not_understood_is_said(self, client: Client, query: str) -> None:
        assert client.get(f"/echeances/?{query}").status_code == 400
