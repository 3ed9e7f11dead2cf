"""For the tests of writes: a declaration to begin with, and how many rows of each kind there are."""

from commitments.models import Candidate, Deadline, Location, Reading, Version, Watch
from ministries import declaring
from ministries.models import Act, Declaration, Draft, Mandate, Postponement, Reply, Responsibility, ScopeChange

Status = Declaration.Status
ROWS = (Act, Candidate, Deadline, Declaration, Draft, Location, Mandate, Postponement, Reading, Reply)
ROWS += (Responsibility, ScopeChange, Version, Watch)


def declare(house, who="amdac", **values):
    return declaring.declare(
        house.author(who), house.commitment, **{"status": Status.IN_PROGRESS, "seen": None, **values}
    )


def counted():
    return {model.__name__: model.objects.count() for model in ROWS}
