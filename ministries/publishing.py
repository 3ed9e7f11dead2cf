"""Draft promises become public, or are set aside: a file's lines are nobody's word until an AMDAC says so.

A promise is announced the day it is published, with its date: what nobody could read has no past to be dated from.
What is set aside is kept and marked, and shown to its ministry alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from commitments.locating import close_all
from commitments.models import Commitment, Deadline
from ministries.authoring import Author, Refused, writing
from ministries.declaring_many import Statement, declare_many
from ministries.many import Accepted, Held, RefusedMany, held, recorded
from ministries.models import Act, Declaration, Draft
from ministries.permissions import Action

Visibility = Commitment.Visibility


@dataclass(frozen=True)
class Prepared:
    """A draft promise, by its id."""

    commitment: int


def publish(author: Author, drafts: Sequence[int]) -> list[Commitment]:
    """Make these draft promises public as of today, each with the declaration prepared for it. All or none.

    Raises RefusedMany: no mandate, no longer a draft, or a declaration that may not be made (late without an
    obstacle, done without an address). A fixed number of statements.
    """
    with writing(author):
        promises, found = _asked(author, drafts)
        ids = [one.commitment.pk for one in found]
        Commitment.objects.filter(pk__in=ids).update(
            visibility=Visibility.PUBLIC, announced_on=author.today, recorded_at=author.now
        )
        Deadline.objects.filter(commitment__in=ids).update(announced_on=author.today, recorded_at=author.now)
        recorded(author, Act.Verb.PUBLISH, [one.commitment for one in found], found)
        last = dict(
            Declaration.objects.filter(commitment__in=ids)
            .order_by("declared_on", "id")
            .values_list("commitment", "id")
        )
        pending = Draft.objects.pending().filter(commitment__in=ids).order_by("id")
        declare_many(author, [_statement(one, last.get(one.commitment_id)) for one in pending])
        return [promises.locked[pk] for pk in ids]


def discard(author: Author, drafts: Sequence[int]) -> list[Commitment]:
    """Set these draft promises aside, and look at their addresses no more. All or none. Raises RefusedMany."""
    with writing(author):
        promises, found = _asked(author, drafts)
        ids = [one.commitment.pk for one in found]
        Commitment.objects.filter(pk__in=ids).update(visibility=Visibility.DISCARDED)
        close_all(ids, until=author.today)
        recorded(author, Act.Verb.DISCARD, [one.commitment for one in found], found)
        return [promises.locked[pk] for pk in ids]


def each(
    write: Callable[[Author, Sequence[int]], list[Commitment]],
    author: Author,
    drafts: Sequence[int],
    refused: dict[int, Exception],
) -> list[Commitment]:
    """``publish`` or ``discard`` whatever may be; ``refused`` gets the others, with why."""
    try:
        return write(author, drafts)
    except RefusedMany as many:
        refused |= many.refusals
        left = [pk for pk in drafts if pk not in many.refusals]
        return each(write, author, left, refused) if left else []


def _asked(author: Author, drafts: Sequence[int]) -> tuple[Held, list[Accepted[Prepared, None]]]:
    """The promises, held. Raises RefusedMany."""
    asked = [Prepared(pk) for pk in sorted(set(drafts))]
    promises = held(author, asked)

    def judge(one: Prepared) -> None:
        commitment = promises.locked[one.commitment]
        if commitment.visibility != Visibility.DRAFT:
            state = commitment.get_visibility_display()
            raise Refused("draft", f"{commitment.ref} n'est plus à publier : elle est {state}.")

    return promises, promises.accepted(author, Action.PUBLISH, asked, judge)


def _statement(draft: Draft, seen: int | None) -> Statement:
    return Statement(
        draft.commitment_id,
        seen,
        draft.status,
        comment=draft.comment,
        note=draft.note,
        obstacle_kind=draft.obstacle_kind,
        obstacle=draft.obstacle,
        source_url=draft.source_url,
        draft=draft.pk,
    )
