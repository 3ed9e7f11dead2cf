"""The facts of what is observed: where deliverables are looked for, and what people found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commitments.findings import Kind, ReadingState
from commitments.models import Location, Reading
from commitments.reference.cells import Cells, once
from commitments.reference.problems import Problem
from commitments.reference.table import Table

LOCATIONS = "locations.csv"
LOCATION_COLUMNS = (
    *("ref", "kind", "portal", "identifier", "url", "publisher", "since", "source", "confidence", "note"),
)
READINGS = "readings.csv"
READING_COLUMNS = ("ref", "read_on", "state", "label", "opened_on", "evidence", "note")
ON_THE_PORTAL = (Location.Portal.DATASET, Location.Portal.DATASERVICE)


@dataclass(frozen=True)
class LocationFact:
    """``kind`` says which deliverable of the promise; ``since`` is the day on which the address was collected."""

    line: int
    ref: str
    kind: str
    portal: str
    identifier: str
    url: str
    publisher: str
    since: date
    source: str
    confidence: str
    note: str


@dataclass(frozen=True)
class ReadingFact:
    """``read_on`` and ``opened_on`` are the last days that the raw texts allow."""

    ref: str
    read_raw: str
    read_on: date
    state: str
    label: str
    opened_raw: str
    opened_on: date | None
    evidence: str
    note: str


def locations(table: Table, problems: list[Problem]) -> tuple[LocationFact, ...]:
    """Read the addresses."""
    once(table.rows, ["url", "ref", "kind"], problems)
    found = []
    for row in table.rows:
        cells = Cells(row, problems, Location)
        portal = cells.choice("portal", Location.Portal.values)
        if portal in ON_THE_PORTAL:
            identifier = cells.portal_id("identifier", required=False)
        else:
            identifier = cells.code("identifier", "", "rien : seul data.gouv.fr donne un identifiant")
        found.append(
            LocationFact(
                line=row.line,
                ref=row.cells["ref"],
                kind=cells.choice("kind", [kind.value for kind in Kind]),
                portal=portal,
                identifier=identifier,
                url=cells.address("url"),
                publisher=cells.text("publisher"),
                since=cells.day("since"),
                source=cells.source("source", field="source"),
                confidence=cells.text("confidence"),
                note=cells.text("note"),
            )
        )
    return tuple(found)


def readings(table: Table, problems: list[Problem]) -> tuple[ReadingFact, ...]:
    """Read what people found."""
    once(table.rows, ["state", "ref", "read_on"], problems)
    found = []
    for row in table.rows:
        cells = Cells(row, problems, Reading)
        found.append(
            ReadingFact(
                ref=row.cells["ref"],
                read_raw=cells.text("read_on", required=True, field="read_raw"),
                read_on=cells.vague_day("read_on"),
                state=cells.choice("state", [state.value for state in ReadingState]),
                label=cells.text("label"),
                opened_raw=cells.text("opened_on", field="opened_raw"),
                opened_on=cells.vague_day_or_none("opened_on"),
                evidence=cells.source("evidence", field="evidence_url"),
                note=cells.text("note"),
            )
        )
    return tuple(found)
