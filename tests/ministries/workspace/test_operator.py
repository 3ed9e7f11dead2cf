"""The operator's pages: the robot, the findings and the definition of a promise, without a line of JavaScript."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from commitments.braking import pulled
from commitments.criteria import CRITERIA, REQUIRED
from commitments.findings import Kind, State
from commitments.judging import rejudge
from commitments.models import (
    BrakeAnswer,
    Deadline,
    Definition,
    Host,
    HostException,
    HostExceptionEnd,
    PollRun,
    Reading,
    Verdict,
)
from ministries import addressing, operating
from ministries.models import Act, FalseAlarm
from tests.brakes import pull
from tests.factories import DeliverableFactory, LocationFactory
from tests.ministries.people import NOW, TODAY
from tests.observed import observe

pytestmark = pytest.mark.django_db

ROBOT = "/espace/robot/"
USUAL = list(CRITERIA[Kind.DATASET])
WITHOUT_FRESH = [code for code in USUAL if code != "fresh"]
PROOF = "https://exemple.fr/preuve"
NOT_OPERATORS = ("amdac", "contributor", "cabinet", "of_another_ministry")
OUTSIDE = ("former", "future", "without_mandate", "closed", "anonymous")
ROWS = (Act, BrakeAnswer, Definition, FalseAlarm, HostException, HostExceptionEnd, Reading)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def text(answer):
    """What is read, with plain spaces."""
    html = answer.content.decode()
    for sign, plain in (("\xa0", " "), ("\u202f", " "), ("’", "'"), ("&#x27;", "'")):
        html = html.replace(sign, plain)
    return html


def counted():
    return [model.objects.count() for model in ROWS]


def findings(house):
    return f"/espace/promesses/{house.commitment.ref}/constats/"


def definition(house):
    return f"/espace/promesses/{house.commitment.ref}/definition/"


def negative(house, day=date(2026, 6, 1), **facts):
    location = LocationFactory(deliverable=house.commitment.deliverables.get())
    observe(location, day, **(facts or {"access_type": "restricted"}))
    rejudge([location.deliverable], today=day)
    return Verdict.objects.get(deliverable=location.deliverable)


# --- who comes in, who writes ---


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


# --- the brake ---


def test_a_brake_that_is_pulled_is_shown_with_its_evidence_and_confirmed(come, house):
    pull(NOW, ministry=house.ministry)
    client = come("operator")
    shown = text(client.get(ROBOT))
    assert "6 constats tenus prendraient fin sur 10" in shown
    for change in pulled(TODAY).ending:
        assert change.deliverable.commitment.ref in shown
        assert change.observation.location.url in shown
    client.post(ROBOT, {"acte": "confirmer", "seen": pulled(TODAY).mark, "reason": "L'accès a changé."})
    assert Verdict.objects.filter(state=State.PARTIAL).count() == 6
    shown = text(client.get(ROBOT))
    assert "Le frein est desserré" in shown
    assert "Confirmé : 6 constats changés" in shown
    public = text(Client().get("/sante/"))
    assert "Confirmé : 6 constats changés" in public
    assert "L'accès a changé." in public
    assert "fonction operator" in public
    told = Client().get("/sante.json").json()["brake_answers"]
    assert [(one["answer"], one["verdicts"], one["decided_by"]) for one in told] == [
        ("confirmed", 6, "fonction operator")
    ]


def test_a_brake_dismissed_is_said_too(come, house):
    pull(NOW)
    come("operator").post(ROBOT, {"acte": "ecarter", "seen": pulled(TODAY).mark, "reason": "panne du portail"})
    assert "Écarté : 6 observations mises de côté" in text(Client().get("/sante/"))
    assert not Verdict.objects.exclude(state=State.KEPT).exists()


def test_an_answer_without_a_reason_or_on_an_older_list_writes_nothing_and_loses_nothing(come, house):
    pull(NOW)
    client, mark = come("operator"), pulled(TODAY).mark
    answer = client.post(ROBOT, {"acte": "confirmer", "seen": mark, "reason": " "})
    assert answer.status_code == 422
    assert "Un motif est obligatoire" in text(answer)
    pull(NOW, kept=1, falling=1)
    answer = client.post(ROBOT, {"acte": "confirmer", "seen": mark, "reason": "mon motif à moi"})
    assert answer.status_code == 422
    shown = text(answer)
    assert "Entre-temps, le robot a vu autre chose" in shown
    assert "mon motif à moi" in shown
    assert "7 constats tenus prendraient fin" in shown
    assert f'value="{pulled(TODAY).mark}"' in shown, "what is shown again is what is confirmed next"
    assert not BrakeAnswer.objects.exists()


def test_a_brake_that_is_no_longer_pulled_says_so(come, house):
    run = pull(NOW)
    client, mark = come("operator"), pulled(TODAY).mark
    PollRun.objects.filter(pk=run.pk).update(status=PollRun.Status.RELEASED)
    answer = client.post(ROBOT, {"acte": "confirmer", "seen": mark, "reason": "vrai"})
    assert answer.status_code == 422
    assert "Aucun relevé n'est suspendu" in text(answer)


def test_forged_posts_are_refused(come, house):
    client = come("operator")
    assert client.post(ROBOT, {"acte": "tout effacer"}).status_code == 404
    assert client.post(ROBOT, {}).status_code == 404
    assert client.post(ROBOT, {"acte": "finir", "seen": "douze", "reason": "x"}).status_code == 422
    assert client.post(ROBOT, {"acte": "finir", "seen": 10**6, "reason": "x"}).status_code == 422
    assert client.post(ROBOT, {"acte": "confirmer", "seen": "x" * 9000, "reason": "x"}).status_code == 422
    assert client.post(findings(house), {"acte": "x"}).status_code == 404
    assert client.post(definition(house), {"acte": "definir", "deliverable": "0"}).status_code == 404
    other = house.third.deliverables.get().pk
    assert client.post(definition(house), {"acte": "definir", "deliverable": other}).status_code == 404
    assert counted() == [0] * len(ROWS)


# --- hosts ---


def test_hosts_in_pause_are_shown_whole(come, house):
    Host.objects.create(name="lent.fr", failures=23, paused_until=NOW + timedelta(hours=2), cause="timeout_read")
    Host.objects.create(name="hier.fr", paused_until=NOW - timedelta(hours=2))
    shown = text(come("operator").get(ROBOT))
    assert "lent.fr" in shown
    assert "hier.fr" not in shown


def test_an_exception_is_added_shown_in_public_and_ended_early(come, house):
    client = come("operator")
    LocationFactory(url="https://exemple.fr/x", portal="url")
    answer = client.post(
        ROBOT, {"acte": "excepter", "host": "Exemple.fr", "until": "2026-06-30", "reason": "Migration."}, follow=True
    )
    assert "« exemple.fr » est laissé tranquille jusqu'au 30 juin 2026 inclus" in text(answer)
    public = text(Client().get("/sante/"))
    assert "exemple.fr" in public
    assert "Migration." in public
    made = HostException.objects.get()
    client.post(ROBOT, {"acte": "finir", "seen": made.pk, "reason": "Migration finie."})
    shown = text(client.get(ROBOT))
    assert "Aucune exception n'est en vigueur" in shown
    assert "avant son terme, par fonction operator : Migration finie." in shown
    assert "Migration." not in text(Client().get("/sante/"))
    answer = client.post(ROBOT, {"acte": "finir", "seen": made.pk, "reason": "encore"})
    assert answer.status_code == 422
    assert "déjà finie" in text(answer)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"until": "2026-06-14"}, "Le 14/06/2026 est passé"),
        ({"until": "2027-01-01"}, "90 jours au plus"),
        ({"until": ""}, "Une exception a une fin"),
        ({"until": "demain"}, "date valide"),
        ({"host": "https://exemple.fr/page"}, "« https://exemple.fr/page » n'est pas un nom de serveur"),
        ({"host": "exemple.fr/page"}, "« exemple.fr/page » n'est pas un nom de serveur"),
        ({"host": ""}, "Donnez le nom du serveur"),
        ({"reason": ""}, "Un motif est obligatoire"),
    ],
)
def test_an_exception_that_means_nothing_is_refused_and_kept_as_typed(come, house, changed, said):
    data = {"acte": "excepter", "host": "exemple.fr", "until": "2026-06-30", "reason": "migration", **changed}
    answer = come("operator").post(ROBOT, data)
    assert answer.status_code == 422
    shown = text(answer)
    assert said in shown
    for name in {"host", "until", "reason"} - set(changed):
        assert data[name] in shown
    assert not HostException.objects.exists()


# --- findings ---


def test_a_finding_is_noted_and_the_public_reads_what_was_seen(come, house):
    client = come("operator")
    data = {
        "acte": "constater",
        "state": "open_partial",
        "read_on": "2026-06-10",
        "evidence_url": PROOF,
        "deliverable": house.commitment.deliverables.get().pk,
        "access": "open",
        "coverage": "88 départements sur 101",
        "formats": "CSV",
        "licence": "Licence Ouverte 2.0",
        "opened_on": "2026-03-01",
        "note": "Il manque l'outre-mer.",
    }
    shown = text(client.post(findings(house), data, follow=True))
    assert "Constat du 10/06/2026 enregistré : ouvert en partie" in shown
    public = text(Client().get(house.commitment.get_absolute_url()))
    for said in (
        *("Accès constaté : ouvert", "Couverture : 88 départements sur 101", "Formats : CSV"),
        *("Licence : Licence Ouverte 2.0", "Ouvert depuis le 1er mars 2026", "Il manque l'outre-mer.", PROOF),
        "fonction operator",
    ):
        assert said in public, said
    told = Client().get(f"/api/v1/readings/?promesse={house.commitment.ref}").json()["results"]
    assert (told[0]["coverage"], told[0]["by_function"]) == ("88 départements sur 101", "fonction operator")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"state": ""}, "Choisissez ce qui a été constaté"),
        ({"state": "parfait"}, "parfait"),
        ({"evidence_url": "exemple"}, "« exemple » n'est pas une adresse publique"),
        ({"read_on": "2026-06-16"}, "Le 16/06/2026 est à venir"),
        ({"opened_on": "2026-07-01"}, "Le 01/07/2026 est après le constat"),
        ({"deliverable": "9999999"}, "choix valide|choix proposés"),
    ],
)
def test_a_finding_that_can_not_be_is_refused_and_kept_as_typed(come, house, changed, said):
    data = {"acte": "constater", "state": "open", "evidence_url": PROOF, "note": "ce que j'ai vu", **changed}
    answer = come("operator").post(findings(house), data)
    assert answer.status_code == 422
    shown = text(answer)
    assert any(one in shown for one in said.split("|"))
    assert "ce que j'ai vu" in shown
    assert not Reading.objects.exists()


def test_a_finding_noted_meanwhile_is_shown_beside_what_was_typed(come, house):
    theirs = addressing.read(
        house.author("operator"), house.commitment, state="not_open", evidence_url=PROOF, note="rien vu"
    )
    data = {"acte": "constater", "state": "open", "evidence_url": PROOF, "note": "tout vu", "seen": ""}
    answer = come("operator").post(findings(house), data)
    assert answer.status_code == 422
    shown = text(answer)
    assert "Noté entre-temps" in shown
    assert "rien vu" in shown
    assert "tout vu" in shown
    assert Reading.objects.count() == 1
    assert f'name="seen" value="{theirs.pk}"' in shown
    assert come("operator").post(findings(house), {**data, "seen": theirs.pk}).status_code == 302


# --- false alarms ---


def test_a_false_alarm_is_marked_once_and_the_public_reads_it(come, house):
    verdict, client = negative(house), come("operator")
    assert "Signaler comme fausse alerte" in text(client.get(findings(house)))
    data = {"acte": "fausse-alerte", "seen": verdict.pk, "reason": "Le portail migrait."}
    client.post(findings(house), data)
    shown = text(client.get(findings(house)))
    assert "Fausse alerte, signalée le 15 juin 2026 par fonction operator : Le portail migrait." in shown
    assert "Le portail migrait." in text(client.get(ROBOT))
    public = text(Client().get(house.commitment.get_absolute_url()))
    assert public.count("Fausse alerte du robot") == 2, "beside the verdict that it is, and in the history"
    assert "Le portail migrait." in public
    feed = text(Client().get(f"/promesses/{house.commitment.ref}/changements.atom"))
    assert "Fausse alerte du robot" in feed
    assert "false_alarm" in {e["kind"] for e in Client().get("/api/v1/events/").json()["results"]}
    answer = client.post(findings(house), data)
    assert answer.status_code == 422
    assert "déjà signalé" in text(answer)
    assert FalseAlarm.objects.count() == 1


def test_the_verdict_of_another_promise_a_good_one_or_no_reason_is_refused(come, house):
    verdict, client = negative(house), come("operator")
    for data in (
        {"seen": verdict.pk, "reason": ""},
        {"seen": 10**6, "reason": "x"},
        {"seen": "", "reason": "x"},
    ):
        assert client.post(findings(house), {"acte": "fausse-alerte", **data}).status_code == 422
    other = f"/espace/promesses/{house.third.ref}/constats/"
    answer = client.post(other, {"acte": "fausse-alerte", "seen": verdict.pk, "reason": "x"})
    assert answer.status_code == 422
    assert "Ce constat n'est pas celui de cette promesse" in text(answer)
    assert not FalseAlarm.objects.exists()


# --- definitions ---


def asked(house, criteria, **more):
    one = house.commitment.deliverables.get()
    return {"acte": "apercu", "deliverable": one.pk, "seen": "", "criteria": criteria, "reason": "annuel", **more}


def test_a_change_of_definition_is_shown_in_words_before_it_is_written(come, house):
    client = come("operator")
    shown = text(client.get(definition(house)))
    assert shown.count('type="checkbox"') == len(set(USUAL) - REQUIRED)
    answer = client.post(definition(house), asked(house, WITHOUT_FRESH))
    assert answer.status_code == 200
    shown = text(answer)
    assert "<strong>Retiré</strong> : est à jour selon sa fréquence" in shown
    assert "L'échéance n'est pas passée" in shown
    assert "annuel" in shown
    assert not Definition.objects.exists()
    client.post(definition(house), asked(house, WITHOUT_FRESH, acte="definir"))
    made = Definition.objects.get()
    assert (made.removed, made.softened_late, made.decided_by) == (["fresh"], False, "fonction operator")
    shown = text(client.post(definition(house), asked(house, USUAL, seen=made.pk)))
    assert "<strong>Ajouté</strong> : est à jour selon sa fréquence" in shown
    assert "Rien n'est retiré" in shown


def test_a_softening_after_the_deadline_is_said_before_and_after_in_public_too(come, house):
    Deadline.objects.filter(commitment=house.commitment).update(last_day=date(2026, 6, 14))
    client = come("operator")
    shown = text(client.post(definition(house), asked(house, WITHOUT_FRESH)))
    assert "C'est un adoucissement après l'échéance" in shown
    assert "dernier jour le 14 juin 2026" in shown
    shown = text(client.post(definition(house), asked(house, WITHOUT_FRESH, acte="definir"), follow=True))
    assert "adoucie après l'échéance" in shown
    public = text(Client().get(house.commitment.get_absolute_url()))
    assert "Définition adoucie après l'échéance" in public
    events = Client().get(f"/api/v1/events/?promesse={house.commitment.ref}").json()["results"]
    assert any("critères retirés après l'échéance" in one["sentence"] for one in events)


@pytest.mark.parametrize("act", ["apercu", "definir"])
@pytest.mark.parametrize(
    ("criteria", "said"),
    [
        ([*USUAL, "joli"], "Critère inconnu pour ce livrable : joli"),
        (["fresh"], "rien ne peut être constaté"),
        (USUAL, "déjà ceux du livrable"),
    ],
)
def test_a_definition_that_can_not_be_is_refused(come, house, act, criteria, said):
    answer = come("operator").post(definition(house), asked(house, criteria, acte=act))
    assert answer.status_code == 422
    assert said in text(answer)
    assert not Definition.objects.exists()


def test_a_definition_without_a_reason_keeps_what_was_ticked(come, house):
    answer = come("operator").post(definition(house), asked(house, WITHOUT_FRESH, acte="definir", reason=" "))
    assert answer.status_code == 422
    shown = text(answer)
    assert "Un motif est obligatoire" in shown
    assert 'value="fresh">' in shown
    assert 'value="open_licence" checked>' in shown
    assert "<strong>Retiré</strong>" in shown


def test_a_definition_changed_meanwhile_is_shown_beside_what_was_ticked(come, house):
    one = house.commitment.deliverables.get()
    theirs = operating.define(house.author("operator"), one, WITHOUT_FRESH, reason="leur motif", seen=None)
    mine = [code for code in USUAL if code != "publisher"]
    answer = come("operator").post(definition(house), asked(house, mine, acte="definir", reason="mon motif"))
    assert answer.status_code == 422
    shown = text(answer)
    assert "Changée entre-temps" in shown
    assert "leur motif" in shown
    assert "mon motif" in shown
    assert "<strong>Ajouté</strong> : est à jour selon sa fréquence" in shown, "the change is told against the new one"
    assert f'name="seen" value="{theirs.pk}"' in shown
    assert Definition.objects.count() == 1
    again = asked(house, mine, acte="definir", reason="mon motif", seen=theirs.pk)
    assert come("operator").post(definition(house), again).status_code == 302


# --- counted ---


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
