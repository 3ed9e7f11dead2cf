"""The stream *promised*: commitments, what they deliver, and every date announced for them."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.text import slugify

from commitments.findings import Access, Kind
from commitments.folding import fold
from commitments.models.confidence import Sourced
from commitments.models.sources import Engagement, Recommendation
from commitments.spans import Precision


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """The vocabulary in which pages, files and the API ask for promises."""

    def public(self) -> Self:
        return self.filter(visibility=Commitment.Visibility.PUBLIC)

    def living(self) -> Self:
        """All but the drafts that their ministry set aside."""
        return self.exclude(visibility=Commitment.Visibility.DISCARDED)

    def matching(self, words: str) -> Self:
        """Promises whose title, wording, reference or producer hold every word, accents apart."""
        found = self
        for word in fold(words).split():
            found = found.filter(search_text__contains=word)
        return found


class Commitment(Sourced):
    """A promise: its wording is frozen; a draft is seen by nobody who holds no mandate for it, set aside or not."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", "publique"
        DRAFT = "draft", "brouillon"
        DISCARDED = "discarded", "écartée"

    ref = models.CharField("référence", max_length=20, unique=True)
    slug = models.SlugField("adresse", max_length=120)
    title = models.CharField("intitulé", max_length=300)
    wording = models.TextField("texte de la promesse")
    wording_status = models.CharField("nature du texte", max_length=80, blank=True)
    open_ended = models.BooleanField("promesse ouverte (« etc. »)", default=False)
    announced_in = models.CharField("annoncée dans", max_length=300)
    announced_on = models.DateField("annoncée le")
    in_presentation = models.BooleanField("dans la présentation de mars 2021", default=False)
    in_list_of_63 = models.CharField("dans la liste des 63", max_length=120, blank=True)
    producer = models.CharField("producteur", max_length=200, blank=True)
    scope_caveat = models.TextField("réserve sur le périmètre", blank=True)
    engagement = models.ForeignKey(
        Engagement, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    recommendations = models.ManyToManyField(Recommendation, blank=True, related_name="commitments")
    visibility = models.CharField("visibilité", max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    publishers_known = models.BooleanField("éditeurs tous connus", default=True)
    search_text = models.TextField(editable=False, default="")
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("ref",)
        verbose_name = "promesse"

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.slug = slugify(fold(self.title))[:100] or "promesse"
        self.search_text = fold(f"{self.ref} {self.title} {self.wording} {self.producer}")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return f"/promesses/{self.ref}-{self.slug}/"


class Deliverable(models.Model):
    """One thing that a promise delivers, with the access that was promised (empty: not said)."""

    KINDS = [
        (Kind.DATASET, "jeu de données"),
        (Kind.API, "API"),
        (Kind.SOURCE_CODE, "code source"),
        (Kind.DOCUMENT, "document"),
        (Kind.PLATFORM, "plateforme"),
    ]
    ACCESSES = [
        (Access.OPEN, "ouvert"),
        (Access.OPEN_WITH_ACCOUNT, "ouvert avec un compte"),
        (Access.RESTRICTED, "sur habilitation"),
        (Access.UNSAID, "non précisé"),
    ]

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="deliverables")
    rank = models.PositiveSmallIntegerField("rang")
    kind = models.CharField("nature", max_length=20, choices=KINDS)
    label = models.CharField("intitulé", max_length=300)
    access_promised = models.CharField("accès promis", max_length=20, choices=ACCESSES, blank=True)
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        ordering = ("commitment", "rank")
        verbose_name = "livrable"
        constraints = [
            models.UniqueConstraint(fields=["commitment", "rank"], name="one_deliverable_per_rank_of_a_commitment")
        ]

    def __str__(self) -> str:
        return f"{self.commitment.ref} · {self.get_kind_display()}"


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def announced(self, by: date | None = None) -> Self:
        """Those that were no mistake, in the order of their announcement (``by`` a day): the last one is in force."""
        found = self.filter(corrected_by=None).order_by("announced_on", "id")
        return found if by is None else found.filter(announced_on__lte=by)


class Deadline(models.Model):
    """A date announced for a promise. Rows are added, never edited; the first one is the reference for ever.

    ``corrects`` points to a row that was read or typed wrongly: the wrong row stays, and counts until the day
    the right one was recorded.
    """

    PRECISIONS = [
        (Precision.DAY, "au jour près"),
        (Precision.MONTH, "au mois près"),
        (Precision.QUARTER, "au trimestre près"),
        (Precision.SEMESTER, "au semestre près"),
        (Precision.YEAR, "à l'année près"),
        (Precision.RANGE, "sur une période"),
        (Precision.NONE, "sans date"),
    ]

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="deadlines")
    raw = models.CharField("échéance, telle qu'annoncée", max_length=200)
    first_day = models.DateField("premier jour", null=True, blank=True)
    last_day = models.DateField("dernier jour", null=True, blank=True)
    precision = models.CharField("précision", max_length=10, choices=PRECISIONS)
    announced_on = models.DateField("annoncée le")
    announced_in = models.CharField("annoncée dans", max_length=300)
    source_url = models.TextField("source", blank=True)
    reason = models.TextField("motif", blank=True)
    note = models.TextField("note", blank=True)
    reference_key = models.CharField("repère dans le référentiel", max_length=400, blank=True, editable=False)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ("commitment", "announced_on", "id")
        verbose_name = "échéance"
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day=None) | Q(last_day=None) | Q(first_day__lte=models.F("last_day")),
                name="deadline_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(precision=Precision.NONE, last_day=None)
                | (~Q(precision=Precision.NONE) & ~Q(last_day=None)),
                name="deadline_has_a_last_day_unless_undated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.ref} · {self.raw}"

    def passed(self, day: date) -> bool:
        """Whether its last day is over; a date without any never passes."""
        return self.last_day is not None and self.last_day < day


class Publisher(models.Model):
    """An organisation of the portal that is known to publish what a promise announces (24-hex id)."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="publishers")
    portal_id = models.CharField("identifiant sur le portail", max_length=24)
    name = models.CharField("nom vu", max_length=300, blank=True)
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        ordering = ("commitment", "portal_id")
        verbose_name = "éditeur connu"
        verbose_name_plural = "éditeurs connus"
        constraints = [
            models.UniqueConstraint(fields=["commitment", "portal_id"], name="one_row_per_publisher_of_a_commitment")
        ]

    def __str__(self) -> str:
        return f"{self.commitment.ref} · {self.name or self.portal_id}"
