"""Many written at once follow the rules of one, in as many queries for thirty as for two."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment
from ministries import declaring
from ministries.authoring import REFUSALS
from ministries.declaring_many import Statement, declare_many, prepare_many
from ministries.many import RefusedMany
from ministries.models import Act, Upload
from ministries.models.sheets import packed, unpacked
from ministries.postponing import postpone
from ministries.postponing_many import Move, postpone_many
from tests.factories import LocationFactory
from tests.ministries.people import promise
from tests.ministries.sheets.lines import file, streams

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


# --- declare_many: the rules of declare, once for all ----------------------------------------------------------------


STATEMENTS = {
    "in progress": {"status": "in_progress", "comment": "bien"},
    "done without an address": {"status": "done"},
    "abandoned": {"status": "abandoned"},
    "an obstacle without a kind": {"status": "in_progress", "obstacle": "x"},
    "a kind without words": {"status": "in_progress", "obstacle_kind": "law"},
    "an address that is none": {"status": "in_progress", "source_url": "ftp://x"},
    "a text too long": {"status": "in_progress", "comment": "a" * 5000},
    "a form that is stale": {"status": "in_progress", "seen": 999},
}


def _refusal(write):
    try:
        write()
    except RefusedMany as refused:
        (why,) = refused.refusals.values()
        return type(why), str(why)
    except REFUSALS as why:
        return type(why), str(why)
    return None


@pytest.mark.slow
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("located", [False, True])
@pytest.mark.parametrize("who", ["amdac", "contributor", "of_another_ministry", "former", "operator"])
@pytest.mark.parametrize("name", STATEMENTS)
def test_many_at_once_are_refused_what_one_is(house, name, who, located, late):
    said = {"seen": None, **STATEMENTS[name]}
    two = [promise(house.ministry, last_day=date(2025 if late else 2026, 12, 31)) for _ in range(2)]
    if located:
        for one in two:
            LocationFactory(deliverable=one.deliverables.get())
    alone = _refusal(lambda: declaring.declare(house.author(who), two[0], **said))
    many = _refusal(lambda: declare_many(house.author(who), [Statement(two[1].pk, **said)]))
    assert many == alone
    rows = [
        list(one.declarations.values_list("status", "comment", "obstacle", "ministry", "agent", "declared_on"))
        for one in two
    ]
    assert rows[0] == rows[1]


@pytest.mark.parametrize("who", ["amdac", "contributor", "cabinet", "of_another_ministry", "former"])
@pytest.mark.parametrize("name", STATEMENTS)
def test_many_at_once_are_prepared_as_one_is(house, name, who):
    said = {"seen": None, **STATEMENTS[name]}
    two = [house.another() for _ in range(2)]
    alone = _refusal(lambda: declaring.prepare(house.author(who), two[0], **said))
    many = _refusal(lambda: prepare_many(house.author(who), [Statement(two[1].pk, **said)]))
    assert many == alone
    rows = [list(one.drafts.values_list("status", "comment", "obstacle", "ministry", "agent")) for one in two]
    assert rows[0] == rows[1]


def test_a_draft_s_line_is_prepared_again_and_never_declared(house, send, apply):
    apply(send(file(["", "Un jeu nouveau", "fin 2027", "", "en cours", "engagé"])))
    apply(send(file(["", "Un jeu nouveau", "fin 2027", "", "en cours", "bien engagé"])))
    new = Commitment.objects.get(title="Un jeu nouveau")
    assert list(new.drafts.values_list("comment", flat=True)) == ["engagé", "bien engagé"]
    assert not new.declarations.exists()


def test_many_are_declared_in_as_many_queries_as_two(house):
    counts = []
    for many in (2, 40):
        found = [house.another() for _ in range(many)]
        with CaptureQueriesContext(connection) as queries:
            declare_many(house.author(), [Statement(one.pk, None, "in_progress") for one in found])
        counts.append(len(queries))
    assert counts[1] <= counts[0]


# --- postpone_many: the rules of postpone, once for all --------------------------------------------------------------


MOVES = {
    "a later quarter": {"raw": "T3 2027", "reason": "décret attendu", "source_url": "https://exemple.fr/decret"},
    "an earlier day": {"raw": "30/11/2026", "reason": "avance"},
    "no date": {"raw": "", "reason": "x"},
    "what is no date": {"raw": "bientôt ou pas", "reason": "x"},
    "a wish": {"raw": "dès que possible", "reason": "x"},
    "a day that is past": {"raw": "T1 2021", "reason": "x"},
    "the date already announced": {"raw": "31/12/2026", "reason": "x"},
    "no reason": {"raw": "T3 2027", "reason": "  "},
    "an address that is none": {"raw": "T3 2027", "reason": "x", "source_url": "ftp://x"},
    "a form that is stale": {"raw": "T3 2027", "reason": "x", "seen": 999},
    "a form that saw none": {"raw": "T3 2027", "reason": "x", "seen": None},
}


def _moved(commitment):
    return [
        *commitment.deadlines.order_by("id").values_list(
            *("raw", "first_day", "last_day", "precision", "announced_on", "announced_in", "source_url", "reason"),
            *("postponement__late", "postponement__ministry", "postponement__agent", "postponement__by_function"),
        )
    ]


@pytest.mark.parametrize("state", ["open", "late", "abandoned"])
@pytest.mark.parametrize("who", ["amdac", "contributor", "of_another_ministry", "former", "operator"])
@pytest.mark.parametrize("name", MOVES)
@pytest.mark.slow
def test_many_dates_move_as_one_does(house, name, who, state):
    last_day = date(2026, 3, 31) if state == "late" else date(2026, 12, 31)
    two = [promise(house.ministry, last_day=last_day) for _ in range(2)]
    if state == "abandoned":
        for one in two:
            declaring.abandon(house.author(), one, reason="plus lieu d'être", seen=None)
    said = [{"seen": one.deadlines.get().pk, **MOVES[name]} for one in two]
    alone = _refusal(lambda: postpone(house.author(who), two[0], **said[0]))
    many = _refusal(lambda: postpone_many(house.author(who), [Move(two[1].pk, **said[1])]))
    assert many == alone
    assert _moved(two[0]) == _moved(two[1])
    acts = [Act.objects.filter(commitment=one, verb="postpone").values_list("agent", "by_function") for one in two]
    assert list(acts[0]) == list(acts[1])
    if alone is None:
        assert two[1].deadlines.count() == 2
        target = f"deadline:{two[1].deadlines.last().pk}"
        assert Act.objects.get(commitment=two[1], verb="postpone").target == target


def test_one_date_refused_moves_none_of_the_others(house):
    two = [house.another() for _ in range(2)]
    good, bad = (Move(one.pk, one.deadlines.get().pk, "T3 2027", "x") for one in two)
    moves = [good, replace(bad, raw="T1 2020")]
    with pytest.raises(RefusedMany) as refused:
        postpone_many(house.author(), moves)
    assert list(refused.value.refusals) == [two[1].pk]
    assert [one.deadlines.count() for one in two] == [1, 1]
    assert Act.objects.count() == 0


def test_many_dates_move_in_as_many_queries_as_two(house):
    counts = []
    for many in (2, 40):
        found = [house.another() for _ in range(many)]
        moves = [Move(one.pk, one.deadlines.get().pk, "T3 2027", "décret attendu") for one in found]
        author = house.author()
        with CaptureQueriesContext(connection) as queries:
            postpone_many(author, moves)
        counts.append(len(queries))
    assert counts[1] <= counts[0]


def test_a_date_refused_when_applied_is_the_only_thing_told(house, send, apply, monkeypatch):
    """A late line whose date moves needs no obstacle, even beside a line whose date may not move any more."""
    late = promise(house.ministry, last_day=date(2026, 3, 31))
    upload = send(
        file(
            [late.ref, "", "T3 2027", "décret attendu", "en cours"],
            [house.commitment.ref, "", "T4 2027", "décret attendu", "en cours"],
        )
    )
    plan = unpacked(upload.plan)
    for one in plan["outcomes"]:
        if one["ref"] == house.commitment.ref:
            one["values"]["postpone"]["raw"] = "T1 2021"
    Upload.objects.filter(pk=upload.pk).update(plan=packed(plan))
    before = streams()
    upload = apply(upload)
    assert [(one["ref"], "déjà passé" in one["text"]) for one in upload.problems] == [(house.commitment.ref, True)]
    assert (upload.state, streams()) == ("previewed", before)
