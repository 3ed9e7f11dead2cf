"""The tables of the stream *declared*, and of who answers for what."""

from ministries.models.contradictions import Contradiction, ContradictionEnd, FalseAlarm, Reconciliation
from ministries.models.declarations import Declaration
from ministries.models.people import Agent, Mandate
from ministries.models.portfolios import Ministry, Organization, Reshuffle, Responsibility, Roadmap, RoadmapAction

__all__ = [
    "Agent",
    "Contradiction",
    "ContradictionEnd",
    "Declaration",
    "FalseAlarm",
    "Mandate",
    "Ministry",
    "Organization",
    "Reconciliation",
    "Reshuffle",
    "Responsibility",
    "Roadmap",
    "RoadmapAction",
]
