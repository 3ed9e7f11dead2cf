"""The stream *declared*: what the ministry says of its promise. Rows are added, never edited."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from commitments.models import Commitment, Deadline, Deliverable, Verdict
from ministries.models.people import Agent
from ministries.models.portfolios import Ministry


class Obstacle(models.TextChoices):
    """What stands in the way, from a short list: counted across ministries; the words beside it say which."""

    LAW = "law", "cadre juridique"
    PRIVACY = "privacy", "données personnelles ou secrets protégés"
    PRODUCER = "producer", "accord d'un tiers producteur"
    QUALITY = "quality", "qualité ou documentation des données"
    TECHNICAL = "technical", "technique ou système d'information"
    BUDGET = "budget", "moyens financiers"
    PEOPLE = "people", "moyens humains"
    DECISION = "decision", "arbitrage attendu"
    OTHER = "other", "autre"


class Declaration(models.Model):
    """One statement. ``comment`` is public, ``note`` never leaves the ministry and the cabinets.

    ``nothing_new``: how many times in a row the ministry has answered « rien de nouveau »; 0 when it said something.
    """

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", "non démarré"
        IN_PROGRESS = "in_progress", "en cours"
        DONE = "done", "réalisé"
        ABANDONED = "abandoned", "abandonné"
        REPLACED = "replaced", "remplacé"

    CLOSING = (Status.ABANDONED, Status.REPLACED)

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="declarations")
    status = models.CharField("état déclaré", max_length=12, choices=Status)
    declared_on = models.DateField("déclaré le")
    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, related_name="declarations")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="declarations")
    by_function = models.CharField("déclaré par (fonction)", max_length=200)
    comment = models.TextField("commentaire public", blank=True)
    note = models.TextField("note privée", blank=True)
    obstacle_kind = models.CharField("nature de l'obstacle", max_length=12, choices=Obstacle, blank=True)
    obstacle = models.TextField("obstacle", blank=True)
    source_url = models.TextField("source publique", blank=True)
    nothing_new = models.PositiveSmallIntegerField("« rien de nouveau », fois de suite", default=0)
    replaced_by = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    draft = models.OneToOneField("Draft", on_delete=models.PROTECT, null=True, blank=True, related_name="published_as")
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    class Meta:
        ordering = ("commitment", "declared_on", "id")
        verbose_name = "déclaration"
        constraints = [
            models.CheckConstraint(condition=~Q(by_function=""), name="declaration_names_a_function"),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(status="replaced"), name="only_what_is_replaced_names_another"
            ),
            models.CheckConstraint(
                condition=Q(obstacle_kind="") | ~Q(obstacle=""), name="obstacle_of_a_kind_is_explained"
            ),
            models.CheckConstraint(
                condition=Q(nothing_new=0) | ~Q(status__in=("abandoned", "replaced")),
                name="closing_is_never_nothing_new",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.ref} · {self.get_status_display()} · {self.declared_on}"


class DraftQuerySet(models.QuerySet["Draft"]):
    def pending(self) -> Self:
        """The last draft of each promise, unless its ministry declared something since."""
        newer = Draft.objects.filter(commitment=OuterRef("commitment"), pk__gt=OuterRef("pk"))
        declared = Declaration.objects.filter(
            commitment=OuterRef("commitment"), recorded_at__gt=OuterRef("recorded_at")
        )
        return self.filter(~Exists(newer), ~Exists(declared), published_as=None)


class Draft(models.Model):
    """A declaration that a contributor prepared: public nowhere, until an AMDAC publishes it or says otherwise."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="drafts")
    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, related_name="drafts")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="drafts")
    by_function = models.CharField("préparé par (fonction)", max_length=200)
    status = models.CharField("état proposé", max_length=12, choices=Declaration.Status)
    comment = models.TextField("commentaire public", blank=True)
    note = models.TextField("note privée", blank=True)
    obstacle_kind = models.CharField("nature de l'obstacle", max_length=12, choices=Obstacle, blank=True)
    obstacle = models.TextField("obstacle", blank=True)
    source_url = models.TextField("source publique", blank=True)
    recorded_at = models.DateTimeField("préparé le", auto_now_add=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ("commitment", "id")
        verbose_name = "déclaration préparée"
        verbose_name_plural = "déclarations préparées"
        constraints = [
            models.CheckConstraint(condition=~Q(by_function=""), name="draft_names_a_function"),
            models.CheckConstraint(
                condition=~Q(status__in=("abandoned", "replaced")), name="what_closes_a_promise_is_not_drafted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.ref} · {self.get_status_display()}"


class ScopeChange(models.Model):
    """What a ministry says it will deliver instead of what it promised: beside the promise, never over it.

    The robot goes on judging what was promised. ``late``: said after the deadline of that day.
    """

    class Aspect(models.TextChoices):
        ACCESS = "access", "accès"
        KIND = "kind", "nature du livrable"
        COVERAGE = "coverage", "périmètre"

    VALUES: ClassVar[dict[str, dict[str, str]]] = {
        "access": {str(code): label for code, label in Deliverable.ACCESSES},
        "kind": {str(code): label for code, label in Deliverable.KINDS},
    }
    """The codes that each aspect may take, with their words; a coverage is said in words of one's own."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="scope_changes")
    aspect = models.CharField("ce qui change", max_length=10, choices=Aspect)
    before = models.CharField("avant", max_length=300)
    after = models.CharField("après", max_length=300)
    reason = models.TextField("motif")
    source_url = models.TextField("source publique", blank=True)
    late = models.BooleanField("après l'échéance", default=False)
    changed_on = models.DateField("annoncé le")
    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, related_name="scope_changes")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="scope_changes")
    by_function = models.CharField("annoncé par (fonction)", max_length=200)
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        ordering = ("deliverable", "changed_on", "id")
        verbose_name = "changement de périmètre"
        verbose_name_plural = "changements de périmètre"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="scope_change_has_a_reason"),
            models.CheckConstraint(condition=~Q(by_function=""), name="scope_change_names_a_function"),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable} · {self.before} → {self.after}"

    @property
    def before_words(self) -> str:
        return self._words(self.before)

    @property
    def after_words(self) -> str:
        return self._words(self.after)

    def _words(self, value: str) -> str:
        return self.VALUES.get(self.aspect, {}).get(value, value)


class Reply(models.Model):
    """The ministry's answer to what was found, beside the finding and never over it: public and dated."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="replies")
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    text = models.TextField("réponse")
    source_url = models.TextField("source publique", blank=True)
    replied_on = models.DateField("répondu le")
    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, related_name="replies")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    by_function = models.CharField("répondu par (fonction)", max_length=200)
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    class Meta:
        ordering = ("commitment", "replied_on", "id")
        verbose_name = "réponse du ministère"
        verbose_name_plural = "réponses des ministères"
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="reply_says_something"),
            models.CheckConstraint(condition=~Q(by_function=""), name="reply_names_a_function"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.ref} · {self.replied_on}"


class Postponement(models.Model):
    """Who moved a date, and whether it had passed already: what the row of the deadline itself does not say."""

    deadline = models.OneToOneField(Deadline, on_delete=models.PROTECT, related_name="postponement")
    late = models.BooleanField("annoncé après l'échéance", default=False)
    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, related_name="postponements")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="postponements")
    by_function = models.CharField("annoncé par (fonction)", max_length=200)

    class Meta:
        ordering = ("deadline",)
        verbose_name = "report"
        constraints = [
            models.CheckConstraint(condition=~Q(by_function=""), name="postponement_names_a_function"),
        ]

    def __str__(self) -> str:
        return str(self.deadline)


class Act(models.Model):
    """The journal: who wrote what, when, and from which form or file. Shown to the ministry; never edited.

    ``target`` names the row written (« declaration:12 »); ``source`` the form's name or the file's.
    """

    class Verb(models.TextChoices):
        DECLARE = "declare", "a déclaré"
        NOTHING_NEW = "nothing_new", "a répondu « rien de nouveau »"
        POSTPONE = "postpone", "a déplacé l'échéance"
        ABANDON = "abandon", "a abandonné la promesse"
        REPLACE = "replace", "a remplacé la promesse"
        CHANGE_SCOPE = "change_scope", "a changé le périmètre"
        REPLY = "reply", "a répondu au constat"
        PREPARE = "prepare", "a préparé une déclaration"
        PROPOSE = "propose", "a préparé une promesse"
        PUBLISH = "publish", "a publié la promesse"
        DISCARD = "discard", "a écarté le brouillon de promesse"
        SHOW_REPORT = "show_report", "a publié un signalement, avec sa réponse"
        DROP_REPORT = "drop_report", "a écarté un signalement"
        LOCATE = "locate", "a donné une adresse"
        UNLOCATE = "unlocate", "a retiré une adresse"
        DECIDE = "decide", "a répondu sur un candidat"
        CHECK = "check", "a demandé une vérification"
        READ = "read", "a noté un constat humain"
        TRANSFER = "transfer", "a transféré la promesse"
        MANDATE = "mandate", "a changé un mandat"
        ASK = "ask", "a ouvert une campagne"
        REMIND = "remind", "a relancé les ministères"
        FREEZE = "freeze", "a clos une campagne"
        PORTFOLIO = "portfolio", "a ouvert un portefeuille"
        SUCCEED = "succeed", "a noté une succession"
        FALSE_ALARM = "false_alarm", "a signalé une fausse alerte du robot"
        DEFINE = "define", "a changé la définition d'un livrable"
        BRAKE = "brake", "a répondu au frein"
        SPARE = "spare", "a demandé de laisser un serveur tranquille"
        RESUME = "resume", "a mis fin à une exception"

    class Channel(models.TextChoices):
        FORM = "form", "formulaire"
        FILE = "file", "fichier"
        ADMIN = "admin", "administration"
        COMMAND = "command", "ligne de commande"

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="acts")
    by_function = models.CharField("fonction", max_length=200)
    ministry = models.ForeignKey(Ministry, on_delete=models.PROTECT, null=True, blank=True, related_name="acts")
    verb = models.CharField("acte", max_length=12, choices=Verb)
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="acts")
    target = models.CharField("ligne écrite", max_length=60, blank=True)
    channel = models.CharField("par", max_length=10, choices=Channel)
    source = models.CharField("formulaire ou fichier", max_length=255, blank=True)
    recorded_at = models.DateTimeField("enregistré le", db_index=True)

    class Meta:
        ordering = ("-recorded_at", "-id")
        verbose_name = "acte"
        constraints = [models.CheckConstraint(condition=~Q(by_function=""), name="act_names_a_function")]

    def __str__(self) -> str:
        return f"{self.by_function} {self.get_verb_display()}"
