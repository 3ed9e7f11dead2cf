"""What counts as an answer: one meaning for the inbox, the campaign and the public rates, act by act."""

from datetime import date, timedelta

import pytest
import time_machine

from commitments.models import Commitment
from ministries import declaring, postponing
from ministries.asking import answered, reasons
from ministries.campaigns.answering import Rate, answers, rates, rates_of
from ministries.campaigns.holding import open_campaign
from ministries.standing import standing
from ministries.words import Said, Word, last_word, last_words
from ministries.workspace.lines import lines
from tests.factories import DeadlineFactory, DeclarationFactory
from tests.ministries.people import NOW, TODAY

pytestmark = pytest.mark.django_db


def opened(house, days=0):
    campaign = {"label": "T2 2026", "closes_on": TODAY + timedelta(days=15), "occasion": "rim"}
    author = house.author("operator", NOW - timedelta(days=days))
    return open_campaign(author, held_on=TODAY + timedelta(days=30), **campaign)


def inbox(house, commitment):
    asked = Commitment.objects.public()
    return next(line for line in lines(house.author().rights, asked) if line.commitment == commitment)


def declare(house):
    declaring.declare(house.author(), house.commitment, status="in_progress", seen=None)


def abandon(house):
    declaring.abandon(house.author(), house.commitment, reason="fin", seen=None)


def replace(house):
    by = house.another()
    declaring.replace(house.author(), house.commitment, by=by, reason="mieux", seen=None)


def postpone(house):
    seen = house.commitment.deadlines.get().pk
    postponing.postpone(house.author(), house.commitment, raw="T3 2027", reason="décret", seen=seen)


def change_scope(house):
    told = {"aspect": "coverage", "after": "la métropole", "reason": "décret"}
    postponing.change_scope(house.author(), house.commitment.deliverables.get(), seen=None, **told)


def prepare(house):
    declaring.prepare(house.author("contributor"), house.commitment, status="in_progress", seen=None)


def reply(house):
    declaring.reply(house.author(), house.commitment, text_="Le robot se trompe.")


def announce(house):
    """As a document does, without anybody's act."""
    DeadlineFactory(commitment=house.commitment, announced_on=TODAY, last_day=date(2027, 9, 30))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (declare, Said.STATE),
        (abandon, Said.STATE),
        (replace, Said.STATE),
        (postpone, Said.DATE),
        (change_scope, Said.SCOPE),
        (prepare, None),
        (reply, None),
        (announce, None),
    ],
)
def test_the_inbox_the_campaign_and_the_public_rates_agree_on_what_is_an_answer(house, client, act, said):
    campaign = opened(house)
    assert [one.code for one in inbox(house, house.commitment).why] == ["silent"]
    act(house)
    word, line = last_word(house.commitment, until=TODAY), inbox(house, house.commitment)
    assert (word and (word.said_on, word.said)) == (said and (TODAY, said))
    assert line.word == word
    assert line.waits is (said is None)
    assert ("silent" in [one.code for one in line.why]) is (said is None)
    mine = next(one for one in answers(campaign, TODAY) if one.ministry == house.ministry)
    assert [one.word for one in mine.lines] == [word]
    rate = Rate(0 if said is None else 1, 1)
    assert rates(campaign, TODAY)[house.ministry.code] == rate
    assert rates_of(house.ministry, TODAY) == [(campaign, rate)]
    with time_machine.travel(NOW, tick=False):
        page = client.get(f"/campagnes/{campaign.pk}/")
    assert next(row.rate for row in page.context["rows"] if row.code == house.ministry.code) == rate


def test_silence_is_counted_from_the_last_word_whatever_it_was(house):
    postpone(house)

    def why(days):
        found = standing(house.commitment.ref, TODAY + timedelta(days=days))
        return [one.text for one in reasons(found, last_word(house.commitment, until=found.as_of))]

    assert why(90) == []
    assert why(91) == ["sans nouvelles depuis 91 jours"]


def test_a_campaign_asks_anew_what_was_answered_before_it(house):
    DeclarationFactory(commitment=house.commitment, declared_on=TODAY - timedelta(days=10))
    assert not inbox(house, house.commitment).waits
    campaign = opened(house, days=5)
    line = inbox(house, house.commitment)
    assert line.waits
    assert [one.text for one in line.why] == ["demandée par la campagne T2 2026"]
    assert rates(campaign, TODAY)[house.ministry.code] == Rate(0, 1)
    postpone(house)
    assert not inbox(house, house.commitment).waits
    assert rates(campaign, TODAY)[house.ministry.code] == Rate(1, 1)


def test_what_was_answered_to_a_campaign_is_not_asked_again_before_it_ends():
    word = Word(TODAY - timedelta(days=40), Said.STATE, 1)
    assert not answered(word, TODAY, None)
    assert answered(word, TODAY, TODAY - timedelta(days=45))
    assert not answered(word, TODAY, TODAY - timedelta(days=39))
    assert not answered(None, TODAY, None)
    assert answered(Word(TODAY - timedelta(days=29), Said.DATE, 1), TODAY, None)
    assert not answered(Word(TODAY - timedelta(days=30), Said.DATE, 1), TODAY, None)


def test_of_one_day_a_state_is_the_last_word_and_days_out_of_the_window_are_left_out(house):
    declare(house)
    postpone(house)
    everything = Commitment.objects.public()
    assert last_words(everything, until=TODAY)[house.commitment.pk].said is Said.STATE
    assert last_words(everything, until=TODAY - timedelta(days=1)) == {}
    assert last_words(everything, until=TODAY + timedelta(days=9), since=TODAY + timedelta(days=1)) == {}
