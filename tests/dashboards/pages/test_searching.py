"""Words, a number, a reference or the letters of a ministry lead where they should; documents tell what answered."""

from datetime import date

import pytest
from django.test import Client

from commitments.models import Engagement, Recommendation
from dashboards.pages.searching import acronyms
from ministries.models import Ministry
from ministries.standing import standings

PAST = "2022-02-01"


@pytest.mark.usefixtures("reference")
class TestSearch:
    @pytest.mark.parametrize("words", ["reco 34", "n° 34", "N°34", "recommandation n° 34", "Reco34", "34", "no 34"])
    def test_a_number_leads_to_its_recommendation(self, client: Client, words: str) -> None:
        response = client.get("/recherche/", {"q": words, "au": PAST})
        assert response["Location"] == f"/recommandations/34/?au={PAST}"
        assert client.get(response["Location"]).status_code == 200
        assert "/recommandations/34/" in client.get("/promesses/", {"q": words}).content.decode()

    @pytest.mark.parametrize("words", ["O-30", "o-30", "O30", " o-30 "])
    def test_a_reference_leads_to_its_promise(self, client: Client, words: str) -> None:
        location = client.get("/recherche/", {"q": words})["Location"]
        assert location.startswith("/promesses/O-30-")
        assert client.get(location).status_code == 200

    @pytest.mark.parametrize("words", ["MENJS", "menjs"])
    def test_letters_lead_to_their_ministry(self, client: Client, words: str) -> None:
        assert client.get("/recherche/", {"q": words})["Location"] == "/ministeres/menjs/"

    @pytest.mark.parametrize("words", ["MTE-MER", "mte_mer", "MTE"])
    def test_letters_as_the_pages_write_them(self, client: Client, words: str) -> None:
        assert client.get("/recherche/", {"q": words})["Location"] == "/ministeres/mte-mer/"

    def test_letters_borne_later_too(self, client: Client) -> None:
        ministry = Ministry.objects.get(code="MENJS")
        ministry.renamings = "2024 : devenu MENESR."
        ministry.save()
        assert client.get("/recherche/", {"q": "menesr"})["Location"] == "/ministeres/menjs/"
        assert "2024" not in acronyms(ministry)

    def test_anything_else_is_words(self, client: Client) -> None:
        location = client.get("/recherche/", {"q": "écoles & lycées", "au": PAST})["Location"]
        assert location.startswith("/promesses/?q=")
        response = client.get(location)
        assert response.context["question"].words == "écoles & lycées"
        assert response.context["question"].as_of == date(2022, 2, 1)

    def test_nothing_asked_lists_everything(self, client: Client) -> None:
        assert client.get("/recherche/")["Location"] == "/promesses/"

    @pytest.mark.parametrize("words", ["reco 99", "O-999", "XYZ", "https://ailleurs.exemple", "//ailleurs"])
    def test_what_names_nothing_stays_here(self, client: Client, words: str) -> None:
        location = client.get("/recherche/", {"q": words})["Location"]
        assert location.startswith("/promesses/?q=")
        assert client.get(location).status_code == 200

    def test_too_long_is_refused(self, client: Client) -> None:
        assert client.get("/recherche/", {"q": "a" * 201}).status_code == 400

    def test_every_page_has_it(self, client: Client) -> None:
        for path in ("/", "/methode/", "/citp/5/"):
            assert 'action="/recherche/"' in client.get(path).content.decode()


@pytest.mark.usefixtures("reference")
class TestWhatAnswered:
    def test_each_recommendation_has_its_page_and_says_what_answered(self, client: Client) -> None:
        answered = {r.number for s in standings(date(2022, 2, 1)) for r in s.commitment.recommendations.all()}
        assert 0 < len(answered) < 37
        for number in Recommendation.objects.values_list("number", flat=True):
            html = client.get(f"/recommandations/{number}/", {"au": PAST}).content.decode()
            assert ("Rien n’est rattaché" in html) is (number not in answered), number
            assert ("n’est pas une recommandation suivie" in html) is (number in answered)

    def test_an_unknown_number_is_not_found(self, client: Client) -> None:
        assert client.get("/recommandations/99/").status_code == 404

    def test_each_engagement_tells_its_promises_with_what_is_seen(self, client: Client) -> None:
        response = client.get("/citp/5/", {"au": PAST})
        lines = response.context["lines"]
        assert len(lines) == Engagement.objects.filter(citp__number=5).count()
        told = {s.ref for line in lines for s in line.promises}
        expected = {
            s.ref
            for s in standings(date.fromisoformat(PAST))
            if s.commitment.engagement and s.commitment.engagement.citp.number == 5
        }
        assert told == expected
        silent = sum(not line.promises for line in lines)
        assert response.content.decode().count("Aucune promesse suivie n’y répond.") == silent
