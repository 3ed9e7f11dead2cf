"""A quarter's ask: the campaign, the lines it expects, its frozen edition, and who was told what, when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from commitments.models import Commitment
from ministries.models.people import Agent
from ministries.models.portfolios import Ministry


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def open_now(self) -> Self:
        """The one that no edition has closed; there is one at most."""
        return self.filter(edition=None)

    def opened_by(self, day: date) -> Self:
        return self.filter(opened_on__lte=day)


class Campaign(models.Model):
    """A quarter for which the ministries are asked. It is never edited: closing it adds an Edition."""

    class Occasion(models.TextChoices):
        RIM = "rim", "RIM"
        CITP = "citp", "CITP"

    label = models.CharField("trimestre", max_length=20, unique=True)
    opened_on = models.DateField("ouverte le")
    closes_on = models.DateField("dernier jour pour répondre")
    occasion = models.CharField("en vue de", max_length=4, choices=Occasion)
    held_on = models.DateField("date de la réunion")
    message = models.TextField("message", blank=True)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="campaigns")
    by_function = models.CharField("ouverte par (fonction)", max_length=200)
    recorded_at = models.DateTimeField("enregistrée le")

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ("-opened_on", "-id")
        verbose_name = "campagne"
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gt=F("opened_on")), name="campaign_lasts_a_day_at_least"),
            models.CheckConstraint(condition=Q(held_on__gte=F("opened_on")), name="campaign_prepares_what_is_to_come"),
            models.CheckConstraint(condition=~Q(by_function=""), name="campaign_names_a_function"),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return f"/campagnes/{self.pk}/"

    @property
    def closed(self) -> Edition | None:
        return getattr(self, "edition", None)


class CampaignLine(models.Model):
    """One promise that a ministry was asked about. ``reasons``: why, as codes joined by commas; "" for all the rest.

    ``ministry`` is who was asked at the opening; who answers for the promise since is told by Responsibility.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="lines")
    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, related_name="campaign_lines")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="campaign_lines")
    reasons = models.CharField("pourquoi", max_length=80, blank=True)

    class Meta:
        ordering = ("campaign", "id")
        verbose_name = "ligne de campagne"
        verbose_name_plural = "lignes de campagne"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "commitment"], name="a_promise_is_asked_about_once"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign.label} · {self.commitment.ref}"


class Edition(models.Model):
    """What a campaign came to, frozen. ``figures``: see ``ministries.campaigns.freezing``; never computed again.

    ``as_of`` is the day that the figures tell, ``closed_on`` the day of the act.
    """

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="edition")
    as_of = models.DateField("chiffres au")
    closed_on = models.DateField("close le")
    figures = models.JSONField("chiffres")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="editions")
    by_function = models.CharField("close par (fonction)", max_length=200)
    recorded_at = models.DateTimeField("enregistrée le")

    class Meta:
        ordering = ("-as_of", "-id")
        verbose_name = "édition"
        constraints = [
            models.CheckConstraint(condition=Q(as_of__lte=F("closed_on")), name="edition_tells_no_day_to_come"),
            models.CheckConstraint(condition=~Q(by_function=""), name="edition_names_a_function"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign.label}, édition du {self.as_of:%d/%m/%Y}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def to_send(self, now: datetime) -> Self:
        return self.filter(outcome=Notice.Outcome.WAITING, not_before__lte=now)

    def stranded(self, now: datetime) -> Self:
        """Those whose sender never said what became of them."""
        return self.filter(outcome=Notice.Outcome.SENDING, claimed_at__lt=now - Notice.LEASE)


class Notice(models.Model):
    """What is told to a function of a ministry about a campaign: written before it is sent, and told how it ended.

    One mail carries all the notices of a kind to one person. The public log shows ``function``, never ``agent``; a
    row without an agent says that the ministry had nobody to tell.
    """

    LEASE = timedelta(minutes=15)

    class Kind(models.TextChoices):
        OPENING = "opening", "ouverture"
        REMINDER = "reminder", "relance"
        CLOSING = "closing", "clôture"

    class Outcome(models.TextChoices):
        WAITING = "waiting", "à envoyer"
        SENDING = "sending", "en cours d'envoi"
        SENT = "sent", "envoyé"
        REFUSED = "refused", "refusé par le serveur de courrier"
        UNCERTAIN = "uncertain", "issue inconnue, jamais renvoyé de lui-même"
        DROPPED = "dropped", "sans objet : campagne, mandat ou compte clos avant l'envoi"
        NOBODY = "nobody", "personne à prévenir : pas d'AMDAC"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="notices")
    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField("objet", max_length=10, choices=Kind)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    function = models.CharField("fonction", max_length=200, blank=True)
    not_before = models.DateTimeField("pas avant")
    at_night = models.BooleanField("même la nuit", default=False)
    outcome = models.CharField("issue", max_length=10, choices=Outcome, default=Outcome.WAITING)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    claimed_at = models.DateTimeField("pris le", null=True, blank=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    recorded_at = models.DateTimeField("enregistré le")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("campaign", "id")
        verbose_name = "avis"
        verbose_name_plural = "avis"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind", "ministry", "agent"], name="nobody_is_told_the_same_twice"
            ),
            models.UniqueConstraint(
                fields=["campaign", "kind", "ministry"],
                condition=Q(agent=None),
                name="having_nobody_to_tell_is_said_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome="sent", sent_at__isnull=False) | (~Q(outcome="sent") & Q(sent_at__isnull=True)),
                name="only_what_was_sent_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(agent__isnull=False) & ~Q(outcome="nobody") & ~Q(function="")
                | Q(agent__isnull=True, outcome="nobody", function=""),
                name="notice_goes_to_a_function_or_to_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign.label} · {self.ministry.code} · {self.get_kind_display()}"


class Succession(models.Model):
    """What a portfolio became on a day: « X devient Y ». A portfolio cut in two has two; one made of two is twice."""

    predecessor = models.ForeignKey(Ministry, on_delete=models.PROTECT, related_name="successors")
    successor = models.ForeignKey(Ministry, on_delete=models.PROTECT, related_name="predecessors")
    on = models.DateField("à compter du")
    source = models.CharField("source", max_length=300, blank=True)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="successions")
    by_function = models.CharField("noté par (fonction)", max_length=200)
    recorded_at = models.DateTimeField("enregistrée le")

    class Meta:
        ordering = ("on", "id")
        verbose_name = "succession"
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="a_succession_is_said_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="a_portfolio_does_not_succeed_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor.code} → {self.successor.code} ({self.on})"
