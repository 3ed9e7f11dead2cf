"""Many lines answered at once: a line refused costs only itself, and nothing typed is lost."""

import re
from datetime import timedelta

import pytest

from ministries.models import Act, Declaration, Draft
from tests.factories import DeclarationFactory
from tests.ministries.people import TODAY
from tests.ministries.workspace.reading import line, rows
from tests.ministries.workspace.reading import today as today
from tests.reading import text

pytestmark = pytest.mark.django_db


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
