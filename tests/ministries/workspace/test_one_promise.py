"""The page of one promise: each act by its form, and nothing by who may not."""

import json

import pytest
from django.test import Client
from kombu.exceptions import OperationalError

from commitments.models import Candidate, Location, Watch
from ministries import declaring, postponing
from ministries.models import Act, Declaration, Draft
from tests.factories import LocationFactory
from tests.ministries.people import NOW, TODAY
from tests.ministries.workspace.reading import at, rows
from tests.ministries.workspace.reading import today as today
from tests.portal.faults import JSON, status
from tests.reading import text

pytestmark = pytest.mark.django_db

OUTSIDE = ("former", "future", "without_mandate", "closed")


# --- one promise -----------------------------------------------------------------------------------------------------


POSTS = {
    "declarer": {"status": "in_progress", "comment": "dit"},
    "reporter": {"raw": "T3 2027", "reason": "décret"},
    "abandonner": {"reason": "plus lieu d'être"},
    "repondre": {"text_": "la fiche a déménagé"},
    "adresse": {"address": "https://exemple.fr/jeu"},
    "perimetre": {"aspect": "access", "after_access": "restricted", "reason": "CNIL"},
    "remplacer": {"reason": "fusion"},
}


def posted(house, act):
    more = {
        "reporter": {"seen": house.commitment.deadlines.last().pk},
        "adresse": {"deliverable": house.commitment.deliverables.get().pk},
        "perimetre": {"deliverable": house.commitment.deliverables.get().pk},
        "remplacer": {"by": house.third.ref},
    }
    return {"acte": act, **POSTS[act], **more.get(act, {})}


@pytest.mark.parametrize("act", POSTS)
def test_an_amdac_does_each_act_by_its_form(come, house, act):
    before = rows(house)
    answer = come("amdac").post(at(house.commitment), posted(house, act))
    assert (answer.status_code, answer.headers["Location"]) == (302, at(house.commitment))
    assert rows(house) != before
    assert come("amdac").get(at(house.commitment)).status_code == 200


@pytest.mark.parametrize("act", [*POSTS, "constater", "verifier", "retirer", "rien"])
@pytest.mark.parametrize("who", ["anonymous", *OUTSIDE, "of_another_ministry", "cabinet"])
def test_who_may_not_writes_nothing_by_any_form(come, house, who, act):
    location = LocationFactory(deliverable=house.commitment.deliverables.get())
    data = posted(house, act) if act in POSTS else {"acte": act, "seen": location.pk, "state": "open"}
    before = rows(house)
    answer = come(who).post(at(house.commitment), data)
    assert answer.status_code in (302, 403, 404, 422)
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("/connexion/")
    assert rows(house) == before


def test_a_contributor_prepares_and_the_amdac_finds_it_ready(come, house):
    for act in POSTS.keys() - {"declarer"}:
        assert come("contributor").post(at(house.commitment), posted(house, act)).status_code == 422
    come("contributor").post(at(house.commitment), posted(house, "declarer"))
    draft = Draft.objects.get()
    html = text(come("amdac").get(at(house.commitment)))
    assert "pas encore publié" in html
    answer = come("amdac").post(at(house.commitment), {**posted(house, "declarer"), "draft": draft.pk})
    assert answer.status_code == 302
    assert Declaration.objects.get().draft == draft


def test_ids_of_others_are_refused_in_every_form(come, house):
    theirs = LocationFactory(deliverable=house.third.deliverables.get())
    candidate = Candidate.objects.create(
        deliverable=house.third.deliverables.get(),
        portal="datagouv_dataset",
        identifier="5" * 24,
        url="https://www.data.gouv.fr/datasets/x/",
        title="candidat",
        score=0.5,
        rank=1,
        method_version="1",
        first_proposed_at=NOW,
        last_proposed_at=NOW,
    )
    draft = declaring.prepare(house.author("of_another_ministry"), house.third, status="in_progress", seen=None)
    before = rows(house)
    client = come("amdac")
    for data in (
        {"acte": "retirer", "seen": theirs.pk},
        {"acte": "verifier", "seen": theirs.pk},
        {"acte": "candidat", "candidate": candidate.pk, "answer": "yes"},
        {"acte": "adresse", "deliverable": theirs.deliverable_id, "address": "https://exemple.fr/x"},
        {"acte": "perimetre", "deliverable": theirs.deliverable_id, **POSTS["perimetre"]},
        {"acte": "declarer", "status": "in_progress", "draft": draft.pk},
        {"acte": "declarer", "status": "done", "address": "https://e.fr/x", "deliverable": theirs.deliverable_id},
        {"acte": "repondre", "text_": "non", "verdict": 10**6},
    ):
        assert client.post(at(house.commitment), data).status_code == 422, data
    assert client.post(at(house.commitment), {"acte": "supprimer"}).status_code == 404
    assert rows(house) == before


def test_a_candidate_is_answered_by_who_answers_for_the_promise(come, house):
    candidate = Candidate.objects.create(
        deliverable=house.commitment.deliverables.get(),
        portal="datagouv_dataset",
        identifier="5" * 24,
        url="https://www.data.gouv.fr/datasets/x/",
        title="candidat",
        score=0.5,
        rank=1,
        reasons=[{"code": "title", "text": "titre voisin"}],
        method_version="1",
        first_proposed_at=NOW,
        last_proposed_at=NOW,
    )
    client = come("amdac")
    assert "Ce n’est pas ce qui était promis" in client.get(at(house.commitment)).content.decode()
    client.post(at(house.commitment), {"acte": "candidat", "candidate": candidate.pk, "answer": "yes"})
    assert candidate.decisions.get().by_function == "fonction amdac"
    assert house.commitment.deliverables.get().locations.get().url == candidate.url


def test_a_stale_page_shows_both_and_writes_neither_over_the_other(come, house):
    client = come("amdac")
    declaring.declare(house.author("operator"), house.commitment, status="in_progress", seen=None, comment="la leur")
    answer = client.post(at(house.commitment), {"acte": "declarer", "status": "not_started", "comment": "la mienne"})
    html = text(answer)
    assert answer.status_code == 422
    assert "la leur" in html
    assert "la mienne" in html
    assert Declaration.objects.count() == 1
    first = house.commitment.deadlines.get().pk
    postponing.postpone(house.author("operator"), house.commitment, raw="2028", reason="leur motif", seen=first)
    html = client.post(
        at(house.commitment), {"acte": "reporter", "raw": "2029", "reason": "mon motif", "seen": first}
    ).content.decode()
    assert "leur motif" in html
    assert "mon motif" in html


def test_stored_markup_is_text(come, house):
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    declaring.declare(
        house.author(),
        house.commitment,
        status="in_progress",
        seen=None,
        comment=evil,
        note=evil,
        obstacle_kind="law",
        obstacle=evil,
    )
    declaring.reply(house.author(), house.commitment, text_=evil)
    declaring.prepare(house.author("contributor"), house.commitment, status="done", seen=None, comment=evil)
    for path in ("/espace/?vue=tout", at(house.commitment), house.commitment.get_absolute_url()):
        html = text(come("amdac").get(path))
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_a_forged_request_is_refused(house):
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.agents["amdac"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/espace/", {"ligne": [house.commitment.pk]}).status_code == 403
    assert client.post(at(house.commitment), posted(house, "abandonner")).status_code == 403
    assert not Act.objects.exists()


def test_the_right_is_lost_at_once_with_the_session_still_open(come, house):
    client = come("amdac")
    assert client.get("/espace/").status_code == 200
    house.agents["amdac"].mandates.update(until=TODAY)
    assert client.get("/espace/").status_code == 403
    assert client.post(at(house.commitment), posted(house, "abandonner")).status_code == 403
    assert not Act.objects.exists()


# --- suggestions, checks ---------------------------------------------------------------------------------------------


def records(*titles):
    data = [
        {"title": t, "page": f"https://www.data.gouv.fr/datasets/{n}", "organization": {"name": "Shom"}}
        for n, t in enumerate(titles)
    ]
    return lambda exchange: exchange.send(200, json.dumps({"data": data}).encode(), JSON)


def test_done_without_an_address_is_met_with_what_the_portal_knows(come, house, portal, settings):
    settings.DATAGOUV_URL = portal.url
    portal.put("/api/2/datasets/search/", records("Limite terre-mer", "<b>autre</b>"))
    answer = come("amdac").post(at(house.commitment), {"acte": "declarer", "status": "done", "comment": "fait"})
    html = text(answer)
    assert "demande une adresse" in html
    assert 'value="https://www.data.gouv.fr/datasets/0"' in html
    assert "&lt;b&gt;autre&lt;/b&gt;" in html
    come("amdac").post(
        at(house.commitment),
        {"acte": "declarer", "status": "done", "suggestion": "https://www.data.gouv.fr/datasets/limite-terre-mer"},
    )
    assert Location.objects.get().portal == "datagouv_dataset"


@pytest.mark.parametrize("fault", [status(503), status(200, body=b"<html>"), status(429, retry_after=9)])
def test_a_portal_that_does_not_answer_costs_nothing_but_the_suggestions(come, house, portal, settings, fault):
    settings.DATAGOUV_URL = portal.url
    portal.put("/api/2/datasets/search/", fault)
    answer = come("amdac").get(at(house.commitment) + "?cherche=limite")
    assert answer.status_code == 200
    assert "écrivez l" in text(answer)


def test_a_check_is_asked_and_a_queue_that_is_down_is_said(come, house, monkeypatch):
    location = LocationFactory(deliverable=house.commitment.deliverables.get())
    sent = []
    monkeypatch.setattr("commitments.tasks.poll_batch.delay", lambda run, batch: sent.append(batch))
    client = come("contributor")
    client.post(at(house.commitment), {"acte": "verifier", "seen": location.pk})
    assert "Vérification demandée" in client.get(at(house.commitment)).content.decode()
    answer = client.post(at(house.commitment), {"acte": "verifier", "seen": location.pk})
    assert "déjà en cours" in text(answer)

    def down(run, batch):
        raise OperationalError("connection refused")

    monkeypatch.setattr("commitments.tasks.poll_batch.delay", down)
    Watch.objects.update(lease="", lease_until=None)
    client.post(at(house.commitment), {"acte": "verifier", "seen": location.pk})
    assert "en panne" in client.get(at(house.commitment)).content.decode()
    watch = Watch.objects.get()
    assert (watch.lease, watch.next_check_at) == ("", NOW)
