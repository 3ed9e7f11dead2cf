"""Keeps the courses of promises, and their sums by day, true: written in the transaction of whatever moves them.

``recount`` is called by every write: by those of this app themselves, by those of ``commitments`` through its signal.
What it derives from and what it writes are committed together or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from operator import add
from typing import Any

from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

from commitments.days import paris_day
from commitments.findings import Outcome, ReadingState, State
from commitments.models import Commitment, Deliverable, Location, Observation, Reading, Verdict, Version
from ministries.courses import Delivered, Judged, Life, Part, Read, parts
from ministries.models import Course, DayMovement, MonthMovement, Responsibility, month_number

AT_ONCE = 500
KEPT: dict[type[DayMovement | MonthMovement], Callable[[date], int]] = {
    DayMovement: date.toordinal,
    MonthMovement: month_number,
}
"""The sums that are kept, each with the number that it gives to a day."""

Told = list[list[Any]]
"""Parts as they are kept: [day, id of the ministry, state]."""
Sums = dict[int, dict[str, list[int]]]
"""Number of a day or a month → id of a ministry → by how many promises each state moves."""

RANKS = {state.value: rank for rank, state in enumerate(State)}
NOTHING = (0,) * len(RANKS)


@transaction.atomic
def recount(commitments: Collection[int] | None = None) -> int:
    """Write again the courses of these promises (ids; None: of all) and the sums. Returns how many courses moved.

    One writer at a time counts: the row of the version is held until the transaction ends, as by every write that
    bumps it. Call it last.
    """
    asked = list(_shares(commitments))
    if not asked:
        return 0
    Version.hold()
    moved = 0
    for ids in asked:
        wanted = _wanted(ids)
        held: dict[int, Told] = dict(Course.objects.filter(pk__in=ids).values_list("pk", "parts"))
        other = {pk: told for pk, told in wanted.items() if held.get(pk) != told}
        gone = held.keys() - wanted.keys()
        if gone:
            Course.objects.filter(pk__in=gone).delete()
        courses = [Course(commitment_id=pk, parts=told) for pk, told in other.items()]
        Course.objects.bulk_create(
            courses, update_conflicts=True, unique_fields=["commitment"], update_fields=["parts"]
        )
        if not other and not gone:
            continue
        former = [held[pk] for pk in (*other, *gone) if pk in held]
        for model, number in KEPT.items():
            _move(model, _sums(number, other.values(), into=_sums(number, former, -1)))
        moved += len(other) + len(gone)
    return moved


def on_seen(sender: object, *, commitments: Collection[int], **named: object) -> None:
    """What ``commitments.telling.seen`` calls."""
    recount(commitments)


def on_migrated(sender: object, *, using: str, **named: object) -> None:
    """Count everything again once the tables are those of this version: what was kept may come from other rules."""
    executor = MigrationExecutor(connections[using])
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        recount()


def differing() -> tuple[list[int], list[str]]:
    """The promises (ids) whose course is not what their rows give, and the sums that are not those of the courses.

    Reads only.
    """
    found: set[int] = set()
    sums: dict[Any, Sums] = {model: {} for model in KEPT}
    for ids in _shares(None):
        wanted = _wanted(ids)
        held: dict[int, Told] = dict(Course.objects.filter(pk__in=ids).values_list("pk", "parts"))
        found |= {pk for pk in wanted.keys() | held.keys() if wanted.get(pk) != held.get(pk)}
        for model, number in KEPT.items():
            _sums(number, held.values(), into=sums[model])
    wrong: list[str] = []
    for model in KEPT:
        kept: Sums = dict(model.objects.values_list("when", "moves"))
        given = {when: _moved(moves) for when, moves in sums[model].items()}
        whens = sorted(kept.keys() | given.keys())
        wrong += [str(model(when=when)) for when in whens if kept.get(when, {}) != given.get(when, {})]
    return sorted(found), wrong


def _shares(commitments: Collection[int] | None) -> Iterator[list[int]]:
    """The ids, a few at a time: five years of five thousand promises are not held in memory."""
    asked: Iterable[int] = Commitment.objects.values_list("pk", flat=True) if commitments is None else commitments
    ids = sorted(asked)
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _wanted(ids: list[int]) -> dict[int, Told]:
    """What the rows of these promises give, as it is kept."""
    return {pk: [_told(part) for part in parts(life)] for pk, life in _lives(ids).items()}


def _told(part: Part) -> list[Any]:
    return [part.since.isoformat(), part.ministry, part.state.value]


def _sums(number: Callable[[date], int], courses: Iterable[Told], sign: int = 1, into: Sums | None = None) -> Sums:
    """Each part enters the counts on its day, and the one before it leaves them. Adds to ``into``."""
    sums: Sums = {} if into is None else into
    for course in courses:
        before: Sequence[Any] | None = None
        for part in course:
            of_then = sums.setdefault(number(date.fromisoformat(part[0])), {})
            of_then.setdefault(str(part[1]), list(NOTHING))[RANKS[part[2]]] += sign
            if before is not None:
                of_then.setdefault(str(before[1]), list(NOTHING))[RANKS[before[2]]] -= sign
            before = part
    return sums


def _move(model: type[DayMovement | MonthMovement], sums: Sums) -> None:
    """Add to the sums kept. Alone at it: see ``recount``."""
    known: Sums = dict(model.objects.filter(when__in=sums).values_list("when", "moves"))
    rows: list[Any] = []
    for when, moves in sums.items():
        held = known.get(when, {})
        added = {
            pk: list(map(add, held.get(pk, NOTHING), moves.get(pk, NOTHING))) for pk in held.keys() | moves.keys()
        }
        rows.append(model(when=when, moves=_moved(added)))
    model.objects.filter(when__in=[row.when for row in rows if not row.moves]).delete()
    kept = [row for row in rows if row.moves and row.moves != known.get(row.when)]
    model.objects.bulk_create(kept, update_conflicts=True, unique_fields=["when"], update_fields=["moves"])


def _moved(moves: dict[str, list[int]]) -> dict[str, list[int]]:
    return {pk: moves[pk] for pk in sorted(moves) if any(moves[pk])}


def _lives(ids: list[int]) -> dict[int, Life]:
    """Everything recorded of these promises that moves their state, in seven queries. Drafts have none."""
    asked = Commitment.objects.public().filter(pk__in=ids)
    lives = {
        pk: Life(announced_on, open_ended)
        for pk, announced_on, open_ended in asked.values_list("pk", "announced_on", "open_ended")
    }
    leads = Responsibility.objects.leading().filter(commitment__in=lives)
    leading = leads.order_by("since", "id").values_list("commitment", "since", "until", "ministry")
    for commitment, begun, ended, ministry in leading:
        lives[commitment].leads.append((begun, ended, ministry))
    delivered: dict[int, Delivered] = defaultdict(Delivered)
    deliverables = Deliverable.objects.filter(commitment__in=lives)
    for pk, commitment in deliverables.order_by("rank").values_list("pk", "commitment"):
        lives[commitment].delivered[pk] = delivered[pk]
    of_these = {"deliverable__commitment__in": list(lives)}
    for pk, since, until in Location.objects.filter(**of_these).values_list("deliverable", "since", "until"):
        delivered[pk].located.append((since, until))
    readings = Reading.objects.filter(commitment__in=lives, corrected_by=None).exclude(state=ReadingState.NOT_VERIFIED)
    columns = ("commitment", "read_on", "state", "deliverable")
    for pk, read_on, state, deliverable in readings.order_by("read_on", "id").values_list(*columns):
        lives[pk].readings.append(Read(read_on, ReadingState(state), deliverable))
    verdicts = Verdict.objects.filter(**of_these).order_by("since", "id")
    grounds = ("deliverable", "since", "state", "observation", "reading")
    for pk, since, state, observation, reading in verdicts.values_list(*grounds):
        by = "machine" if observation is not None else "reading" if reading is not None else ""
        delivered[pk].verdicts.append(Judged(since, State(state), by))
    seen = Observation.objects.filter(location__deliverable__commitment__in=list(lives))
    days = ("location__deliverable", "first_seen_at", "last_seen_at", "dismissed_at")
    for pk, first, last, dismissed in seen.exclude(outcome=Outcome.NO_OBSERVATION).values_list(*days):
        set_aside = None if dismissed is None else paris_day(dismissed)
        delivered[pk].seen.append((paris_day(first), paris_day(last), set_aside))
    return lives
