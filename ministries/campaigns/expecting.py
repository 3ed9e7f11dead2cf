"""Which promises a campaign asks each ministry about. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commitments.models import Commitment
from ministries.asking import CONTRADICTED, DUE, LATE, SILENT, reasons
from ministries.counting import by_ministry
from ministries.models import Ministry
from ministries.standing import Standing
from ministries.words import Word

WORDS = {
    CONTRADICTED: "en contradiction",
    LATE: "en retard",
    DUE: "à échéance sous 90 jours",
    SILENT: "sans nouvelles",
}
"""Why a line is asked for, in a few words."""


@dataclass(frozen=True)
class Expected:
    """One line: ``reasons`` are codes of the inbox (contradicted, late, due, silent), the first one first; or none."""

    ministry: Ministry
    commitment: Commitment
    reasons: tuple[str, ...]


def expected(standings: Sequence[Standing], words: Mapping[int, Word]) -> list[Expected]:
    """What is due, late, contradicted or silent; for a ministry where nothing is, all that it answers for.

    Each promise once, by the ministry that leads: an associated one is not asked a second time. ``words``: the last
    one of each promise of which anything was said.
    """
    lines = []
    for ministry, group in by_ministry(standings):
        found = [Expected(ministry, s.commitment, _codes(s, words.get(s.commitment.pk))) for s in group]
        lines += [line for line in found if line.reasons] or found
    return lines


def _codes(standing: Standing, word: Word | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(why.code for why in reasons(standing, word)))
