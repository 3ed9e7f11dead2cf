"""Evidence for the tests of verdicts: what a robot saw, what a person read, and how they are judged."""

from datetime import date

from commitments.findings import (
    Access,
    HumanFinding,
    Kind,
    MachineFinding,
    Outcome,
    ReadingState,
    State,
)
from commitments.verdicts import judge

TODAY = date(2026, 11, 24)
MINISTRY = "534fff8ea3a7292c64a77f02"
KEPT, PARTIAL, UNMET, GONE = State.KEPT, State.PARTIAL, State.UNMET, State.GONE
UNKNOWN, UNLOCATED = State.UNKNOWN, State.UNLOCATED
OPEN, OPEN_PARTIAL = ReadingState.OPEN, ReadingState.OPEN_PARTIAL
OPEN_RESTRICTED, NOT_OPEN = ReadingState.OPEN_RESTRICTED, ReadingState.NOT_OPEN
NOT_VERIFIED = ReadingState.NOT_VERIFIED

DATASET = {
    "id": "650000000000000000000001",
    "title": "Jeu exemplaire",
    "organization_id": MINISTRY,
    "organization_name": "Ministère",
    "organization_badges": ["certified", "public-service"],
    "owned_by_person": False,
    "archived": None,
    "access_type": "open",
    "license": "lov2",
    "frequency": "annual",
    "last_update": "2026-11-04T08:00:00+00:00",
    "created_at_internal": "2021-07-09",
    "resources_total": 3,
    "all_resources_available": True,
}
READ_AS_OPENAPI = {"state": "answers", "fetched": True, "openapi": "3.0.3", "paths": 12, "title": "API", "page": None}
API = {
    "organization_id": MINISTRY,
    "organization_badges": ["public-service"],
    "owned_by_person": False,
    "archived": None,
    "access_type": "open",
    "license": "notspecified",
    "created_at_internal": "2022-01-10",
    "machine_documentation_url": "https://exemple.gouv.fr/openapi.json",
    "technical_documentation_url": None,
    "documentation": READ_AS_OPENAPI,
}
CODE = {"commits": True, "archived": None, "license": "MIT"}


def day(text):
    return date.fromisoformat(text)


def seen(facts=DATASET, *, outcome=Outcome.FOUND, first="2026-11-01", last="2026-11-24", checks=20):
    return MachineFinding(outcome, facts, day(first), day(last), checks)


def read(state, on, opened_on=None, label=""):
    return HumanFinding(state, day(on), day(opened_on) if opened_on else None, label)


def judged(kind=Kind.DATASET, promised=Access.OPEN, *, machine=None, readings=(), today=TODAY, **more):
    more.setdefault("located", True)
    more.setdefault("publishers", frozenset({MINISTRY}))
    today = day(today) if isinstance(today, str) else today
    return judge(kind, promised, machine=machine, readings=readings, today=today, **more)


def codes(judgment):
    return [reason.code for reason in judgment.reasons]


def holds(judgment, criterion):
    return next(check.holds for check in judgment.checks if check.criterion == criterion)
