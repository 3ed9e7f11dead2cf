"""How each host is treated: what it asked of us, what we sent it, and the exceptions that people decided."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q


class Host(models.Model):
    """A server that the robot asks: its quota of the minute, and the pause it asked for or its failures earned."""

    name = models.CharField("serveur", max_length=255, unique=True)
    minute = models.DateTimeField("minute en cours", null=True, blank=True)
    sent = models.PositiveIntegerField("demandes dans la minute", default=0)
    failures = models.PositiveIntegerField("échecs de suite", default=0)
    paused_until = models.DateTimeField("en pause jusqu'au", null=True, blank=True)
    cause = models.CharField("cause de la pause", max_length=40, blank=True)
    asked_at = models.DateTimeField("dernière demande", null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "serveur interrogé"
        verbose_name_plural = "serveurs interrogés"

    def __str__(self) -> str:
        return self.name


class HostExceptionQuerySet(models.QuerySet["HostException"]):
    def in_force(self, now: datetime) -> Self:
        """Those that hold at that moment: begun, neither run out nor ended before their day."""
        ended = HostExceptionEnd.objects.filter(exception=OuterRef("pk"), ended_at__lte=now)
        return self.filter(~Exists(ended), since__lte=now, until__gt=now)


class HostException(models.Model):
    """A host left alone for a while, by decision: it says why and until when, in public where a public promise
    names the host."""

    host = models.CharField("serveur", max_length=255)
    reason = models.TextField("motif")
    since = models.DateTimeField("depuis le")
    until = models.DateTimeField("jusqu'au")
    decided_by = models.CharField("décidée par (fonction)", max_length=200)
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    objects = HostExceptionQuerySet.as_manager()

    class Meta:
        ordering = ("-since",)
        verbose_name = "exception"
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="exception_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(reason=""), name="exception_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.host} jusqu'au {self.until:%Y-%m-%d}"


class HostExceptionEnd(models.Model):
    """An exception that ended before its day, and why: once, and what was decided first stays written."""

    exception = models.OneToOneField(HostException, on_delete=models.PROTECT, related_name="end")
    ended_at = models.DateTimeField("finie le")
    reason = models.TextField("motif")
    decided_by = models.CharField("décidée par (fonction)", max_length=200)
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    class Meta:
        ordering = ("-ended_at",)
        verbose_name = "fin d'exception"
        verbose_name_plural = "fins d'exceptions"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="exception_end_has_a_reason"),
            models.CheckConstraint(condition=~Q(decided_by=""), name="exception_end_names_a_function"),
        ]

    def __str__(self) -> str:
        return f"{self.exception.host} finie le {self.ended_at:%Y-%m-%d}"
