"""The workspace: who comes in, and what waits for them."""

from datetime import timedelta

import pytest

from ministries import addressing, declaring, postponing
from ministries.asking import reasons
from ministries.campaigns.holding import open_campaign
from ministries.models import Declaration
from ministries.standing import standing
from ministries.words import last_word
from tests.factories import DeclarationFactory
from tests.ministries.people import TODAY
from tests.ministries.workspace.reading import at
from tests.ministries.workspace.reading import today as today
from tests.reading import text

pytestmark = pytest.mark.django_db

INSIDE = ("amdac", "contributor", "cabinet", "operator")


# --- coming in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/espace/", "/espace/journal/", "/espace/promesses/X/"])
def test_who_is_not_signed_in_is_shown_the_way_back(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/connexion/?next={path}")
    assert client.post(path).status_code == 302


@pytest.mark.parametrize("who", ["former", "future", "without_mandate"])
def test_no_mandate_in_force_the_door_is_closed_and_says_why(come, house, who):
    answer = come(who).get("/espace/")
    assert answer.status_code == 403
    said = "Votre mandat a pris fin le 15 juin 2026" if who == "former" else "Aucun mandat en cours"
    assert said in text(answer)
    assert house.commitment.title not in text(answer)


@pytest.mark.parametrize("who", INSIDE)
def test_each_role_enters_and_is_kept_by_no_cache(come, house, who):
    for path in ("/espace/", at(house.commitment), "/espace/journal/"):
        answer = come(who).get(path)
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert 'name="robots" content="noindex"' in text(answer)


def test_each_sees_the_lines_of_their_ministry_and_no_other(come, house):
    html = text(come("amdac").get("/espace/"))
    assert house.commitment.title in html
    assert house.third.title not in html
    assert house.third.title in text(come("operator").get("/espace/"))
    assert come("amdac").get(at(house.third)).status_code == 404
    assert come("amdac").get(f"/espace/?ministere={house.other.code}").status_code == 404


def test_a_draft_promise_is_shown_to_its_ministry_alone(come, house):
    hidden = house.another(visibility="draft", title="promesse tout à fait secrète")
    assert hidden.title in text(come("cabinet").get("/espace/"))
    assert come("amdac").get(at(hidden)).status_code == 200
    assert come("of_another_ministry").get(at(hidden)).status_code == 404
    assert hidden.title not in text(come("of_another_ministry").get("/espace/?vue=tout"))


# --- what waits ------------------------------------------------------------------------------------------------------


def why(commitment):
    return [one.code for one in reasons(standing(commitment.ref, TODAY), last_word(commitment, until=TODAY))]


def test_what_was_answered_otherwise_than_by_a_state_is_said_so(come, house):
    told = {"closes_on": TODAY + timedelta(days=9), "occasion": "rim", "held_on": TODAY + timedelta(days=20)}
    open_campaign(house.author("operator"), label="T2 2026", **told)
    scope = {"aspect": "coverage", "after": "la métropole", "reason": "décret"}
    postponing.change_scope(house.author(), house.commitment.deliverables.get(), seen=None, **scope)
    page = come("amdac").get("/espace/")
    assert [line.commitment for line in page.context["answered"]] == [house.commitment]
    assert "périmètre changé, le 15 juin 2026" in text(page)
    postponing.postpone(
        house.author(), house.commitment, raw="T3 2027", reason="décret", seen=house.commitment.deadlines.get().pk
    )
    assert "échéance déplacée, le 15 juin 2026" in text(come("amdac").get("/espace/"))


def test_what_waits_is_due_late_contradicted_or_silent(house):
    assert why(house.commitment) == ["silent"]
    DeclarationFactory(commitment=house.commitment, declared_on=TODAY - timedelta(days=90))
    assert why(house.commitment) == []
    Declaration.objects.update(declared_on=TODAY - timedelta(days=91))
    assert why(house.commitment) == ["silent"]
    Declaration.objects.update(declared_on=TODAY)
    house.commitment.deadlines.update(last_day=TODAY + timedelta(days=90))
    assert why(house.commitment) == ["due"]
    house.commitment.deadlines.update(last_day=TODAY - timedelta(days=1))
    assert why(house.commitment) == ["late"]
    addressing.read(house.author("operator"), house.commitment, state="open", evidence_url="https://exemple.fr/x")
    assert why(house.commitment) == ["contradicted"]
    last = Declaration.objects.get().pk
    declaring.abandon(house.author(), house.commitment, reason="fin", seen=last)
    assert "late" not in why(house.commitment)


def test_the_contradicted_come_first_then_the_late_the_due_the_silent(come, house):
    late, contradicted, due = house.another(), house.another(), house.another()
    late.deadlines.update(first_day=None, last_day=TODAY - timedelta(days=400))
    due.deadlines.update(last_day=TODAY + timedelta(days=10))
    addressing.read(house.author("operator"), contradicted, state="open", evidence_url="https://exemple.fr/x")
    html = text(come("amdac").get("/espace/"))
    places = [html.index(f">{one.title}<") for one in (contradicted, late, due, house.commitment)]
    assert places == sorted(places)


def test_what_was_answered_this_month_is_set_apart(come, house):
    declaring.declare(house.author(), house.commitment, status="in_progress", seen=None)
    house.commitment.deadlines.update(last_day=TODAY + timedelta(days=10))
    html = text(come("amdac").get("/espace/"))
    assert "Rien n’attend de réponse" in html
    assert "Répondu depuis moins de 30 jours" in html
    assert f'name="ligne" value="{house.commitment.pk}"' in text(come("amdac").get("/espace/?vue=tout"))


@pytest.mark.parametrize("path", ["/espace/", "promise"])
def test_pages_cost_the_same_whatever_the_number_of_lines(come, house, path, django_assert_max_num_queries):
    for _ in range(25):
        house.another()
    client = come("amdac")
    with django_assert_max_num_queries(45):
        assert client.get(at(house.commitment) if path == "promise" else path).status_code == 200
