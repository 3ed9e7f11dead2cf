"""The workspace: who comes in, what waits, many lines at once, nothing lost, nothing private outside."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, get_resolver
from kombu.exceptions import OperationalError

from commitments.models import Candidate, Deadline, Location, Watch
from ministries import addressing, declaring, postponing
from ministries.asking import reasons
from ministries.campaigns.holding import open_campaign
from ministries.models import Act, Declaration, Draft, Reply, Responsibility, ScopeChange
from ministries.standing import standing
from ministries.words import last_word
from tests.factories import DeclarationFactory, LocationFactory, MandateFactory
from tests.ministries.people import NOW, TODAY
from tests.portal.faults import JSON, status

pytestmark = pytest.mark.django_db

SECRETS = ("note tout à fait privée", "préparation tout à fait secrète", "promesse tout à fait secrète")
INSIDE = ("amdac", "contributor", "cabinet", "operator")
OUTSIDE = ("former", "future", "without_mandate", "closed")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def text(answer):
    """What is read, with plain spaces."""
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def at(commitment):
    return f"/espace/promesses/{commitment.ref}/"


def line(commitment, *, seen="", **said):
    prefix = f"l{commitment.pk}"
    fields = {"seen": seen, "seen_deadline": commitment.deadlines.last().pk, **said}
    return {f"{prefix}-{name}": value for name, value in fields.items()}


def rows(house):
    return (
        Declaration.objects.count(),
        Draft.objects.count(),
        Deadline.objects.count(),
        Reply.objects.count(),
        ScopeChange.objects.count(),
        Location.objects.count(),
        Act.objects.count(),
    )


# --- coming in ---


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


# --- what waits ---


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


# --- many lines at once ---


def test_many_lines_are_answered_at_once(come, house):
    second, third, fourth = house.another(), house.another(), house.another()
    for one in (third, fourth):
        DeclarationFactory(commitment=one, declared_on=TODAY - timedelta(days=200), comment="déjà dit")
    client = come("amdac")
    answer = client.post(
        "/espace/",
        {
            "ligne": [one.pk for one in (house.commitment, second, third, fourth)],
            **line(house.commitment, status="in_progress", comment="recette en cours"),
            **line(second, status="in_progress", raw="T3 2027", reason="marché infructueux"),
            **line(third, seen=third.declarations.get().pk),
            **line(fourth, seen=fourth.declarations.get().pk),
            "reste": "1",
        },
    )
    assert answer.status_code == 302
    assert [one.declarations.last().nothing_new for one in (house.commitment, second, third, fourth)] == [0, 0, 1, 1]
    assert third.declarations.last().comment == "déjà dit"
    assert second.deadlines.last().raw == "T3 2027"
    html = client.get("/espace/").content.decode()
    assert "2 déclarations enregistrées" in html
    assert "1 report enregistré" in html
    assert {act.source for act in Act.objects.all()} == {"boîte de réception"}


def test_a_line_refused_costs_only_itself_and_keeps_what_was_typed(come, house):
    second = house.another()
    answer = come("amdac").post(
        "/espace/",
        {
            "ligne": [house.commitment.pk, second.pk],
            **line(house.commitment, status="in_progress", comment="bien"),
            **line(second, status="in_progress", comment="à garder", raw="31/09/2027", reason="x"),
        },
    )
    assert answer.status_code == 422
    html = text(answer)
    assert "1 ligne refusée" in html
    assert 'value="à garder"' in html
    assert 'value="31/09/2027"' in html
    assert house.commitment.declarations.count() == 1
    assert second.declarations.count() == 0


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"comment": "seul"}, "Choisissez un état"),
        ({"status": "nothing_new"}, "Rien n&#x27;a encore été déclaré"),
        ({"status": "done"}, "demande une adresse"),
        ({"status": "kept"}, "Sélectionnez un choix valide"),
        ({"status": "in_progress", "seen": "pas un nombre"}, "rechargez la page"),
        ({"status": "in_progress", "reason": "sans date"}, "Quelle est la nouvelle échéance"),
    ],
)
def test_what_a_line_lacks_is_said_on_the_line(come, house, said, sentence):
    answer = come("amdac").post("/espace/", {"ligne": [house.commitment.pk], **line(house.commitment, **said)})
    assert answer.status_code == 422
    assert sentence.replace("&#x27;", "’") in text(answer) or sentence in text(answer)
    assert not Declaration.objects.exists()


def test_a_late_line_never_answered_is_asked_its_obstacle_even_by_the_rest(come, house):
    DeclarationFactory(commitment=house.commitment, declared_on=TODAY - timedelta(days=200))
    house.commitment.deadlines.update(last_day=TODAY - timedelta(days=1))
    seen = Declaration.objects.get().pk
    answer = come("amdac").post(
        "/espace/", {"ligne": [house.commitment.pk], **line(house.commitment, seen=seen), "reste": "1"}
    )
    assert "dire ce qui fait obstacle est obligatoire" in text(answer)
    assert Declaration.objects.count() == 1


def test_the_obstacle_of_a_late_line_is_taken_up_unless_another_is_said(come, house):
    house.commitment.deadlines.update(first_day=None, last_day=TODAY - timedelta(days=1))
    DeclarationFactory(
        commitment=house.commitment,
        declared_on=TODAY - timedelta(days=200),
        obstacle_kind="law",
        obstacle="décret attendu",
    )
    first = Declaration.objects.get().pk
    assert "décret attendu <em>(repris" in text(come("amdac").get("/espace/"))
    said = {"status": "in_progress", "comment": "avance"}
    come("amdac").post("/espace/", {"ligne": [house.commitment.pk], **line(house.commitment, seen=first, **said)})
    second = Declaration.objects.last()
    assert (second.comment, second.obstacle_kind, second.obstacle) == ("avance", "law", "décret attendu")
    said |= {"obstacle_kind": "people", "obstacle": "un départ"}
    come("amdac").post("/espace/", {"ligne": [house.commitment.pk], **line(house.commitment, seen=second.pk, **said)})
    assert Declaration.objects.last().obstacle == "un départ"


def test_a_form_that_names_another_ministry_s_promise_writes_nothing_at_all(come, house):
    before = rows(house)
    for named in (house.third.pk, 10**9, "1 OR 1=1", "9" * 40):
        answer = come("amdac").post(
            "/espace/",
            {
                "ligne": [house.commitment.pk, named],
                **line(house.commitment, status="in_progress"),
                **line(house.third, status="in_progress"),
            },
        )
        assert answer.status_code == 403
    assert rows(house) == before


def test_two_browsers_on_one_line_lose_nothing(come, house):
    mine, theirs = come("amdac"), come("operator")
    first = {"ligne": [house.commitment.pk], **line(house.commitment, status="in_progress", comment="leur phrase")}
    second = {"ligne": [house.commitment.pk], **line(house.commitment, status="not_started", comment="ma phrase")}
    assert theirs.post("/espace/", first).status_code == 302
    answer = mine.post("/espace/", second)
    html = text(answer)
    assert answer.status_code == 422
    assert "leur phrase" in html
    assert 'value="ma phrase"' in html
    assert Declaration.objects.count() == 1
    seen = re.search(rf'name="l{house.commitment.pk}-seen" value="(\d+)"', html)[1]
    assert mine.post("/espace/", second | line(house.commitment, status="not_started", seen=seen)).status_code == 302
    assert [row.status for row in Declaration.objects.order_by("pk")] == ["in_progress", "not_started"]


def test_a_contributor_s_line_is_prepared_and_a_cabinet_s_is_not_there(come, house):
    asked = {"ligne": [house.commitment.pk], **line(house.commitment, status="in_progress", comment="à relire")}
    assert come("contributor").post("/espace/", asked).status_code == 302
    assert (Draft.objects.get().comment, Declaration.objects.count()) == ("à relire", 0)
    assert "lecture seule" in text(come("cabinet").get("/espace/"))
    assert come("cabinet").post("/espace/", asked).status_code == 422
    assert (Draft.objects.count(), Declaration.objects.count()) == (1, 0)


# --- one promise ---

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


# --- suggestions, checks ---


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


# --- what stays inside ---


def test_what_is_private_is_in_no_public_address(come, house, client):
    declaring.declare(
        house.author(), house.commitment, status="in_progress", seen=None, note=SECRETS[0], comment="parole publique"
    )
    declaring.prepare(house.author("contributor"), house.commitment, status="done", seen=None, comment=SECRETS[1])
    hidden = house.another(visibility="draft", title=SECRETS[2], wording=SECRETS[2])
    declaring.declare(house.author(), hidden, status="in_progress", seen=None, comment=SECRETS[2])
    emails = [agent.email for agent in house.agents.values()]
    walked, heard = 0, ""
    for path in public_addresses(house):
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said = body.decode(errors="replace")
        walked += answer.status_code == 200
        heard += said
        for secret in (*SECRETS, *emails, hidden.ref):
            assert secret not in said, (path, secret)
    assert walked > 40
    assert "parole publique" in heard
    assert client.get(hidden.get_absolute_url()).status_code == 404
    for path in (f"/api/v1/commitments/{hidden.ref}/", hidden.get_absolute_url()):
        assert come("amdac").get(path).status_code == 404
    inside = text(come("amdac").get(at(house.commitment)))
    assert SECRETS[0] in inside
    assert SECRETS[1] in inside


def public_addresses(house):
    """Every address of the product that is read without an account, its parameters filled from the house."""
    fill = {
        "ref": house.commitment.ref,
        "slug": house.commitment.slug,
        "pk": house.commitment.ref,
        "number": "5",
        "code": house.ministry.code,
    }
    for pattern, prefix in _patterns(get_resolver()):
        path = "/" + prefix + re.sub(r"[\^$]|\\Z|\\A", "", str(pattern.pattern))
        if path.startswith(("/admin", "/connexion", "/espace", "/static")):
            continue
        if path.startswith("/promesses/(?P"):
            path = house.commitment.get_absolute_url()
        path = path.replace("<slug:slug>", house.ministry.slug if "ministere" in path else house.commitment.slug)
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: fill.get(found[1], "1"), path)
        path = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: fill.get(found[1], "json"), path)
        yield path.replace("\\.", ".").replace("/?", "/")


def _patterns(resolver, prefix=""):
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield one, prefix
        else:
            yield from _patterns(one, prefix + str(one.pattern))


@pytest.mark.parametrize("who", ["of_another_ministry", "joint"])
def test_a_note_is_read_by_who_wrote_it_even_on_a_shared_promise(come, house, who):
    declaring.declare(house.author(), house.commitment, status="in_progress", seen=None, note=SECRETS[0])
    Responsibility.objects.create(
        commitment=house.commitment, ministry=house.other, part="joint", since=TODAY - timedelta(days=9)
    )
    if who == "joint":
        MandateFactory(agent=house.agents["joint"], ministry=house.other, role="cabinet")
    html = come(who).get(at(house.commitment)).content.decode()
    assert "Ce qui a été dit" in html
    assert SECRETS[0] not in html
    assert SECRETS[0] in text(come("cabinet").get(at(house.commitment)))


def test_the_journal_is_the_ministry_s(come, house):
    declaring.declare(house.author(), house.commitment, status="in_progress", seen=None)
    declaring.declare(house.author("of_another_ministry"), house.third, status="in_progress", seen=None)
    html = text(come("cabinet").get("/espace/journal/"))
    assert "fonction amdac" in html
    assert "fonction of_another_ministry" not in html
    assert "fonction of_another_ministry" in text(come("operator").get("/espace/journal/"))
