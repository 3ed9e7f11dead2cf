"""What follows from the rows of promises, kept so that months are counted without judging them again.

Derived, never a source: ``ministries.recounting`` writes both tables again in the transaction of whatever moves them,
and ``manage.py invariants`` compares them with what the rows give. No constraint ties them to what they count: who
counts must not wait for whoever holds a promise.
"""

from __future__ import annotations

from datetime import date

from django.db import models

from commitments.models import Commitment


class Course(models.Model):
    """A public promise's whole life, the days on which its findings will be too old included.

    ``parts``: list of [day, id of the ministry, state], each true until the next one's day; see ``courses.Part``.
    """

    commitment = models.OneToOneField(
        Commitment, on_delete=models.CASCADE, primary_key=True, related_name="course", db_constraint=False
    )
    parts = models.JSONField("périodes")

    class Meta:
        verbose_name = "parcours d'une promesse"
        verbose_name_plural = "parcours des promesses"

    def __str__(self) -> str:
        return f"{self.commitment_id} · {len(self.parts)}"


class Movement(models.Model):
    """By how many promises each count moved: counts are the sums of all that came before.

    ``moves``: id of the ministry → one number a state, in the order of ``State``; ministries of which nothing moved
    are left out, and so are rows where none did.
    """

    moves = models.JSONField("mouvements")

    class Meta:
        abstract = True


class DayMovement(Movement):
    """What moved on a day. ``when``: its number, 1 for the first of January of the year 1 (``date.toordinal``)."""

    when = models.PositiveIntegerField("jour", primary_key=True)

    class Meta:
        verbose_name = "mouvement d'un jour"
        verbose_name_plural = "mouvements par jour"

    def __str__(self) -> str:
        return f"{date.fromordinal(self.when):%Y-%m-%d}"


class MonthMovement(Movement):
    """The sum of a month's days, kept beside them since it is read most. ``when``: see ``month_number``."""

    when = models.PositiveIntegerField("mois", primary_key=True)

    class Meta:
        verbose_name = "mouvement d'un mois"
        verbose_name_plural = "mouvements par mois"

    def __str__(self) -> str:
        return f"{self.when // 12}-{self.when % 12 + 1:02d}"


def month_number(day: date) -> int:
    """Years × 12 + month, 0 for January: what ``MonthMovement`` calls it."""
    return day.year * 12 + day.month - 1
