"""Ministries as portfolios, their publishers on the portal, their roadmaps, and what they answer for."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from commitments.models import Commitment
from commitments.models.confidence import Sourced


class Ministry(Sourced):
    """A portfolio, named as in the roadmaps of 2021. What it became is told by reshuffles, never by an edit."""

    code = models.CharField("sigle", max_length=20, unique=True)
    slug = models.SlugField("adresse", max_length=40, unique=True)
    name = models.CharField("nom", max_length=300)
    pole = models.CharField("pôle", max_length=200, blank=True)
    amdac_function = models.CharField("fonction de l'AMDAC", max_length=300, blank=True)
    amdac_mailbox = models.CharField("boîte aux lettres de l'AMDAC", max_length=300, blank=True)
    renamings = models.TextField("changements de nom", blank=True)
    since = models.DateField("portefeuille ouvert le", null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "ministère"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/ministeres/{self.slug}/"


class Organization(Sourced):
    """A publisher of data.gouv.fr: its 24-hex id never changes, its names and slugs do."""

    portal_id = models.CharField("identifiant sur le portail", max_length=24, unique=True)
    slug_seen = models.TextField("adresses vues", blank=True)
    name_seen = models.TextField("noms vus", blank=True)
    seen_on = models.CharField("vu le", max_length=120, blank=True)
    kind = models.CharField("nature", max_length=60, blank=True)
    ministry = models.ForeignKey(
        Ministry, on_delete=models.PROTECT, null=True, blank=True, related_name="organizations"
    )

    class Meta:
        ordering = ("name_seen",)
        verbose_name = "organisation"

    def __str__(self) -> str:
        return self.name_seen or self.portal_id


class Reshuffle(Sourced):
    """A change of government, as read in the press: the day may be vague, so its text is kept."""

    rank = models.PositiveSmallIntegerField("rang", unique=True)
    date_raw = models.CharField("date", max_length=40)
    first_day = models.DateField("premier jour possible", null=True, blank=True)
    last_day = models.DateField("dernier jour possible", null=True, blank=True)
    government = models.CharField("gouvernement", max_length=80)
    what_changed = models.TextField("ce qui a changé")

    class Meta:
        ordering = ("rank",)
        verbose_name = "remaniement"

    def __str__(self) -> str:
        return f"{self.government} ({self.date_raw})"


class Roadmap(Sourced):
    """A ministry's roadmap « données, algorithmes et codes sources »; another version is another row."""

    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, related_name="roadmaps")
    number = models.PositiveSmallIntegerField("numéro")
    version = models.CharField("version", max_length=20, default="2021")
    url = models.URLField("document", max_length=500)
    published_on = models.DateField("publiée le")
    horizon = models.CharField("horizon", max_length=60, blank=True)
    actions_known = models.CharField("actions connues", max_length=120, blank=True)

    class Meta:
        ordering = ("version", "number")
        verbose_name = "feuille de route"
        verbose_name_plural = "feuilles de route"
        constraints = [
            models.UniqueConstraint(fields=["ministry", "version"], name="one_roadmap_per_version_of_a_ministry")
        ]

    def __str__(self) -> str:
        return f"Feuille de route {self.version}, {self.ministry.code}"


class RoadmapAction(Sourced):
    """A line of a roadmap, as the official article or the press reports it.

    Many lines name no ministry, and several repeat a promise followed elsewhere (``commitment``): they are shown
    with their document and never counted as promises, so that nothing is counted twice.
    """

    code = models.CharField("repère", max_length=20, unique=True)
    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    ministry_certainty = models.CharField("certitude du ministère", max_length=120, blank=True)
    roadmap_on = models.DateField("feuilles de route du")
    axis = models.CharField("axe", max_length=200, blank=True)
    theme = models.CharField("thème", max_length=200, blank=True)
    text = models.TextField("action")
    wording_status = models.CharField("nature du texte", max_length=80, blank=True)
    object = models.CharField("objet", max_length=200, blank=True)
    kind = models.CharField("nature", max_length=60, blank=True)
    due_raw = models.CharField("échéance annoncée", max_length=200, blank=True)
    due_on = models.DateField("dernier jour de l'échéance", null=True, blank=True)
    status_code = models.CharField("état rapporté", max_length=20, blank=True)
    status_note = models.TextField("précision sur l'état", blank=True)
    status_as_of = models.DateField("état rapporté le", null=True, blank=True)
    evidence_url = models.TextField("preuve", blank=True)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="roadmap_actions"
    )

    class Meta:
        ordering = ("code",)
        verbose_name = "action de feuille de route"
        verbose_name_plural = "actions de feuilles de route"

    def __str__(self) -> str:
        return f"{self.code} {self.text[:60]}"

    @property
    def ministry_to_verify(self) -> bool:
        return "inferred" in self.ministry_certainty or self.to_verify


class ResponsibilityQuerySet(models.QuerySet["Responsibility"]):
    def in_force(self, day: Any) -> Self:
        """Those that hold on a day (which may be an ``OuterRef``)."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def leading(self) -> Self:
        return self.filter(part=Responsibility.Part.LEAD)


class Responsibility(models.Model):
    """Which ministry answers for a promise, and since when: the first one promised, the open one answers today."""

    class Part(models.TextChoices):
        LEAD = "lead", "pilote"
        JOINT = "joint", "associé"

    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, related_name="responsibilities")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="responsibilities")
    part = models.CharField("rôle", max_length=10, choices=Part, default=Part.LEAD)
    since = models.DateField("depuis le")
    until = models.DateField("jusqu'au", null=True, blank=True)
    certainty = models.CharField("certitude", max_length=20, blank=True)
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        ordering = ("commitment", "since", "id")
        verbose_name = "responsabilité"
        constraints = [
            models.UniqueConstraint(
                fields=["commitment"],
                condition=Q(until=None, part="lead"),
                name="one_ministry_answers_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="responsibility_until_after_since"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ministry.code} · {self.commitment.ref}"
