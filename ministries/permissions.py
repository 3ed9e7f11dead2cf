"""Who may do what: one table, role × action, read through mandates that are dated.

An agent acts for a promise by a mandate in force that day for a ministry that answers for it that day, lead or joint;
an operator's mandate holds everywhere. ``until`` is the first day without the right.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from commitments.models import Commitment
from ministries.models import Agent, Mandate, Ministry, Responsibility

Role = Mandate.Role


class Action(enum.Enum):
    """What a role may do. The value completes « vous ne pouvez pas… »."""

    ENTER = "entrer dans cet espace"
    READ_DRAFTS = "lire ce qui n'est pas publié"
    READ_NOTES = "lire les notes privées"
    READ_JOURNAL = "lire le journal"
    PREPARE = "préparer une déclaration"
    DECLARE = "déclarer"
    POSTPONE = "déplacer une échéance"
    ABANDON = "abandonner ou remplacer une promesse"
    CHANGE_SCOPE = "changer le périmètre d'une promesse"
    REPLY = "répondre au constat"
    LOCATE = "donner ou retirer une adresse"
    DECIDE = "répondre sur un candidat"
    READ_REPORTS = "lire les signalements"
    MODERATE = "publier ou écarter un signalement"
    CHECK = "demander une vérification"
    IMPORT = "importer un tableau"
    PUBLISH = "publier ou écarter un brouillon de promesse"
    READ_FINDING = "noter un constat"
    RUN_CAMPAIGN = "ouvrir ou clore une campagne"
    TRANSFER = "transférer des promesses"
    MARK_FALSE_ALARM = "signaler une fausse alerte du robot"
    DEFINE = "changer la définition d'un livrable"
    OPERATE = "conduire le robot"
    ADMINISTER = "gérer les comptes et les mandats"


_READER = frozenset({Action.ENTER, Action.READ_DRAFTS, Action.READ_NOTES, Action.READ_JOURNAL, Action.READ_REPORTS})
_CONTRIBUTOR = _READER | {Action.PREPARE, Action.CHECK}
_AMDAC = _CONTRIBUTOR | {
    *(Action.DECLARE, Action.POSTPONE, Action.ABANDON, Action.CHANGE_SCOPE, Action.REPLY),
    *(Action.LOCATE, Action.DECIDE, Action.IMPORT, Action.PUBLISH, Action.MODERATE),
}
TABLE: dict[str, frozenset[Action]] = {
    Role.CABINET: _READER,
    Role.CONTRIBUTOR: _CONTRIBUTOR,
    Role.AMDAC: _AMDAC,
    # A finding is somebody else's word on the ministry: its own agents answer beside it, never over it. So are a
    # false alarm and the definition of done: a ministry asks for them by its public reply, and does not soften its
    # own exam.
    Role.OPERATOR: frozenset(Action),
}
"""The one table. What it does not say is refused."""

_STRONGEST = (Role.AMDAC, Role.CONTRIBUTOR, Role.CABINET, Role.OPERATOR)


class NotMandated(Exception):
    """The agent may not do this, there, that day: the message says so in French."""

    def __init__(self, action: Action, why: str = "") -> None:
        super().__init__(f"Vous ne pouvez pas {action.value} ici : {why or 'aucun mandat ne vous le permet'}.")
        self.action = action


@dataclass(frozen=True)
class Capacity:
    """In what capacity an agent acts: for which ministry, in which role, under which public function."""

    ministry: Ministry | None
    role: str
    function: str


@dataclass(frozen=True)
class Rights:
    """An agent's mandates on a day, read once: asked as often as wanted without another query."""

    agent: Agent | None
    day: date
    mandates: tuple[Mandate, ...] = ()
    former: tuple[Mandate, ...] = ()

    def everywhere(self, action: Action) -> bool:
        """Whether a mandate without a ministry gives this right."""
        return any(m.ministry_id is None and action in TABLE[m.role] for m in self.mandates)

    def ministries(self, action: Action) -> frozenset[int]:
        """The ministries for which it is given; ``everywhere`` is asked apart."""
        return frozenset(m.ministry_id for m in self.mandates if m.ministry_id and action in TABLE[m.role])

    def may(self, action: Action, ministries: Iterable[int] = ()) -> bool:
        """Whether the agent may do it for one of these ministries (none: for the whole product)."""
        return self.everywhere(action) or not self.ministries(action).isdisjoint(ministries)

    def holds(self, action: Action) -> bool:
        """Whether the agent may do it anywhere at all."""
        return any(action in TABLE[m.role] for m in self.mandates)

    @property
    def operates(self) -> bool:
        """Whether the agent is an operator: pages then show what is theirs."""
        return self.everywhere(Action.TRANSFER)

    def capacity(self, action: Action, answering: Iterable[Ministry]) -> Capacity:
        """In what capacity the agent does it, the ministry that leads first. Raises NotMandated."""
        ministries = list(answering)
        able = sorted(
            (m for m in self.mandates if action in TABLE[m.role]), key=lambda m: _STRONGEST.index(Role(m.role))
        )
        for ministry in ministries:
            for mandate in able:
                if mandate.ministry_id == ministry.pk:
                    return Capacity(ministry, mandate.role, self._function(mandate))
        for mandate in able:
            if mandate.ministry_id is None:
                return Capacity(ministries[0] if ministries else None, mandate.role, self._function(mandate))
        raise NotMandated(action, self._why(action, ministries))

    def _function(self, mandate: Mandate) -> str:
        """What the public reads of the author: a function, never a person."""
        function = self.agent.function if self.agent is not None else ""
        return (function or mandate.get_role_display())[:200]

    def _why(self, action: Action, ministries: list[Ministry]) -> str:
        if self.agent is None:
            return "il faut se connecter"
        if not self.agent.is_active:
            return "ce compte est fermé"
        ids = {ministry.pk for ministry in ministries}
        ended = [m for m in self.former if m.ministry_id in ids and action in TABLE[m.role] and m.until]
        if ended:
            last = max(m.until for m in ended if m.until)
            return f"votre mandat a pris fin le {last:%d/%m/%Y}"
        if any(m.ministry_id in ids for m in self.mandates):
            return "votre rôle ne le permet pas"
        if ministries:
            return f"vous n'avez pas de mandat pour {' ni pour '.join(ministry.name for ministry in ministries)}"
        return ""


def rights(agent: object, on: date) -> Rights:
    """Read an agent's mandates on a day: one query. Nobody signed in, or a closed account, has no right."""
    if not isinstance(agent, Agent):
        return Rights(None, on)
    if not agent.is_active:
        return Rights(agent, on)
    held = list(Mandate.objects.filter(agent=agent, since__lte=on).select_related("ministry"))
    in_force = tuple(m for m in held if m.until is None or m.until > on)
    return Rights(agent, on, in_force, tuple(m for m in held if m not in in_force))


def answering(commitment: Commitment, on: date) -> list[Ministry]:
    """The ministries that answer for a promise on a day, the one that leads first."""
    return answering_each([commitment.pk], on)[commitment.pk]


def answering_each(commitments: Collection[int], on: date) -> Mapping[int, list[Ministry]]:
    """The same of several promises, by their ids: one query. An empty list where nobody answers."""
    found: dict[int, list[Ministry]] = {pk: [] for pk in commitments}
    in_force = Responsibility.objects.in_force(on).filter(commitment__in=found).select_related("ministry")
    for row in sorted(in_force, key=lambda row: (row.part != Responsibility.Part.LEAD, row.since, row.pk)):
        found[row.commitment_id].append(row.ministry)
    return found


def require(agent: object, action: Action, about: Commitment | Ministry | None, *, on: date) -> Capacity:
    """Say in what capacity the agent may do this on that day; ``about`` None is the whole product.

    Raises NotMandated.
    """
    return allowed(rights(agent, on), action, about)


def allowed(held: Rights, action: Action, about: Commitment | Ministry | None) -> Capacity:
    """``require`` for rights already read."""
    if isinstance(about, Commitment):
        return held.capacity(action, answering(about, held.day))
    return held.capacity(action, [about] if about is not None else [])
