"""Candidates: published objects that may fulfil a promise, what people answered, and what each search was worth."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from commitments.models.evidence import Location, Reading
from commitments.models.promises import Deliverable


class CatalogueState(models.Model):
    """The last accepted copy of a catalogue, and why the last one received was refused, if it was.

    Operational state, which may be rebuilt. ``rows`` is what the next copy's length is compared with.
    """

    class Section(models.TextChoices):
        DATASETS = "datasets", "jeux de données"
        DATASERVICES = "dataservices", "API"

    section = models.CharField("catalogue", max_length=20, choices=Section, unique=True)
    url = models.URLField("adresse", max_length=1000, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField("Last-Modified", max_length=80, blank=True)
    rows = models.PositiveIntegerField("lignes", default=0)
    dated_at = models.DateTimeField("catalogue du", null=True, blank=True)
    accepted_at = models.DateTimeField("accepté le", null=True, blank=True)
    checked_at = models.DateTimeField("demandé le", null=True, blank=True)
    refusal = models.TextField("motif du dernier refus", blank=True)
    claimed_until = models.DateTimeField("recherche en cours jusqu'au", null=True, blank=True)

    class Meta:
        ordering = ("section",)
        verbose_name = "catalogue"

    def __str__(self) -> str:
        return self.get_section_display()


class MatchRun(models.Model):
    """One search of the catalogues, and what its method was worth on the promises whose record is known.

    ``precision``: right ones among those proposed for them; ``recall``: promises whose own record was proposed.
    """

    started_at = models.DateTimeField("commencée le")
    finished_at = models.DateTimeField("terminée le")
    catalogue_at = models.DateTimeField("catalogue du", null=True, blank=True)
    rows = models.PositiveIntegerField("fiches comparées")
    promises = models.PositiveIntegerField("promesses cherchées")
    proposed = models.PositiveIntegerField("candidats proposés")
    truth = models.PositiveIntegerField("promesses dont la fiche est connue")
    precision = models.FloatField("précision à 5", null=True, blank=True)
    recall = models.FloatField("rappel à 5", null=True, blank=True)
    threshold = models.FloatField("seuil")
    method_version = models.CharField("version de la recherche", max_length=8)
    warnings = models.JSONField("avertissements", default=list)

    class Meta:
        ordering = ("-started_at", "-id")
        verbose_name = "recherche de candidats"
        verbose_name_plural = "recherches de candidats"
        constraints = [
            models.CheckConstraint(
                condition=Q(truth=0, recall=None) | (Q(truth__gt=0) & ~Q(recall=None)),
                name="recall_is_measured_on_known_records",
            ),
        ]

    def __str__(self) -> str:
        return f"Recherche du {self.started_at:%Y-%m-%d}"


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def pending(self) -> Self:
        """What a person has still to answer."""
        answered = Decision.objects.filter(candidate=OuterRef("pk"))
        return self.filter(~Exists(answered), withdrawn_at=None)

    def renew(self, rows: Collection[Any]) -> None:
        """Write again what a newer proposal says of records proposed already."""
        self.bulk_update(
            rows,
            [
                *("url", "title", "organization", "organization_id", "created_on", "score", "rank", "reasons"),
                *("method_version", "last_proposed_at", "withdrawn_at"),
            ],
            batch_size=200,
        )


class Candidate(models.Model):
    """A record that may be what a deliverable promised. ``reasons``: list of {code, text}, in French.

    Proposed from ``first_proposed_at``; ``withdrawn_at`` when the last search no longer proposed it.
    """

    PORTALS = [
        (Location.Portal.DATASET.value, Location.Portal.DATASET.label),
        (Location.Portal.DATASERVICE.value, Location.Portal.DATASERVICE.label),
    ]

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="candidates")
    portal = models.CharField("portail", max_length=30, choices=PORTALS)
    identifier = models.CharField("identifiant", max_length=24)
    url = models.URLField("adresse", max_length=1000)
    title = models.TextField("titre")
    organization = models.TextField("organisation", blank=True)
    organization_id = models.CharField("identifiant de l'organisation", max_length=24, blank=True)
    created_on = models.DateField("mis en ligne le", null=True, blank=True)
    score = models.FloatField("ressemblance")
    rank = models.PositiveSmallIntegerField("rang")
    reasons = models.JSONField("raisons", default=list)
    method_version = models.CharField("version de la recherche", max_length=8)
    first_proposed_at = models.DateTimeField("proposé d'abord le")
    last_proposed_at = models.DateTimeField("proposé en dernier le")
    withdrawn_at = models.DateTimeField("plus proposé depuis le", null=True, blank=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ("deliverable", "rank", "id")
        verbose_name = "candidat"
        constraints = [
            models.UniqueConstraint(
                fields=["deliverable", "portal", "identifier"], name="one_candidate_per_record_and_deliverable"
            ),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=5), name="at_most_five_candidates"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="candidate_score_is_a_share"),
            models.CheckConstraint(
                condition=Q(first_proposed_at__lte=F("last_proposed_at")), name="candidate_begins_before_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable.commitment.ref} · {self.title}"


class Decision(models.Model):
    """What a person answered of a candidate. Rows are added, never edited: the last one is in force.

    ``location`` is the address that a yes opened; ``reading`` what « une partie » says of it.
    """

    class Answer(models.TextChoices):
        YES = "yes", "c'est lui"
        NO = "no", "non"
        PART = "part", "une partie"

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="decisions")
    answer = models.CharField("réponse", max_length=4, choices=Answer)
    by_function = models.CharField("fonction", max_length=300)
    agent_id = models.PositiveBigIntegerField("agent", null=True, blank=True)
    comment = models.TextField("commentaire", blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    reading = models.OneToOneField(Reading, on_delete=models.PROTECT, null=True, blank=True, related_name="decision")
    decided_at = models.DateTimeField("répondu le")

    class Meta:
        ordering = ("candidate", "id")
        verbose_name = "réponse sur un candidat"
        verbose_name_plural = "réponses sur des candidats"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="no", location=None) | (~Q(answer="no") & ~Q(location=None)),
                name="only_an_accepted_candidate_has_a_location",
            ),
            models.CheckConstraint(condition=Q(reading=None) | Q(answer="part"), name="only_a_part_gives_a_reading"),
            models.CheckConstraint(condition=~Q(by_function=""), name="decision_says_by_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} · {self.get_answer_display()}"
