"""Promises change hands, mandates end, and who promised stays."""

from datetime import date

import pytest

from ministries import declaring, transferring
from ministries.authoring import Refused
from ministries.permissions import NotMandated
from ministries.standing import standing
from tests.factories import CommitmentFactory
from tests.ministries.people import TODAY
from tests.ministries.writes import declare

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


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
