"""Every write alike: who may, what is journalled, all or nothing, and what the base itself refuses."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from commitments.models import Version
from ministries import addressing, declaring, postponing, transferring
from ministries.authoring import REFUSALS, Author, Refused, StaleForm, writing
from ministries.models import Act, Declaration
from ministries.permissions import NotMandated
from tests.factories import MandateFactory
from tests.ministries.people import NOW, TODAY, WHO, house
from tests.ministries.writes import Status, counted, declare

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

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
