"""A campaign: what it asks, what counts as an answer, what its edition freezes, and who may hold it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from commitments.models import Commitment, Version
from dashboards.by_ministry import by_ministry
from ministries import declaring, postponing, transferring
from ministries.authoring import Author, Refused
from ministries.campaigns.answering import Rate, answers, rates, rates_of
from ministries.campaigns.expecting import expected
from ministries.campaigns.holding import close_campaign, open_campaign, remind
from ministries.models import Act, Campaign, CampaignLine, Edition, Notice
from ministries.permissions import NotMandated
from ministries.standing import standings
from ministries.words import last_words
from tests.factories import CommitmentFactory, DeclarationFactory, MinistryFactory
from tests.ministries.people import NOW, TODAY, WHO, join, promise

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

CLOSES, HELD = date(2026, 6, 30), date(2026, 7, 7)


def later(days):
    return NOW + timedelta(days=days)


def opened(house, who="operator", **values):
    asked = {"label": "T2 2026", "closes_on": CLOSES, "occasion": "rim", "held_on": HELD, **values}
    return open_campaign(house.author(who), **asked)


def state(campaign, ministry, as_of=TODAY):
    found = next(one for one in answers(campaign, as_of) if one.ministry == ministry)
    counted = rates(Campaign.objects.get(pk=campaign.pk), as_of)
    assert dict(rates_of(ministry, as_of)) == {campaign: counted[ministry.code]}
    return found


def declare(house, commitment, now=NOW, **values):
    return declaring.declare(house.author(now=now), commitment, **{"status": "in_progress", "seen": None, **values})


# --- who ---


@pytest.mark.parametrize("who", sorted({*WHO, "closed"} - {"operator"}))
def test_only_an_operator_opens_reminds_or_closes(house, who):
    with pytest.raises(NotMandated):
        opened(house, who)
    assert not Campaign.objects.exists()
    campaign = opened(house)
    before = (Edition.objects.count(), Notice.objects.count(), Act.objects.count(), Version.current())
    for act in (remind, close_campaign):
        with pytest.raises(NotMandated):
            act(house.author(who), campaign)
    assert (Edition.objects.count(), Notice.objects.count(), Act.objects.count(), Version.current()) == before


def test_each_act_is_journalled_and_moves_the_version(house):
    version = Version.current()
    campaign = opened(house)
    remind(house.author("operator"), campaign)
    close_campaign(house.author("operator"), campaign)
    acts = list(Act.objects.order_by("id").values_list("verb", "by_function"))
    assert acts == [(verb, "fonction operator") for verb in ("ask", "remind", "freeze")]
    assert Version.current() >= version + 3


# --- what is asked ---


def test_a_ministry_is_asked_about_what_is_late_due_contradicted_or_silent(house):
    late = house.another(last_day=date(2025, 12, 31))
    fresh = house.another()
    DeclarationFactory(commitment=fresh, declared_on=TODAY - timedelta(days=10), by_function="AMDAC")
    lines = {
        line.commitment: line.reasons
        for line in expected(standings(TODAY), last_words(Commitment.objects.public(), until=TODAY))
        if line.ministry == house.ministry
    }
    assert fresh not in lines
    assert lines[late][:1] == ("late",)
    assert lines[house.commitment] == ("silent",)


def test_a_ministry_with_nothing_urgent_is_asked_about_all_that_it_answers_for(house):
    quiet = MinistryFactory(name="Ministère tranquille")
    two = [promise(quiet), promise(quiet)]
    for one in two:
        DeclarationFactory(commitment=one, declared_on=TODAY - timedelta(days=10))
    asked = [
        line
        for line in expected(standings(TODAY), last_words(Commitment.objects.public(), until=TODAY))
        if line.ministry == quiet
    ]
    assert [line.commitment for line in asked] == two
    assert all(line.reasons == () for line in asked)


def test_a_joint_ministry_is_not_asked_a_second_time_and_drafts_are_not_asked_about(house):
    join(house.commitment, house.other)
    CommitmentFactory(responsibility__ministry=house.ministry, visibility="draft")
    opened(house)
    assert CampaignLine.objects.count() == 2
    assert CampaignLine.objects.get(commitment=house.commitment).ministry == house.ministry


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"label": "trimestre"}, "label"),
        ({"label": "T5 2026"}, "label"),
        ({"closes_on": TODAY}, "closes_on"),
        ({"closes_on": date(2020, 1, 1)}, "closes_on"),
        ({"held_on": CLOSES - timedelta(days=1)}, "held_on"),
        ({"occasion": "dîner"}, "occasion"),
        ({"message": "x" * 4001}, "message"),
    ],
)
def test_a_campaign_that_makes_no_sense_is_refused(house, values, field):
    with pytest.raises(Refused) as caught:
        opened(house, **values)
    assert caught.value.field == field
    assert not Campaign.objects.exists()
    assert not Act.objects.exists()


def test_one_campaign_at_a_time_and_each_quarter_once(house):
    campaign = opened(house)
    with pytest.raises(Refused, match="encore ouverte"):
        opened(house, label="T3 2026")
    with pytest.raises(Refused, match="existe déjà"):
        opened(house, label=" t2  2026 ")
    close_campaign(house.author("operator"), campaign)
    with pytest.raises(Refused, match="existe déjà"):
        opened(house)
    opened(house, label="T3 2026")


def test_nothing_followed_is_nothing_to_ask(db):
    from tests.factories import MandateFactory
    from tests.ministries.people import Role

    agent = MandateFactory(ministry=None, role=Role.OPERATOR).agent
    with pytest.raises(Refused):
        open_campaign(Author(agent, NOW), label="T2 2026", closes_on=CLOSES, occasion="rim", held_on=HELD)


# --- what counts as an answer ---


def test_declarations_made_meanwhile_are_the_answers_rien_de_nouveau_too(house):
    again = house.another()
    before = DeclarationFactory(commitment=again, declared_on=date(2025, 1, 1))
    campaign = opened(house)
    assert state(campaign, house.ministry).rate == Rate(0, 2)
    assert state(campaign, house.ministry).rate.silent
    declare(house, house.commitment, now=later(1))
    declaring.nothing_new(house.author(now=later(2)), again, seen=before.pk)
    assert state(campaign, house.ministry, TODAY).rate == Rate(0, 2)
    assert state(campaign, house.ministry, TODAY + timedelta(days=1)).rate == Rate(1, 2)
    after = state(campaign, house.ministry, CLOSES)
    assert after.rate == Rate(2, 2)
    assert [line.nothing_new for line in after.lines] == [False, True]
    assert state(campaign, house.other, CLOSES).rate.silent


def test_a_date_moved_in_public_is_an_answer(house):
    campaign = opened(house)
    postponing.postpone(
        house.author(), house.commitment, raw="T3 2027", reason="décret", seen=house.commitment.deadlines.get().pk
    )
    assert state(campaign, house.ministry).rate == Rate(1, 1)


def test_what_a_contributor_prepares_is_no_answer(house):
    campaign = opened(house)
    declaring.prepare(house.author("contributor"), house.commitment, status="in_progress", seen=None)
    assert state(campaign, house.ministry).rate.silent


def test_what_comes_after_the_last_day_is_no_answer(house):
    campaign = opened(house)
    declare(house, house.commitment, now=datetime(2026, 7, 1, 9, tzinfo=UTC))
    assert state(campaign, house.ministry, date(2026, 7, 2)).rate == Rate(0, 1)


def test_a_promise_that_changes_hands_is_counted_once_with_who_answers_now(house):
    campaign = opened(house)
    transferring.transfer(
        house.author("operator"), [house.commitment], to=house.other, since=TODAY + timedelta(days=2)
    )
    assert {k: v.asked for k, v in rates(campaign, TODAY).items()} == {house.ministry.code: 1, house.other.code: 1}
    assert {k: v.asked for k, v in rates(campaign, CLOSES).items()} == {house.other.code: 2}


def test_no_percentage_below_five_and_never_rounded_up_to_all():
    assert Rate(1, 4).percent is None
    assert Rate(5, 5).percent == 100
    assert Rate(999, 1000).percent == 99
    assert not Rate(0, 0).silent


def test_the_state_of_a_campaign_costs_as_much_for_forty_lines_as_for_one(house, django_assert_num_queries):
    campaign = opened(house)
    for number in range(40):
        CampaignLine.objects.create(
            campaign=campaign, ministry=house.ministry, commitment=house.another(ref=f"Z-{number:02d}")
        )
    campaign = Campaign.objects.select_related("edition").get()
    with django_assert_num_queries(3):
        found = answers(campaign, TODAY)
    assert sum(one.rate.asked for one in found) == 42


# --- the edition ---


def closed(house):
    campaign = opened(house)
    declare(house, house.commitment)
    return close_campaign(house.author("operator"), campaign)


def test_an_edition_and_the_pages_of_that_day_give_the_same_figures(house, client):
    house.another(last_day=date(2025, 12, 31))
    edition = closed(house)
    assert edition.as_of == TODAY
    chart = by_ministry(standings(edition.as_of), edition.as_of)
    frozen = {row["code"]: row for row in edition.figures["ministries"]}
    assert set(frozen) == {row.ministry.code for row in chart.rows}
    for row in [*chart.rows, chart.total]:
        counts = edition.figures["total"] if row is chart.total else frozen[row.ministry.code]
        assert counts["states"] == {state.value: count for state, count in row.states.items()}
        assert (counts["promises"], counts["due"], counts["late"], counts["postponements"]) == (
            row.total,
            row.due,
            row.late,
            row.postponements,
        )
        assert sum(counts["timeliness"].values()) == row.total
    page = client.get("/ministeres/", {"au": edition.as_of.isoformat()}).context["chart"]
    assert {row.ministry.code: row.total for row in page.rows} == {c: r["promises"] for c, r in frozen.items()}


def test_silence_is_frozen_as_silence(house):
    frozen = {row["code"]: row for row in closed(house).figures["ministries"]}
    assert (frozen[house.ministry.code]["answered"], frozen[house.ministry.code]["silent"]) == (1, False)
    assert (frozen[house.other.code]["answered"], frozen[house.other.code]["silent"]) == (0, True)


def test_an_edition_does_not_change_with_what_comes_after(house):
    edition = closed(house)
    before = edition.figures
    DeclarationFactory(commitment=house.third, declared_on=TODAY, ministry=house.other)
    assert Edition.objects.get().figures == before
    assert rates(edition.campaign, TODAY)[house.other.code] == Rate(0, 1)


def test_closing_late_freezes_the_last_day_to_answer(house):
    campaign = opened(house)
    declare(house, house.commitment, now=datetime(2026, 7, 1, 9, tzinfo=UTC))
    edition = close_campaign(house.author("operator", datetime(2026, 7, 3, 9, tzinfo=UTC)), campaign)
    assert (edition.as_of, edition.closed_on) == (CLOSES, date(2026, 7, 3))
    assert edition.figures["total"]["answered"] == 0


def test_a_closed_campaign_is_neither_closed_again_nor_reminded(house):
    edition = closed(house)
    for act in (remind, close_campaign):
        with pytest.raises(Refused, match="close"):
            act(house.author("operator"), edition.campaign)
    assert Edition.objects.count() == 1


# --- who is told ---


def told(kind="opening"):
    return {(n.ministry.code, n.function, n.outcome) for n in Notice.objects.filter(kind=kind)}


def test_the_amdacs_in_office_are_told_and_a_ministry_without_one_is_said_so(house):
    alone = MinistryFactory(code="SEUL")
    promise(alone)
    opened(house)
    assert told() == {
        (house.ministry.code, "fonction amdac", "waiting"),
        (house.other.code, "fonction of_another_ministry", "waiting"),
        ("SEUL", "", "nobody"),
    }


def test_a_reminder_goes_to_who_has_a_line_left_and_never_twice(house):
    campaign = opened(house)
    declare(house, house.commitment)
    assert remind(house.author("operator"), campaign) == 1
    assert told("reminder") == {(house.other.code, "fonction of_another_ministry", "waiting")}
    assert remind(house.author("operator"), campaign) == 0
    assert Notice.objects.filter(kind="reminder").count() == 1
