"""The facts of the roadmaps: the documents, and the lines of them that were read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commitments.reference.cells import Cells, once
from commitments.reference.problems import Problem
from commitments.reference.table import Table
from ministries.models import Roadmap, RoadmapAction

ROADMAPS = "roadmaps.csv"
ROADMAP_COLUMNS = (
    *("ministry", "number", "version", "url", "published_on", "horizon", "actions_known", "source", "confidence"),
)
ACTIONS = "roadmap_actions.csv"
ACTION_COLUMNS = (
    *("code", "ministry", "ministry_certainty", "roadmap_on", "axis", "theme", "text", "wording_status", "object"),
    *("kind", "due_raw", "due_on", "status_code", "status_note", "status_as_of", "evidence", "opening"),
    *("source", "confidence"),
)
STATUSES = ("unknown", "in_progress", "partly", "done", "abandoned")


@dataclass(frozen=True)
class RoadmapFact:
    ministry: str
    number: int
    version: str
    url: str
    published_on: date
    horizon: str
    actions_known: str
    source: str
    confidence: str

    @property
    def key(self) -> str:
        return f"{self.ministry}/{self.version}"


@dataclass(frozen=True)
class ActionFact:
    """``ministry`` is empty where the text names none; ``opening`` is the promise followed elsewhere, if any."""

    code: str
    ministry: str
    ministry_certainty: str
    roadmap_on: date
    axis: str
    theme: str
    text: str
    wording_status: str
    object: str
    kind: str
    due_raw: str
    due_on: date | None
    status_code: str
    status_note: str
    status_as_of: date | None
    evidence: str
    opening: str
    source: str
    confidence: str


def roadmaps(table: Table, problems: list[Problem]) -> tuple[RoadmapFact, ...]:
    """Read the documents: one for each version of a ministry's roadmap."""
    once(table.rows, ["version", "ministry"], problems)
    once(table.rows, ["number", "version"], problems)
    found = []
    for row in table.rows:
        cells = Cells(row, problems, Roadmap)
        found.append(
            RoadmapFact(
                ministry=row.cells["ministry"],
                number=cells.number("number"),
                version=cells.text("version", required=True),
                url=cells.address("url"),
                published_on=cells.day("published_on"),
                horizon=cells.text("horizon"),
                actions_known=cells.text("actions_known"),
                source=cells.source("source", field="source"),
                confidence=cells.text("confidence"),
            )
        )
    return tuple(found)


def actions(table: Table, problems: list[Problem]) -> tuple[ActionFact, ...]:
    """Read the lines."""
    once(table.rows, ["code"], problems)
    found = []
    for row in table.rows:
        cells = Cells(row, problems, RoadmapAction)
        found.append(
            ActionFact(
                code=cells.code("code", r"A-\d{2,4}", "un repère comme A-07"),
                ministry=row.cells["ministry"],
                ministry_certainty=cells.text("ministry_certainty"),
                roadmap_on=cells.day("roadmap_on"),
                axis=cells.text("axis"),
                theme=cells.text("theme"),
                text=cells.text("text", required=True),
                wording_status=cells.text("wording_status"),
                object=cells.text("object"),
                kind=cells.text("kind"),
                due_raw=cells.text("due_raw"),
                due_on=cells.due("due_raw", "due_on").last_day,
                status_code=cells.choice("status_code", STATUSES),
                status_note=cells.text("status_note"),
                status_as_of=cells.day_or_none("status_as_of"),
                evidence=cells.source("evidence", field="evidence_url", required=False),
                opening=row.cells["opening"],
                source=cells.source("source", field="source"),
                confidence=cells.text("confidence"),
            )
        )
    return tuple(found)
