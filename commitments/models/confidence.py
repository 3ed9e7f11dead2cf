"""How sure we are of a fact, and where it was read: shared by every table loaded from the reference."""

from django.db import models

DOUBTFUL = ("none", "low", "medium")


class Sourced(models.Model):
    """A fact that keeps its source. ``confidence`` is the reference's own words, ``high`` first when it is sure."""

    source = models.TextField("source", blank=True)
    confidence = models.CharField("confiance", max_length=200, blank=True)
    note = models.TextField("note", blank=True)

    class Meta:
        abstract = True

    @property
    def to_verify(self) -> bool:
        """Whether pages must show « à vérifier »: the reference names a doubt anywhere in its confidence."""
        words = self.confidence.lower().replace("(", " ").replace(",", " ").split()
        return any(word in DOUBTFUL for word in words)
