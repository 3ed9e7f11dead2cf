"""Files that ministries send, from the moment they are read to the one they are applied."""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from typing import Any, Self

from django.core.cache import cache
from django.db import models
from django.db.models import Q

from commitments.models import Commitment
from ministries.models.people import Agent
from ministries.models.portfolios import Ministry


class SheetMapping(models.Model):
    """What the heads of a ministry's columns meant the last time: « statut de l'action » → status ("": left out)."""

    ministry = models.OneToOneField(Ministry, on_delete=models.PROTECT, related_name="sheet_mapping")
    columns = models.JSONField("colonnes", default=dict)
    changed_at = models.DateTimeField("changée le", auto_now=True)

    class Meta:
        verbose_name = "correspondance de colonnes"
        verbose_name_plural = "correspondances de colonnes"

    def __str__(self) -> str:
        return str(self.ministry)


class UploadQuerySet(models.QuerySet["Upload"]):
    def stranded(self, now: datetime) -> Self:
        """Those being applied that no worker holds any more."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=now), state=Upload.State.APPLYING)


class Upload(models.Model):
    """One file: what was read of it, what its columns mean, what it would change, and whether it was applied.

    ``content`` is the workbook as rows of text, ``plan`` what the preview showed: compressed JSON. What the plan
    compared itself to is in it: another write since then is a conflict, and nothing is overwritten.
    """

    class State(models.TextChoices):
        READ = "read", "lu"
        PREVIEWED = "previewed", "en aperçu"
        APPLYING = "applying", "en cours d'application"
        APPLIED = "applied", "appliqué"
        DROPPED = "dropped", "abandonné"

    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, related_name="uploads")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="uploads")
    by_function = models.CharField("envoyé par (fonction)", max_length=200)
    file_name = models.CharField("fichier", max_length=255)
    sha256 = models.CharField("empreinte", max_length=64)
    size = models.PositiveIntegerField("octets")
    state = models.CharField("état", max_length=10, choices=State, default=State.READ)
    content = models.BinaryField("contenu lu")
    columns = models.JSONField("colonnes", default=dict)
    choices = models.JSONField("choix", default=dict)
    plan = models.BinaryField("aperçu", default=bytes)
    counts = models.JSONField("décompte", default=dict)
    problems = models.JSONField("ce qui a empêché de l'appliquer", default=list)
    absent = models.ManyToManyField(Commitment, related_name="absent_from", blank=True)
    lease_until = models.DateTimeField("tenu jusqu'au", null=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    recorded_at = models.DateTimeField("envoyé le", auto_now_add=True)
    applied_at = models.DateTimeField("appliqué le", null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = "envoi de tableau"
        verbose_name_plural = "envois de tableaux"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False)
                | (~Q(state="applied") & Q(applied_at__isnull=True)),
                name="only_an_applied_upload_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ministry.code} · {self.file_name}"

    def get_absolute_url(self) -> str:
        return f"/espace/tableaux/{self.pk}/"

    @property
    def progress(self) -> int:
        """How far its application is, from 0 to 100; what is not committed yet can only be told by the cache."""
        if self.state == self.State.APPLIED:
            return 100
        return int(cache.get(self._progress_key, 0)) if self.state == self.State.APPLYING else 0

    def tell_progress(self, percent: int) -> None:
        cache.set(self._progress_key, percent, 3600)

    @property
    def _progress_key(self) -> str:
        return f"upload-progress-{self.pk}"


def packed(value: Any) -> bytes:
    """Plain values as compressed JSON."""
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpacked(value: bytes | memoryview) -> Any:
    """What ``packed`` kept."""
    return json.loads(zlib.decompress(bytes(value)))
