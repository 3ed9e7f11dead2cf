"""The documents that promises come from: the report's recommendations, the CITP and their engagements."""

from django.db import models

from commitments.models.confidence import Sourced


class Recommendation(Sourced):
    """One of the 37 recommendations of the Bothorel report (December 2020)."""

    number = models.PositiveSmallIntegerField("numéro", unique=True)
    theme = models.CharField("thème", max_length=200)
    title = models.TextField("intitulé")
    in_presentation = models.BooleanField("reprise dans la présentation de mars 2021")

    class Meta:
        ordering = ("number",)
        verbose_name = "recommandation"

    def __str__(self) -> str:
        return f"Recommandation n° {self.number}"


class RecommendationWording(Sourced):
    """How the presentation of March 2021 words one or several recommendations."""

    code = models.CharField("repère", max_length=8, unique=True)
    section = models.CharField("rubrique", max_length=200)
    wording = models.TextField("formulation")
    recommendations = models.ManyToManyField(Recommendation, related_name="wordings")

    class Meta:
        ordering = ("code",)
        verbose_name = "formulation de recommandation"
        verbose_name_plural = "formulations de recommandations"

    def __str__(self) -> str:
        return self.code


class Citp(Sourced):
    """A session of the interministerial committee for public transformation."""

    number = models.PositiveSmallIntegerField("numéro", unique=True)
    held_on = models.DateField("tenu le")
    place = models.CharField("lieu", max_length=200, blank=True)
    engagements_count = models.PositiveSmallIntegerField("nombre d'engagements", null=True, blank=True)
    data_related_content = models.TextField("contenu relatif aux données", blank=True)

    class Meta:
        ordering = ("number",)
        verbose_name = "CITP"
        verbose_name_plural = "CITP"

    def __str__(self) -> str:
        return f"{self.number}e CITP" if self.number > 1 else "1er CITP"


class Engagement(Sourced):
    """A numbered engagement of a CITP, one of its sub-commitments, or a next step (which bears no number).

    Numbers restart at each session: the key is session, kind and number; a next step is told by its rank.
    """

    class EngagementKind(models.TextChoices):
        ENGAGEMENT = "engagement", "engagement"
        SUB_COMMITMENT = "sub_commitment", "sous-engagement"
        NEXT_STEP = "next_step", "suite annoncée"

    citp = models.ForeignKey(Citp, on_delete=models.PROTECT, related_name="engagements")
    kind = models.CharField("nature", max_length=20, choices=EngagementKind)
    number = models.CharField("numéro", max_length=8, blank=True)
    rank = models.PositiveSmallIntegerField("rang")
    text = models.TextField("texte", blank=True)
    theme = models.CharField("thème", max_length=200, blank=True)
    due_raw = models.CharField("échéance annoncée", max_length=300, blank=True)
    due_on = models.DateField("dernier jour de l'échéance", null=True, blank=True)
    about_data = models.BooleanField("concerne les données", null=True)

    class Meta:
        ordering = ("citp", "rank")
        verbose_name = "engagement"
        constraints = [
            models.UniqueConstraint(fields=["citp", "rank"], name="one_engagement_per_rank_of_a_citp"),
            models.UniqueConstraint(
                fields=["citp", "number"], condition=~models.Q(number=""), name="one_engagement_per_number_of_a_citp"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.citp}, engagement {self.number}" if self.number else f"{self.citp}, suite {self.rank}"


class Revision(models.Model):
    """What the loader changed in a fact already loaded: the former value is kept for ever."""

    table = models.CharField("fichier", max_length=60)
    key = models.CharField("repère", max_length=120)
    field = models.CharField("champ", max_length=60)
    before = models.TextField("avant", blank=True)
    after = models.TextField("après", blank=True)
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        ordering = ("-recorded_at", "-id")
        verbose_name = "révision du référentiel"
        verbose_name_plural = "révisions du référentiel"

    def __str__(self) -> str:
        return f"{self.table} {self.key} · {self.field}"
