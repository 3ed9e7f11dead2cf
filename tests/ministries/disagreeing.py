"""For the tests of contradictions: an address, what is seen there, what is declared, and what is told of both."""

from datetime import date, timedelta

import pytest

from commitments.findings import Outcome
from commitments.judging import rejudge
from ministries.contradictions import contradictions
from ministries.models import Contradiction, Declaration
from ministries.reconciling import reconcile
from ministries.standing import standing, standings
from tests.factories import (
    DeadlineFactory,
    DeclarationFactory,
    LocationFactory,
)
from tests.observed import observe

MARCH = date(2022, 3, 1)
Status = Declaration.Status


@pytest.fixture
def location():
    """A dataset promised open for the end of 2021, and its address."""
    location = LocationFactory()
    DeadlineFactory(commitment=location.deliverable.commitment)
    return location


def seen(location, day, outcome=Outcome.FOUND, **facts):
    """The robot sees this on ``day``, confirmed, and judges it."""
    began = day - timedelta(days=3 if outcome is not Outcome.FOUND else 0)
    observe(location, began, outcome, days=(day - began).days, checks=4, **facts)
    rejudge(today=day)


def declare(location, status, day):
    return DeclarationFactory(commitment=location.deliverable.commitment, status=status, declared_on=day)


def shown(location, day):
    """What the rules find, by kind."""
    return {one.kind: one for one in contradictions(standing(location.deliverable.commitment.ref, day))}


def look(day):
    """Write what begins and ends on a day."""
    return reconcile(standings(day), day)


def told(as_of=None):
    """Every contradiction with its end, oldest first."""
    rows = Contradiction.objects.all() if as_of is None else Contradiction.objects.open_on(as_of)
    return [(c.kind, c.opened_on, (c.end.ended_on, c.end.cause) if c.end else None) for c in rows]
