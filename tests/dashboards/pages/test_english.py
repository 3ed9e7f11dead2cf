"""Every page in English: its own address, its own words, the same figures, and French said to be French."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone, translation

from commitments.models import Commitment, PollRun, Version
from dashboards import languages
from dashboards.pages import keeping, words
from ministries.models import Declaration
from ministries.timeliness import Code, Timeliness, phrases, sentence
from tests.dashboards.pages.languages import Spoken, hear
from tests.dashboards.pages.reading import read
from tests.factories import DeclarationFactory, LocationFactory
from tests.observed import observe

PAST = "2023-02-01"
PROMISE = "/promesses/O-10-affelnet-lycee-code/"
PAGES = (
    "/",
    "/promesses/",
    "/promesses/?q=ecole&constat=unmet",
    PROMISE,
    "/ministeres/",
    "/ministeres/menjs/",
    "/ministeres/remaniements/",
    "/recommandations/",
    "/recommandations/34/",
    "/citp/",
    "/citp/5/",
    "/contradictions/",
    "/changements/?du=2022-02-01",
    "/echeances/",
    "/campagnes/",
    "/methode/",
    "/sante/",
    "/donnees/",
    "/api/",
    "/accessibilite/",
    "/mentions-legales/",
)
FRENCH = re.compile(
    r"\b(?:le|la|les|des|une|est|sont|du|aux?|dans|pour|par|pas|qui|que|avec|ce|cette|sans|et|sur|ou)\b"
    r"|\b[ldn]['’]|[éèêàçùôîûœ«]",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d+")
OF_THOUSANDS = re.compile(r"(?<=\d)[,\s](?=\d{3}\b)")


def numbers(text: str) -> list[str]:
    return NUMBER.findall(OF_THOUSANDS.sub("", text))


def english(path: str, day: str = "") -> str:
    return f"/en{path}" + (f"{'&' if '?' in path else '?'}au={day}" if day else "")


def answered(client: Client, path: str, status: int = 200) -> HttpResponse:
    response = client.get(path)
    assert response.status_code == status, path
    return response


def heard(client: Client, path: str, status: int = 200) -> Spoken:
    return hear(answered(client, path, status).content.decode())


def whole(page: Spoken) -> str:
    """All that is said in English, with plain spaces."""
    return " ".join(page.of("en")).replace("\u00a0", " ")


def french_words(page: Spoken) -> list[str]:
    """What an English voice would read in French: all but addresses, and names in the page's own title."""
    title = next(text for text in page.of("en") if text.endswith(" · Bothorel"))
    names = title.removesuffix(" · Bothorel").rpartition(" (")[0]
    said = (text for text in page.of("en") if text != title and not text.startswith("http"))
    return [text for text in said if FRENCH.search(text.replace(names, "") if names else text)]


@pytest.mark.usefixtures("reference", "pages_kept")
class TestEveryPage:
    @pytest.mark.parametrize("path", PAGES)
    @pytest.mark.parametrize("day", ["", PAST])
    def test_it_is_in_english_and_says_what_is_not(self, client: Client, path: str, day: str) -> None:
        if day and "du=" in path:
            day = PAST
        response = answered(client, english(path, day))
        page = read(response.content.decode())
        assert page.language == "en"
        assert response["Content-Language"] == "en"
        assert (len(page.texts["h1"]), page.inline, len(page.ids)) == (1, [], len(set(page.ids)))
        assert french_words(hear(response.content.decode())) == []

    @pytest.mark.parametrize("path", PAGES)
    def test_the_figures_are_those_of_the_french_page(self, client: Client, path: str) -> None:
        shown = [
            [numbers(cell) for cell in read(answered(client, address).content.decode()).texts.get("td", [])]
            for address in (path, english(path))
        ]
        assert shown[0] == shown[1]

    @pytest.mark.parametrize("path", PAGES)
    def test_it_asks_as_few_questions_of_the_base(self, client: Client, path: str) -> None:
        counts = []
        for address in (path, english(path)):
            keeping.forget()
            with CaptureQueriesContext(connection) as queries:
                answered(client, address)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    @pytest.mark.parametrize("path", PAGES)
    def test_each_version_names_the_other_and_keeps_the_day(self, client: Client, path: str) -> None:
        bare, question = path.split("?")[0], f"?au={PAST}"
        pages = [heard(client, address) for address in (f"{bare}{question}", f"/en{bare}{question}")]
        for page in pages:
            places = {code: there.removeprefix("http://127.0.0.1:8000") for code, there in page.alternates.items()}
            assert places == {
                "fr": bare + question,
                "en": f"/en{bare}{question}",
                "x-default": bare + question,
            }
        links = [
            read(client.get(address).content.decode()).links for address in (bare + question, english(path, PAST))
        ]
        assert f"/en{bare}{question}" in links[0]
        assert [link for link in links[1] if link.split("?")[0] == bare], "the way back to French"

    @pytest.mark.parametrize("path", PAGES)
    def test_links_and_forms_stay_in_english(self, client: Client, path: str) -> None:
        html = answered(client, english(path, PAST)).content.decode()
        back = path.split("?")[0]
        left = {
            link.split("?")[0].split("#")[0]
            for link in read(html).internal
            if not link.startswith("/en/") and not languages.IN_ONE_LANGUAGE.match(link.split("?")[0])
        }
        assert left == {back}
        assert [form for form in hear(html).forms if not form.startswith("/en/")] == []

    @pytest.mark.parametrize("path", PAGES)
    def test_its_links_answer(self, client: Client, path: str) -> None:
        links = {link.split("#")[0] for link in read(client.get(english(path, PAST)).content.decode()).internal}
        for link in sorted(link for link in links if link.startswith("/en/"))[:12]:
            assert client.get(link).status_code == 200, link

    def test_every_page_is_in_this_list(self) -> None:
        """A page that is added is added here, or the test of its English never runs."""
        tried = {get_resolver().resolve(path.split("?")[0]).url_name for path in PAGES}
        pages = {pattern.name for pattern in get_resolver("dashboards.pages.urls").url_patterns}
        assert pages - tried == {"search", "campaign", "chart-json", "spans-json"}


@pytest.mark.usefixtures("reference")
class TestAddresses:
    @pytest.mark.parametrize("header", ["en", "en-GB,en;q=0.9", "de"])
    @pytest.mark.parametrize("path", ["/", "/methode/", "/en/methode/"])
    def test_what_a_browser_prefers_changes_nothing(self, client: Client, path: str, header: str) -> None:
        plain = client.get(path)
        asked = client.get(path, headers={"Accept-Language": header})
        assert (asked.content, asked["ETag"]) == (plain.content, plain["ETag"])
        assert "Accept-Language" not in asked["Vary"]
        assert not asked.cookies

    def test_no_two_versions_bear_one_tag(self, client: Client) -> None:
        tags = [client.get(language + path)["ETag"] for language in ("", "/en") for path in ("/", "/methode/")]
        assert len(set(tags)) == len(tags)

    def test_a_tag_of_one_language_is_refused_for_the_other(self, client: Client) -> None:
        tag = client.get("/methode/")["ETag"]
        assert client.get("/en/methode/", headers={"If-None-Match": tag}).status_code == 200
        assert client.get("/methode/", headers={"If-None-Match": tag}).status_code == 304

    @pytest.mark.parametrize(
        ("asked", "there"),
        [
            ("/en/promesses/O-10/", f"/en{PROMISE}"),
            (f"/en/promesses/o-10-ancien-titre/?au={PAST}", f"/en{PROMISE}?au={PAST}"),
            ("/en/recherche/?q=O-10", f"/en{PROMISE}"),
            (f"/en/recherche/?q=reco+34&au={PAST}", f"/en/recommandations/34/?au={PAST}"),
            ("/en/recherche/?q=transport", "/en/promesses/?q=transport"),
            ("/en/recherche/", "/en/promesses/"),
            ("/en/methode", "/en/methode/"),
            ("/en", "/en/"),
        ],
    )
    def test_a_redirection_stays_in_english(self, client: Client, asked: str, there: str) -> None:
        assert client.get(asked)["Location"] == there

    @pytest.mark.parametrize(
        "path",
        ["/en/note/", "/en/api/v1/commitments/", "/en/changements.atom", "/en/sante.json", "/fr/", "/en/espace/"],
    )
    def test_what_exists_once_has_one_address(self, client: Client, path: str) -> None:
        assert client.get(path).status_code == 404

    @pytest.mark.parametrize("path", ["/note/", "/introuvable"])
    def test_a_page_of_one_language_offers_no_other(self, client: Client, path: str) -> None:
        page = hear(client.get(path).content.decode())
        assert page.alternates == {}
        assert "English" not in page.of("en")

    @pytest.mark.parametrize("path", ["/note/", "/changements.atom", "/api/v1/status/", "/graphiques/ministeres.csv"])
    def test_what_exists_once_is_in_french(self, client: Client, path: str) -> None:
        response = client.get(path, headers={"Accept-Language": "en"})
        assert response.status_code == 200
        assert not re.search(r"\b(?:Ministry|Promises|observed online|no answer)\b", response.content.decode())

    def test_the_chart_speaks_the_language_of_its_page(self, client: Client) -> None:
        names = [
            {trace["name"] for trace in client.get(f"{language}/graphiques/ministeres.json").json()["traces"]}
            for language in ("", "/en")
        ]
        assert "constatées" in names[0]
        assert "observed" in names[1]


@pytest.mark.usefixtures("reference")
class TestWords:
    def test_dates_numbers_and_delays(self, client: Client) -> None:
        promise = Commitment.objects.get(ref="O-30")
        page = whole(heard(client, f"/en{promise.get_absolute_url()}?au=2025-11-01"))
        assert "deadline passed by 1,493 days, not verified — planned" in page
        assert "Situation on 1 November 2025" in page

    @pytest.mark.parametrize("address", ["/en/promesses/?constat=bon", "/en/?au=2999-01-01", "/en/?au=hier"])
    def test_a_value_that_is_not_understood(self, client: Client, address: str) -> None:
        page = heard(client, address, 400)
        assert "This address is not understood" in page.of("en")
        assert french_words(page) == []

    def test_a_page_that_does_not_exist(self, client: Client) -> None:
        html = answered(client, "/en/introuvable/", 404).content.decode()
        assert (read(html).language, read(html).links) == ("en", ["/en/", "/en/promesses/", "/en/ministeres/"])
        assert french_words(hear(html)) == []

    def test_an_error_of_the_site(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("dashboards.pages.views.home.figures.summary", None)
        client = Client(raise_request_exception=False)
        page = answered(client, "/en/", 500).content.decode()
        assert read(page).language == "en"
        assert "The site has met an error" in page
        assert "Le site a rencontré une erreur" in answered(client, "/", 500).content.decode()

    def test_a_promise_not_announced_yet(self, client: Client) -> None:
        page = heard(client, "/en/promesses/O-15/?au=2021-04-01", 404)
        assert "was announced on 29 April 2021." in whole(page)

    def test_a_banner_is_read_once_and_told_in_each_language(self, client: Client) -> None:
        PollRun.objects.create(started_at=timezone.now(), status=PollRun.Status.SUSPENDED)
        Version.bump()
        assert "il est suspendu" in client.get("/").content.decode()
        assert "it is suspended" in client.get("/en/").content.decode()
        assert "il est suspendu" in client.get("/methode/").content.decode()

    def test_what_a_ministry_wrote_is_quoted_in_french(self, client: Client) -> None:
        promise = Commitment.objects.get(ref="O-10")
        DeclarationFactory(
            commitment=promise,
            status=Declaration.Status.IN_PROGRESS,
            comment="Le code sera publié & relu.",
            declared_on=promise.announced_on,
        )
        Version.bump()
        page = heard(client, f"/en{PROMISE}")
        assert any("Le code sera publié & relu." in text for text in page.of("fr"))
        assert "Declared: in progress" in page.of("en")
        assert french_words(page) == []

    def test_what_a_reading_does_not_say_is_not_announced(self, client: Client) -> None:
        for path in (PROMISE, f"/en{PROMISE}"):
            said = heard(client, path).said
            assert [
                text for _, text in said if re.fullmatch(r"[^:]+:", text.replace("\u00a0", "")) and "Licen" in text
            ] == []
            assert [text for _, text in said if text.startswith(("Accès constaté", "Access observed"))] == []

    def test_what_the_robot_saw(self, client: Client) -> None:
        promise = Commitment.objects.get(ref="O-10")
        location = LocationFactory(deliverable=promise.deliverables.first())
        probes = {"tried": 3, "total": 5, "answered": 1, "failed": ["a", "b"]}
        observe(location, timezone.localdate(), probes=probes, commits=True, refs=1)
        Version.bump()
        page = heard(client, f"/en{PROMISE}")
        assert "3 files tried of 5: 1 answers, 2 do not answer (“a”, “b”)." in whole(page)
        assert french_words(page) == []


DELAYS = [
    Timeliness(code, days, after, at_most)
    for code in Code
    for days in (None, 0, 1, 489)
    for after in (None, 1, 1489)
    for at_most in (False, True)
]


@pytest.mark.parametrize("found", DELAYS, ids=repr)
def test_a_delay_has_the_same_days_in_both_languages(found: Timeliness) -> None:
    with translation.override("en"):
        said = " ".join(translation.gettext(form).format(days=words.days(days)) for form, days in phrases(found))
    assert numbers(said) == numbers(sentence(found))
    assert not FRENCH.search(said)


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/", "/en/"),
        ("/en/", "/en/"),
        ("/promesses/?x=1", "/en/promesses/?x=1"),
        ("/endroit/", "/en/endroit/"),
        ("/note/", "/note/"),
        ("/note.pdf", "/note.pdf"),
        ("/api/", "/en/api/"),
        ("/api/v1/", "/api/v1/"),
        ("/preuves/3/", "/preuves/3/"),
        ("/graphiques/ministeres.csv", "/graphiques/ministeres.csv"),
        ("/graphiques/ministeres.json", "/en/graphiques/ministeres.json"),
        ("/ministeres/menjs/changements.atom", "/ministeres/menjs/changements.atom"),
    ],
)
def test_the_address_of_a_page_in_another_language(path: str, there: str) -> None:
    assert languages.localized(path, "en") == there
    assert languages.localized(languages.localized(path, "en"), "fr") == (path if path != "/en/" else "/")
