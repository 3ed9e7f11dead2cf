"""What must hold of what this app derives: what is kept is what its rows give."""

from __future__ import annotations

from datetime import datetime, timedelta

from commitments.invariants import Invariant
from commitments.models import Commitment
from ministries.recounting import differing


def months_as_recounted(now: datetime, patience: timedelta) -> list[str]:
    """Every promise's course, made again from its rows, is the one kept, and the sums by day are theirs."""
    promises, sums = differing()
    refs = dict(Commitment.objects.filter(pk__in=promises).values_list("pk", "ref"))
    told = [f"{refs.get(pk, pk)} : son parcours gardé n'est pas celui qui se recalcule" for pk in promises]
    return told + [f"{row} : la somme gardée n'est pas celle des parcours" for row in sums]


INVARIANTS = (Invariant("I5", "les mois gardés sont ceux qui se recomptent", months_as_recounted),)
