"""Contradictions between the streams, from their evidence to their end, and the robot's false alarms.

Rows are added, never edited nor deleted: what a ministry was once told to contradict stays, with what became of it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from commitments.models import Commitment, Deadline, Verdict
from ministries.contradictions import CAUSES, CHOICES, KINDS, Kind
from ministries.models.declarations import Declaration
from ministries.models.people import Agent


class ContradictionQuerySet(models.QuerySet["Contradiction"]):
    def known(self, as_of: date, known_at: datetime | None = None) -> Self:
        """Those that had begun on ``as_of``, open or ended, as they were recorded by ``known_at``."""
        found = self.filter(opened_on__lte=as_of)
        return found.filter(recorded_at__lte=known_at) if known_at else found

    def open_on(self, as_of: date, known_at: datetime | None = None) -> Self:
        """Those that had begun and not ended on ``as_of``."""
        ends = ContradictionEnd.objects.filter(contradiction=OuterRef("pk"), ended_on__lte=as_of)
        if known_at:
            ends = ends.filter(recorded_at__lte=known_at)
        return self.known(as_of, known_at).filter(~Exists(ends))


class Contradiction(models.Model):
    """A dated disagreement, with what it rested on when it began: ``text`` is frozen.

    ``opened_on`` is the first day on which both sides were true, often before it was recorded. ``follows`` is the
    end of the one before of the same kind: a second one can't begin while the first is open.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="contradictions")
    kind = models.CharField("nature", max_length=30, choices=CHOICES)
    opened_on = models.DateField("depuis le")
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="contradictions")
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, null=True, blank=True, related_name="contradictions"
    )
    deadline = models.ForeignKey(
        Deadline, on_delete=models.PROTECT, null=True, blank=True, related_name="contradictions"
    )
    text = models.TextField("ce qui se contredit")
    follows = models.OneToOneField(
        "ContradictionEnd", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    objects = ContradictionQuerySet.as_manager()

    class Meta:
        ordering = ("opened_on", "id")
        verbose_name = "contradiction"
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "kind"],
                condition=Q(follows=None),
                name="one_open_contradiction_per_commitment_and_kind",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="contradiction_says_what_it_rests_on"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.ref} · {self.get_kind_display()} · {self.opened_on}"

    @property
    def good_news(self) -> bool:
        return KINDS[Kind(self.kind)].good_news

    @property
    def sentence(self) -> str:
        """What this kind of contradiction is, in general."""
        return KINDS[Kind(self.kind)].sentence

    @property
    def end(self) -> ContradictionEnd | None:
        """Its end in force, the last one written; one query unless ``ends`` was prefetched."""
        return max(self.ends.all(), key=lambda end: end.pk, default=None)

    @property
    def lasted(self) -> int | None:
        """For how many days, once it has ended."""
        return (self.end.ended_on - self.opened_on).days if self.end else None

    def days_on(self, day: date) -> int:
        """For how many days it had been open on a day when it was."""
        return (day - self.opened_on).days


class ContradictionEnd(models.Model):
    """How a contradiction ended, and who changed. ``corrects``: an end whose cause was told wrongly at first."""

    contradiction = models.ForeignKey(Contradiction, on_delete=models.PROTECT, related_name="ends")
    ended_on = models.DateField("close le")
    cause = models.CharField("cause", max_length=20, choices=list(CAUSES.items()))
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField("ce qui l'a close")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    class Meta:
        ordering = ("ended_on", "id")
        verbose_name = "fin de contradiction"
        verbose_name_plural = "fins de contradictions"
        constraints = [
            models.UniqueConstraint(
                fields=["contradiction"], condition=Q(corrects=None), name="one_end_per_contradiction_unless_corrected"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contradiction} → {self.get_cause_display()} · {self.ended_on}"


class FalseAlarm(models.Model):
    """Someone says that the robot was wrong: a verdict that should not have been given. Counted in public."""

    verdict = models.OneToOneField(Verdict, on_delete=models.PROTECT, related_name="false_alarm")
    marked_on = models.DateField("signalée le")
    by_function = models.CharField("signalée par (fonction)", max_length=200)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="false_alarms")
    reason = models.TextField("motif")
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    class Meta:
        ordering = ("marked_on", "id")
        verbose_name = "fausse alerte"
        verbose_name_plural = "fausses alertes"
        constraints = [
            models.CheckConstraint(condition=~Q(by_function=""), name="false_alarm_names_a_function"),
            models.CheckConstraint(condition=~Q(reason=""), name="false_alarm_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} · {self.marked_on}"


class Reconciliation(models.Model):
    """One row: up to which version of the data, and for which day, contradictions were looked for."""

    version = models.PositiveBigIntegerField("version", default=0)
    day = models.DateField("jour", null=True)
    done_at = models.DateTimeField("fait le", null=True)

    class Meta:
        verbose_name = "recherche de contradictions"
        verbose_name_plural = "recherche de contradictions"

    def __str__(self) -> str:
        return str(self.version)
