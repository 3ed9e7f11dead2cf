"""All that one promise's page shows beside its situation: rows of every stream, as known on the day.

Most promises have no reply, no candidate, no definition of their own: the query that finds the promise says which of
these it has, and only those are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.days import midnight_after, paris_day
from commitments.findings import Facts, Outcome, ReadingState, State
from commitments.identity import Seen, Told, stories
from commitments.models import Candidate, Commitment, Decision, Definition, Location, Observation
from dashboards.spans import Span, spans
from ministries.models import Contradiction, FalseAlarm, Moderation, Reply, ScopeChange
from ministries.standing import DeliverableStanding, Standing, standings

MOST_CANDIDATES = 5


@dataclass(frozen=True)
class Place:
    """An address, and the last thing that was really seen there (None: nothing yet)."""

    location: Location
    seen: Observation | None

    @property
    def facts(self) -> Facts:
        return self.seen.facts if self.seen is not None and self.seen.outcome == Outcome.FOUND else {}


@dataclass(frozen=True)
class Delivered:
    """A deliverable with its addresses, its own definitions (oldest first) and what may fulfil it.

    ``alarm``: the false alarm that its verdict in force is, when somebody said so.
    """

    standing: DeliverableStanding
    places: tuple[Place, ...]
    definitions: tuple[Definition, ...]
    candidates: tuple[Candidate, ...]
    spans: tuple[Span, ...] = ()
    alarm: FalseAlarm | None = None

    @property
    def seen_states(self) -> list[State]:
        """The states of the strip, each once, in the order of every legend."""
        return [state for state in State if any(span.state == state for span in self.spans)]


@dataclass(frozen=True)
class Dossier:
    """One promise on a day. ``told``: the stories of each observation, by its id."""

    standing: Standing
    observations: Sequence[Observation]
    told: Mapping[int, Sequence[Told]]
    delivered: Sequence[Delivered]
    definitions: Sequence[Definition] = ()
    contradictions: Sequence[Contradiction] = ()
    alarms: Sequence[FalseAlarm] = ()
    replies: Sequence[Reply] = ()
    reports: Sequence[Moderation] = ()
    scope_changes: Sequence[ScopeChange] = ()

    @property
    def as_of(self) -> date:
        return self.standing.as_of


def read(ref: str, as_of: date) -> Dossier | None:
    """One public promise, or None when it does not exist or was not announced yet."""
    end = midnight_after(as_of)
    of_promise, of_deliverable = OuterRef("pk"), "deliverable__commitment"
    candidates = _candidates(as_of)
    kept = {
        "definitions": Definition.objects.in_force(as_of).select_related("deliverable"),
        "candidates": candidates.select_related("deliverable").order_by("deliverable__rank", "rank", "id"),
        "alarms": FalseAlarm.objects.filter(marked_on__lte=as_of),
        "scope_changes": ScopeChange.objects.filter(changed_on__lte=as_of).select_related("ministry"),
        "replies": Reply.objects.filter(replied_on__lte=as_of).select_related("ministry"),
        "reports": Moderation.objects.published().filter(moderated_on__lte=as_of).select_related("ministry", "report"),
        "contradictions": Contradiction.objects.known(as_of).prefetch_related("ends"),
    }
    paths = {
        "alarms": "verdict__deliverable__commitment",
        "replies": "commitment",
        "reports": "report__commitment",
        "contradictions": "commitment",
    }
    has = {
        f"has_{name}": Exists(rows.order_by().filter(**{paths.get(name, of_deliverable): of_promise}))
        for name, rows in kept.items()
    }
    asked = Commitment.objects.public().filter(ref=ref).annotate(**has)
    standing = next(iter(standings(as_of, commitments=asked)), None)
    if standing is None:
        return None
    promise = standing.commitment
    found: dict[str, list[Any]] = {
        name: list(rows.filter(**{paths.get(name, of_deliverable): promise}))
        if getattr(promise, f"has_{name}")
        else []
        for name, rows in kept.items()
    }
    observations = list(
        Observation.objects.filter(location__deliverable__commitment=promise, first_seen_at__lt=end)
        .select_related("location__watch", "snapshot")
        .defer("snapshot__body")
        .order_by("first_seen_at", "id")
    )
    standing_ones = [o for o in observations if not set_aside(o, as_of)]
    last = {o.location_id: o for o in standing_ones if Outcome(o.outcome).definitive}
    proposed = found.pop("candidates")
    return Dossier(
        standing=standing,
        observations=observations,
        told=_told(standing_ones),
        delivered=[
            Delivered(
                d,
                tuple(Place(location, last.get(location.pk)) for location in d.locations),
                tuple(row for row in found["definitions"] if row.deliverable_id == d.deliverable.pk),
                tuple(row for row in proposed if row.deliverable_id == d.deliverable.pk)[:MOST_CANDIDATES],
                _spans(d, standing, standing_ones),
                next((row for row in found["alarms"] if d.verdicts and row.verdict_id == d.verdicts[-1].pk), None),
            )
            for d in standing.deliverables
        ],
        **found,
    )


def _spans(
    delivered: DeliverableStanding, standing: Standing, observations: Sequence[Observation]
) -> tuple[Span, ...]:
    """When it was observed, absent or unknown; what an operator set aside counts for nothing."""
    pk = delivered.deliverable.pk
    return spans(
        [verdict for verdict in delivered.verdicts if verdict.pk not in delivered.set_aside],
        [
            (paris_day(o.first_seen_at), min(paris_day(o.last_seen_at), standing.as_of))
            for o in observations
            if o.location.deliverable_id == pk and Outcome(o.outcome).definitive
        ],
        [r for r in standing.readings if r.deliverable_id in (None, pk) and r.state != ReadingState.NOT_VERIFIED],
        standing.as_of,
    )


def set_aside(observation: Observation, as_of: date) -> bool:
    """Whether an operator had set it aside by the end of that day."""
    return observation.dismissed_at is not None and paris_day(observation.dismissed_at) <= as_of


def _candidates(as_of: date) -> QuerySet[Candidate]:
    """What a person had still to answer on that day."""
    end = midnight_after(as_of)
    answered = Decision.objects.filter(candidate=OuterRef("pk"), decided_at__lt=end)
    still_proposed = Q(withdrawn_at=None) | Q(withdrawn_at__gte=end)
    return Candidate.objects.filter(still_proposed, ~Exists(answered), first_proposed_at__lt=end)


def _told(observations: Sequence[Observation]) -> dict[int, Sequence[Told]]:
    """The passage from each definitive answer of an address to the next one, in words."""
    before: dict[int, Seen] = {}
    found: dict[int, Sequence[Told]] = {}
    for observation in observations:
        outcome = Outcome(observation.outcome)
        if outcome.definitive:
            seen = Seen(outcome, observation.facts)
            if told := stories(before.get(observation.location_id), seen):
                found[observation.pk] = told
            before[observation.location_id] = seen
    return found
