"""For the tests of what a file writes: a file of some lines."""

from commitments.models import Commitment, Deadline, Location
from ministries.models import Act, Declaration, Draft
from tests.ministries.sheets.files import delimited

HEAD = ["référence", "intitulé", "échéance", "motif", "état", "commentaire", "obstacle", "adresse", "type"]


def file(*rows):
    return delimited([HEAD, *(row + [""] * (len(HEAD) - len(row)) for row in rows)])


def streams():
    return [model.objects.count() for model in (Act, Commitment, Deadline, Declaration, Draft, Location)]
