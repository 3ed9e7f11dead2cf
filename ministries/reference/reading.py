"""Reads and checks together the files about ministries. Touches no table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from commitments.reference.checks import refer, refer_always
from commitments.reference.problems import Problem
from commitments.reference.promises import OPENINGS
from commitments.reference.reading import CommitmentFacts
from commitments.reference.table import read_table
from ministries.reference.portfolios import (
    MINISTRIES,
    MINISTRY_COLUMNS,
    ORGANIZATION_COLUMNS,
    ORGANIZATIONS,
    RESHUFFLE_COLUMNS,
    RESHUFFLES,
    MinistryFact,
    OrganizationFact,
    ReshuffleFact,
    ministries,
    organizations,
    reshuffles,
)
from ministries.reference.roadmaps import (
    ACTION_COLUMNS,
    ACTIONS,
    ROADMAP_COLUMNS,
    ROADMAPS,
    ActionFact,
    RoadmapFact,
    actions,
    roadmaps,
)


@dataclass(frozen=True)
class MinistryFacts:
    ministries: tuple[MinistryFact, ...]
    organizations: tuple[OrganizationFact, ...]
    reshuffles: tuple[ReshuffleFact, ...]
    roadmaps: tuple[RoadmapFact, ...]
    actions: tuple[ActionFact, ...]


def read_ministries(folder: Path, promised: CommitmentFacts, problems: list[Problem]) -> MinistryFacts:
    """Read the five files, and check the ministries that promises name. Adds to ``problems``."""
    named = read_table(folder, MINISTRIES, MINISTRY_COLUMNS, problems)
    publishing = read_table(folder, ORGANIZATIONS, ORGANIZATION_COLUMNS, problems)
    reshuffled = read_table(folder, RESHUFFLES, RESHUFFLE_COLUMNS, problems)
    planned = read_table(folder, ROADMAPS, ROADMAP_COLUMNS, problems)
    acted = read_table(folder, ACTIONS, ACTION_COLUMNS, problems)
    facts = MinistryFacts(
        ministries=ministries(named, problems),
        organizations=organizations(publishing, problems),
        reshuffles=reshuffles(reshuffled, problems),
        roadmaps=roadmaps(planned, problems),
        actions=actions(acted, problems),
    )
    codes, opened = named.keys("code"), promised.openings_table
    refer_always(opened, "ministry", codes, MINISTRIES, problems)
    refer(opened, "co_ministry", codes, MINISTRIES, problems)
    refer(publishing, "ministry", codes, MINISTRIES, problems)
    refer_always(planned, "ministry", codes, MINISTRIES, problems)
    refer(acted, "ministry", codes, MINISTRIES, problems)
    refer(acted, "opening", opened.keys("ref"), OPENINGS, problems)
    problems.extend(
        Problem(OPENINGS, fact.line, "co_ministry", fact.co_ministry, "un autre ministère que celui de « ministry »")
        for fact in promised.openings
        if fact.co_ministry and fact.co_ministry == fact.ministry
    )
    return facts
