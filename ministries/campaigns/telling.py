"""Who is told of a campaign: the AMDACs in office that day, each once by kind; a ministry without any is said so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from commitments.days import paris_day
from ministries.models import Campaign, Mandate, Ministry, Notice


def tell(
    campaign: Campaign, kind: str, ministries: Iterable[Ministry], *, now: datetime, at_night: bool = False
) -> int:
    """Write the notices to send from ``now`` on. Returns how many people's notices were added; sends nothing."""
    asked = list(ministries)
    mandates = (
        Mandate.objects.in_force(paris_day(now))
        .filter(role=Mandate.Role.AMDAC, ministry__in=asked, agent__is_active=True)
        .select_related("agent")
        .order_by("pk")
    )
    told = {(row.ministry_id, row.agent_id) for row in Notice.objects.filter(campaign=campaign, kind=kind).iterator()}
    added: list[Notice] = []
    reached = {ministry_id for ministry_id, _ in told}
    for mandate in mandates:
        assert mandate.ministry_id is not None  # noqa: S101 - an AMDAC's mandate names a ministry
        reached.add(mandate.ministry_id)
        if (mandate.ministry_id, mandate.agent_id) in told:
            continue
        told.add((mandate.ministry_id, mandate.agent_id))
        added.append(
            Notice(
                campaign=campaign,
                ministry_id=mandate.ministry_id,
                kind=kind,
                agent=mandate.agent,
                function=mandate.agent.function or mandate.get_role_display(),
                not_before=now,
                at_night=at_night,
                recorded_at=now,
            )
        )
    nobody = [
        Notice(
            campaign=campaign,
            ministry=ministry,
            kind=kind,
            outcome=Notice.Outcome.NOBODY,
            not_before=now,
            recorded_at=now,
        )
        for ministry in asked
        if ministry.pk not in reached
    ]
    Notice.objects.bulk_create([*added, *nobody], batch_size=500)
    return len(added)
