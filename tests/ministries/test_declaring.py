"""What a ministry says of a promise: rows are added, refusals said, nothing overwritten."""

from datetime import date, timedelta

import pytest

from commitments.models import Deliverable, Location, Verdict, Watch
from ministries import addressing, declaring, postponing, transferring
from ministries.authoring import Refused, StaleForm
from ministries.models import Act, Declaration, Draft
from ministries.permissions import NotMandated
from ministries.standing import standing
from tests.ministries.people import NOW, TODAY, promise
from tests.ministries.writes import Status, counted, declare

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


# --- declare ---------------------------------------------------------------------------------------------------------


def test_a_declaration_says_who_by_function_for_which_ministry_and_when(house):
    row = declare(house, comment="  en recette  ", note="tension avec l'éditeur")
    assert (row.ministry, row.by_function, row.declared_on) == (house.ministry, "fonction amdac", TODAY)
    assert (row.comment, row.note, row.nothing_new) == ("en recette", "tension avec l'éditeur", 0)


def test_an_operator_declares_for_the_ministry_that_leads(house):
    assert declare(house, "operator").ministry == house.ministry


def test_a_form_that_did_not_see_the_last_declaration_is_stale(house):
    first = declare(house, comment="celle des collègues")
    with pytest.raises(StaleForm) as caught:
        declare(house, comment="la mienne")
    assert caught.value.latest == first
    assert Declaration.objects.get() == first
    with pytest.raises(StaleForm) as caught:
        declare(house, seen=first.pk + 1000)
    assert caught.value.latest == first
    declare(house, seen=first.pk, comment="la mienne")
    assert Declaration.objects.count() == 2


@pytest.mark.parametrize("status", ["abandoned", "replaced", "", "kept", "done\x00"])
def test_only_an_open_state_is_declared(house, status):
    with pytest.raises(Refused) as caught:
        declare(house, status=status)
    assert caught.value.field == "status"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"comment": "x" * 4001}, "comment"),
        ({"comment": "avant\x00après"}, "comment"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"source_url": "ftp://exemple.fr"}, "source_url"),
        ({"source_url": "https://moi:secret@exemple.fr"}, "source_url"),
        ({"source_url": "https://exemple.fr/a b"}, "source_url"),
        ({"obstacle_kind": "meteo", "obstacle": "pluie"}, "obstacle_kind"),
        ({"obstacle_kind": "law"}, "obstacle"),
        ({"obstacle": "la loi"}, "obstacle_kind"),
        ({"address": "file:///etc/passwd"}, "address"),
    ],
)
def test_what_can_t_be_written_is_refused_by_its_field(house, values, field):
    before = counted()
    with pytest.raises(Refused) as caught:
        declare(house, **values)
    assert caught.value.field == field
    assert counted() == before


def test_done_asks_for_an_address_and_the_robot_follows_it(house):
    with pytest.raises(Refused) as caught:
        declare(house, status=Status.DONE)
    assert caught.value.field == "address"
    declare(house, status=Status.DONE, address="https://www.data.gouv.fr/datasets/jeu-promis/")
    location = Location.objects.get()
    assert (location.portal, location.since) == (Location.Portal.DATASET, TODAY)
    assert Watch.objects.get().next_check_at == NOW
    assert [act.verb for act in Act.objects.order_by("pk")] == ["locate", "declare"]


def test_done_with_a_wrong_address_leaves_nothing_behind(house):
    with pytest.raises(Refused):
        declare(house, status=Status.DONE, address="https://exemple.fr/ok", obstacle_kind="law")
    assert not Location.objects.exists()
    assert not Act.objects.exists()


def test_two_deliverables_ask_which_one_the_address_is_for(house):
    other = Deliverable.objects.create(commitment=house.commitment, rank=31000, kind="api", label="l'API")
    with pytest.raises(Refused) as caught:
        declare(house, status=Status.DONE, address="https://exemple.fr/api")
    assert caught.value.field == "address"
    declare(house, status=Status.DONE, address="https://exemple.fr/api", deliverable=other)
    assert Location.objects.get().deliverable == other


def test_a_deliverable_of_another_promise_is_refused(house):
    stranger = promise(house.other).deliverables.get()
    with pytest.raises(Refused) as caught:
        declare(house, address="https://exemple.fr/api", deliverable=stranger)
    assert caught.value.field == "deliverable"


def test_late_asks_for_the_obstacle_with_its_words(house):
    house.commitment.deadlines.update(last_day=TODAY - timedelta(days=1))
    with pytest.raises(Refused) as caught:
        declare(house)
    assert caught.value.field == "obstacle"
    row = declare(house, obstacle_kind="law", obstacle="décret en attente")
    assert row.get_obstacle_kind_display() == "cadre juridique"


def test_the_last_day_itself_is_not_late(house):
    house.commitment.deadlines.update(last_day=TODAY)
    declare(house)


def test_what_is_found_kept_needs_no_obstacle_after_its_date(house):
    house.commitment.deadlines.update(last_day=TODAY - timedelta(days=1))
    addressing.read(house.author("operator"), house.commitment, state="open", evidence_url="https://exemple.fr/x")
    declare(house)


# --- rien de nouveau -------------------------------------------------------------------------------------------------


def test_nothing_new_says_the_same_again_and_counts(house):
    last = declare(house, comment="marché notifié", obstacle_kind="law", obstacle="décret")
    for times in (1, 2, 3):
        last = declaring.nothing_new(house.author(), house.commitment, seen=last.pk)
        assert (last.nothing_new, last.status, last.comment) == (times, "in_progress", "marché notifié")
        assert (last.obstacle_kind, last.obstacle) == ("law", "décret")
    assert declare(house, seen=last.pk).nothing_new == 0


def test_nothing_new_of_nothing_is_refused(house):
    with pytest.raises(Refused, match="Rien n'a encore été déclaré"):
        declaring.nothing_new(house.author(), house.commitment, seen=None)


def test_nothing_new_is_refused_when_late_without_an_obstacle(house):
    last = declare(house)
    house.commitment.deadlines.update(last_day=TODAY - timedelta(days=1))
    with pytest.raises(Refused) as caught:
        declaring.nothing_new(house.author(), house.commitment, seen=last.pk)
    assert caught.value.field == "obstacle"
    row = declaring.nothing_new(
        house.author(), house.commitment, seen=last.pk, obstacle_kind="people", obstacle="départ du chef de projet"
    )
    assert (row.nothing_new, row.obstacle_kind) == (1, "people")


def test_the_private_note_of_another_ministry_is_not_said_again(house):
    last = declare(house, note="entre nous")
    transferring.transfer(house.author("operator"), [house.commitment], to=house.other, since=TODAY)
    row = declaring.nothing_new(house.author("of_another_ministry"), house.commitment, seen=last.pk)
    assert row.note == ""


# --- abandon, replace ------------------------------------------------------------------------------------------------


def test_abandoning_leaves_the_late_ones_and_keeps_its_reason(house):
    house.commitment.deadlines.update(last_day=TODAY - timedelta(days=1))
    row = declaring.abandon(house.author(), house.commitment, reason="service supprimé", seen=None)
    assert (row.status, row.comment) == ("abandoned", "service supprimé")
    assert standing(house.commitment.ref, TODAY).timeliness.code == "closed"
    with pytest.raises(Refused, match="déjà déclarée « abandonné »"):
        declaring.abandon(house.author(), house.commitment, reason="encore", seen=row.pk)
    with pytest.raises(Refused):
        declaring.nothing_new(house.author(), house.commitment, seen=row.pk)
    with pytest.raises(Refused, match="abandonné"):
        postponing.postpone(
            house.author(), house.commitment, raw="2028", reason="x", seen=house.commitment.deadlines.get().pk
        )


def test_an_abandoned_promise_may_be_taken_up_again(house):
    row = declaring.abandon(house.author(), house.commitment, reason="service supprimé", seen=None)
    assert declare(house, seen=row.pk).status == "in_progress"


def test_abandoning_needs_a_reason(house):
    with pytest.raises(Refused) as caught:
        declaring.abandon(house.author(), house.commitment, reason="  ", seen=None)
    assert caught.value.field == "reason"


def test_replacing_names_a_public_promise_and_never_turns_in_a_circle(house):
    other = house.another()
    row = declaring.replace(house.author(), house.commitment, by=other, reason="fusionnées", seen=None)
    assert (row.status, row.replaced_by) == ("replaced", other)
    with pytest.raises(Refused, match="elle-même"):
        declaring.replace(house.author(), other, by=house.commitment, reason="retour", seen=None)
    with pytest.raises(Refused, match="elle-même"):
        declaring.replace(house.author(), other, by=other, reason="soi", seen=None)
    with pytest.raises(Refused, match="publique"):
        declaring.replace(house.author(), other, by=house.another(visibility="draft"), reason="caché", seen=None)


# --- prepare ---------------------------------------------------------------------------------------------------------


def test_a_contributor_prepares_and_an_amdac_publishes(house):
    draft = declaring.prepare(
        house.author("contributor"), house.commitment, status="in_progress", seen=None, comment="prêt", note="voir DAJ"
    )
    assert list(Draft.objects.pending()) == [draft]
    assert not Declaration.objects.exists()
    with pytest.raises(NotMandated):
        declare(house, "contributor", draft=draft)
    row = declare(house, comment="prêt, relu", draft=draft)
    assert row.draft == draft
    assert not Draft.objects.pending().exists()


def test_a_newer_draft_takes_the_place_of_the_former_and_must_have_seen_it(house):
    author = house.author("contributor")
    first = declaring.prepare(author, house.commitment, status="in_progress", seen=None)
    with pytest.raises(StaleForm):
        declaring.prepare(author, house.commitment, status="done", seen=None)
    second = declaring.prepare(author, house.commitment, status="not_started", seen=first.pk)
    assert list(Draft.objects.pending()) == [second]
    with pytest.raises(Refused, match="n'est plus celle à publier"):
        declare(house, draft=first)


def test_a_draft_of_another_promise_is_not_published_here(house):
    draft = declaring.prepare(house.author("contributor"), house.another(), status="in_progress", seen=None)
    with pytest.raises(Refused) as caught:
        declare(house, draft=draft)
    assert caught.value.field == "draft"


# --- reply -----------------------------------------------------------------------------------------------------------


def test_a_reply_stands_beside_the_finding_it_answers(house):
    verdict = Verdict.objects.create(
        deliverable=house.commitment.deliverables.get(), state="unmet", since=date(2026, 1, 1), rule_version="1"
    )
    row = declaring.reply(house.author(), house.commitment, text_="la fiche existe", verdict=verdict)
    assert (row.verdict, row.replied_on, row.by_function) == (verdict, TODAY, "fonction amdac")
    with pytest.raises(Refused, match="déjà publiée"):
        declaring.reply(house.author(), house.commitment, text_="la fiche existe", verdict=verdict)
    with pytest.raises(Refused):
        declaring.reply(house.author(), house.commitment, text_=" ")


def test_a_finding_of_another_promise_is_not_answered_here(house):
    stranger = promise(house.other)
    verdict = Verdict.objects.create(
        deliverable=stranger.deliverables.get(), state="unmet", since=date(2026, 1, 1), rule_version="1"
    )
    with pytest.raises(Refused):
        declaring.reply(house.author(), house.commitment, text_="non", verdict=verdict)
