"""What a ministry writes: rows are added, mandates checked, refusals said, nothing overwritten."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from commitments.models import Candidate, Deadline, Deliverable, Location, Reading, Verdict, Version, Watch
from ministries import addressing, declaring, postponing, transferring
from ministries.authoring import REFUSALS, Author, Refused, StaleForm, writing
from ministries.models import Act, Declaration, Draft, Mandate, Postponement, Reply, Responsibility, ScopeChange
from ministries.permissions import NotMandated
from ministries.standing import standing
from tests.factories import CommitmentFactory, LocationFactory, MandateFactory
from tests.ministries.people import NOW, TODAY, WHO, house, promise

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

Status = Declaration.Status
ROWS = (Act, Candidate, Deadline, Declaration, Draft, Location, Mandate, Postponement, Reading, Reply)
ROWS += (Responsibility, ScopeChange, Version, Watch)


def declare(house, who="amdac", **values):
    return declaring.declare(
        house.author(who), house.commitment, **{"status": Status.IN_PROGRESS, "seen": None, **values}
    )


WRITES = {
    "declare": lambda h, a: declaring.declare(a, h.commitment, status="in_progress", seen=None),
    "nothing_new": lambda h, a: declaring.nothing_new(a, h.commitment, seen=None),
    "abandon": lambda h, a: declaring.abandon(a, h.commitment, reason="plus lieu d'être", seen=None),
    "replace": lambda h, a: declaring.replace(a, h.commitment, by=h.third, reason="fusion", seen=None),
    "reply": lambda h, a: declaring.reply(a, h.commitment, text_="la fiche a changé d'adresse"),
    "postpone": lambda h, a: postponing.postpone(
        a, h.commitment, raw="T3 2027", reason="décret attendu", seen=h.commitment.deadlines.get().pk
    ),
    "change_scope": lambda h, a: postponing.change_scope(
        a, h.commitment.deliverables.get(), aspect="access", after="restricted", reason="CNIL", seen=None
    ),
    "locate": lambda h, a: addressing.locate(a, h.commitment.deliverables.get(), url="https://exemple.fr/jeu"),
}
PREPARES = {"prepare": lambda h, a: declaring.prepare(a, h.commitment, status="in_progress", seen=None)}
FINDS = {
    "read": lambda h, a: addressing.read(a, h.commitment, state="open", evidence_url="https://exemple.fr/preuve"),
    "transfer": lambda h, a: transferring.transfer(a, [h.commitment], to=h.other, since=TODAY),
    "grant": lambda h, a: transferring.grant(a, h.agents["cabinet"], role="amdac", ministry=h.ministry, since=TODAY),
    "end": lambda h, a: transferring.end(a, h.agents["cabinet"].mandates.get(), until=TODAY),
}
REFUSED = {
    **{name: (write, set(WHO) - {"amdac", "operator"}) for name, write in WRITES.items()},
    **{name: (write, set(WHO) - {"amdac", "contributor", "operator"}) for name, write in PREPARES.items()},
    **{name: (write, set(WHO) - {"operator"}) for name, write in FINDS.items()},
}


def counted():
    return {model.__name__: model.objects.count() for model in ROWS}


@pytest.mark.parametrize(
    ("name", "who"), [(name, who) for name, (_, refused) in REFUSED.items() for who in sorted(refused)]
)
def test_who_has_no_mandate_for_it_writes_nothing(house, name, who):
    author, write = house.author(who), REFUSED[name][0]
    before = counted()
    with pytest.raises(NotMandated):
        write(house, author)
    assert counted() == before


@pytest.mark.parametrize(
    ("name", "who"), [(n, w) for n, (_, refused) in REFUSED.items() for w in WHO if w not in refused]
)
def test_who_has_one_writes_is_journalled_and_moves_the_version(house, name, who):
    if name == "nothing_new":
        declare(house)
    before, acts = Version.current(), Act.objects.count()
    author = Author(house.agents[who], NOW, Act.Channel.FILE, "tableau.xlsx")
    if name == "nothing_new":
        declaring.nothing_new(author, house.commitment, seen=Declaration.objects.get().pk)
    else:
        REFUSED[name][0](house, author)
    assert Version.current() > before
    assert Act.objects.count() == acts + 1
    act = Act.objects.first()
    assert (act.agent, act.by_function) == (house.agents[who], f"fonction {who}")
    assert (act.channel, act.source, act.recorded_at) == ("file", "tableau.xlsx", NOW)
    if name not in ("grant", "end"):
        assert act.commitment == house.commitment
    assert act.target.split(":")[0]


# --- declare ---


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


# --- rien de nouveau ---


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


# --- abandon, replace ---


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


# --- prepare ---


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


# --- reply ---


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


# --- postpone ---


def test_postponing_adds_a_date_and_never_touches_the_first(house):
    first = house.commitment.deadlines.get()
    row = postponing.postpone(
        house.author(), house.commitment, raw="T3 2027", reason="décret", seen=first.pk, source_url="https://e.fr/jo"
    )
    assert (row.raw, row.first_day, row.last_day) == ("T3 2027", date(2027, 7, 1), date(2027, 9, 30))
    assert (row.precision, row.announced_on, row.reason) == ("quarter", TODAY, "décret")
    assert (row.reference_key, row.postponement.late) == ("", False)
    assert "fonction amdac" in row.announced_in
    found = standing(house.commitment.ref, TODAY)
    assert (found.promised.first, found.promised.current) == (first, row)
    assert found.promised.postponements == 1
    assert found.promised.moved_late == frozenset()


def test_a_date_moved_after_it_has_passed_is_marked_so(house):
    house.commitment.deadlines.update(last_day=TODAY - timedelta(days=1))
    row = postponing.postpone(
        house.author(), house.commitment, raw="fin 2027", reason="x", seen=house.commitment.deadlines.get().pk
    )
    assert row.postponement.late
    assert standing(house.commitment.ref, TODAY).promised.moved_late == {row.pk}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("31/09/2027", "n'existe pas|n'est pas"),
        ("en continu", "que par une date"),
        ("", "Quelle est la nouvelle échéance"),
        ("T1 2026", "déjà passé"),
        ("fin 2026", "déjà l'échéance"),
        ("rentrée 2027", "rentrée 2027"),
        ("T3 2027\x00", "invisible"),
    ],
)
def test_a_date_that_says_nothing_new_is_refused(house, raw, said):
    with pytest.raises(Refused, match=said) as caught:
        postponing.postpone(
            house.author(), house.commitment, raw=raw, reason="x", seen=house.commitment.deadlines.get().pk
        )
    assert caught.value.field == "raw"
    assert house.commitment.deadlines.count() == 1


def test_postponing_needs_a_reason_and_the_date_in_force(house):
    first = house.commitment.deadlines.get()
    with pytest.raises(Refused) as caught:
        postponing.postpone(house.author(), house.commitment, raw="2028", reason=" ", seen=first.pk)
    assert caught.value.field == "reason"
    row = postponing.postpone(house.author(), house.commitment, raw="2028", reason="x", seen=first.pk)
    with pytest.raises(StaleForm) as stale:
        postponing.postpone(house.author(), house.commitment, raw="2029", reason="x", seen=first.pk)
    assert stale.value.latest == row


# --- scope ---


def test_a_change_of_scope_stands_beside_what_was_promised(house):
    deliverable = house.commitment.deliverables.get()
    row = postponing.change_scope(
        house.author(), deliverable, aspect="access", after="restricted", reason="avis CNIL", seen=None
    )
    assert (row.before_words, row.after_words, row.late) == ("ouvert", "sur habilitation", False)
    deliverable.refresh_from_db()
    assert deliverable.access_promised == "open"
    with pytest.raises(StaleForm):
        postponing.change_scope(house.author(), deliverable, aspect="access", after="open", reason="x", seen=None)
    with pytest.raises(Refused, match="déjà"):
        postponing.change_scope(
            house.author(), deliverable, aspect="access", after="restricted", reason="x", seen=row.pk
        )
    with pytest.raises(Refused, match="liste"):
        postponing.change_scope(house.author(), deliverable, aspect="kind", after="carte", reason="x", seen=row.pk)


# --- findings, addresses, checks ---


def test_a_human_finding_is_judged_at_once(house):
    addressing.read(house.author("operator"), house.commitment, state="not_open", evidence_url="https://exemple.fr/x")
    assert standing(house.commitment.ref, TODAY).observed.state == "unmet"
    for values in ({"evidence_url": ""}, {"state": "not_verified"}, {"read_on": TODAY + timedelta(days=1)}):
        with pytest.raises(Refused):
            addressing.read(
                house.author("operator"),
                house.commitment,
                **{"state": "open", "evidence_url": "https://exemple.fr/x", **values},
            )


def test_an_address_of_another_promise_is_neither_replaced_nor_closed(house):
    stranger = LocationFactory(deliverable=promise(house.other).deliverables.get())
    with pytest.raises(Refused):
        addressing.locate(
            house.author(), house.commitment.deliverables.get(), url="https://exemple.fr/a", replaces=[stranger]
        )
    with pytest.raises(NotMandated):
        addressing.unlocate(house.author(), stranger)
    stranger.refresh_from_db()
    assert stranger.until is None


@pytest.mark.parametrize(
    ("url", "kind", "portal"),
    [
        ("https://www.data.gouv.fr/datasets/jeu/", "dataset", "datagouv_dataset"),
        ("https://www.data.gouv.fr/fr/datasets/jeu/", "dataset", "datagouv_dataset"),
        ("https://www.data.gouv.fr/dataservices/api/", "api", "datagouv_dataservice"),
        ("https://github.com/etat/code", "source_code", "git"),
        ("https://github.com/etat/code", "document", "url"),
        ("https://exemple.fr/datasets/jeu", "dataset", "url"),
        ("http://[::1", "dataset", "url"),
    ],
)
def test_an_address_says_its_portal(url, kind, portal):
    assert addressing.portal_of(url, kind) == portal


def test_a_check_is_asked_once_in_ten_minutes_and_by_who_may(house, monkeypatch):
    sent = []
    monkeypatch.setattr("commitments.tasks.poll_batch.delay", lambda run, batch: sent.append(batch))
    location = LocationFactory(deliverable=house.commitment.deliverables.get())
    for who in ("cabinet", "former", "of_another_ministry"):
        with pytest.raises(NotMandated):
            addressing.check_now(house.author(who), location)
    assert addressing.check_now(house.author("contributor"), location)
    assert sent == [[location.watch.pk]]
    with pytest.raises(Refused, match="déjà en cours"):
        addressing.check_now(house.author(), location)
    Watch.objects.update(lease="", lease_until=None, checked_at=NOW - timedelta(minutes=3))
    with pytest.raises(Refused, match="il y a 3 min"):
        addressing.check_now(house.author(), location)
    Watch.objects.update(checked_at=NOW - timedelta(minutes=11))
    assert addressing.check_now(house.author(), location)


def test_twenty_checks_an_hour_are_enough(house, monkeypatch):
    monkeypatch.setattr("commitments.tasks.poll_batch.delay", lambda run, batch: None)
    location = LocationFactory(deliverable=house.commitment.deliverables.get())
    for _ in range(addressing.CHECKS_AN_HOUR):
        addressing.check_now(house.author(), location)
        Watch.objects.update(lease="", lease_until=None)
    with pytest.raises(Refused, match="20 vérifications"):
        addressing.check_now(house.author(), location)
    assert addressing.check_now(house.author(now=NOW + timedelta(hours=1, minutes=1)), location)


# --- transfer ---


def test_promises_move_with_their_mandates_and_who_promised_stays(house):
    second = house.another()
    mandate = house.agents["amdac"].mandates.get()
    moved = transferring.transfer(
        house.author("operator"), [house.commitment, second], to=house.other, since=TODAY, mandates=[mandate]
    )
    assert len(moved.moved) == 2
    for commitment in (house.commitment, second):
        found = standing(commitment.ref, TODAY)
        assert (found.ministry, found.promised_by) == (house.other, house.ministry)
    mandate.refresh_from_db()
    assert mandate.until == TODAY
    declaring.declare(house.author(), house.commitment, status="in_progress", seen=None)
    again = transferring.transfer(house.author("operator"), [house.commitment], to=house.other, since=TODAY)
    assert (again.moved, again.left) == ((), (house.commitment,))


def test_a_transfer_is_whole_or_not_at_all(house):
    later = CommitmentFactory(responsibility__ministry=house.ministry, responsibility__since=date(2026, 6, 1))
    with pytest.raises(Refused, match=later.ref):
        transferring.transfer(
            house.author("operator"), [house.commitment, later], to=house.other, since=date(2026, 5, 1)
        )
    assert house.ministry == house.commitment.responsibilities.get().ministry


def test_a_preview_writes_nothing(house):
    found = transferring.preview([house.commitment], to=house.other)
    assert [row.ministry for row in found.moved] == [house.ministry]
    assert house.ministry == house.commitment.responsibilities.get().ministry


def test_a_mandate_ends_once(house):
    mandate = house.agents["amdac"].mandates.get()
    transferring.end(house.author("operator"), mandate, until=TODAY)
    with pytest.raises(Refused, match="déjà une fin"):
        transferring.end(house.author("operator"), mandate, until=TODAY)
    with pytest.raises(NotMandated):
        declare(house)


# --- together ---


def test_many_writes_are_one_transaction_one_version_and_a_line_refused_costs_only_itself(house):
    author, before = house.author(), Version.current()
    lines = [house.another() for _ in range(3)]
    with writing(author):
        for line in lines:
            declaring.declare(author, line, status="in_progress", seen=None)
        with pytest.raises(Refused):
            declaring.declare(author, house.commitment, status="done", seen=None)
    assert Declaration.objects.count() == 3
    assert Act.objects.count() == 3
    assert Version.current() == before + 1


def test_a_contradiction_begins_and_ends_with_the_words_that_make_it(house):
    addressing.read(house.author("operator"), house.commitment, state="open", evidence_url="https://exemple.fr/x")
    found = house.commitment.contradictions.get()
    assert (found.kind, found.ends.count()) == ("observed_not_declared", 0)
    declare(house, status=Status.DONE, address="https://exemple.fr/jeu")
    end = found.ends.get()
    assert (end.cause, end.ended_on) == ("ministry_corrected", TODAY)


def test_nothing_is_journalled_of_what_failed(house):
    author = house.author()

    def half_way():
        with writing(author):
            declaring.declare(author, house.commitment, status="in_progress", seen=None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_way()
    assert not Declaration.objects.exists()
    assert not Act.objects.exists()
    declaring.declare(author, house.commitment, status="in_progress", seen=None)
    assert Act.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_lose_nothing():
    there = house()
    came, refused = [], []
    start = threading.Barrier(2)

    def write(words):
        try:
            start.wait()
            came.append(declare(there, comment=words))
        except StaleForm as error:
            refused.append(error.latest)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(words,)) for words in ("l'un", "l'autre")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(came) == 1
    assert refused == came
    assert Declaration.objects.get() == came[0]


@pytest.mark.parametrize(
    "values",
    [
        {"by_function": ""},
        {"obstacle_kind": "law"},
        {"status": "abandoned", "nothing_new": 1},
    ],
)
def test_the_base_itself_refuses_what_no_function_writes(house, values):
    row = {"status": "in_progress", "by_function": "AMDAC", "declared_on": TODAY, **values}
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.create(commitment=house.commitment, ministry=house.ministry, **row)


def test_every_refusal_reads_as_a_sentence(house):
    with pytest.raises(REFUSALS) as caught:
        declare(house, "cabinet")
    assert str(caught.value).endswith(".")
    MandateFactory(agent=house.agents["cabinet"], ministry=house.ministry)
    assert declare(house, "cabinet")
