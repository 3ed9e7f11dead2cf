"""Reads and checks together every file of what this app owns. Touches no table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from commitments.reference.checks import refer, refer_always
from commitments.reference.evidence import (
    LOCATION_COLUMNS,
    LOCATIONS,
    READING_COLUMNS,
    READINGS,
    LocationFact,
    ReadingFact,
    locations,
    readings,
)
from commitments.reference.problems import Problem
from commitments.reference.promises import (
    DEADLINE_COLUMNS,
    DEADLINES,
    OPENING_COLUMNS,
    OPENINGS,
    DeadlineFact,
    OpeningFact,
    deadlines,
    openings,
)
from commitments.reference.sources import (
    CITP_COLUMNS,
    CITPS,
    ENGAGEMENT_COLUMNS,
    ENGAGEMENTS,
    RECOMMENDATION_COLUMNS,
    RECOMMENDATIONS,
    WORDING_COLUMNS,
    WORDINGS,
    CitpFact,
    EngagementFact,
    RecommendationFact,
    WordingFact,
    citps,
    engagements,
    recommendations,
    wordings,
)
from commitments.reference.table import Table, read_table

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class CommitmentFacts:
    """Everything that this app loads; ``openings_table`` lets the next app check its own references."""

    recommendations: tuple[RecommendationFact, ...]
    wordings: tuple[WordingFact, ...]
    citps: tuple[CitpFact, ...]
    engagements: tuple[EngagementFact, ...]
    openings: tuple[OpeningFact, ...]
    deadlines: tuple[DeadlineFact, ...]
    locations: tuple[LocationFact, ...]
    readings: tuple[ReadingFact, ...]
    openings_table: Table


def read_commitments(folder: Path, problems: list[Problem]) -> CommitmentFacts:
    """Read the eight files. Adds to ``problems``: with one of them the facts must not be used."""
    recommended = read_table(folder, RECOMMENDATIONS, RECOMMENDATION_COLUMNS, problems)
    worded = read_table(folder, WORDINGS, WORDING_COLUMNS, problems)
    held = read_table(folder, CITPS, CITP_COLUMNS, problems)
    engaged = read_table(folder, ENGAGEMENTS, ENGAGEMENT_COLUMNS, problems)
    opened = read_table(folder, OPENINGS, OPENING_COLUMNS, problems)
    due = read_table(folder, DEADLINES, DEADLINE_COLUMNS, problems)
    located = read_table(folder, LOCATIONS, LOCATION_COLUMNS, problems)
    read = read_table(folder, READINGS, READING_COLUMNS, problems)
    facts = CommitmentFacts(
        recommendations=recommendations(recommended, problems),
        wordings=wordings(worded, problems),
        citps=citps(held, problems),
        engagements=engagements(engaged, problems),
        openings=openings(opened, problems),
        deadlines=deadlines(due, problems),
        locations=locations(located, problems),
        readings=readings(read, problems),
        openings_table=opened,
    )
    numbers, refs = recommended.keys("number"), opened.keys("ref")
    refer(worded, "recommendations", numbers, RECOMMENDATIONS, problems)
    refer_always(engaged, "citp", held.keys("number"), CITPS, problems)
    refer(opened, "recommendations", numbers, RECOMMENDATIONS, problems)
    refer(opened, "engagement", engaged.keys("citp", "number"), f"{ENGAGEMENTS} (citp/numéro)", problems)
    for table in (due, located, read):
        refer_always(table, "ref", refs, OPENINGS, problems)
    _kinds_of_locations(facts, problems)
    return facts


def _kinds_of_locations(facts: CommitmentFacts, problems: list[Problem]) -> None:
    """An address is that of something that the promise delivers."""
    kinds = {opening.ref: opening.kinds for opening in facts.openings}
    for location in facts.locations:
        promised = kinds.get(location.ref)
        if promised is not None and location.kind not in promised:
            expected = f"une nature promise par {location.ref} : {', '.join(promised)}"
            problems.append(Problem(LOCATIONS, location.line, "kind", location.kind, expected))
