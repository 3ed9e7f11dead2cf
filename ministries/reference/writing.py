"""Writes what this app owns, from facts that were checked. Called in the transaction of the whole load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from commitments.models import Commitment
from commitments.reference.promises import OPENINGS, OpeningFact
from commitments.reference.report import Tally
from commitments.reference.upserts import upsert
from ministries.models import Ministry, Organization, Reshuffle, Roadmap, RoadmapAction
from ministries.reference.portfolios import MINISTRIES, ORGANIZATIONS, RESHUFFLES
from ministries.reference.reading import MinistryFacts
from ministries.reference.responsibilities import write_responsibilities
from ministries.reference.roadmaps import ACTIONS, ROADMAPS, ActionFact


def write_ministries(
    facts: MinistryFacts,
    openings: tuple[OpeningFact, ...],
    commitments: Mapping[str, Commitment],
    tallies: dict[str, Tally],
) -> None:
    """Write the five files, and who made each promise. Adds to ``tallies``."""
    for file, rows in (
        (MINISTRIES, len(facts.ministries)),
        (ORGANIZATIONS, len(facts.organizations)),
        (RESHUFFLES, len(facts.reshuffles)),
        (ROADMAPS, len(facts.roadmaps)),
        (ACTIONS, len(facts.actions)),
    ):
        tallies[file] = Tally(file, rows)
    ministries = upsert(
        Ministry.objects.all(),
        lambda row: row.code,
        {fact.code: {**asdict(fact), "slug": fact.slug} for fact in facts.ministries},
        tallies[MINISTRIES],
    )
    upsert(
        Organization.objects.select_related("ministry"),
        lambda row: row.portal_id,
        {fact.portal_id: {**asdict(fact), "ministry": ministries.get(fact.ministry)} for fact in facts.organizations},
        tallies[ORGANIZATIONS],
    )
    upsert(
        Reshuffle.objects.all(),
        lambda row: str(row.rank),
        {str(fact.rank): asdict(fact) for fact in facts.reshuffles},
        tallies[RESHUFFLES],
    )
    upsert(
        Roadmap.objects.select_related("ministry"),
        lambda row: f"{row.ministry.code}/{row.version}",
        {fact.key: {**asdict(fact), "ministry": ministries[fact.ministry]} for fact in facts.roadmaps},
        tallies[ROADMAPS],
    )
    write_responsibilities(openings, commitments, ministries, tallies[OPENINGS])
    upsert(
        RoadmapAction.objects.select_related("ministry", "commitment"),
        lambda row: row.code,
        {fact.code: _action(fact, ministries, commitments) for fact in facts.actions},
        tallies[ACTIONS],
    )


def _action(
    fact: ActionFact, ministries: Mapping[str, Ministry], commitments: Mapping[str, Commitment]
) -> dict[str, object]:
    values = asdict(fact)
    return {
        **{name: value for name, value in values.items() if name not in ("evidence", "opening")},
        "ministry": ministries.get(fact.ministry),
        "commitment": commitments.get(fact.opening),
        "evidence_url": fact.evidence,
    }
