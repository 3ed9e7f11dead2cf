"""The operator's pages: who comes in, who writes, and how few questions they ask."""

import pytest
from django.test import Client

from commitments.braking import pulled
from commitments.findings import State
from commitments.models import (
    Verdict,
)
from ministries import addressing, operating
from ministries.models import Act
from tests.brakes import pull
from tests.factories import DeliverableFactory
from tests.ministries.people import NOW, TODAY
from tests.ministries.workspace.desk import PROOF, ROBOT, WITHOUT_FRESH, counted, definition, findings, negative, text
from tests.ministries.workspace.desk import today as today

pytestmark = pytest.mark.django_db

NOT_OPERATORS = ("amdac", "contributor", "cabinet", "of_another_ministry")
OUTSIDE = ("former", "future", "without_mandate", "closed", "anonymous")


# --- who comes in, who writes ----------------------------------------------------------------------------------------


def posts(house):
    """Every form of these pages, as it would succeed for an operator."""
    pull(NOW)
    verdict = negative(house)
    exception = operating.spare(house.author("operator"), host="ancien.fr", reason="panne", until=TODAY)
    deliverable = house.commitment.deliverables.get().pk
    return [
        (ROBOT, {"acte": "confirmer", "seen": pulled(TODAY).mark, "reason": "vrai"}),
        (ROBOT, {"acte": "excepter", "host": "exemple.fr", "until": "2026-06-30", "reason": "migration"}),
        (ROBOT, {"acte": "finir", "seen": exception.pk, "reason": "finie"}),
        (findings(house), {"acte": "constater", "state": "open", "evidence_url": PROOF}),
        (findings(house), {"acte": "fausse-alerte", "seen": verdict.pk, "reason": "panne"}),
        (definition(house), {"acte": "definir", "deliverable": deliverable, "criteria": WITHOUT_FRESH, "reason": "x"}),
    ]


@pytest.mark.parametrize("who", [*NOT_OPERATORS, *OUTSIDE])
def test_who_does_not_operate_writes_nothing_by_any_form(come, house, who):
    forms = posts(house)
    before = counted()
    for path, data in forms:
        answer = come(who).post(path, data)
        assert answer.status_code in (302, 403, 404, 422), path
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/connexion/")
    assert counted() == before
    assert come(who).get(ROBOT).status_code in (302, 403)


def test_an_operator_writes_by_each_form(come, house):
    client = come("operator")
    for path, data in posts(house):
        before = counted()
        answer = client.post(path, data)
        assert (answer.status_code, answer.headers.get("Location")) == (302, path)
        assert counted() != before
        assert client.get(path).status_code == 200
    assert Act.objects.filter(channel="form").count() == 7


def test_the_menu_shows_the_robot_to_operators_alone(come, house):
    assert f'href="{ROBOT}"' in text(come("operator").get("/espace/"))
    assert f'href="{ROBOT}"' not in text(come("amdac").get("/espace/"))


def test_these_pages_are_kept_by_no_cache_and_want_the_token(house):
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.agents["operator"], backend="django.contrib.auth.backends.ModelBackend")
    for path in (ROBOT, findings(house), definition(house)):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
        assert client.post(path, {"acte": "excepter"}).status_code == 403


@pytest.mark.parametrize("who", ["amdac", "contributor", "cabinet"])
def test_a_ministry_reads_findings_and_definitions_and_is_told_who_changes_them(come, house, who):
    negative(house)
    shown = text(come(who).get(findings(house)))
    assert "Constats négatifs du robot" in shown
    assert "Noter ce constat" not in shown
    assert "Signaler comme fausse alerte" not in shown
    shown = text(come(who).get(definition(house)))
    assert "Seul un opérateur change une définition" in shown
    assert "<button>Enregistrer" not in shown
    assert ("par <a href=" in shown) == (who == "amdac")
    assert come("of_another_ministry").get(definition(house)).status_code == 404
    assert come("of_another_ministry").get(findings(house)).status_code == 404


def test_the_page_of_a_promise_leads_there(come, house):
    shown = text(come("amdac").get(f"/espace/promesses/{house.commitment.ref}/"))
    assert f'href="{findings(house)}"' in shown
    assert f'href="{definition(house)}"' in shown


# --- counted ---------------------------------------------------------------------------------------------------------


def test_the_queries_of_these_pages_do_not_grow(come, house, django_assert_max_num_queries):
    pull(NOW, kept=30, falling=15, ministry=house.ministry)
    for number in range(10):
        operating.spare(house.author("operator"), host=f"h{number}.fr", reason="x", until=TODAY)
        addressing.read(house.author("operator"), house.commitment, state="open", evidence_url=PROOF)
        DeliverableFactory(commitment=house.commitment)
    negative_ones = Verdict.objects.filter(state=State.PARTIAL)
    client = come("operator")
    with django_assert_max_num_queries(24):
        assert client.get(ROBOT).status_code == 200
    operating.answer_brake(house.author("operator"), confirm=True, reason="x", seen=pulled(TODAY).mark)
    for verdict in negative_ones[:10]:
        operating.mark(house.author("operator"), verdict, reason="x")
    with django_assert_max_num_queries(16):
        assert client.get(ROBOT).status_code == 200
    with django_assert_max_num_queries(14):
        assert client.get(findings(house)).status_code == 200
    with django_assert_max_num_queries(10):
        assert client.get(definition(house)).status_code == 200
