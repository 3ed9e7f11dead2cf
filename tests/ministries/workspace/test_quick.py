"""Many answers in one text: what is understood, what is not, and what becomes of both."""

import html
import re
from datetime import date

import pytest
import time_machine

from ministries import declaring
from ministries.models import Declaration
from ministries.workspace.quick import Entry, read
from tests.factories import DeclarationFactory
from tests.ministries.people import NOW, promise
from tests.reading import text

pytestmark = pytest.mark.django_db
PATH = "/espace/reponse-rapide/"

UNDERSTOOD = {
    "O-12 en cours": {"status": "in_progress"},
    "o-12 : en cours": {"status": "in_progress"},
    "O-12 = non démarré": {"status": "not_started"},
    "O-12 non-démarré": None,
    "O-12 En cours.": {"status": "in_progress"},
    "O-12 réalisé https://exemple.fr/a:b?c=d": {"status": "done", "address": "https://exemple.fr/a:b?c=d"},
    "O-12 https://exemple.fr/a réalisé : en ligne depuis mardi": {
        "status": "done",
        "address": "https://exemple.fr/a",
        "comment": "en ligne depuis mardi",
    },
    "O-12 rien": {"status": "nothing_new"},
    "O-12 rien de nouveau": {"status": "nothing_new"},
    "O-12 reporté T3 2027 : décret : attendu": {"raw": "T3 2027", "reason": "décret : attendu"},
    "O-12 report à fin 2027 : budget": {"raw": "fin 2027", "reason": "budget"},
    "O-12 en cours, obstacle budget : crédits gelés": {
        "status": "in_progress",
        "obstacle_kind": "budget",
        "obstacle": "crédits gelés",
    },
    "O-12 rien, obstacle juridique : décret": {
        "status": "nothing_new",
        "obstacle_kind": "law",
        "obstacle": "décret",
    },
    "en cours": None,
    "O-12": None,
    "O-12 presque": None,
    "O-12 abandonné": None,
    "O-12 reporté": None,
    "O-12 reporté T3 2027": None,
    "O-12 rien : sauf ceci": None,
    "O-12 en cours, obstacle : crédits": None,
    "O-12 en cours, obstacle budget": None,
    "O-12 en cours, obstacle lune : x": None,
    "O-12 en cours :": None,
    "O-12 réalisé https://a.fr https://b.fr": None,
    "O-12, O-13 réalisé https://a.fr": None,
}


@pytest.mark.parametrize("said", UNDERSTOOD)
def test_an_entry_is_understood_or_told(said):
    entries, wrongs = read(said)
    fields = UNDERSTOOD[said]
    if fields is None:
        assert (entries, [one.said for one in wrongs]) == ([], [said])
        assert len(wrongs[0].why) > 20
    else:
        assert (entries, wrongs) == ([Entry("O-12", said, fields)], [])


def test_several_are_told_apart_and_one_answer_serves_several():
    entries, wrongs = read("O-1 en cours ; O-2, O-3 et MI-0004 réalisé\r\n\n  O-5 rien;;O-1 réalisé")
    assert [(one.ref, one.fields["status"]) for one in entries] == [
        *(("O-1", "in_progress"), ("O-2", "done"), ("O-3", "done"), ("MI-0004", "done"), ("O-5", "nothing_new")),
    ]
    assert ["O-1 est déjà nommée" in one.why for one in wrongs] == [True]


@pytest.mark.parametrize(
    "said", ["x" * 30_000, "O-1 " * 4000, "O-1," * 4000, "a-" * 9000, "O-1 " + " " * 19_000 + "x"]
)
def test_a_strange_text_is_refused_and_costs_nothing(said):
    entries, wrongs = read(said)
    assert entries == []
    assert wrongs


# --- the page ---


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def waiting(house, count, **fields):
    """Promises that wait, each declared long ago."""
    made = [house.another(**fields) for _ in range(count)]
    for one in made:
        DeclarationFactory(commitment=one, declared_on=date(2025, 6, 1))
    return made


def hidden(answer):
    """The fields of the form that the preview sends, as a browser would."""
    form = answer.content.decode().partition('action="/espace/')[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    fields = {}
    for name, value in found:
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    return fields


def test_a_text_is_shown_as_understood_then_written_by_the_inbox(house, come):
    one, two, three, four = waiting(house, 4)
    client = come("amdac")
    said = (
        f"{one.ref} en cours : recette « finie »\n{two.ref} reporté T3 2027 : décret attendu ; "
        f"{three.ref} réalisé https://exemple.fr/jeu"
    )
    shown = client.post(PATH, {"texte": said, "reste": "1"})
    assert shown.status_code == 200
    assert Declaration.objects.filter(declared_on=NOW.date()).count() == 0
    page = text(shown)
    for words in ("recette « finie »", "nouvelle échéance « T3 2027 », motif : décret attendu"):
        assert words in page
    assert "Enregistrer 3 réponses, et « rien de nouveau » pour 2 lignes" in page
    # The house's own promise was never declared: « rien de nouveau » has nothing to say again, and the inbox says so.
    answer = client.post("/espace/", hidden(shown))
    assert answer.status_code == 422
    assert "1 ligne refusée" in text(answer)
    assert one.declarations.last().comment == "recette « finie »"
    assert [row.raw for row in two.deadlines.order_by("id")] == ["fin 2026", "T3 2027"]
    assert (three.declarations.last().status, three.deliverables.get().locations.count()) == ("done", 1)
    assert four.declarations.last().nothing_new == 1
    assert two.declarations.count() == 1


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("{one} presque", "état inconnu (presque)"),
        ("O-999 en cours", "pas celle d’une promesse de votre ministère"),
        ("{third} en cours", "pas celle d’une promesse de votre ministère"),
        ("{one} réalisé", "demande une adresse"),
        ("{late} en cours", "dire ce qui fait obstacle est obligatoire"),
        ("{fresh} rien", "rien n’y a encore été déclaré"),
        ("", "Rien n’est écrit"),
    ],
)
def test_what_is_not_understood_is_said_before_anything_is_written(house, come, said, why):
    (one,) = waiting(house, 1)
    late = promise(house.ministry, last_day=date(2026, 3, 31))
    refs = {"one": one.ref, "third": house.third.ref, "late": late.ref, "fresh": house.commitment.ref}
    asked = said.format(**refs)
    answer = come("amdac").post(PATH, {"texte": asked})
    assert answer.status_code == 422
    assert why in text(answer)
    assert asked in html.unescape(text(answer))
    assert "Enregistrer" not in text(answer)


def test_somebody_who_wrote_between_the_two_pages_is_not_written_over(house, come):
    (one,) = waiting(house, 1)
    client = come("amdac")
    shown = client.post(PATH, {"texte": f"{one.ref} en cours : la mienne"})
    declaring.declare(
        house.author("operator"), one, status="not_started", comment="la sienne", seen=one.declarations.get().pk
    )
    answer = client.post("/espace/", hidden(shown))
    assert answer.status_code == 422
    assert "la sienne" in text(answer)
    assert "la mienne" in text(answer)
    assert one.declarations.count() == 2


def test_a_contributor_prepares_and_a_cabinet_may_not(house, come):
    (one,) = waiting(house, 1)
    client = come("contributor")
    client.post("/espace/", hidden(client.post(PATH, {"texte": f"{one.ref} en cours", "reste": "1"})))
    assert (one.drafts.count(), one.declarations.count()) == (1, 1)
    answer = come("cabinet").post(PATH, {"texte": f"{one.ref} en cours"})
    assert answer.status_code == 422
    assert "votre rôle ne permet pas" in text(answer)


def test_markup_is_text(house, come):
    (one,) = waiting(house, 1)
    answer = come("amdac").post(PATH, {"texte": f'{one.ref} en cours : "><script>alert(1)</script>'})
    assert "<script>alert" not in answer.content.decode()


def test_the_page_costs_the_same_whatever_the_number_of_lines(house, come, django_assert_max_num_queries):
    waiting(house, 30)
    client = come("amdac")
    client.get(PATH)
    with django_assert_max_num_queries(25):
        client.get(PATH)
