"""The facts of the promises: the openings that were announced, and every date announced for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from commitments.findings import Access, Kind
from commitments.models import Commitment, Deadline
from commitments.periods import Period
from commitments.reference.cells import Cells, once
from commitments.reference.problems import Problem
from commitments.reference.table import Table

OPENINGS = "openings.csv"
OPENING_COLUMNS = (
    *("ref", "title", "wording", "wording_status", "kinds", "open_ended", "ministry", "co_ministry"),
    *("ministry_certainty", "producer", "publishers_known", "announced_in", "announced_on", "engagement"),
    *("recommendations", "in_presentation", "in_list_of_63", "access_promised", "scope_caveat"),
    *("source", "confidence", "note"),
)
DEADLINES = "deadlines.csv"
DEADLINE_COLUMNS = ("ref", "raw", "due_on", "announced_on", "announced_in", "source", "note")
CERTAINTIES = ("stated", "inferred")


@dataclass(frozen=True)
class OpeningFact:
    """A promise. ``ministry`` and ``co_ministry`` are codes that another app knows; ``engagement`` is « 5/6 »."""

    line: int
    ref: str
    title: str
    wording: str
    wording_status: str
    kinds: tuple[str, ...]
    open_ended: bool
    ministry: str
    co_ministry: str
    ministry_certainty: str
    producer: str
    publishers_known: bool
    announced_in: str
    announced_on: date
    engagement: str
    recommendations: tuple[int, ...]
    in_presentation: bool
    in_list_of_63: str
    access_promised: str
    scope_caveat: str
    source: str
    confidence: str
    note: str


@dataclass(frozen=True)
class DeadlineFact:
    ref: str
    period: Period
    announced_on: date
    announced_in: str
    source: str
    note: str


def openings(table: Table, problems: list[Problem]) -> tuple[OpeningFact, ...]:
    """Read the promises."""
    once(table.rows, ["ref"], problems)
    found = []
    for row in table.rows:
        cells = Cells(row, problems, Commitment)
        found.append(
            OpeningFact(
                line=row.line,
                ref=cells.code("ref", r"O-\d{2,4}", "une référence comme O-07"),
                title=cells.text("title", required=True),
                wording=cells.text("wording", required=True),
                wording_status=cells.text("wording_status"),
                kinds=_kinds(cells),
                open_ended=cells.yes("open_ended"),
                ministry=row.cells["ministry"],
                co_ministry=row.cells["co_ministry"],
                ministry_certainty=cells.choice("ministry_certainty", CERTAINTIES),
                producer=cells.text("producer"),
                publishers_known=cells.yes("publishers_known"),
                announced_in=cells.text("announced_in", required=True),
                announced_on=cells.day("announced_on"),
                engagement=_engagement(cells),
                recommendations=cells.numbers("recommendations"),
                in_presentation=cells.yes("in_presentation"),
                in_list_of_63=cells.text("in_list_of_63"),
                access_promised=cells.choice("access_promised", [access.value for access in Access]),
                scope_caveat=cells.text("scope_caveat"),
                source=cells.source("source", field="source"),
                confidence=cells.text("confidence"),
                note=cells.text("note"),
            )
        )
    return tuple(found)


def _kinds(cells: Cells) -> tuple[str, ...]:
    kinds = cells.several("kinds")
    allowed = [kind.value for kind in Kind]
    if not kinds or any(kind not in allowed for kind in kinds):
        cells.bad("kinds", f"une ou plusieurs des valeurs {', '.join(allowed)}, séparées par des points-virgules")
    return kinds


def _engagement(cells: Cells) -> str:
    value = cells.row.cells["engagement"]
    if value and not re.fullmatch(r"\d{1,3}/\d{1,2}(\.\d{1,2})?", value, re.ASCII):
        cells.bad("engagement", "un CITP et le numéro d'un engagement, comme 5/6 ou 5/6.2, ou rien")
    return value


def deadlines(table: Table, problems: list[Problem]) -> tuple[DeadlineFact, ...]:
    """Read the dates announced, several for some promises."""
    once(table.rows, ["raw", "ref", "announced_on", "announced_in"], problems)
    found = []
    for row in table.rows:
        cells = Cells(row, problems, Deadline)
        cells.text("raw", required=True)
        found.append(
            DeadlineFact(
                ref=row.cells["ref"],
                period=cells.due("raw", "due_on"),
                announced_on=cells.day("announced_on"),
                announced_in=cells.text("announced_in", required=True),
                source=cells.source("source", field="source_url"),
                note=cells.text("note"),
            )
        )
    return tuple(found)
