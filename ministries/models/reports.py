"""Reports: what a reader says of a promise, and what became of it. Rows are added, never edited."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from commitments.models import Commitment
from ministries.models.people import Agent
from ministries.models.portfolios import Ministry


class ReportQuerySet(models.QuerySet["Report"]):
    def pending(self) -> Self:
        """Those that nobody has answered yet."""
        return self.filter(moderations=None)

    def moderated(self, outcome: str) -> Self:
        """Those of which the last moderation says so."""
        last = Moderation.objects.filter(report=OuterRef("pk"), corrected_by=None, outcome=outcome)
        return self.filter(Exists(last))


class Report(models.Model):
    """One message about a promise. Who wrote it is not known here: neither a name nor an address is kept.

    It is public nowhere until a ministry publishes it with an answer. ``url`` is never asked by the robot of itself.
    """

    class Kind(models.TextChoices):
        FOUND = "found", "je l’ai trouvé"
        NOT_IT = "not_it", "ce n’est pas ce qui était promis"
        OTHER = "other", "autre chose"

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField("nature", max_length=10, choices=Kind)
    url = models.TextField("adresse", blank=True)
    text = models.TextField("message", blank=True)
    reported_on = models.DateField("reçu le")
    recorded_at = models.DateTimeField("enregistré le")

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("recorded_at", "id")
        verbose_name = "signalement"
        constraints = [
            models.CheckConstraint(condition=~Q(url="") | ~Q(text=""), name="report_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.ref} · {self.get_kind_display()} · {self.reported_on}"


class ModerationQuerySet(models.QuerySet["Moderation"]):
    def published(self) -> Self:
        """Those that show a report in public: none added since on the same report says otherwise."""
        return self.filter(outcome=Moderation.Outcome.PUBLISHED, corrected_by=None)


class Moderation(models.Model):
    """What a ministry did of a report. Another row may come after it: the last one counts, and names what it corrects.

    ``answer``: public when published; the reason, read by the ministry alone, when set aside.
    """

    class Outcome(models.TextChoices):
        PUBLISHED = "published", "publié avec une réponse"
        SET_ASIDE = "set_aside", "écarté"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="moderations")
    outcome = models.CharField("suite", max_length=10, choices=Outcome)
    answer = models.TextField("réponse ou motif")
    moderated_on = models.DateField("le")
    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, related_name="moderations")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="moderations")
    by_function = models.CharField("par (fonction)", max_length=200)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    recorded_at = models.DateTimeField("enregistrée le")

    objects = ModerationQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name = "suite donnée à un signalement"
        verbose_name_plural = "suites données aux signalements"
        constraints = [
            models.CheckConstraint(condition=~Q(answer=""), name="moderation_says_why"),
            models.CheckConstraint(condition=~Q(by_function=""), name="moderation_names_a_function"),
            # One first row a report: two who answer at once come one after the other.
            models.UniqueConstraint(fields=["report"], condition=Q(corrects=None), name="one_first_moderation"),
        ]

    def __str__(self) -> str:
        return f"{self.report} · {self.get_outcome_display()}"
