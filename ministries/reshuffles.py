"""A government changes: portfolios open, promises move in bulk after a preview, nothing is copied silently.

The promises move through ``transferring.transfer``: who made them stays written. What is previewed is what is written:
an operator names the promises seen, and is refused when one of them moved meanwhile.

Mandates. When a portfolio ends, all its mandates end that day. New ones are only proposed: an operator ticks who
follows, and each is granted by name. When a portfolio goes on without what it gives, its mandates stay, and who is
ticked gets a second one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.text import slugify

from commitments.folding import fold
from ministries import transferring
from ministries.authoring import Author, Refused, hold, text, writing
from ministries.models import Act, Mandate, Ministry, Responsibility, Succession
from ministries.permissions import Action

TO_ITSELF = "Un ministère ne se succède pas à lui-même."


@dataclass(frozen=True)
class Preview:
    """What a reshuffle would do. ``moving``: the promises that ``leaving`` answer for, by reference.

    ``mandates``: those in force that day in the portfolios that give. ``joint``: the promises that they are only
    associated to, which do not move.
    """

    leaving: tuple[Ministry, ...]
    to: Ministry
    on: date
    moving: tuple[Responsibility, ...]
    mandates: tuple[Mandate, ...]
    joint: int


@dataclass(frozen=True)
class Done:
    """What was written."""

    successions: tuple[Succession, ...]
    moved: int
    granted: tuple[Mandate, ...]
    ended: tuple[Mandate, ...]


def open_portfolio(author: Author, *, code: str, name: str, since: date, source: str = "") -> Ministry:
    """Add a ministry as it is named from a day on. Refused for a code, an address or a name already used."""
    with writing(author):
        capacity = author.require(Action.TRANSFER, None)
        short = "".join(text("code", code, needed="Un portefeuille a un sigle.", longest=20).split())
        long = text("name", name, needed="Un portefeuille a un nom.", longest=300)
        slug = slugify(fold(short))[:40]
        if not slug:
            raise Refused("code", "Un sigle s'écrit avec des lettres.")
        if slug == "remaniements":
            raise Refused("code", "Ce sigle est celui d'une page du site.")
        if Ministry.objects.filter(Q(code__iexact=short) | Q(slug=slug)).exists():
            raise Refused("code", f"Le sigle « {short} » est déjà celui d'un ministère, même passé.")
        ministry = Ministry.objects.create(
            code=short, slug=slug, name=long, since=since, source=text("source", source, longest=300)
        )
        author.record(Act.Verb.PORTFOLIO, capacity, row=ministry)
        return ministry


def preview(leaving: Sequence[Ministry], *, to: Ministry, on: date) -> Preview:
    """What would move on that day, drafts included. Reads only."""
    held = Responsibility.objects.filter(ministry__in=leaving, until=None).select_related("commitment", "ministry")
    leading = held.filter(part=Responsibility.Part.LEAD).order_by("commitment__ref")
    return Preview(
        leaving=tuple(leaving),
        to=to,
        on=on,
        moving=tuple(leading),
        mandates=tuple(
            Mandate.objects.in_force(on)
            .filter(ministry__in=leaving)
            .select_related("agent", "ministry")
            .order_by("ministry__name", "role", "pk")
        ),
        joint=held.filter(part=Responsibility.Part.JOINT).count(),
    )


def reshuffle(
    author: Author,
    leaving: Sequence[Ministry],
    *,
    to: Ministry,
    on: date,
    promises: Collection[int],
    following: Collection[int] = (),
    ends: bool = False,
    source: str = "",
) -> Done:
    """Note what ``leaving`` become, move these promises (ids) to ``to``, let these mandates (ids) follow.

    ``ends``: the portfolios that give end that day; refused while they keep a promise. All or nothing. Refused also
    when a promise or a mandate named is no longer theirs. Raises NotMandated, Refused.
    """
    with writing(author):
        capacity = author.require(Action.TRANSFER, None)
        author.require(Action.ADMINISTER, None)
        if not leaving:
            raise Refused("leaving", "Choisissez au moins un ministère de départ.")
        if to in leaving:
            raise Refused("to", TO_ITSELF)
        if to.since is not None and on < to.since:
            raise Refused("on", f"{to.name} n'existe que depuis le {to.since:%d/%m/%Y}.")
        # Held until the end: what the operator saw is what moves.
        list(hold(promises))
        found = preview(leaving, to=to, on=on)
        theirs = {row.commitment_id: row.commitment for row in found.moving}
        if gone := set(promises) - set(theirs):
            raise Refused(
                "promises", f"{len(gone)} promesse(s) ont changé de mains depuis l'aperçu : rien n'est fait."
            )
        if not promises and not ends:
            raise Refused("promises", "Choisissez au moins une promesse.")
        if ends and (kept := len(theirs) - len(set(promises))):
            raise Refused("ends", f"Un portefeuille qui prend fin ne garde rien ; promesses qui resteraient : {kept}.")
        chosen = [mandate for mandate in found.mandates if mandate.pk in following]
        if len(chosen) != len(set(following)):
            raise Refused("following", "Depuis l'aperçu, un de ces mandats n'est plus en cours.")
        moved = transferring.transfer(author, [theirs[pk] for pk in sorted(set(promises))], to=to, since=on)
        ended = (
            [transferring.end(author, mandate, until=on) for mandate in found.mandates if mandate.until is None]
            if ends
            else []
        )
        granted = [
            transferring.grant(author, mandate.agent, role=mandate.role, ministry=to, since=on)
            for mandate in _once(chosen, to)
        ]
        successions = []
        for ministry in leaving:
            row, new = Succession.objects.get_or_create(
                predecessor=ministry,
                successor=to,
                on=on,
                defaults={
                    "source": text("source", source, longest=300),
                    "agent": author.agent,
                    "by_function": capacity.function,
                    "recorded_at": author.now,
                },
            )
            if new:
                author.record(Act.Verb.SUCCEED, capacity, row=row)
            successions.append(row)
        return Done(tuple(successions), len(moved.moved), tuple(granted), tuple(ended))


def _once(mandates: Sequence[Mandate], to: Ministry) -> list[Mandate]:
    """One of each person and role, leaving out those that ``to`` knows already."""
    known = set(Mandate.objects.filter(ministry=to, until=None).values_list("agent_id", "role"))
    kept = []
    for mandate in mandates:
        if (mandate.agent_id, mandate.role) not in known:
            known.add((mandate.agent_id, mandate.role))
            kept.append(mandate)
    return kept


def without_amdac(on: date) -> list[Ministry]:
    """The ministries that answer for a promise on a day, and for which no open account is AMDAC that day."""
    answering = Responsibility.objects.in_force(on).leading()
    in_office = Mandate.objects.in_force(on).filter(role=Mandate.Role.AMDAC, agent__is_active=True)
    return list(
        Ministry.objects.filter(pk__in=answering.values("ministry"))
        .exclude(pk__in=in_office.values("ministry"))
        .order_by("name")
    )
