"""Findings and false alarms: noted with their proof, refused with words, read by the public."""

import pytest
from django.test import Client

from commitments.models import (
    Reading,
)
from ministries import addressing
from ministries.models import FalseAlarm
from tests.ministries.workspace.desk import PROOF, ROBOT, findings, negative, text
from tests.ministries.workspace.desk import today as today

pytestmark = pytest.mark.django_db


# --- findings --------------------------------------------------------------------------------------------------------


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


# --- false alarms ----------------------------------------------------------------------------------------------------


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
