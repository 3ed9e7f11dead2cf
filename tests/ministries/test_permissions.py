"""Who may do what: by a mandate in force that day, for a ministry that answers that day."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from ministries.models import Mandate, Responsibility
from ministries.permissions import TABLE, Action, NotMandated, require, rights
from tests.factories import AgentFactory, MandateFactory
from tests.ministries.people import TODAY, join

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

WRITES = {
    *(Action.DECLARE, Action.POSTPONE, Action.ABANDON, Action.CHANGE_SCOPE, Action.REPLY),
    *(Action.LOCATE, Action.DECIDE, Action.IMPORT, Action.PUBLISH, Action.MODERATE),
}
WHOLE = {
    *(Action.READ_FINDING, Action.RUN_CAMPAIGN, Action.TRANSFER, Action.ADMINISTER),
    *(Action.MARK_FALSE_ALARM, Action.DEFINE, Action.OPERATE),
}


def may(house, who, action, on=TODAY):
    try:
        require(house.agents[who], action, house.commitment, on=on)
    except NotMandated:
        return False
    return True


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("who", ["former", "future", "of_another_ministry", "without_mandate", "closed"])
def test_no_mandate_in_force_there_is_no_right_at_all(house, who, action):
    assert not may(house, who, action)


@pytest.mark.parametrize("action", Action)
def test_an_operator_may_everything_everywhere(house, action):
    assert may(house, "operator", action)
    require(house.agents["operator"], action, house.other, on=TODAY)
    require(house.agents["operator"], action, None, on=TODAY)


def test_an_amdac_writes_but_neither_judges_nor_transfers(house):
    assert {action for action in Action if not may(house, "amdac", action)} == WHOLE


def test_a_contributor_prepares_and_does_not_publish(house):
    assert may(house, "contributor", Action.PREPARE)
    assert not any(may(house, "contributor", action) for action in WRITES | WHOLE)


def test_a_cabinet_reads_what_is_private_and_writes_nothing(house):
    assert may(house, "cabinet", Action.READ_DRAFTS)
    assert may(house, "cabinet", Action.READ_NOTES)
    assert not any(may(house, "cabinet", action) for action in WRITES | WHOLE | {Action.PREPARE, Action.CHECK})


def test_an_amdac_may_nothing_of_the_whole_product(house):
    for action in Action:
        with pytest.raises(NotMandated):
            require(house.agents["amdac"], action, None, on=TODAY)


def test_the_table_names_every_role():
    assert set(TABLE) == set(Mandate.Role)


def test_the_right_is_lost_the_day_the_mandate_ends(house):
    assert may(house, "former", Action.DECLARE, TODAY - timedelta(days=1))
    with pytest.raises(NotMandated, match=r"votre mandat a pris fin le 15/06/2026"):
        require(house.agents["former"], Action.DECLARE, house.commitment, on=TODAY)


def test_a_mandate_begins_on_its_day(house):
    assert may(house, "future", Action.DECLARE, date(2026, 6, 16))


def test_the_refusal_says_which_ministry_answers(house):
    with pytest.raises(NotMandated, match=r"Vous ne pouvez pas déclarer ici.*Ministère qui répond"):
        require(house.agents["of_another_ministry"], Action.DECLARE, house.commitment, on=TODAY)
    with pytest.raises(NotMandated, match="votre rôle ne le permet pas"):
        require(house.agents["cabinet"], Action.DECLARE, house.commitment, on=TODAY)


def test_nobody_signed_in_has_no_right(house):
    with pytest.raises(NotMandated, match="il faut se connecter"):
        require(AnonymousUser(), Action.ENTER, house.commitment, on=TODAY)


def test_a_joint_ministry_answers_too(house):
    join(house.commitment, house.other)
    capacity = require(house.agents["of_another_ministry"], Action.DECLARE, house.commitment, on=TODAY)
    assert capacity.ministry == house.other


def test_who_answered_before_a_transfer_answers_no_more(house):
    Responsibility.objects.update(until=TODAY)
    Responsibility.objects.create(commitment=house.commitment, ministry=house.other, since=TODAY)
    assert not may(house, "amdac", Action.DECLARE)
    assert may(house, "of_another_ministry", Action.DECLARE)
    assert may(house, "amdac", Action.DECLARE, TODAY - timedelta(days=1))


def test_the_strongest_role_speaks_and_only_its_function_is_shown(house):
    agent = AgentFactory(function="")
    MandateFactory(agent=agent, ministry=house.ministry, role=Mandate.Role.CONTRIBUTOR)
    MandateFactory(agent=agent, ministry=house.ministry, role=Mandate.Role.AMDAC)
    capacity = require(agent, Action.PREPARE, house.commitment, on=TODAY)
    assert (capacity.role, capacity.function) == ("amdac", "AMDAC")
    assert require(house.agents["amdac"], Action.PREPARE, house.ministry, on=TODAY).function == "fonction amdac"


def test_rights_cost_one_query_however_often_they_are_asked(house, django_assert_num_queries):
    with django_assert_num_queries(1):
        held = rights(house.agents["amdac"], TODAY)
        assert held.may(Action.DECLARE, [house.ministry.pk])
        assert not held.may(Action.DECLARE, [house.other.pk])
        assert not held.everywhere(Action.DECLARE)
        assert held.holds(Action.DECLARE)
