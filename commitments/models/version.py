"""The number that changes with every write: what tells a page, a file or an answer that it is still true."""

from django.db import models, transaction
from django.db.models import F


class Version(models.Model):
    """One row. ``number`` grows in the transaction of each write; ETags are made of it."""

    number = models.PositiveBigIntegerField("numéro", default=1)
    changed_at = models.DateTimeField("changé le", auto_now=True)

    class Meta:
        verbose_name = "version des données"
        verbose_name_plural = "version des données"

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def bump(cls) -> None:
        """Say that something public changed. Called by every function that writes, in its transaction."""
        from django.utils import timezone

        with transaction.atomic():
            if not cls.objects.filter(pk=1).update(number=F("number") + 1, changed_at=timezone.now()):
                cls.objects.create(pk=1)

    @classmethod
    def current(cls) -> int:
        return cls.objects.filter(pk=1).values_list("number", flat=True).first() or 0
