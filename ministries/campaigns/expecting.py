"""Which promises a campaign asks each ministry about. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commitments.models import Commitment
from ministries.counting import by_ministry
from ministries.models import Ministry
from ministries.standing import Standing
from ministries.workspace.lines import CONTRADICTED, DUE, LATE, SILENT, reasons

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


def expected(standings: Sequence[Standing]) -> list[Expected]:
    """What is due, late, contradicted or silent; for a ministry where nothing is, all that it answers for.

    Each promise once, by the ministry that leads: an associated one is not asked a second time.
    """
    lines = []
    for ministry, group in by_ministry(standings):
        found = [Expected(ministry, s.commitment, _codes(s)) for s in group]
        lines += [line for line in found if line.reasons] or found
    return lines


def _codes(standing: Standing) -> tuple[str, ...]:
    return tuple(dict.fromkeys(why.code for why in reasons(standing)))
