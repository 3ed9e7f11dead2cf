"""The whole load: every file read and checked, then everything written in one transaction, or nothing at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from commitments.days import paris_day
from commitments.judging import rejudge
from commitments.models import Version
from commitments.reference.problems import BadReference, Problem
from commitments.reference.reading import DATA, CommitmentFacts, read_commitments
from commitments.reference.report import Report
from commitments.reference.writing import write_commitments
from commitments.watching import watch_new_locations
from ministries.reconciling import catch_up
from ministries.recounting import recount
from ministries.reference.publishers import sync_publishers
from ministries.reference.reading import MinistryFacts, read_ministries
from ministries.reference.writing import write_ministries


def read_all(folder: Path = DATA) -> tuple[CommitmentFacts, MinistryFacts]:
    """Read and check the thirteen files without touching the database. Raises ``BadReference`` with every problem."""
    problems: list[Problem] = []
    promised = read_commitments(folder, problems)
    answering = read_ministries(folder, promised, problems)
    if problems:
        raise BadReference(problems)
    return promised, answering


def load_all(folder: Path = DATA, *, now: datetime) -> Report:
    """Load the facts, then say who may publish, what to poll, and what the readings show. Raises ``BadReference``.

    Loaded again, it writes nothing. Verdicts are made of readings, and contradictions of verdicts, only when something
    changed.
    """
    promised, answering = read_all(folder)
    today = paris_day(now)
    with transaction.atomic():
        commitments, tallies = write_commitments(promised, today)
        write_ministries(answering, promised.openings, commitments, tallies)
        publishers, watches = sync_publishers(), watch_new_locations(now)
        loaded = Report(tuple(tallies.values()), publishers, watches)
        if not loaded.wrote:
            return loaded
        Version.bump()
        verdicts = rejudge(today=today)
        recount()
        catch_up(now)
        return Report(loaded.tallies, publishers, watches, verdicts)
