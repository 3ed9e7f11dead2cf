"""The stream *declared*: what the ministry says of its promise. Rows are added, never edited."""

from django.db import models
from django.db.models import Q

from commitments.models import Commitment
from ministries.models.people import Agent
from ministries.models.portfolios import Ministry


class Declaration(models.Model):
    """One statement. ``comment`` is public, ``note`` never leaves the ministry and the cabinets."""

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", "non démarré"
        IN_PROGRESS = "in_progress", "en cours"
        DONE = "done", "réalisé"
        ABANDONED = "abandoned", "abandonné"
        REPLACED = "replaced", "remplacé"

    CLOSING = (Status.ABANDONED, Status.REPLACED)

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="declarations")
    status = models.CharField("état déclaré", max_length=12, choices=Status)
    declared_on = models.DateField("déclaré le")
    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, related_name="declarations")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="declarations")
    by_function = models.CharField("déclaré par (fonction)", max_length=200)
    comment = models.TextField("commentaire public", blank=True)
    note = models.TextField("note privée", blank=True)
    obstacle = models.TextField("obstacle", blank=True)
    source_url = models.TextField("source publique", blank=True)
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    class Meta:
        ordering = ("commitment", "declared_on", "id")
        verbose_name = "déclaration"
        constraints = [
            models.CheckConstraint(condition=~Q(by_function=""), name="declaration_names_a_function"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.ref} · {self.get_status_display()} · {self.declared_on}"
