"""The facts about ministries: portfolios, publishers on the portal, changes of government."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commitments.reference.cells import Cells, once
from commitments.reference.problems import Problem
from commitments.reference.table import Table
from ministries.models import Ministry, Organization, Reshuffle

MINISTRIES = "ministries.csv"
MINISTRY_COLUMNS = ("code", "name", "pole", "amdac_function", "amdac_mailbox", "renamings", "source", "confidence")
ORGANIZATIONS = "organizations.csv"
ORGANIZATION_COLUMNS = (*("portal_id", "slug_seen", "name_seen", "seen_on", "ministry", "kind", "source", "note"),)
RESHUFFLES = "reshuffles.csv"
RESHUFFLE_COLUMNS = ("rank", "date", "government", "what_changed", "source", "confidence")


@dataclass(frozen=True)
class MinistryFact:
    code: str
    name: str
    pole: str
    amdac_function: str
    amdac_mailbox: str
    renamings: str
    source: str
    confidence: str

    @property
    def slug(self) -> str:
        return self.code.lower().replace("_", "-")


@dataclass(frozen=True)
class OrganizationFact:
    portal_id: str
    slug_seen: str
    name_seen: str
    seen_on: str
    ministry: str
    kind: str
    source: str
    note: str


@dataclass(frozen=True)
class ReshuffleFact:
    rank: int
    date_raw: str
    first_day: date
    last_day: date
    government: str
    what_changed: str
    source: str
    confidence: str


def ministries(table: Table, problems: list[Problem]) -> tuple[MinistryFact, ...]:
    """Read the portfolios of 2021."""
    once(table.rows, ["code"], problems)
    found = []
    for row in table.rows:
        cells = Cells(row, problems, Ministry)
        found.append(
            MinistryFact(
                code=cells.code("code", r"[A-Z]+(_[A-Z]+)*", "un sigle en capitales, comme MI ou MTE_MER"),
                name=cells.text("name", required=True),
                pole=cells.text("pole"),
                amdac_function=cells.text("amdac_function"),
                amdac_mailbox=cells.text("amdac_mailbox"),
                renamings=cells.text("renamings"),
                source=cells.source("source", field="source"),
                confidence=cells.text("confidence"),
            )
        )
    return tuple(found)


def organizations(table: Table, problems: list[Problem]) -> tuple[OrganizationFact, ...]:
    """Read the publishers; some belong to no ministry."""
    once(table.rows, ["portal_id"], problems)
    found = []
    for row in table.rows:
        cells = Cells(row, problems, Organization)
        found.append(
            OrganizationFact(
                portal_id=cells.portal_id("portal_id"),
                slug_seen=cells.text("slug_seen"),
                name_seen=cells.text("name_seen", required=True),
                seen_on=cells.text("seen_on"),
                ministry=row.cells["ministry"],
                kind=cells.text("kind"),
                source=cells.source("source", field="source"),
                note=cells.text("note"),
            )
        )
    return tuple(found)


def reshuffles(table: Table, problems: list[Problem]) -> tuple[ReshuffleFact, ...]:
    """Read the changes of government."""
    once(table.rows, ["rank"], problems)
    found = []
    for row in table.rows:
        cells = Cells(row, problems, Reshuffle)
        first_day, last_day = cells.vague_days("date")
        found.append(
            ReshuffleFact(
                rank=cells.number("rank"),
                date_raw=cells.text("date", required=True, field="date_raw"),
                first_day=first_day,
                last_day=last_day,
                government=cells.text("government", required=True),
                what_changed=cells.text("what_changed", required=True),
                source=cells.source("source", field="source"),
                confidence=cells.text("confidence"),
            )
        )
    return tuple(found)
