"""What is due, who holds it, and what each round of polling gave: operational state, which may be rebuilt."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from commitments.models.evidence import Location


class PollRun(models.Model):
    """One round: the addresses dispatched together, judged together, so that the brake can look at them whole."""

    class Status(models.TextChoices):
        RUNNING = "running", "en cours"
        SETTLED = "settled", "terminé"
        SUSPENDED = "suspended", "suspendu par le frein"
        CONFIRMED = "confirmed", "suspendu puis confirmé"
        DISMISSED = "dismissed", "suspendu puis écarté"
        RELEASED = "released", "suspendu puis levé de lui-même"

    started_at = models.DateTimeField("commencé le")
    settled_at = models.DateTimeField("terminé le", null=True, blank=True)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.RUNNING)
    expected = models.PositiveIntegerField("adresses à interroger", default=0)
    asked = models.PositiveIntegerField("adresses interrogées", default=0)
    failed = models.PositiveIntegerField("sans observation", default=0)
    changed = models.PositiveIntegerField("constats changés", default=0)
    kept_before = models.PositiveIntegerField("constats tenus avant", default=0)
    would_end = models.PositiveIntegerField("constats tenus qui prendraient fin", default=0)

    class Meta:
        ordering = ("-started_at", "-id")
        verbose_name = "relevé"
        verbose_name_plural = "relevés"

    def __str__(self) -> str:
        return f"Relevé du {self.started_at:%Y-%m-%d %H:%M}"


class BrakeAnswer(models.Model):
    """What an operator answered when the brake was pulled, and why: added once for the run that had pulled it.

    ``verdicts``: how many changed (confirmed), or how many observations were set aside (dismissed).
    """

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", "confirmé"
        DISMISSED = "dismissed", "écarté"

    run = models.OneToOneField(PollRun, on_delete=models.PROTECT, related_name="answer")
    answer = models.CharField("réponse", max_length=10, choices=Answer)
    reason = models.TextField("motif")
    decided_by = models.CharField("décidée par (fonction)", max_length=200)
    decided_at = models.DateTimeField("décidée le")
    verdicts = models.PositiveIntegerField("constats changés ou observations écartées", default=0)

    class Meta:
        ordering = ("-decided_at", "-id")
        verbose_name = "réponse au frein"
        verbose_name_plural = "réponses au frein"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="brake_answer_has_a_reason"),
            models.CheckConstraint(condition=~Q(decided_by=""), name="brake_answer_names_a_function"),
        ]

    def __str__(self) -> str:
        return f"{self.run} : {self.get_answer_display()}"


class WatchQuerySet(models.QuerySet["Watch"]):
    def due(self, now: datetime) -> Self:
        """What must be asked now and is held by nobody: a lease that has run out counts for nothing."""
        return self.filter(next_check_at__lte=now, location__until=None).filter(
            Q(lease_until=None) | Q(lease_until__lte=now)
        )

    def unjudged(self) -> Self:
        """What was observed since it was last judged: a failure alone gives nothing to judge."""
        return self.filter(observed_at__isnull=False).filter(
            Q(judged_at=None) | Q(judged_at__lt=models.F("observed_at"))
        )


class Watch(models.Model):
    """The schedule of one address. ``lease`` names who asks it now; what is due lives here, not in the queue."""

    location = models.OneToOneField(Location, on_delete=models.PROTECT, related_name="watch")
    next_check_at = models.DateTimeField("prochain passage", db_index=True)
    lease = models.CharField("bail", max_length=36, blank=True)
    lease_until = models.DateTimeField("bail jusqu'au", null=True, blank=True)
    run = models.ForeignKey(PollRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="watches")
    checked_at = models.DateTimeField("dernier passage", null=True, blank=True)
    observed_at = models.DateTimeField("dernière observation", null=True, blank=True)
    judged_at = models.DateTimeField("dernier jugement", null=True, blank=True)
    failures = models.PositiveIntegerField("échecs de suite", default=0)
    unchanged = models.PositiveIntegerField("passages sans changement", default=0)
    cause = models.CharField("cause du dernier échec", max_length=40, blank=True)
    etag = models.CharField(max_length=200, blank=True)

    objects = WatchQuerySet.as_manager()

    class Meta:
        ordering = ("next_check_at", "id")
        verbose_name = "surveillance"
        constraints = [
            models.CheckConstraint(
                condition=Q(lease="", lease_until=None) | (~Q(lease="") & ~Q(lease_until=None)),
                name="lease_has_an_end",
            )
        ]

    def __str__(self) -> str:
        return f"{self.location}"
