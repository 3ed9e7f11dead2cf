"""Followed pages that now lead to a record of data.gouv.fr: it is proposed, never followed; a person answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from commitments.days import in_words, paris_day
from commitments.findings import Outcome, Sighting
from commitments.models import Candidate, Location, Version, Watch

METHOD = "adresse"
"""What stands for the version of the search in a candidate that no search proposed."""


def propose(seen: Sequence[tuple[Watch, Sighting]], now: datetime) -> int:
    """Propose the records that these addresses lead to. Returns how many are proposed for the first time.

    Nothing is asked of the base when no address moved. What a person answered stands.
    """
    found = [
        _candidate(watch.location, record, sighting.facts["moved_to"], now)
        for watch, sighting in seen
        if sighting.outcome is Outcome.FOUND and (record := sighting.facts.get("moved_to_record"))
    ]
    if not found:
        return 0
    deliverables = {row.deliverable_id for row in found}
    followed = set(
        Location.objects.filter(deliverable__in=deliverables, until=None).values_list(
            "deliverable", "portal", "identifier"
        )
    )
    known = {_key(row): row for row in Candidate.objects.filter(deliverable__in=deliverables)}
    fresh: dict[tuple[int, str, str], Candidate] = {}
    renewed: dict[tuple[int, str, str], Candidate] = {}
    for row in found:
        before = known.get(_key(row))
        if _key(row) in followed:
            continue
        if before is None:
            fresh[_key(row)] = row
        elif before.method_version != METHOD or before.withdrawn_at is not None:
            # A redirection is a better reason than a resemblance.
            row.pk, row.first_proposed_at = before.pk, before.first_proposed_at
            renewed[_key(row)] = row
    Candidate.objects.bulk_create(fresh.values())
    Candidate.objects.renew(renewed.values())
    if fresh or renewed:
        Version.bump()
    return len(fresh)


def _key(row: Candidate) -> tuple[int, str, str]:
    return row.deliverable_id, row.portal, row.identifier


def _candidate(location: Location, record: dict[str, Any], moved_to: str, now: datetime) -> Candidate:
    on = in_words(paris_day(now))
    text = f"l'adresse suivie ({location.url}) renvoie désormais à cette fiche, constaté le {on}"
    return Candidate(
        deliverable_id=location.deliverable_id,
        portal=record["portal"],
        identifier=record["id"],
        url=moved_to,
        title=record["title"],
        organization=record["organization_name"] or "",
        organization_id=record["organization_id"] or "",
        created_on=date.fromisoformat(record["created_on"]) if record["created_on"] else None,
        score=1,
        rank=1,
        reasons=[{"code": "adresse-deplacee", "text": text}],
        method_version=METHOD,
        first_proposed_at=now,
        last_proposed_at=now,
    )
