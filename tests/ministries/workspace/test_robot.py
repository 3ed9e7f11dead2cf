"""The robot's page: a brake is answered on its evidence, and hosts are spared for a while."""

from datetime import timedelta

import pytest
from django.test import Client

from commitments.braking import pulled
from commitments.findings import State
from commitments.models import (
    BrakeAnswer,
    Host,
    HostException,
    PollRun,
    Verdict,
)
from tests.brakes import pull
from tests.factories import LocationFactory
from tests.ministries.people import NOW, TODAY
from tests.ministries.workspace.desk import ROBOT, ROWS, counted, definition, findings, text
from tests.ministries.workspace.desk import today as today

pytestmark = pytest.mark.django_db


# --- the brake -------------------------------------------------------------------------------------------------------


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


# --- hosts -----------------------------------------------------------------------------------------------------------


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
