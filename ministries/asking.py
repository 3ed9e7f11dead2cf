"""Which promises wait for their ministry's word on a day, why, and which first. Pure.

The inbox shows it, a campaign asks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ministries.declaring import overdue
from ministries.models import Declaration
from ministries.timeliness import Code, sentence

if TYPE_CHECKING:
    from ministries.standing import Standing
    from ministries.words import Word

SILENT_AFTER = 90
"""Days without a word after which a ministry is silent on a promise."""
ANSWERED_FOR = 30
"""Days during which a line that was answered is no longer asked for, unless a campaign asks anew."""

CONTRADICTED, LATE, DUE, SILENT, ASKED = "contradicted", "late", "due", "silent", "asked"
ORDER = (CONTRADICTED, LATE, DUE, SILENT, ASKED)


@dataclass(frozen=True)
class Why:
    """One reason to ask, in French. ``weight``: the larger, the sooner among lines of one code."""

    code: str
    text: str
    weight: int


def reasons(standing: Standing, word: Word | None) -> tuple[Why, ...]:
    """Why this promise waits for a word on the standing's day; empty when nothing is asked. ``word``: the last one."""
    found = [
        Why(CONTRADICTED, f"{one.get_kind_display()}, depuis {_days((standing.as_of - one.opened_on).days)}", days)
        for one in standing.contradictions
        if (days := (standing.as_of - one.opened_on).days) >= 0
    ]
    timeliness = standing.timeliness
    if timeliness.code is Code.CLOSED:
        return tuple(found)
    if overdue(standing):
        found.append(Why(LATE, sentence(timeliness), timeliness.days or 0))
    elif timeliness.code is Code.DUE_SOON:
        found.append(Why(DUE, sentence(timeliness), -(timeliness.days or 0)))
    kept = timeliness.code in (Code.KEPT_ON_TIME, Code.KEPT_LATE)
    declared = standing.declared
    if not (kept and (declared is None or declared.status == Declaration.Status.DONE)):
        found += _silence(word, standing.as_of)
    return tuple(sorted(found, key=_rank))


def _silence(word: Word | None, today: date) -> tuple[Why, ...]:
    if word is None:
        return (Why(SILENT, "rien n'a jamais été déclaré ici", 100_000),)
    silence = (today - word.said_on).days
    return (Why(SILENT, f"sans nouvelles depuis {_days(silence)}", silence),) if silence > SILENT_AFTER else ()


def asked(why: Sequence[Why], label: str) -> tuple[Why, ...]:
    """The same reasons when a campaign asks too, which is one when there is no other. ``label``: its quarter."""
    return tuple(why) or (Why(ASKED, f"demandée par la campagne {label}", 0),)


def answered(word: Word | None, today: date, asked_on: date | None) -> bool:
    """Whether what was last said is an answer still. ``asked_on``: the day the open campaign asked, if it did."""
    since = asked_on or today - timedelta(days=ANSWERED_FOR - 1)
    return word is not None and word.said_on >= since


def urgency(why: Sequence[Why]) -> tuple[int, int]:
    """What is sorted by: the contradicted first, the oldest first; then the late, the due, the silent."""
    return _rank(why[0]) if why else (len(ORDER), 0)


def _rank(why: Why) -> tuple[int, int]:
    return ORDER.index(why.code), -why.weight


def _days(count: int) -> str:
    return "aujourd'hui" if count == 0 else f"{count} jour{'s' if count > 1 else ''}"
