"""The facts of the documents: recommendations and their wordings, CITP and their engagements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commitments.models import Citp, Engagement, Recommendation, RecommendationWording
from commitments.reference.cells import Cells, once
from commitments.reference.problems import Problem
from commitments.reference.table import Table

RECOMMENDATIONS = "recommendations.csv"
RECOMMENDATION_COLUMNS = ("number", "theme", "title", "in_presentation", "source")
WORDINGS = "recommendation_wordings.csv"
WORDING_COLUMNS = ("code", "section", "wording", "recommendations", "source")
CITPS = "citp.csv"
CITP_COLUMNS = (
    *("number", "held_on", "place", "engagements_count", "data_related_content", "source", "confidence", "note"),
)
ENGAGEMENTS = "engagements.csv"
ENGAGEMENT_COLUMNS = (
    *("citp", "rank", "kind", "number", "text", "theme", "due_raw", "due_on", "about_data"),
    *("source", "confidence", "note"),
)


@dataclass(frozen=True)
class RecommendationFact:
    number: int
    theme: str
    title: str
    in_presentation: bool
    source: str


@dataclass(frozen=True)
class WordingFact:
    code: str
    section: str
    wording: str
    recommendations: tuple[int, ...]
    source: str


@dataclass(frozen=True)
class CitpFact:
    number: int
    held_on: date
    place: str
    engagements_count: int | None
    data_related_content: str
    source: str
    confidence: str
    note: str


@dataclass(frozen=True)
class EngagementFact:
    """``number`` is empty for a next step; ``text`` is empty where the wording was not read."""

    citp: int
    rank: int
    kind: str
    number: str
    text: str
    theme: str
    due_raw: str
    due_on: date | None
    about_data: bool | None
    source: str
    confidence: str
    note: str

    @property
    def key(self) -> str:
        return f"{self.citp}/{self.rank}"


def recommendations(table: Table, problems: list[Problem]) -> tuple[RecommendationFact, ...]:
    """Read the report's recommendations."""
    once(table.rows, ["number"], problems)
    found = []
    for row in table.rows:
        cells = Cells(row, problems, Recommendation)
        found.append(
            RecommendationFact(
                number=cells.number("number"),
                theme=cells.text("theme", required=True),
                title=cells.text("title", required=True),
                in_presentation=cells.yes("in_presentation"),
                source=cells.source("source", field="source"),
            )
        )
    return tuple(found)


def wordings(table: Table, problems: list[Problem]) -> tuple[WordingFact, ...]:
    """Read how the presentation of March 2021 words them."""
    once(table.rows, ["code"], problems)
    found = []
    for row in table.rows:
        cells = Cells(row, problems, RecommendationWording)
        found.append(
            WordingFact(
                code=cells.code("code", r"S\d\d[a-z]?", "un repère comme S07 ou S11a"),
                section=cells.text("section", required=True),
                wording=cells.text("wording", required=True),
                recommendations=cells.numbers("recommendations"),
                source=cells.source("source", field="source"),
            )
        )
        if not row.cells["recommendations"]:
            cells.bad("recommendations", "au moins un numéro de recommandation")
    return tuple(found)


def citps(table: Table, problems: list[Problem]) -> tuple[CitpFact, ...]:
    """Read the sessions of the committee."""
    once(table.rows, ["number"], problems)
    found = []
    for row in table.rows:
        cells = Cells(row, problems, Citp)
        found.append(
            CitpFact(
                number=cells.number("number"),
                held_on=cells.day("held_on"),
                place=cells.text("place"),
                engagements_count=cells.number_or_none("engagements_count"),
                data_related_content=cells.text("data_related_content"),
                source=cells.source("source", field="source"),
                confidence=cells.text("confidence"),
                note=cells.text("note"),
            )
        )
    return tuple(found)


def engagements(table: Table, problems: list[Problem]) -> tuple[EngagementFact, ...]:
    """Read the engagements, sub-commitments and next steps of the sessions."""
    once(table.rows, ["rank", "citp"], problems)
    once([row for row in table.rows if row.cells["number"]], ["number", "citp"], problems)
    found = []
    for row in table.rows:
        cells = Cells(row, problems, Engagement)
        kind = cells.choice("kind", Engagement.EngagementKind.values)
        if kind == Engagement.EngagementKind.NEXT_STEP:
            number = cells.code("number", "", "rien : une suite annoncée ne porte pas de numéro")
        else:
            number = cells.code("number", r"\d{1,2}(\.\d{1,2})?", "un numéro comme 6 ou 6.2")
        found.append(
            EngagementFact(
                citp=cells.number("citp"),
                rank=cells.number("rank"),
                kind=kind,
                number=number,
                text=cells.text("text"),
                theme=cells.text("theme"),
                due_raw=cells.text("due_raw"),
                due_on=cells.due("due_raw", "due_on").last_day,
                about_data=cells.yes_or_none("about_data"),
                source=cells.source("source", field="source"),
                confidence=cells.text("confidence"),
                note=cells.text("note"),
            )
        )
    return tuple(found)
