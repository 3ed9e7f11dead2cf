"""The tables of the stream *declared*, and of who answers for what."""

from ministries.models.declarations import Declaration
from ministries.models.people import Agent, Mandate
from ministries.models.portfolios import Ministry, Organization, Reshuffle, Responsibility, Roadmap, RoadmapAction

__all__ = [
    "Agent",
    "Declaration",
    "Mandate",
    "Ministry",
    "Organization",
    "Reshuffle",
    "Responsibility",
    "Roadmap",
    "RoadmapAction",
]
