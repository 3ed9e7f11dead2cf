"""A government changes: promises move in bulk, who made them stays written, mandates follow only when told."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from commitments.models import Version
from ministries import counting, declaring
from ministries.authoring import Refused
from ministries.models import Act, Mandate, Ministry, Responsibility, Succession
from ministries.permissions import NotMandated
from ministries.reshuffles import open_portfolio, preview, reshuffle, without_amdac
from ministries.standing import standings
from tests.factories import MandateFactory
from tests.ministries.people import NOW, TODAY, WHO, join
from tests.reading import text

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

SUNDAY = TODAY


def portfolio(house, **values):
    asked = {"code": "MNV", "name": "Ministère nouveau", "since": SUNDAY, **values}
    return open_portfolio(house.author("operator"), **asked)


def everything(house, into, who="operator", leaving=None, **values):
    leaving = leaving or [house.ministry]
    seen = {row.commitment_id for row in preview(leaving, to=into, on=SUNDAY).moving}
    return reshuffle(
        house.author(who), leaving, **{"to": into, "on": SUNDAY, "promises": seen, "ends": True, **values}
    )


def counts():
    return [model.objects.count() for model in (Ministry, Responsibility, Mandate, Succession, Act, Version)]


@pytest.mark.parametrize("who", sorted({*WHO, "closed"} - {"operator"}))
def test_only_an_operator_opens_a_portfolio_or_reshuffles(house, who):
    to = portfolio(house)
    before = counts()
    with pytest.raises(NotMandated):
        open_portfolio(house.author(who), code="AUTRE", name="Autre", since=SUNDAY)
    with pytest.raises(NotMandated):
        everything(house, to, who)
    assert counts() == before


def test_promises_move_in_bulk_and_who_made_them_stays_written(house):
    house.another()
    to = portfolio(house)
    done = everything(house, to)
    assert done.moved == 2
    before = {s.ref: s for s in standings(SUNDAY - timedelta(days=1))}
    after = {s.ref: s for s in standings(SUNDAY)}
    assert {s.ministry for s in before.values()} == {house.ministry, house.other}
    assert {s.ministry for s in after.values()} == {to, house.other}
    assert {s.promised_by for s in after.values()} == {house.ministry, house.other}
    assert [str(one) for one in done.successions] == [f"{house.ministry.code} → MNV ({SUNDAY})"]


def test_nothing_is_counted_twice_in_either_frame(house):
    join(house.commitment, house.other)
    to = portfolio(house)
    everything(house, to, leaving=[house.ministry, house.other])
    found = standings(SUNDAY)
    charge = {m.code: len(group) for m, group in counting.by_ministry(found)}
    promise = {m.code: len(group) for m, group in counting.by_ministry(found, counting.Frame.PROMISE)}
    assert charge == {"MNV": 2}
    assert promise == {house.ministry.code: 1, house.other.code: 1}
    assert sum(charge.values()) == sum(promise.values()) == len(found)


def test_mandates_end_that_day_and_only_those_ticked_follow(house):
    to = portfolio(house)
    amdac, cabinet = (house.agents[who].mandates.get() for who in ("amdac", "cabinet"))
    done = everything(house, to, following={amdac.pk})
    assert [m.agent for m in done.granted] == [amdac.agent]
    for mandate in (amdac, cabinet):
        mandate.refresh_from_db()
        assert mandate.until == SUNDAY
    assert list(Mandate.objects.filter(ministry=to).values_list("agent", "role", "since")) == [
        (amdac.agent.pk, "amdac", SUNDAY)
    ]
    declaring.declare(house.author("amdac"), house.commitment, status="in_progress", seen=None)
    assert house.commitment.declarations.get().ministry == to


def test_a_former_amdac_loses_the_right_to_write_the_same_day(house):
    everything(house, portfolio(house))
    with pytest.raises(NotMandated, match="mandat"):
        declaring.declare(house.author("amdac"), house.commitment, status="in_progress", seen=None)


def test_a_portfolio_that_gives_a_part_keeps_its_mandates(house):
    kept = house.another()
    to = portfolio(house)
    amdac = house.agents["amdac"].mandates.get()
    done = reshuffle(
        house.author("operator"),
        [house.ministry],
        to=to,
        on=SUNDAY,
        promises={house.commitment.pk},
        following={amdac.pk},
    )
    assert (done.moved, done.ended) == (1, ())
    held = Mandate.objects.in_force(SUNDAY).filter(agent=amdac.agent)
    assert {m.ministry for m in held} == {house.ministry, to}
    assert {s.ref: s.ministry for s in standings(SUNDAY)}[kept.ref] == house.ministry


def test_who_served_two_portfolios_gets_one_mandate_in_the_one_they_become(house):
    both = house.agents["amdac"].mandates.get(), MandateFactory(agent=house.agents["amdac"], ministry=house.other)
    to = portfolio(house)
    done = everything(house, to, leaving=[house.ministry, house.other], following={m.pk for m in both})
    assert len(done.granted) == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (lambda h, to: {"promises": {h.third.pk}, "ends": False}, "promises"),
        (lambda h, to: {"promises": (), "ends": False}, "promises"),
        (lambda h, to: {"promises": ()}, "ends"),
        (lambda h, to: {"following": {h.agents["of_another_ministry"].mandates.get().pk}}, "following"),
        (lambda h, to: {"to": h.ministry}, "to"),
        (lambda h, to: {"on": SUNDAY - timedelta(days=1)}, "on"),
        (lambda h, to: {"on": date(2020, 1, 1), "to": h.other}, "since"),
        (lambda h, to: {"source": "x" * 301}, "source"),
    ],
)
def test_what_was_not_seen_or_makes_no_sense_writes_nothing(house, values, field):
    to = portfolio(house)
    before = counts()
    with pytest.raises(Refused) as caught:
        everything(house, to, **values(house, to))
    assert caught.value.field == field
    assert counts() == before


@pytest.mark.parametrize(
    ("values", "field"),
    [({"code": " "}, "code"), ({"code": "⁂"}, "code"), ({"name": ""}, "name"), ({"code": "Remaniements"}, "code")],
)
def test_a_portfolio_without_a_code_or_a_name_is_refused(house, values, field):
    with pytest.raises(Refused) as caught:
        portfolio(house, **values)
    assert caught.value.field == field


def test_a_code_of_the_past_is_not_given_again(house):
    with pytest.raises(Refused, match="déjà"):
        portfolio(house, code=house.ministry.code.lower())


def test_a_ministry_that_answers_without_an_amdac_is_seen(house):
    assert without_amdac(SUNDAY) == []
    to = portfolio(house)
    assert without_amdac(SUNDAY) == []
    everything(house, to)
    assert without_amdac(SUNDAY) == [to]
    MandateFactory(ministry=to, agent__is_active=False)
    assert without_amdac(SUNDAY) == [to]
    MandateFactory(ministry=to)
    assert without_amdac(SUNDAY) == []


# --- pages ---


@pytest.fixture
def operator(house):
    with time_machine.travel(NOW, tick=False):
        client = Client()
        client.force_login(house.agents["operator"])
        yield client


PAGE = "/espace/remaniements/"


def test_an_operator_opens_previews_then_applies(house, operator):
    opened = operator.post(
        PAGE, {"acte": "ouvrir", "code": "MNV", "name": "Ministère nouveau", "since": "2026-06-15"}, follow=True
    )
    assert "est ouvert" in text(opened)
    to = Ministry.objects.get(code="MNV")
    asked = {"leaving": house.ministry.pk, "to": to.pk, "on": "2026-06-15", "source": "décret"}
    before = counts()
    page = text(operator.post(PAGE, {"acte": "apercu", **asked}))
    assert "1 promesse changerait de mains" in page
    assert house.commitment.ref in page
    assert "fonction amdac" in page
    assert counts() == before
    amdac = house.agents["amdac"].mandates.get()
    applied = {**asked, "acte": "appliquer", "promesse": house.commitment.pk, "mandat": amdac.pk, "ends": "on"}
    page = text(operator.post(PAGE, applied, follow=True))
    assert "Promesses transférées : 1 ; mandats clos : 4 ; mandats donnés : 1." in page
    again = operator.post(PAGE, applied)
    assert again.status_code == 422
    assert "ont changé de mains" in text(again)
    assert Succession.objects.get().source == "décret"


@pytest.mark.parametrize("who", ["amdac", "contributor", "cabinet", "of_another_ministry", "former"])
def test_nobody_else_finds_the_page(house, who):
    with time_machine.travel(NOW, tick=False):
        client = Client()
        client.force_login(house.agents[who])
        asked = {"leaving": house.ministry.pk, "to": house.other.pk, "on": "2026-06-15"}
        before = counts()
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, {"acte": "appliquer", "promesse": house.commitment.pk, **asked}).status_code == 403
        assert client.post(PAGE, {"acte": "ouvrir", "code": "X"}).status_code == 403
        assert counts() == before
    assert Client().post(PAGE, {"acte": "appliquer"}).status_code == 302


@pytest.mark.parametrize("forged", ["abc", "1 OR 1=1", "٣", "9" * 40])
def test_forged_ids_write_nothing(house, operator, forged):
    asked = {"acte": "appliquer", "leaving": house.ministry.pk, "to": house.other.pk, "on": "2026-06-15"}
    before = counts()
    assert operator.post(PAGE, {**asked, "promesse": forged}).status_code in (403, 422)
    assert counts() == before


def test_the_old_address_answers_says_what_it_became_and_keeps_who_promised(house, client):
    to = portfolio(house)
    everything(house, to)
    with time_machine.travel(NOW, tick=False):
        old = client.get(house.ministry.get_absolute_url())
        assert old.status_code == 200
        assert f'href="{to.get_absolute_url()}"' in text(old)
        assert house.commitment.ref in text(old)
        new = client.get(to.get_absolute_url())
        assert f'href="{house.ministry.get_absolute_url()}"' in text(new)
        day_before = client.get(house.ministry.get_absolute_url(), {"au": "2026-06-14"})
        assert to.name not in text(day_before)
        assert to.name not in text(client.get("/ministeres/", {"au": "2026-06-14"}))


def test_the_public_reads_both_frames_side_by_side(house, client):
    to = portfolio(house)
    everything(house, to)
    with time_machine.travel(NOW, tick=False):
        rows = {
            row.ministry.code: (row.promised.total, row.charge.total)
            for row in client.get("/ministeres/remaniements/").context["frames"]
        }
    assert rows == {house.ministry.code: (1, 0), house.other.code: (1, 1), "MNV": (0, 1)}


def test_a_ministry_that_would_succeed_itself_is_refused_before_the_preview(house, client):
    client.force_login(house.agents["operator"])
    form = {"leaving": [house.ministry.pk], "to": house.ministry.pk, "on": TODAY.isoformat()}
    with time_machine.travel(NOW, tick=False):
        page = client.post("/espace/remaniements/", {"acte": "apercu", **form}).content.decode()
    assert "Un ministère ne se succède pas à lui-même" in page
    assert "Aperçu" not in page
