"""Agents and their dated mandates. Pages show the function, never the person."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q

from ministries.models.portfolios import Ministry


class AgentManager(BaseUserManager["Agent"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Agent:
        if not email:
            raise ValueError("an agent needs an e-mail address")
        agent = self.model(email=self.normalize_email(email).lower(), **fields)
        agent.set_password(password)
        agent.save(using=self._db)
        return agent

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Agent:
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> Agent:
        return self.get(email__iexact=username)


class Agent(AbstractBaseUser, PermissionsMixin):
    """Someone who may sign in, by e-mail. ``function`` is what the public may read of them.

    ``proconnect_sub`` is who they are for ProConnect, for one identity provider; none until they come in by it.
    """

    email = models.EmailField("adresse électronique", unique=True)
    proconnect_sub = models.CharField(
        "identité ProConnect",
        max_length=255,
        unique=True,
        null=True,
        blank=True,
        default=None,
        help_text="Retenue à la première connexion par ProConnect ; la vider délie le compte, que la suivante relie.",
    )
    function = models.CharField("fonction", max_length=200, blank=True)
    is_active = models.BooleanField("compte actif", default=True)
    is_staff = models.BooleanField("accès à l'administration", default=False)
    date_joined = models.DateTimeField("inscription", auto_now_add=True)

    objects = AgentManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "agent"

    def __str__(self) -> str:
        return self.email


class MandateQuerySet(models.QuerySet["Mandate"]):
    def in_force(self, day: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class Mandate(models.Model):
    """What an agent may do, for which ministry, between which days. An operator's mandate names no ministry."""

    class Role(models.TextChoices):
        AMDAC = "amdac", "AMDAC"
        CONTRIBUTOR = "contributor", "contributeur"
        CABINET = "cabinet", "cabinet"
        OPERATOR = "operator", "opérateur"

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="mandates")
    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, null=True, blank=True, related_name="mandates")
    role = models.CharField("rôle", max_length=12, choices=Role)
    since = models.DateField("depuis le")
    until = models.DateField("jusqu'au", null=True, blank=True)
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ("agent", "since")
        verbose_name = "mandat"
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="mandate_until_after_since"
            ),
            models.CheckConstraint(
                condition=Q(role="operator") | Q(ministry__isnull=False), name="only_an_operator_has_no_ministry"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent} · {self.get_role_display()}"
