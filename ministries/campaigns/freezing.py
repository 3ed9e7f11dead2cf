"""The figures of an edition, as plain JSON. Pure.

``{"format": 1, "as_of", "method", "total": R, "ministries": [R + code, name, silent]}`` where R is ``{"promises",
"states": {state: n}, "timeliness": {code: n}, "due", "late", "postponements", "answered", "asked"}``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from commitments.folding import fold
from commitments.rules import METHOD_VERSION
from ministries.campaigns.answering import Answers, Rate, total
from ministries.counting import by_ministry, tally
from ministries.standing import Standing

FORMAT = 1


def frozen(standings: Sequence[Standing], answered: Sequence[Answers], as_of: date) -> dict[str, Any]:
    """Every ministry that answers for a promise or was asked about one, by name, and the whole."""
    groups = {ministry.pk: (ministry, group) for ministry, group in by_ministry(standings)}
    rates = {one.ministry.pk: one.rate for one in answered}
    ministries = {pk: ministry for pk, (ministry, _) in groups.items()}
    ministries |= {one.ministry.pk: one.ministry for one in answered}
    rows = []
    for pk, ministry in sorted(ministries.items(), key=lambda pair: fold(pair[1].name)):
        rate = rates.get(pk, Rate(0, 0))
        group = groups[pk][1] if pk in groups else []
        rows.append(
            {"code": ministry.code, "name": ministry.name, "silent": rate.silent, **_counts(group, rate)},
        )
    return {
        "format": FORMAT,
        "as_of": as_of.isoformat(),
        "method": METHOD_VERSION,
        "total": _counts(standings, total(list(rates.values()))),
        "ministries": rows,
    }


def _counts(standings: Sequence[Standing], rate: Rate) -> dict[str, Any]:
    counted = tally(standings)
    return {
        "promises": counted.total,
        "states": {state.value: count for state, count in counted.states.items()},
        "timeliness": {code.value: count for code, count in counted.timeliness.items()},
        "due": counted.due,
        "late": counted.late,
        "postponements": counted.postponements,
        "answered": rate.answered,
        "asked": rate.asked,
    }
