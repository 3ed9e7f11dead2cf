"""The brake, once it is pulled: what would change, and the answer of an operator, who says why.

A round that would end too many kept verdicts is suspended (``polling.settle``). What it found is kept: confirmed, the
verdicts change; dismissed, what the portal showed is set aside. A portal that comes back releases it by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from commitments import polling
from commitments.days import paris_day
from commitments.judging import Change
from commitments.models import BrakeAnswer, PollRun

LONGEST_FUNCTION = 200


class BrakeRefused(Exception):
    """An answer that can't be given: the message says why, in French."""


class BrakeMoved(BrakeRefused):
    """What would change is no longer what was shown: nothing is written."""


@dataclass(frozen=True)
class Pulled:
    """The brake as it is pulled: ``run`` pulled it, ``ending`` are the kept verdicts that would end, by promise.

    ``others`` counts the other verdicts that would change with them. ``mark`` names this very list.
    """

    run: PollRun
    ending: tuple[Change, ...]
    others: int
    mark: str


def suspended() -> PollRun | None:
    """The run that pulled the brake, the first when others were suspended after it; None when it is not pulled."""
    held = PollRun.objects.filter(status=PollRun.Status.SUSPENDED)
    return held.order_by("started_at", "pk").first()


def pulled(day: date) -> Pulled | None:
    """What the brake holds back on a day. A fixed number of queries for each two hundred addresses seen since."""
    run = suspended()
    if run is None:
        return None
    found = polling.pending(day)
    ending = [change for change in found if change.ends_kept]
    ending.sort(key=lambda change: (change.deliverable.commitment.ref, change.deliverable.rank))
    return Pulled(run, tuple(ending), len(found) - len(ending), mark_of(ending))


def mark_of(ending: Sequence[Change]) -> str:
    """A short name for a list of endings: the same deliverables, by the same evidence, to the same states. Pure."""
    lines = sorted(
        f"{change.deliverable.pk}:{change.observation.pk if change.observation else 0}:{change.judgment.state}"
        for change in ending
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


@transaction.atomic
def answer(*, confirm: bool, reason: str, decided_by: str, now: datetime, seen: str | None = None) -> BrakeAnswer:
    """Confirm what the round found, or set it aside. ``seen``: the mark of the list that was read, when there was one.

    Raises BrakeRefused when the brake is not pulled any more or without a reason and a function, BrakeMoved when the
    list is another one.
    """
    if not reason.strip() or not decided_by.strip():
        raise BrakeRefused("Un motif et la fonction de qui décide sont obligatoires.")
    polling.one_at_a_time()
    held = pulled(paris_day(now))
    if held is None:
        raise BrakeRefused(
            "Aucun relevé n'est suspendu : le frein a été levé ou répondu entre-temps, rien n'a changé."
        )
    if seen is not None and seen != held.mark:
        raise BrakeMoved("Entre-temps, le robot a vu autre chose : relisez ce qui changerait, puis répondez.")
    count = len(polling.settle(held.run, now, brake=False)) if confirm else polling.dismiss(now)
    return BrakeAnswer.objects.create(
        run=held.run,
        answer=BrakeAnswer.Answer.CONFIRMED if confirm else BrakeAnswer.Answer.DISMISSED,
        reason=reason.strip(),
        decided_by=decided_by.strip()[:LONGEST_FUNCTION],
        decided_at=now,
        verdicts=count,
    )
