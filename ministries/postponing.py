"""Moving a date, or changing what will be delivered: in daylight. The first date and the wording stay for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commitments.models import Commitment, Deadline, Deliverable
from commitments.periods import Period, Unreadable, display, parse
from commitments.spans import Precision
from ministries.authoring import Author, Refused, locked, public_address, same_as_seen, text, writing
from ministries.declaring import last_declaration
from ministries.models import Act, Declaration, Postponement, ScopeChange
from ministries.permissions import Action, Capacity

NO_REASON = "Un motif, public, est obligatoire."


def current_deadline(commitment: Commitment) -> Deadline | None:
    """The date in force: the last one announced that was not a mistake."""
    return Deadline.objects.filter(commitment=commitment).announced().last()


def postpone(
    author: Author, commitment: Commitment, *, raw: str, reason: str, seen: int | None, source_url: str = ""
) -> Deadline:
    """Announce another date, as it is written (« T3 2027 »): a row is added, the first one is never touched.

    ``seen``: the deadline that the form had shown. Refused for a text that is no date, for a day already past, for
    the date already announced, without a reason, and for a promise abandoned or replaced.
    """
    with writing(author):
        commitment = locked(commitment)
        capacity = author.require(Action.POSTPONE, commitment)
        announced = announcement(raw, reason, source_url, author.today)
        current = current_deadline(commitment)
        may_move(current, last_declaration(commitment), announced, seen)
        row = announced.deadline(commitment, capacity, author.today)
        row.save()
        announced_by(row, current, capacity, author).save()
        author.record(Act.Verb.POSTPONE, capacity, commitment=commitment, row=row)
        return row


@dataclass(frozen=True)
class Announcement:
    """A new date as a row keeps it, with its reason: all that can be said of it without reading the base."""

    period: Period
    reason: str
    source_url: str

    def deadline(self, commitment: Commitment, capacity: Capacity, today: date) -> Deadline:
        """The row, not yet written."""
        return Deadline(
            commitment=commitment,
            raw=self.period.raw,
            first_day=self.period.first_day,
            last_day=self.period.last_day,
            precision=Precision(self.period.precision),
            announced_on=today,
            announced_in=_announced_in(capacity),
            source_url=self.source_url,
            reason=self.reason,
        )


def announcement(raw: str, reason: str, source_url: str, today: date) -> Announcement:
    """Read what was typed. Raises Refused."""
    try:
        period = parse(text("raw", raw, needed="Quelle est la nouvelle échéance ?", longest=200))
    except Unreadable as error:
        raise Refused("raw", f"{error}.") from None
    if period.last_day is None:
        raise Refused("raw", "Une échéance ne peut être remplacée que par une date.")
    if period.last_day < today:
        raise Refused("raw", f"« {period.raw} » ({display(period)}) est déjà passé.")
    why = text("reason", reason, needed=NO_REASON)
    return Announcement(period, why, public_address("source_url", source_url))


def may_move(current: Deadline | None, last: Declaration | None, announced: Announcement, seen: int | None) -> None:
    """What the date in force and the last declaration forbid. Raises StaleForm, Refused."""
    same_as_seen(current, seen)
    _still_open(last)
    if current is not None and current.last_day == announced.period.last_day:
        raise Refused("raw", f"« {current.raw} » est déjà l'échéance annoncée.")


def announced_by(row: Deadline, before: Deadline | None, capacity: Capacity, author: Author) -> Postponement:
    """Who moved the date, as a row not yet written."""
    return Postponement(
        deadline=row,
        late=_passed(before, author),
        **author.signature(capacity),
    )


def change_scope(
    author: Author,
    deliverable: Deliverable,
    *,
    aspect: str,
    after: str,
    reason: str,
    seen: int | None,
    source_url: str = "",
) -> ScopeChange:
    """Say that something else than what was promised will be delivered: recorded beside the promise.

    ``after``: an access or a kind by its code, or a coverage in words. ``seen``: the last change of this deliverable
    that the form had shown. The robot goes on judging what was promised.
    """
    with writing(author):
        commitment = locked(deliverable.commitment)
        capacity = author.require(Action.CHANGE_SCOPE, commitment)
        if aspect not in ScopeChange.Aspect.values:
            raise Refused("aspect", "Choisissez ce qui change.")
        new = text("after", after, needed="Que livrerez-vous à la place ?", longest=300)
        if new not in ScopeChange.VALUES.get(aspect, {new: new}):
            raise Refused("after", "Choisissez une valeur de la liste.")
        why = text("reason", reason, needed=NO_REASON)
        address = public_address("source_url", source_url)
        same_as_seen(deliverable.scope_changes.last(), seen)
        _still_open(last_declaration(commitment))
        before = scope(deliverable, aspect)
        if before == new:
            raise Refused("after", "C'est déjà ce qui est annoncé.")
        row = ScopeChange.objects.create(
            deliverable=deliverable,
            aspect=aspect,
            before=before,
            after=new,
            reason=why,
            source_url=address,
            late=_passed(current_deadline(commitment), author),
            changed_on=author.today,
            **author.signature(capacity),
        )
        author.record(Act.Verb.CHANGE_SCOPE, capacity, commitment=commitment, row=row)
        return row


def scope(deliverable: Deliverable, aspect: str) -> str:
    """What is announced today: the last change, or what was promised."""
    last = deliverable.scope_changes.filter(aspect=aspect).last()
    if last is not None:
        return last.after
    return {
        "access": deliverable.access_promised,
        "kind": deliverable.kind,
        "coverage": deliverable.label[:300],
    }[aspect]


def _still_open(last: Declaration | None) -> None:
    if last is not None and last.status in Declaration.CLOSING:
        raise Refused("status", f"Cette promesse est déclarée « {last.get_status_display()} ».")


def _passed(current: Deadline | None, author: Author) -> bool:
    return current is not None and current.passed(author.today)


def _announced_in(capacity: Capacity) -> str:
    name = capacity.ministry.name if capacity.ministry is not None else ""
    return f"annonce sur Bothorel : {capacity.function}, {name}"[:300]
