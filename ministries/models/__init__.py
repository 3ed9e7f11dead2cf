"""The tables of the stream *declared*, and of who answers for what."""

from ministries.models.campaigns import Campaign, CampaignLine, Edition, Notice, Succession
from ministries.models.contradictions import Contradiction, ContradictionEnd, FalseAlarm, Reconciliation
from ministries.models.courses import Course, DayMovement, MonthMovement, Movement, month_number
from ministries.models.declarations import (
    Act,
    Declaration,
    Draft,
    Obstacle,
    Postponement,
    Reply,
    ScopeChange,
)
from ministries.models.people import Agent, Mandate
from ministries.models.portfolios import Ministry, Organization, Reshuffle, Responsibility, Roadmap, RoadmapAction
from ministries.models.reports import Moderation, Report
from ministries.models.sheets import SheetMapping, Upload

__all__ = [
    "Act",
    "Agent",
    "Campaign",
    "CampaignLine",
    "Contradiction",
    "ContradictionEnd",
    "Course",
    "DayMovement",
    "Declaration",
    "Draft",
    "Edition",
    "FalseAlarm",
    "Mandate",
    "Ministry",
    "Moderation",
    "MonthMovement",
    "Movement",
    "Notice",
    "Obstacle",
    "Organization",
    "Postponement",
    "Reconciliation",
    "Reply",
    "Report",
    "Reshuffle",
    "Responsibility",
    "Roadmap",
    "RoadmapAction",
    "ScopeChange",
    "SheetMapping",
    "Succession",
    "Upload",
    "month_number",
]
