"""Writes what this app owns, from facts that were checked. Called in the transaction of the whole load."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sized
from dataclasses import asdict
from datetime import date
from typing import Any

from commitments.models import (
    Citp,
    Commitment,
    Deadline,
    Deliverable,
    Engagement,
    Reading,
    Recommendation,
    RecommendationWording,
)
from commitments.reference.addresses import write_locations
from commitments.reference.evidence import LOCATIONS, READINGS, ReadingFact
from commitments.reference.promises import DEADLINES, OPENINGS, DeadlineFact, OpeningFact
from commitments.reference.reading import CommitmentFacts
from commitments.reference.report import Tally
from commitments.reference.sources import CITPS, ENGAGEMENTS, RECOMMENDATIONS, WORDINGS
from commitments.reference.streams import append, numbered
from commitments.reference.upserts import revise, revise_set, upsert

ELSEWHERE = {"line", "kinds", "ministry", "co_ministry", "ministry_certainty", "access_promised", "recommendations"}


def write_commitments(facts: CommitmentFacts, today: date) -> tuple[dict[str, Commitment], dict[str, Tally]]:
    """Write the eight files. Returns the promises by reference, and the tallies by file, for the next app."""
    tallies: dict[str, Tally] = {}

    def tally(file: str, rows: Sized) -> Tally:
        return tallies.setdefault(file, Tally(file, len(rows)))

    recommendations = upsert(
        Recommendation.objects.all(),
        lambda row: str(row.number),
        {str(fact.number): asdict(fact) for fact in facts.recommendations},
        tally(RECOMMENDATIONS, facts.recommendations),
    )
    _write_wordings(facts, recommendations, tally(WORDINGS, facts.wordings))
    engagements = _write_sessions(facts, tally(CITPS, facts.citps), tally(ENGAGEMENTS, facts.engagements))
    counted = tally(OPENINGS, facts.openings)
    commitments = _write_openings(facts.openings, recommendations, engagements, counted)
    deliverables = _write_deliverables(facts.openings, commitments, counted)
    _write_deadlines(facts.deadlines, commitments, tally(DEADLINES, facts.deadlines))
    write_locations(facts.locations, deliverables, tally(LOCATIONS, facts.locations), today)
    _write_readings(facts.readings, commitments, tally(READINGS, facts.readings))
    return commitments, tallies


def _write_wordings(facts: CommitmentFacts, recommendations: dict[str, Recommendation], tally: Tally) -> None:
    rows = upsert(
        RecommendationWording.objects.prefetch_related("recommendations"),
        lambda row: row.code,
        {fact.code: _without(asdict(fact), {"recommendations"}) for fact in facts.wordings},
        tally,
    )
    for fact in facts.wordings:
        numbers = [recommendations[str(number)] for number in fact.recommendations]
        revise_set(rows[fact.code], "recommendations", numbers, fact.code, tally)


def _write_sessions(facts: CommitmentFacts, sessions: Tally, engaged: Tally) -> dict[str, Engagement]:
    """Returns the numbered engagements by session and number: « 5/6.2 »."""
    citps = upsert(
        Citp.objects.all(),
        lambda row: str(row.number),
        {str(fact.number): asdict(fact) for fact in facts.citps},
        sessions,
    )
    rows = upsert(
        Engagement.objects.select_related("citp"),
        lambda row: f"{row.citp.number}/{row.rank}",
        {fact.key: {**asdict(fact), "citp": citps[str(fact.citp)]} for fact in facts.engagements},
        engaged,
    )
    return {f"{fact.citp}/{fact.number}": rows[fact.key] for fact in facts.engagements if fact.number}


def _write_openings(
    facts: tuple[OpeningFact, ...],
    recommendations: dict[str, Recommendation],
    engagements: dict[str, Engagement],
    tally: Tally,
) -> dict[str, Commitment]:
    commitments = upsert(
        Commitment.objects.select_related("engagement__citp").prefetch_related("recommendations"),
        lambda row: row.ref,
        {
            fact.ref: {
                **_without(asdict(fact), ELSEWHERE),
                "engagement": engagements[fact.engagement] if fact.engagement else None,
            }
            for fact in facts
        },
        tally,
    )
    for fact in facts:
        numbers = [recommendations[str(number)] for number in fact.recommendations]
        revise_set(commitments[fact.ref], "recommendations", numbers, fact.ref, tally)
    return commitments


def _write_deliverables(
    facts: tuple[OpeningFact, ...], commitments: dict[str, Commitment], tally: Tally
) -> dict[tuple[str, str], Deliverable]:
    """One deliverable for each kind that a promise announces, by reference and kind; ranks never move."""
    known: dict[int, dict[str, Deliverable]] = defaultdict(dict)
    for row in Deliverable.objects.order_by("rank"):
        known[row.commitment_id][row.kind] = row
    found = {}
    for fact in facts:
        commitment = commitments[fact.ref]
        held = known[commitment.pk]
        tally.absent.extend(f"{fact.ref}/{kind}" for kind in held if kind not in fact.kinds)
        for kind in fact.kinds:
            values = {"label": fact.title, "access_promised": fact.access_promised}
            if kind in held:
                revise(held[kind], values, f"{fact.ref}/{kind}", tally, counted=fact.ref)
            else:
                rank = max((row.rank for row in held.values()), default=0) + 1
                held[kind] = Deliverable.objects.create(commitment=commitment, kind=kind, rank=rank, **values)
                tally.change(fact.ref)
            found[fact.ref, kind] = held[kind]
    return found


def _write_deadlines(facts: tuple[DeadlineFact, ...], commitments: dict[str, Commitment], tally: Tally) -> None:
    keys = numbered(f"{fact.ref}|{fact.announced_on}|{fact.announced_in}" for fact in facts)
    wanted = {
        key: {
            "commitment": commitments[fact.ref],
            "raw": fact.period.raw,
            "first_day": fact.period.first_day,
            "last_day": fact.period.last_day,
            "precision": fact.period.precision,
            "announced_on": fact.announced_on,
            "announced_in": fact.announced_in,
            "source_url": fact.source,
            "note": fact.note,
        }
        for key, fact in zip(keys, facts, strict=True)
    }
    append(Deadline, wanted, tally)


def _write_readings(facts: tuple[ReadingFact, ...], commitments: dict[str, Commitment], tally: Tally) -> None:
    wanted = {}
    for key, fact in zip(numbered(fact.ref for fact in facts), facts, strict=True):
        values = _without(asdict(fact), {"ref", "evidence"})
        wanted[key] = {**values, "commitment": commitments[fact.ref], "evidence_url": fact.evidence}
    append(Reading, wanted, tally)


def _without(values: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}
