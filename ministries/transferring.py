"""Who answers from a day on: promises that change hands, mandates that follow or end. For operators.

A transfer closes a line of responsibility and opens another: who promised stays written, nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from commitments.models import Commitment
from ministries.authoring import Author, Refused, hold, writing
from ministries.models import Act, Agent, Mandate, Ministry, Responsibility
from ministries.permissions import Action


@dataclass(frozen=True)
class Moved:
    """What one transfer did, or would do. ``left``: promises that this ministry answers for already."""

    moved: tuple[Responsibility, ...]
    left: tuple[Commitment, ...]
    mandates: tuple[Mandate, ...] = ()


def transfer(
    author: Author,
    commitments: Sequence[Commitment],
    *,
    to: Ministry,
    since: date,
    mandates: Iterable[Mandate] = (),
) -> Moved:
    """Let ``to`` answer for these promises from ``since`` on; the mandates named follow them the same day.

    All or nothing. Refused for a day before the present ministry began to answer, and for a mandate that has ended.
    """
    with writing(author):
        capacity = author.require(Action.TRANSFER, None)
        asked = list(hold(commitment.pk for commitment in commitments))
        opened: list[Responsibility] = []
        left: list[Commitment] = []
        for commitment in asked:
            held = Responsibility.objects.filter(commitment=commitment, until=None).select_related("ministry")
            lead = next((row for row in held if row.part == Responsibility.Part.LEAD), None)
            if lead is not None and lead.ministry_id == to.pk:
                left.append(commitment)
                continue
            if lead is not None and since < lead.since:
                raise Refused(
                    "since",
                    f"{commitment.ref} : {lead.ministry.name} n'en répond que depuis le {lead.since:%d/%m/%Y}.",
                )
            # Who leads is no longer said to be associated.
            ended = Q(part=Responsibility.Part.LEAD) | Q(ministry=to)
            Responsibility.objects.filter(ended, commitment=commitment, until=None).update(until=since)
            row = Responsibility.objects.create(commitment=commitment, ministry=to, since=since)
            author.record(Act.Verb.TRANSFER, capacity, commitment=commitment, row=row)
            opened.append(row)
        followed = tuple(_follow(author, mandate, to, since) for mandate in mandates)
        return Moved(tuple(opened), tuple(left), followed)


def preview(commitments: Sequence[Commitment], *, to: Ministry) -> Moved:
    """The same, without writing: what would move, from whom, and what would stay."""
    open_still = Responsibility.objects.leading().filter(commitment__in=[c.pk for c in commitments], until=None)
    rows = open_still.select_related("ministry", "commitment")
    staying = tuple(row.commitment for row in rows if row.ministry_id == to.pk)
    return Moved(tuple(row for row in rows if row.ministry_id != to.pk), staying)


def grant(author: Author, agent: Agent, *, role: str, ministry: Ministry | None, since: date) -> Mandate:
    """Give a mandate from a day on. Refused for a role without its ministry, and when it is held already."""
    with writing(author):
        capacity = author.require(Action.ADMINISTER, None)
        if role not in Mandate.Role.values:
            raise Refused("role", "Choisissez un rôle.")
        if ministry is None and role != Mandate.Role.OPERATOR:
            raise Refused("ministry", "Ce rôle s'exerce pour un ministère.")
        if Mandate.objects.filter(agent=agent, role=role, ministry=ministry, until=None).exists():
            raise Refused("role", "Ce mandat est déjà en cours.")
        mandate = Mandate.objects.create(agent=agent, role=role, ministry=ministry, since=since)
        author.record(Act.Verb.MANDATE, capacity, row=mandate)
        return mandate


def end(author: Author, mandate: Mandate, *, until: date) -> Mandate:
    """End a mandate: ``until`` is the first day without it."""
    with writing(author):
        capacity = author.require(Action.ADMINISTER, None)
        _end(mandate, until)
        author.record(Act.Verb.MANDATE, capacity, row=mandate)
        return mandate


def _end(mandate: Mandate, until: date) -> None:
    if until < mandate.since:
        raise Refused("until", f"Ce mandat n'a commencé que le {mandate.since:%d/%m/%Y}.")
    if not Mandate.objects.filter(pk=mandate.pk, until=None).update(until=until):
        raise Refused("until", "Ce mandat a déjà une fin.")
    mandate.until = until


def _follow(author: Author, mandate: Mandate, to: Ministry, since: date) -> Mandate:
    _end(mandate, since)
    return grant(author, mandate.agent, role=mandate.role, ministry=to, since=since)
