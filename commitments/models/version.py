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

        row, said = cls.objects.filter(pk=1), {"number": F("number") + 1, "changed_at": timezone.now()}
        with transaction.atomic():
            # Of two that write for the first time ever, the second finds the first one's row.
            if not row.update(**said) and not cls.objects.get_or_create(pk=1)[1]:
                row.update(**said)

    @classmethod
    def hold(cls) -> None:
        """Be the only one to write until the transaction ends, as after ``bump``, without saying that anything did."""
        if not list(cls.objects.select_for_update().filter(pk=1)):
            cls.bump()

    @classmethod
    def current(cls) -> int:
        return cls.objects.filter(pk=1).values_list("number", flat=True).first() or 0
