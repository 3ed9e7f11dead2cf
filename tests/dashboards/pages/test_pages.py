"""Every public page, read as a browser without JavaScript reads it."""

import re
from datetime import date, timedelta
from urllib.parse import urljoin

import pytest
from django.conf import LazySettings
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from commitments.models import Commitment
from commitments.rules import RULES
from dashboards.pages import method
from tests.dashboards.pages.languages import hear
from tests.dashboards.pages.reading import query, read
from tests.factories import CommitmentFactory
from tests.reading import text

PAGES = (
    "/",
    "/promesses/",
    "/promesses/O-10-affelnet-lycee-code/",
    "/ministeres/",
    "/ministeres/menjs/",
    "/ministeres/remaniements/",
    "/recommandations/",
    "/recommandations/34/",
    "/citp/",
    "/citp/5/",
    "/contradictions/",
    "/methode/",
    "/sante/",
    "/donnees/",
    "/api/",
    "/accessibilite/",
    "/mentions-legales/",
)
SPOKEN = (
    *(path for path in PAGES if path != "/donnees/"),  # where the values of the files are explained
    *("/ministeres/mte-mer/", "/changements/?du=2021-02-05", "/echeances/", "/note/"),
)
PAST = "2022-02-01"


@pytest.mark.usefixtures("reference", "pages_kept")
class TestEveryPage:
    @pytest.mark.parametrize("path", PAGES)
    @pytest.mark.parametrize("day", ["", PAST])
    def test_answers_in_french_with_one_title(self, client: Client, path: str, day: str) -> None:
        response = client.get(path, {"au": day} if day else {})
        assert response.status_code == 200
        page = read(response.content.decode())
        assert page.language == "fr"
        assert len(page.texts["h1"]) == 1
        assert len(page.texts["title"]) == 1
        assert page.inline == [], "no inline style nor handler: the CSP would block them"
        assert len(page.ids) == len(set(page.ids))
        assert '<link rel="canonical"' in response.content.decode()

    def test_titles_are_all_different(self, client: Client) -> None:
        titles = [read(client.get(path).content.decode()).texts["title"][0] for path in PAGES]
        assert len(set(titles)) == len(titles)

    @pytest.mark.parametrize("path", PAGES)
    def test_links_keep_the_day(self, client: Client, path: str) -> None:
        page = read(client.get(path, {"au": PAST}).content.decode())
        # A feed, a record kept, a schema and what describes them are the same whatever the day.
        for_ever = (".atom", ".ics", "/preuves/", "/donnees/schemas/", ".jsonld", "/api/v1/docs/")
        # What is reported is reported today.
        for_ever += ("/signaler/",)
        lost = [link for link in page.internal if "au" not in query(link) and not any(x in link for x in for_ever)]
        assert [link.split("?")[0] for link in lost] in ([path], [path, "/api/v1/status/", "/api/v1/schema/"])

    @pytest.mark.parametrize("path", PAGES)
    def test_internal_pages_answer(self, client: Client, path: str) -> None:
        page = read(client.get(path, {"au": PAST}).content.decode())
        links = {link.split("#")[0] for link in page.internal if not link.startswith("/api/v1/")}
        for link in sorted(links)[:25]:
            assert client.get(link).status_code == 200, link

    @pytest.mark.parametrize("path", SPOKEN)
    def test_no_name_of_the_code_is_read(self, client: Client, path: str) -> None:
        """A reader knows « MTE-MER », which addresses and the API write with an underscore."""
        said = [text for _, text in hear(client.get(path).content.decode()).said if "http" not in text]
        assert [text for text in said if re.search(r"[A-Za-z]_[A-Za-z]", text)] == []

    @pytest.mark.parametrize("path", PAGES)
    def test_only_reads(self, client: Client, path: str) -> None:
        assert client.post(path).status_code == 405

    def test_the_home_page_is_small(self, client: Client) -> None:
        assert len(client.get("/").content) < 60_000


@pytest.mark.usefixtures("reference")
class TestWrongAddresses:
    @pytest.mark.parametrize(
        ("address", "parameter", "value"),
        [
            ("/?au=hier", "au", "hier"),
            ("/?au=2022-02-30", "au", "2022-02-30"),
            ("/?au=2999-01-01", "au", "2999-01-01"),
            ("/?q=mots", "q", "mots"),
            ("/promesses/?constat=bon", "constat", "bon"),
            ("/promesses/?ministere=XX&q=ecole", "ministere", "XX"),
            ("/promesses/?page=0", "page", "0"),
            ("/promesses/?page=99", "page", "99"),
            ("/promesses/?page=deux", "page", "deux"),
            ("/promesses/?tri=x", "tri", "x"),
            ("/ministeres/menjs/?vue=retard", "vue", "retard"),
            ("/contradictions/?nature=x", "nature", "x"),
            ("/contradictions/?q=x", "q", "x"),
            ("/methode/?au=x", "au", "x"),
            ("/graphiques/ministeres.csv?au=x", "au", "x"),
        ],
    )
    def test_the_page_says_which_value_is_wrong(
        self, client: Client, address: str, parameter: str, value: str
    ) -> None:
        response = client.get(address)
        assert response.status_code == 400
        html = text(response)
        assert f"<code>{parameter}</code> vaut <code>{value}</code>" in html

    def test_the_way_back_keeps_the_rest(self, client: Client) -> None:
        html = client.get("/promesses/?au=2022-02-01&q=école&constat=bon").content.decode()
        back = next(link for link in read(html).links if "q=" in link and not link.startswith("/en/"))
        assert query(back) == {"au": ["2022-02-01"], "q": ["école"]}
        assert client.get(back).status_code == 200

    def test_a_day_to_come_is_refused_with_words(self, client: Client) -> None:
        tomorrow = timezone.localdate() + timedelta(days=1)
        response = client.get("/", {"au": tomorrow.isoformat()})
        assert response.status_code == 400
        assert "ce jour est à venir" in response.content.decode()

    def test_a_value_is_shown_as_text(self, client: Client) -> None:
        html = client.get("/", {"au": "<script>alert(1)</script>"}).content.decode()
        assert "<script>alert" not in html

    @pytest.mark.parametrize(
        "path", ["/promesses/O-99/", "/promesses/O-99-rien/", "/ministeres/rien/", "/citp/99/", "/x"]
    )
    def test_what_does_not_exist_is_404(self, client: Client, path: str) -> None:
        response = client.get(path)
        assert response.status_code == 404
        assert "Cette page n’existe pas" in response.content.decode()

    @pytest.mark.parametrize(
        "path", ["/promesses/O-10/", "/promesses/O-10-ancien-titre/", "/promesses/o-10-affelnet-lycee-code/"]
    )
    def test_another_slug_leads_to_the_right_one(self, client: Client, path: str) -> None:
        response = client.get(path, {"au": PAST})
        assert response.status_code == 301
        assert response["Location"] == f"/promesses/O-10-affelnet-lycee-code/?au={PAST}"

    def test_a_promise_not_announced_yet(self, client: Client) -> None:
        response = client.get("/promesses/O-15/", {"au": "2021-04-01"})
        assert response.status_code == 404
        assert "a été annoncée le 29\u00a0avril\u00a02021" in response.content.decode()


@pytest.mark.usefixtures("reference", "pages_kept")
class TestOnePromise:
    def test_the_delay_stands_beside_the_first_date(self, client: Client) -> None:
        promise = Commitment.objects.get(ref="O-30")
        html = client.get(promise.get_absolute_url(), {"au": "2023-02-01"}).content.decode()
        assert "en retard de 489 jours — prévu T3 2021" in html
        assert "non constaté à l’adresse indiquée" in html
        assert promise.wording.replace("'", "&#x27;") in html

    def test_the_three_streams_are_three(self, client: Client) -> None:
        page = read(client.get("/promesses/O-10-affelnet-lycee-code/", {"au": PAST}).content.decode())
        assert page.texts["h2"][:3] == ["Promis", "Déclaré", "Constaté"]

    def test_every_date_announced_is_there(self, client: Client) -> None:
        html = client.get("/promesses/O-10-affelnet-lycee-code/").content.decode()
        for raw in ("d&#x27;ici fin 2021", "T2 2021", "T3 2021"):
            assert raw in html

    def test_rules_are_linked_to_their_sentence(self, client: Client) -> None:
        anchors = set(read(client.get("/methode/").content.decode()).ids)
        asked = set()
        for promise in Commitment.objects.all():
            page = read(client.get(promise.get_absolute_url(), {"au": PAST}).content.decode())
            asked |= {link.split("#")[1] for link in page.links if "/methode/" in link and "#" in link}
        assert asked
        assert asked <= anchors

    def test_a_promise_kept_before_it_was_made(self, client: Client) -> None:
        said = [
            promise.ref
            for promise in Commitment.objects.all()
            if "Déjà en ligne avant la promesse" in client.get(promise.get_absolute_url()).content.decode()
        ]
        assert said


@pytest.mark.usefixtures("reference")
class TestDocuments:
    def test_seven_engagements_were_not_read(self, client: Client) -> None:
        html = client.get("/citp/5/").content.decode()
        assert html.count(">texte non repris<") == 7

    def test_thirty_seven_recommendations(self, client: Client) -> None:
        page = read(client.get("/recommandations/").content.decode())
        assert sum(1 for anchor in page.ids if anchor.startswith("n") and anchor[1:].isdigit()) == 37

    def test_the_method_prints_every_rule(self, client: Client) -> None:
        anchors = set(read(client.get("/methode/").content.decode()).ids)
        assert set(RULES) <= anchors
        assert {f"constat-{state}" for state in method.STATES} <= anchors
        assert {f"critere-{c.code}" for c in method.criteria()} <= anchors


@pytest.mark.usefixtures("reference")
class TestTheList:
    def test_words_are_found_without_accents(self, client: Client) -> None:
        html = client.get("/promesses/", {"q": "ecoles lycees"}).content.decode()
        assert "Écoles, collèges, lycées" in html

    def test_the_count_is_announced(self, client: Client) -> None:
        page = client.get("/promesses/", {"ministere": "MENJS"}).content.decode()
        rows = len(read(page).texts["tr"]) - 1
        assert f"<strong>{rows}\u00a0promesses</strong>" in page
        assert 'role="status"' in page

    def test_nothing_found_is_said(self, client: Client) -> None:
        assert "Aucune promesse ne répond" in client.get("/promesses/", {"q": "zzz"}).content.decode()

    def test_a_filter_is_removed_by_a_link(self, client: Client) -> None:
        html = client.get("/promesses/", {"ministere": "MENJS", "constat": "unknown", "au": PAST}).content.decode()
        asked = [query(link) for link in read(html).links if link.startswith("/promesses/?")]
        assert {"constat": ["unknown"], "au": [PAST]} in asked
        assert {"ministere": ["MENJS"], "au": [PAST]} in asked

    def test_pages_of_a_long_list_keep_the_filters(self, client: Client) -> None:
        for _ in range(60):
            CommitmentFactory(title="Très long titre")
        html = client.get("/promesses/", {"q": "tres long"}).content.decode()
        assert "Page 1 sur 2" in html
        following = next(link for link in read(html).links if "page=2" in link)
        assert "Page 2 sur 2" in client.get(urljoin("/promesses/", following)).content.decode()


class TestErrors:
    def test_the_error_page_stands_alone(self, client: Client) -> None:
        html = render_to_string("500.html")
        assert "Le site a rencontré une erreur" in html

    def test_not_found_asks_no_database(self, client: Client) -> None:
        assert client.get("/rien").status_code == 404

    def test_robots(self, client: Client) -> None:
        assert b"Disallow: /*?*au=" in client.get("/robots.txt").content


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("brand", [True, False])
def test_the_state_brand_is_never_there_by_default(client: Client, settings: LazySettings, brand: bool) -> None:
    settings.STATE_BRAND = brand
    html = client.get("/", {"au": date(2022, 2, 1).isoformat()}).content.decode()
    assert ("République" in html) is brand
    assert ("dsfr" in html) is brand
    assert ("site non officiel" in html.lower()) is not brand
