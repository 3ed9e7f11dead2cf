"""What a deliverable must be is changed in words first, and a softening is said in public."""

from datetime import date

import pytest
from django.test import Client

from commitments.criteria import REQUIRED
from commitments.models import (
    Deadline,
    Definition,
)
from ministries import operating
from tests.ministries.workspace.desk import USUAL, WITHOUT_FRESH, definition, text
from tests.ministries.workspace.desk import today as today

pytestmark = pytest.mark.django_db


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
