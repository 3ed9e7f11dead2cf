"""What every write shares: who writes and from where, one transaction, refusals in French, the journal.

``with writing(author):`` around several writes makes them one transaction, one new version of the data, one journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.db import models, transaction
from django.db.models import QuerySet

from commitments.days import paris_day
from commitments.models import Commitment, Version
from commitments.portals import guard
from ministries.models import Act, Agent
from ministries.permissions import Action, Capacity, NotMandated, Rights, allowed, rights
from ministries.reconciling import reconcile
from ministries.recounting import recount
from ministries.standing import standings

LONGEST_TEXT = 4000
LONGEST_ADDRESS = 1000


class Refused(Exception):
    """Something of what was typed can't be written. ``field`` names it as the write function does."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


class StaleForm(Exception):
    """Somebody wrote since the form was shown: nothing is written. ``latest``: the row that the form had not seen."""

    def __init__(self, latest: models.Model | None) -> None:
        super().__init__("Entre-temps, quelqu'un d'autre a écrit sur cette promesse : rien n'est enregistré.")
        self.latest = latest


REFUSALS = (NotMandated, Refused, StaleForm)
"""Everything that a write function may raise: each message is a French sentence."""


@dataclass
class Author:
    """Who writes, when, by which way; their mandates are read once. Use it for one request or one file."""

    agent: Agent
    now: datetime
    channel: str = Act.Channel.FORM
    source: str = ""
    rights: Rights = field(init=False)
    _acts: list[Act] = field(default_factory=list, init=False)
    _depth: int = field(default=0, init=False)
    _touched: set[int] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self.rights = rights(self.agent, self.today)

    @property
    def today(self) -> date:
        return paris_day(self.now)

    def require(self, action: Action, about: Any) -> Capacity:
        """In what capacity this author does it. Raises NotMandated."""
        return allowed(self.rights, action, about)

    def signature(self, capacity: Capacity) -> dict[str, Any]:
        """The columns that say whose word a row is."""
        assert capacity.ministry is not None  # noqa: S101 - one ministry at least answers for a promise
        return {"ministry": capacity.ministry, "agent": self.agent, "by_function": capacity.function}

    def record(
        self,
        verb: Act.Verb,
        capacity: Capacity,
        *,
        commitment: Commitment | None = None,
        row: models.Model | None = None,
    ) -> None:
        """Note an act: written with the transaction that holds it."""
        if commitment is not None:
            self._touched.add(commitment.pk)
        self._acts.append(
            Act(
                agent=self.agent,
                by_function=capacity.function,
                ministry=capacity.ministry,
                verb=verb,
                commitment=commitment,
                target=f"{row._meta.model_name}:{row.pk}" if row is not None else "",
                channel=self.channel,
                source=self.source[:255],
                recorded_at=self.now,
            )
        )


@contextmanager
def writing(author: Author) -> Iterator[None]:
    """One transaction, which ends by counting what it moved and writing the contradictions that it opened and closed.

    A write inside another joins it; what it noted is forgotten when it fails.
    """
    kept = len(author._acts)
    author._depth += 1
    try:
        with transaction.atomic():
            yield
            if author._depth == 1 and author._acts:
                Act.objects.bulk_create(author._acts)
                Version.bump()
                recount(author._touched)
                asked = Commitment.objects.public().filter(pk__in=author._touched)
                reconcile(standings(author.today, commitments=asked), author.today)
    except BaseException:
        del author._acts[kept:]
        raise
    finally:
        author._depth -= 1
        if author._depth == 0:
            author._acts.clear()
            author._touched.clear()


def hold(commitments: Iterable[int]) -> QuerySet[Commitment]:
    """These promises (ids), held until the transaction ends once they are read, always in one order.

    Whoever writes holds promises first and the version last. Rows that only name a promise (a contradiction, which
    no writer of promises adds) do not wait for who holds it.
    """
    return Commitment.objects.select_for_update(no_key=True).filter(pk__in=commitments).order_by("pk")


def locked(commitment: Commitment) -> Commitment:
    """The promise, held until the transaction ends: two writers of one promise come one after the other."""
    return hold([commitment.pk]).get()


def same_as_seen(latest: models.Model | None, seen: int | None) -> None:
    """Raises StaleForm unless the form had seen the latest row (None: had seen that there was none)."""
    if (latest.pk if latest is not None else None) != seen:
        raise StaleForm(latest)


def text(field: str, value: str, *, needed: str = "", longest: int = LONGEST_TEXT) -> str:
    """What was typed, without its outer spaces. ``needed``: the sentence that refuses an empty one. Raises Refused."""
    clean = value.replace("\r\n", "\n").strip()
    if needed and not clean:
        raise Refused(field, needed)
    if len(clean) > longest:
        raise Refused(field, f"{longest} caractères au plus ; ce texte en a {len(clean)}.")
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in clean):
        raise Refused(field, "Ce texte contient un caractère invisible qui ne peut pas être gardé.")
    return clean


def _public(parts: SplitResult) -> bool:
    """Whether the host may be one of the internet: neither a bare name (an intranet's) nor a private address.

    The operator's own exceptions stand, as for the robot. No name is looked up.
    """
    name, port = (parts.hostname or "").rstrip("."), parts.port or {"http": 80, "https": 443}[parts.scheme]
    if f"{name}:{port}" in settings.OUTBOUND_ALLOW or parts.netloc == urlsplit(settings.DATAGOUV_URL).netloc:
        return True
    try:
        literal = guard.literal(name)
    except guard.Refused:
        return False
    return guard.is_public(literal) if literal else "." in name and not name.endswith((".localhost", ".local"))


def public_address(field: str, value: str) -> str:
    """An http(s) address that the public may follow, or nothing. Raises Refused."""
    clean = value.strip()
    if not clean:
        return ""
    try:
        parts = urlsplit(clean)
        whole = parts.scheme in ("http", "https") and parts.username is None and _public(parts)
    except ValueError:
        whole = False
    if not whole or len(clean) > LONGEST_ADDRESS or not clean.isprintable() or any(sign.isspace() for sign in clean):
        raise Refused(field, f"« {clean[:80]} » n'est pas une adresse publique en http(s).")
    return clean
