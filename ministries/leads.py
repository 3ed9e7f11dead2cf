"""Who answers for a promise on a day, as a column of any query."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, IntegerField, OuterRef, Q, Subquery, When

from ministries.models import Responsibility


def lead(as_of: date, path: str) -> Subquery:
    """The code of the ministry that answers for the promise at ``path``: the last in force, else the last that was."""
    in_force = Q(until=None) | Q(until__gt=as_of)
    begun = Responsibility.objects.leading().filter(commitment=OuterRef(path), since__lte=as_of)
    rows = begun.order_by(Case(When(in_force, then=0), default=1, output_field=IntegerField()), "-since", "-id")
    return Subquery(rows.values("ministry__code")[:1])
