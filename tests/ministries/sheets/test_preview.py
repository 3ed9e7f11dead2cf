"""What a file would change is told line by line, with every trap; nothing is written before."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment, Deadline
from ministries.models import Act, Declaration, Draft, SheetMapping
from ministries.models.sheets import unpacked
from ministries.sheets import sending
from ministries.sheets.columns import Field
from tests.factories import DeclarationFactory, LocationFactory
from tests.ministries.people import TODAY, promise
from tests.ministries.sheets import messy
from tests.ministries.sheets.files import delimited, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

HEAD = ["référence", "intitulé", "échéance", "motif", "état", "commentaire", "obstacle", "adresse"]


def line(house, **cells):
    given = {"référence": house.commitment.ref, **cells}
    return delimited([HEAD, [given.get(name, "") for name in HEAD]])


def only(upload):
    (outcome,) = unpacked(upload.plan)["outcomes"]
    return outcome


def outcomes(upload):
    return {one["number"]: one for one in unpacked(upload.plan)["outcomes"]}


def test_the_messy_sheet_goes_in_with_every_trap_told(house, send, apply):
    upload = send(messy.workbook())
    assert upload.counts == {"added": 58, "changed": 0, "unchanged": 0, "near": 0, "unreadable": 2, "absent": 1}
    assert Commitment.objects.count() == 2
    found = outcomes(upload)
    (impossible,) = found[messy.BAD_LINE]["problems"]
    assert impossible["place"] == "feuille « Suivi 2022 », ligne 20, colonne D"
    assert (impossible["value"], "va du 1er au 30" in impossible["text"]) == ("31/09/2022", True)
    (unknown,) = found[messy.BAD_STATUS_LINE]["problems"]
    assert (unknown["value"], unknown["place"][-9:]) == ("ça avance", "colonne F")
    told = " ".join(unpacked(upload.plan)["warnings"])
    assert all(
        word in told for word in ("deux lignes", "fusionnées", "masquée (15)", "3 façons", "vos propres numéros")
    )
    assert [one["why"] for one in unpacked(upload.plan)["left_out"]] == ["ligne de total"]
    assert found[7]["title"] == "Ouvrir les données de l’annuaire"
    upload = apply(upload)
    assert upload.state == "applied"
    assert Commitment.objects.filter(visibility="draft").count() == 58
    assert not Commitment.objects.public().filter(title__startswith="Ouvrir").exists()
    again = send(messy.workbook())
    assert again.counts == {"added": 0, "changed": 0, "unchanged": 58, "near": 0, "unreadable": 2, "absent": 1}
    assert sending.nothing_to_write(again)


@pytest.mark.parametrize(("written", "understood"), messy.DATES)
def test_each_date_is_shown_as_written_and_as_understood(house, send, written, understood):
    found = only(send(xlsx([["action", "échéance"], ["Un jeu nouveau", written]])))
    assert found["deadline_raw"] == str(written)
    assert found["deadline_words"].startswith(understood)


def test_months_and_days_that_may_be_swapped_are_refused_when_the_column_swaps_them(house, send):
    rows = [["action", "échéance"], ["Un", "03/25/2027"], ["Deux", "03/04/2027"], ["Trois", "05/05/2027"]]
    found = outcomes(send(delimited(rows)))
    assert [found[n]["kind"] for n in (2, 3, 4)] == ["unreadable", "unreadable", "added"]
    assert "inversés" in found[3]["problems"][0]["text"]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Réalisé", "done"),
        ("FAIT", "done"),
        ("terminé", "done"),
        ("en cours", "in_progress"),
        ("à lancer", "not_started"),
        ("Non démarrée", "not_started"),
    ],
)
def test_states_are_known_by_their_usual_words(house, send, word, status):
    found = only(send(delimited([["action", "statut"], ["Un jeu nouveau", word]])))
    assert found["values"]["status"] == status


def test_a_line_is_known_by_its_reference_first_then_by_its_very_title(house, send):
    title = house.commitment.title
    found = only(send(line(house, intitulé="tout autre chose", état="en cours")))
    assert (found["kind"], found["ref"]) == ("changed", house.commitment.ref)
    assert "qui reste" in found["remarks"][0]
    found = only(send(line(house, référence="", intitulé=title.upper(), état="en cours")))
    assert (found["kind"], found["ref"]) == ("changed", house.commitment.ref)


def test_a_near_title_is_proposed_and_never_taken(house, send):
    data = line(house, référence="", intitulé=f"{house.commitment.title} bis", état="en cours")
    upload = send(data)
    found = only(upload)
    assert (found["kind"], found["near"][0]["ref"], found["commitment"]) == ("near", house.commitment.ref, 0)
    assert only(send(data, choices={"2": house.commitment.ref}))["kind"] == "changed"
    assert only(send(data, choices={"2": "new"}))["kind"] == "added"


def test_another_ministry_s_promise_is_refused_by_name_and_its_drafts_do_not_exist(house, send):
    found = only(send(line(house, référence=house.third.ref, état="en cours")))
    assert found["kind"] == "unreadable"
    assert "Autre ministère" in found["problems"][0]["text"]
    hidden = promise(house.other, visibility="draft", title="Secret")
    found = only(send(line(house, référence=hidden.ref, état="en cours")))
    assert "référence inconnue" in found["problems"][0]["text"]
    assert "Secret" not in str(found)


def test_a_reference_in_another_alphabet_is_not_taken_for_ours(house, send):
    found = only(send(line(house, référence=house.commitment.ref.replace("T", "Т"), état="en cours")))
    assert "autre alphabet" in found["problems"][0]["text"]


def test_the_same_promise_twice_is_told_with_both_lines(house, send):
    row = [house.commitment.ref, "", "", "", "en cours", "", "", ""]
    other = [house.commitment.ref, "", "", "", "réalisé", "", "", ""]
    found = outcomes(send(delimited([HEAD, row, row])))
    assert [found[2]["kind"], found[3]["kind"]] == ["changed", "unreadable"]
    assert "doublon exact de la ligne 2" in found[3]["problems"][0]["text"]
    found = outcomes(send(delimited([HEAD, row, other])))
    assert [found[2]["kind"], found[3]["kind"]] == ["unreadable", "unreadable"]


REFUSED = {
    "a new date without a reason": ({"échéance": "T3 2027"}, "motif"),
    "a new date already past": ({"échéance": "T3 2022", "motif": "x"}, "déjà passée"),
    "no date instead of one": ({"échéance": "en continu", "motif": "x"}, "remplacée que par une date"),
    "the same last day in other words": ({"échéance": "T4 2026", "motif": "x"}, "même dernier jour"),
    "done without an address": ({"état": "réalisé"}, "adresse"),
    "an address that is none": ({"état": "en cours", "adresse": "javascript:alert(1)"}, "http"),
    "abandoned without a reason": ({"état": "abandonné"}, "motif public"),
    "replaced": ({"état": "remplacé"}, "passez par sa page"),
    "a comment without a state": ({"commentaire": "on avance"}, "d'abord un état"),
    "a comment of 5,000 letters": ({"état": "en cours", "commentaire": "a" * 5000}, "4000 au plus"),
    "an error of the spreadsheet": ({"état": "#REF!"}, "erreur du tableur"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_not_be_written_is_told_before_and_its_line_is_left_out(house, send, name):
    cells, why = REFUSED[name]
    found = only(send(line(house, **cells)))
    assert found["kind"] == "unreadable"
    assert why in found["problems"][0]["text"]
    assert "ligne 2" in found["problems"][0]["place"]


def test_a_late_promise_asks_what_stands_in_the_way(house, send):
    late = promise(house.ministry, last_day=TODAY.replace(year=2025))
    found = only(send(line(house, référence=late.ref, état="en cours")))
    assert "obstacle" in found["problems"][0]["text"]
    found = only(send(line(house, référence=late.ref, état="en cours", obstacle="décret attendu")))
    assert (found["kind"], found["values"]["declare"]["obstacle_kind"]) == ("changed", "other")
    moved = {"échéance": "T3 2027", "motif": "décret attendu"}
    assert only(send(line(house, référence=late.ref, état="en cours", **moved)))["kind"] == "changed"


def test_a_blank_cell_leaves_what_was_said(house, send, apply):
    DeclarationFactory(commitment=house.commitment, comment="déjà dit", ministry=house.ministry)
    assert only(send(line(house, état="en cours")))["kind"] == "unchanged"
    apply(send(line(house, état="non démarré")))
    assert house.commitment.declarations.last().comment == "déjà dit"


def test_another_ministry_s_private_note_is_neither_compared_nor_kept(house, send, apply):
    DeclarationFactory(commitment=house.commitment, ministry=house.other, note="entre nous")
    upload = send(line(house, état="non démarré"))
    assert "entre nous" not in str(unpacked(upload.plan))
    apply(upload)
    assert house.commitment.declarations.last().note == ""


def test_a_preview_writes_no_stream_and_remembers_the_columns(house, send):
    before = [model.objects.count() for model in (Act, Commitment, Deadline, Declaration, Draft)]
    send(line(house, état="en cours"))
    assert [model.objects.count() for model in (Act, Commitment, Deadline, Declaration, Draft)] == before
    assert SheetMapping.objects.get().columns["etat"] == str(Field.STATUS)


def test_columns_said_once_are_proposed_the_next_time(house):
    data = delimited([["action", "où on en est"], ["Un jeu nouveau", "en cours"]])
    author = house.author()
    first = sending.send(author, house.ministry, data=data, file_name="a.csv")
    sending.show(author, first, {Field.TITLE: 0, Field.STATUS: 1})
    second = sending.send(author, house.ministry, data=data, file_name="b.csv")
    said = {one.field: one.column for one in sending.proposed(second, sending.table_of(second))}
    assert said == {Field.TITLE: 0, Field.STATUS: 1}


def test_the_base_is_read_in_as_many_queries_for_one_line_as_for_thirty(house, send):
    counts = []
    for many in (1, 30):
        for _ in range(many):
            LocationFactory(deliverable=promise(house.ministry).deliverables.get())
        with CaptureQueriesContext(connection) as queries:
            send(line(house, état="en cours"))
        counts.append(len(queries))
    assert counts[1] <= counts[0]
