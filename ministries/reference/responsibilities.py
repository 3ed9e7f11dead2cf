"""Writes who made each promise. What agents changed since then (transfers) is another row, never touched here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from commitments.models import Commitment
from commitments.reference.promises import OpeningFact
from commitments.reference.report import Tally
from commitments.reference.upserts import revise
from ministries.models import Ministry, Responsibility

LEAD, JOINT = Responsibility.Part.LEAD, Responsibility.Part.JOINT


def write_responsibilities(
    facts: tuple[OpeningFact, ...],
    commitments: Mapping[str, Commitment],
    ministries: Mapping[str, Ministry],
    tally: Tally,
) -> None:
    """Add the ministry that promised and the one that joined it; a correction is kept as a revision."""
    first: dict[int, dict[str, Responsibility]] = defaultdict(dict)
    for row in Responsibility.objects.select_related("ministry").order_by("since", "id"):
        first[row.commitment_id].setdefault(row.part, row)
    for fact in facts:
        commitment = commitments[fact.ref]
        held = first[commitment.pk]
        for part, code in ((LEAD, fact.ministry), (JOINT, fact.co_ministry)):
            if not code:
                if part in held and held[part].since == fact.announced_on:
                    tally.absent.append(f"{fact.ref}/{held[part].ministry.code}")
                continue
            values = {
                "ministry": ministries[code],
                "since": fact.announced_on,
                "certainty": fact.ministry_certainty,
            }
            if part in held:
                revise(held[part], values, f"{fact.ref}/{part}", tally, counted=fact.ref)
            else:
                Responsibility.objects.create(commitment=commitment, part=part, **values)
                tally.change(fact.ref)
