"""The stream *observed*: where we look, what was seen there by the robot and by people, and what follows."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from commitments.findings import Outcome, ReadingState, State
from commitments.models.confidence import Sourced
from commitments.models.promises import Commitment, Deliverable


class LocationQuerySet(models.QuerySet["Location"]):
    def open_on(self, day: date) -> Self:
        """Addresses under which a deliverable was looked for on that day."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class Location(Sourced):
    """Where a deliverable is looked for. ``identifier`` is the portal's id as the reference gives it;
    ``resolved_identifier`` is filled once, by the first answer to an address known only by its slug."""

    class Portal(models.TextChoices):
        DATASET = "datagouv_dataset", "jeu de données de data.gouv.fr"
        DATASERVICE = "datagouv_dataservice", "API de data.gouv.fr"
        GIT = "git", "dépôt de code source"
        URL = "url", "page web"

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="locations")
    portal = models.CharField("portail", max_length=30, choices=Portal)
    identifier = models.CharField("identifiant", max_length=200, blank=True)
    url = models.URLField("adresse", max_length=1000)
    publisher = models.CharField("éditeur annoncé", max_length=300, blank=True)
    since = models.DateField("depuis le")
    until = models.DateField("jusqu'au", null=True, blank=True)
    resolved_identifier = models.CharField("identifiant trouvé", max_length=200, blank=True)
    resolved_at = models.DateTimeField("identifiant trouvé le", null=True, blank=True)
    reference_key = models.CharField("repère dans le référentiel", max_length=60, blank=True, editable=False)
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ("deliverable", "since", "id")
        verbose_name = "adresse"
        constraints = [
            models.UniqueConstraint(
                fields=["deliverable", "portal", "url"],
                condition=Q(until=None),
                name="one_open_location_per_address_of_a_deliverable",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="location_until_after_since"
            ),
            models.CheckConstraint(
                condition=Q(resolved_identifier="", resolved_at=None)
                | (~Q(resolved_identifier="") & ~Q(resolved_at=None)),
                name="location_resolution_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def known_identifier(self) -> str:
        return self.identifier or self.resolved_identifier


class ObservationQuerySet(models.QuerySet["Observation"]):
    def definitive(self) -> Self:
        """What was seen: found, gone or absent, and not set aside since by an operator."""
        return self.filter(dismissed_at=None).exclude(outcome=Outcome.NO_OBSERVATION)

    def last_of(self, locations: Iterable[int]) -> QuerySet[Observation]:
        """The last of these rows at each address: one query and one step of an index an address, not its history."""
        own = self.filter(location=OuterRef("pk")).order_by("-last_seen_at", "-pk").values("pk")[:1]
        asked = Location.objects.filter(pk__in=locations).order_by()
        return Observation.objects.filter(pk__in=asked.annotate(last=Subquery(own)).values("last")).order_by()


class Observation(models.Model):
    """What the robot saw at an address, as an interval: unchanged answers only move ``last_seen_at`` and ``checks``.

    Within an interval no two checks are more than a finding's standing time apart, so that any day of it was
    covered by a real check. Failures (``no_observation``) have intervals of their own beside the definitive ones.
    ``dismissed_at`` is set when an operator declares the portal itself at fault.
    """

    OUTCOMES = [
        (Outcome.FOUND, "trouvé"),
        (Outcome.GONE, "supprimé"),
        (Outcome.ABSENT, "absent ou privé"),
        (Outcome.NO_OBSERVATION, "pas d'observation"),
    ]

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="observations")
    outcome = models.CharField("résultat", max_length=20, choices=OUTCOMES)
    cause = models.CharField("cause", max_length=40, blank=True)
    detail = models.TextField("détail", blank=True)
    facts = models.JSONField("faits", default=dict)
    digest = models.CharField("empreinte", max_length=64)
    first_seen_at = models.DateTimeField("vu d'abord le")
    last_seen_at = models.DateTimeField("vu en dernier le")
    checks = models.PositiveIntegerField("nombre de passages", default=1)
    dismissed_at = models.DateTimeField("écartée le", null=True, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ("location", "first_seen_at", "id")
        verbose_name = "observation"
        indexes = [models.Index(fields=["location", "-last_seen_at"], name="observation_last_of_location")]
        constraints = [
            models.UniqueConstraint(fields=["location", "first_seen_at"], name="one_observation_begins_at_a_time"),
            models.CheckConstraint(
                condition=Q(first_seen_at__lte=F("last_seen_at")), name="observation_begins_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.NO_OBSERVATION) ^ Q(cause=""), name="only_a_failure_has_a_cause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} · {self.first_seen_at:%Y-%m-%d}"


class Snapshot(models.Model):
    """The record that grounded a change of verdict, whole and compressed; ``sha256`` is that of the opened body."""

    observation = models.OneToOneField(Observation, on_delete=models.PROTECT, related_name="snapshot")
    url = models.URLField("adresse demandée", max_length=1000)
    body = models.BinaryField("corps compressé")
    sha256 = models.CharField("empreinte sha256", max_length=64)
    taken_at = models.DateTimeField("relevé le")

    class Meta:
        verbose_name = "relevé conservé"
        verbose_name_plural = "relevés conservés"

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def opened(self) -> bytes:
        return gzip.decompress(bytes(self.body))


class Reading(models.Model):
    """A dated human finding with its evidence. ``read_first``/``read_last``: its day, or the bounds of a vague one."""

    STATES = [
        (ReadingState.OPEN, "ouvert"),
        (ReadingState.OPEN_PARTIAL, "ouvert en partie"),
        (ReadingState.OPEN_RESTRICTED, "accessible sur habilitation"),
        (ReadingState.NOT_OPEN, "non ouvert"),
        (ReadingState.NOT_VERIFIED, "non vérifié"),
    ]

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="readings")
    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.PROTECT, null=True, blank=True, related_name="readings"
    )
    read_raw = models.CharField("lu le, tel que noté", max_length=20)
    read_on = models.DateField("lu le (dernier jour possible)")
    state = models.CharField("constat", max_length=20, choices=STATES)
    label = models.CharField("libellé", max_length=300, blank=True)
    opened_raw = models.CharField("ouvert le, tel que noté", max_length=20, blank=True)
    opened_on = models.DateField("ouvert le (dernier jour possible)", null=True, blank=True)
    evidence_url = models.TextField("preuve", blank=True)
    note = models.TextField("note", blank=True)
    access = models.CharField("accès constaté", max_length=20, choices=Deliverable.ACCESSES, blank=True)
    coverage = models.CharField("couverture constatée", max_length=300, blank=True)
    formats = models.CharField("formats constatés", max_length=200, blank=True)
    licence = models.CharField("licence constatée", max_length=200, blank=True)
    by_function = models.CharField("constaté par (fonction)", max_length=200, blank=True)
    reference_key = models.CharField("repère dans le référentiel", max_length=60, blank=True, editable=False)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        ordering = ("commitment", "read_on", "id")
        verbose_name = "constat humain"
        verbose_name_plural = "constats humains"

    def __str__(self) -> str:
        return f"{self.commitment.ref} · {self.get_state_display()} · {self.read_raw}"


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def known(self, as_of: date, known_at: datetime | None = None) -> Self:
        """Verdicts in force or past on ``as_of``, as they were recorded by ``known_at``."""
        found = self.filter(since__lte=as_of)
        return found.filter(recorded_at__lte=known_at) if known_at else found

    def last_of_each(self) -> QuerySet[Verdict]:
        """The last of these rows for each deliverable, found by the index rather than by reading its history."""
        own = self.filter(deliverable=OuterRef("pk")).order_by("-since", "-pk").values("pk")[:1]
        each = Deliverable.objects.order_by().annotate(last=Subquery(own)).values("last")
        return Verdict.objects.filter(pk__in=each).order_by()


class Verdict(models.Model):
    """A deliverable's verdict from a day on, until the next row: added, never edited.

    ``reasons``: list of {code, text, criterion}; ``checks``: list of {criterion, holds: true|false|null, text}.
    Ageing (« indéterminé depuis… ») is not stored: it is computed on reading, from the finding that grounds it.
    """

    STATES = [
        (State.KEPT, "constaté"),
        (State.PARTIAL, "constaté en partie"),
        (State.UNMET, "non constaté à l'adresse indiquée"),
        (State.GONE, "disparu"),
        (State.UNKNOWN, "indéterminé"),
        (State.UNLOCATED, "sans adresse"),
    ]
    ORIGINS = [("reading", "constat humain"), ("portal", "date donnée par le portail"), ("first_seen", "au plus tard")]

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="verdicts")
    state = models.CharField("constat", max_length=12, choices=STATES)
    since = models.DateField("depuis le")
    reasons = models.JSONField("raisons", default=list)
    checks = models.JSONField("critères", default=list)
    opened_on = models.DateField("ouvert le", null=True, blank=True)
    opened_from = models.CharField("provenance de cette date", max_length=12, choices=ORIGINS, blank=True)
    rule_version = models.CharField("version de la méthode", max_length=8)
    observation = models.ForeignKey(
        Observation, on_delete=models.PROTECT, null=True, blank=True, related_name="verdicts"
    )
    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, null=True, blank=True, related_name="verdicts")
    run = models.ForeignKey(
        "commitments.PollRun", on_delete=models.PROTECT, null=True, blank=True, related_name="verdicts"
    )
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ("deliverable", "since", "id")
        verbose_name = "constat"
        indexes = [models.Index(fields=["deliverable", "-since", "-id"], name="verdict_last_of_deliverable")]
        constraints = [
            models.CheckConstraint(
                condition=~(Q(observation__isnull=False) & Q(reading__isnull=False)),
                name="verdict_has_one_ground_at_most",
            ),
            models.CheckConstraint(
                condition=Q(opened_on=None) ^ ~Q(opened_from=""), name="opening_day_has_a_provenance"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable} · {self.get_state_display()}"
