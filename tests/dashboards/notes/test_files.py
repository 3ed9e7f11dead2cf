"""The note's addresses: the same again for ever, the figures of the site, refusals in words."""

from datetime import date, timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from commitments.models import Commitment, Version
from dashboards.notes import pdf as pdf_module
from tests.dashboards.notes.composing import written
from tests.dashboards.pages.reading import read
from tests.factories import DeclarationFactory


@pytest.mark.usefixtures("reference")
class TestAddress:
    @pytest.mark.pango
    def test_figures_of_the_pdf_are_those_of_the_home_page(self, client: Client) -> None:
        for day in ("2021-06-30", "2022-02-01", "2023-02-01"):
            home = client.get("/", {"au": day}).context
            text = written(client.get("/note.pdf", {"au": day}).content)
            for count in home["counters"]:
                assert f"{count.value} {count.label}".replace("\xa0", " ") in text

    @pytest.mark.parametrize("path", ["/note/", "/note.odt", pytest.param("/note.pdf", marks=pytest.mark.pango)])
    def test_the_permanent_address_gives_the_same_note_after_what_is_written_since(
        self, client: Client, path: str
    ) -> None:
        before = client.get("/note/?au=2022-02-01")
        permanent = before.context["asked"].permanent(path)
        DeclarationFactory(
            commitment=Commitment.objects.get(ref="O-30"), status="abandoned", declared_on=date(2021, 12, 1)
        )
        Version.bump()
        assert client.get("/note/?au=2022-02-01").context["note"] != before.context["note"]
        again = client.get(permanent)
        assert again.status_code == 200
        if path == "/note/":
            assert again.context["note"] == before.context["note"]
        assert "connu_au=" in permanent
        assert "du=" in permanent

    def test_the_file_bears_its_day_and_its_ministry(self, client: Client) -> None:
        response = client.get("/note.odt?au=2022-02-01&ministere=MENJS")
        assert 'filename="bothorel-note-menjs-au-2022-02-01.odt"' in response["Content-Disposition"]

    def test_the_note_of_one_ministry_tells_of_no_other(self, client: Client) -> None:
        note = client.get("/note/?au=2022-02-01&ministere=MENJS").context["note"]
        assert [row.ministry.code for row in note.rows] == ["MENJS"]
        assert {line.who for section in (note.late, *note.second_page) for line in section.lines} <= {"MENJS"}

    def test_every_link_of_the_page_answers(self, client: Client) -> None:
        page = read(client.get("/note/?au=2022-02-01").content.decode())
        links = {link.replace("http://127.0.0.1:8000", "") for link in page.links}
        internal = sorted(link for link in links if link.startswith("/") and not link.startswith("/note.pdf"))
        assert len(internal) > 20
        assert {link: code for link in internal if (code := client.get(link).status_code) != 200} == {}

    def test_an_unchanged_file_costs_one_read(self, client: Client, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        Version.bump()
        tag = client.get("/note.odt?au=2022-02-01")["ETag"]
        with django_assert_num_queries(1):
            assert client.get("/note.odt?au=2022-02-01", headers={"if-none-match": tag}).status_code == 304
        Version.bump()
        assert client.get("/note.odt?au=2022-02-01", headers={"if-none-match": tag}).status_code == 200


@pytest.mark.usefixtures("reference")
class TestRefusals:
    @pytest.mark.parametrize("path", ["/note/", "/note.pdf", "/note.odt"])
    @pytest.mark.parametrize(
        ("query", "told"),
        [
            ("au=hier", "un jour écrit AAAA-MM-JJ"),
            ("ministere=XX", "valeurs possibles"),
            ("du=2022-31-12", "un jour écrit AAAA-MM-JJ"),
            ("au=2022-02-01&du=2022-02-02", "un jour qui ne suit pas «\u00a0au\u00a0»"),
            ("connu_au=demain", "un instant écrit"),
            ("du=2021-01-01&du=2021-01-02", "une seule valeur"),
            ("x=1", "paramètre inconnu"),
        ],
    )
    def test_what_is_not_understood_is_said(self, client: Client, path: str, query: str, told: str) -> None:
        response = client.get(f"{path}?{query}")
        assert response.status_code == 400
        assert told in response.content.decode()

    @pytest.mark.parametrize("path", ["/note/", "/note.pdf", "/note.odt"])
    def test_an_address_of_before_leads_to_the_same_note(self, client: Client, path: str) -> None:
        """« du » was called « depuis »: permanent addresses are on paper."""
        asked = "au=2022-02-01&connu_au=2026-06-15T08:00:00Z"
        response = client.get(f"{path}?{asked}&depuis=2021-10-01")
        assert (response.status_code, response["Location"]) == (301, f"{path}?{asked}&du=2021-10-01")
        assert client.get(f"{path}?{asked}&depuis=hier&du=2021-10-01").status_code == 400

    def test_an_instant_to_come_is_refused(self, client: Client) -> None:
        later = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert client.get(f"/note/?connu_au={later}").status_code == 400

    def test_without_pango_the_page_is_offered(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf_module, "missing", lambda: "cannot load library 'libpango-1.0-0'")
        response = client.get("/note.pdf?au=2022-02-01&ministere=MENJS")
        assert response.status_code == 503
        html = response.content.decode()
        assert "imprimez-la" in html
        assert client.get(next(link for link in read(html).links if link.startswith("/note/?"))).status_code == 200

    def test_a_state_operator_s_note_reads_the_same(self, client: Client, settings: LazySettings) -> None:
        settings.STATE_BRAND = True
        assert "Note RIM" in client.get("/note/?au=2022-02-01").content.decode()
