"""``postpone`` for a whole file: the same rules and the same rows, in a fixed number of queries.

Tests hold both ways to the same refusals and the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commitments.models import Deadline
from ministries.authoring import Author, writing
from ministries.many import BATCH, held, recorded
from ministries.models import Act, Declaration, Postponement
from ministries.permissions import Action
from ministries.postponing import Announcement, announced_by, announcement, may_move


@dataclass(frozen=True)
class Move:
    """What ``postpone`` takes for one promise. ``seen``: the deadline that was shown, None when there was none."""

    commitment: int
    seen: int | None
    raw: str
    reason: str
    source_url: str = ""


def postpone_many(author: Author, moves: Sequence[Move]) -> Sequence[Deadline]:
    """Announce another date for each promise, all or none. Raises RefusedMany."""
    with writing(author):
        promises = held(author, moves)
        # The last of each: rows are read in the order of their announcement.
        deadlines = Deadline.objects.filter(commitment__in=promises.locked).announced()
        current = {row.commitment_id: row for row in deadlines.only("commitment", "raw", "last_day")}
        said = Declaration.objects.filter(commitment__in=promises.locked).only("commitment", "status")
        last = {row.commitment_id: row for row in said.order_by("declared_on", "id")}

        def judge(one: Move) -> Announcement:
            announced = announcement(one.raw, one.reason, one.source_url, author.today)
            may_move(current.get(one.commitment), last.get(one.commitment), announced, one.seen)
            return announced

        found = promises.accepted(author, Action.POSTPONE, moves, judge)
        rows = Deadline.objects.bulk_create(
            [one.said.deadline(one.commitment, one.capacity, author.today) for one in found], batch_size=BATCH
        )
        Postponement.objects.bulk_create(
            [
                announced_by(row, current.get(one.one.commitment), one.capacity, author)
                for row, one in zip(rows, found, strict=True)
            ],
            batch_size=BATCH,
        )
        return recorded(author, Act.Verb.POSTPONE, rows, found)
