"""For the tests of the operator's pages: the day, the words of an answer, what was written, and where."""

from datetime import date

import pytest
import time_machine

from commitments.criteria import CRITERIA
from commitments.findings import Kind
from commitments.judging import rejudge
from commitments.models import (
    BrakeAnswer,
    Definition,
    HostException,
    HostExceptionEnd,
    Reading,
    Verdict,
)
from ministries.models import Act, FalseAlarm
from tests import reading
from tests.factories import LocationFactory
from tests.ministries.people import NOW
from tests.observed import observe

ROBOT = "/espace/robot/"
USUAL = list(CRITERIA[Kind.DATASET])
WITHOUT_FRESH = [code for code in USUAL if code != "fresh"]
PROOF = "https://exemple.fr/preuve"
ROWS = (Act, BrakeAnswer, Definition, FalseAlarm, HostException, HostExceptionEnd, Reading)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def text(answer):
    """What is read, with plain spaces and apostrophes."""
    return reading.text(answer).replace("’", "'").replace("&#x27;", "'")


def counted():
    return [model.objects.count() for model in ROWS]


def findings(house):
    return f"/espace/promesses/{house.commitment.ref}/constats/"


def definition(house):
    return f"/espace/promesses/{house.commitment.ref}/definition/"


def negative(house, day=date(2026, 6, 1), **facts):
    location = LocationFactory(deliverable=house.commitment.deliverables.get())
    observe(location, day, **(facts or {"access_type": "restricted"}))
    rejudge([location.deliverable], today=day)
    return Verdict.objects.get(deliverable=location.deliverable)
