"""The words that portals, rules and tables share: outcomes, findings, verdicts. Pure values."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Facts = Mapping[str, Any]
"""What a portal or a person says of a record; keys are listed in ``commitments/portals/datagouv.py``."""


class Outcome(enum.StrEnum):
    """What one try at an address gave. Only the first three are definitive."""

    FOUND = "found"
    GONE = "gone"
    ABSENT = "absent"
    NO_OBSERVATION = "no_observation"

    @property
    def definitive(self) -> bool:
        return self is not Outcome.NO_OBSERVATION


class State(enum.StrEnum):
    """A verdict's state (« constat »)."""

    KEPT = "kept"
    PARTIAL = "partial"
    UNMET = "unmet"
    GONE = "gone"
    UNKNOWN = "unknown"
    UNLOCATED = "unlocated"


class ReadingState(enum.StrEnum):
    """What a person found (« constat humain »)."""

    OPEN = "open"
    OPEN_PARTIAL = "open_partial"
    OPEN_RESTRICTED = "open_restricted"
    NOT_OPEN = "not_open"
    NOT_VERIFIED = "not_verified"


class Kind(enum.StrEnum):
    """What a deliverable is."""

    DATASET = "dataset"
    API = "api"
    SOURCE_CODE = "source_code"
    DOCUMENT = "document"
    PLATFORM = "platform"


class Access(enum.StrEnum):
    """The access promised, or found. Open and restricted are never added silently."""

    OPEN = "open"
    OPEN_WITH_ACCOUNT = "open_with_account"
    RESTRICTED = "restricted"
    UNSAID = ""


@dataclass(frozen=True)
class Sighting:
    """What a portal answered to one try; a portal never returns more than this, nor raises for an outage.

    ``cause`` is empty unless ``outcome`` is ``no_observation``: a code of ``commitments/portals/causes.py``.
    ``retry_after`` is in seconds. ``evidence`` is the body as received, bounded by the door.
    """

    outcome: Outcome
    facts: Facts = field(default_factory=dict)
    cause: str = ""
    detail: str = ""
    identifier: str = ""
    url: str = ""
    etag: str = ""
    retry_after: int | None = None
    evidence: bytes = b""

    @classmethod
    def none(cls, cause: str, detail: str = "", *, url: str = "", retry_after: int | None = None) -> Sighting:
        return cls(Outcome.NO_OBSERVATION, cause=cause, detail=detail, url=url, retry_after=retry_after)


@dataclass(frozen=True)
class MachineFinding:
    """The last definitive interval of observation known on the day of judgment.

    ``first_seen`` and ``last_seen`` are days in Paris; ``checks`` counts the tries between them.
    """

    outcome: Outcome
    facts: Facts
    first_seen: date
    last_seen: date
    checks: int


@dataclass(frozen=True)
class HumanFinding:
    """A reading. ``day`` is its last possible day: « septembre 2021 » counts from the 30th."""

    state: ReadingState
    day: date
    opened_on: date | None = None
    label: str = ""


@dataclass(frozen=True)
class Check:
    """One line of the checklist. ``holds``: true ✔, false ✘, None « à vérifier »."""

    criterion: str
    holds: bool | None
    text: str


@dataclass(frozen=True)
class Reason:
    """Why a verdict is what it is: ``code`` is the anchor of its rule in ``/methode/``, ``text`` a French sentence."""

    code: str
    text: str
    criterion: str = ""


@dataclass(frozen=True)
class Judgment:
    """A deliverable's verdict on a day. ``opened_from``: reading, portal, first_seen or empty."""

    state: State
    reasons: tuple[Reason, ...] = ()
    checks: tuple[Check, ...] = ()
    opened_on: date | None = None
    opened_from: str = ""
    grounded_by: str = ""  # machine, reading or empty
