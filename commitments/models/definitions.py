"""What must be true of one deliverable, when it differs from what its kind asks: every change is kept."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from commitments.models.promises import Deliverable


class DefinitionQuerySet(models.QuerySet["Definition"]):
    def in_force(self, day: date) -> Self:
        """The definitions that count on a day, oldest first: the last of a deliverable is its own."""
        return self.filter(since__lte=day).order_by("since", "id")


class Definition(models.Model):
    """A deliverable's definition of done from a day on. ``criteria``: codes, in the order they are shown.

    ``removed``: the criteria that the definition before it asked and that this one does not. Asking less once the
    deadline has passed is allowed, said, and shown for ever (``softened_late``).
    """

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="definitions")
    criteria = models.JSONField("critères")
    removed = models.JSONField("critères retirés", default=list)
    softened_late = models.BooleanField("adoucie après l'échéance", default=False)
    since = models.DateField("depuis le")
    reason = models.TextField("motif")
    decided_by = models.CharField("décidée par (fonction)", max_length=200)
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    objects = DefinitionQuerySet.as_manager()

    class Meta:
        ordering = ("deliverable", "since", "id")
        verbose_name = "définition"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="definition_has_a_reason"),
            models.CheckConstraint(condition=~Q(decided_by=""), name="definition_names_a_function"),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable} · {len(self.criteria)} critères"
