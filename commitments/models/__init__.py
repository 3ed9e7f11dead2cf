"""The tables of the streams *promised* and *observed*."""

from commitments.models.candidates import Candidate, CatalogueState, Decision, MatchRun
from commitments.models.definitions import Definition
from commitments.models.evidence import Location, Observation, Reading, Snapshot, Verdict
from commitments.models.hosts import Host, HostException, HostExceptionEnd
from commitments.models.promises import Commitment, Deadline, Deliverable, Publisher
from commitments.models.runs import BrakeAnswer, PollRun, Watch
from commitments.models.sources import Citp, Engagement, Recommendation, RecommendationWording, Revision
from commitments.models.version import Version

__all__ = [
    "BrakeAnswer",
    "Candidate",
    "CatalogueState",
    "Citp",
    "Commitment",
    "Deadline",
    "Decision",
    "Definition",
    "Deliverable",
    "Engagement",
    "Host",
    "HostException",
    "HostExceptionEnd",
    "Location",
    "MatchRun",
    "Observation",
    "PollRun",
    "Publisher",
    "Reading",
    "Recommendation",
    "RecommendationWording",
    "Revision",
    "Snapshot",
    "Verdict",
    "Version",
    "Watch",
]
