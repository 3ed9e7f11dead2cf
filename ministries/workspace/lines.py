"""What waits for a ministry's word: which promises, why, and which first. The rules are pure; the reading is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from commitments.models import Commitment
from ministries.declaring import overdue
from ministries.models import Declaration, Draft, Ministry, Responsibility
from ministries.permissions import Action, Rights
from ministries.standing import Standing, standings
from ministries.timeliness import Code, sentence

SILENT_AFTER = 90
"""Days without a declaration after which a ministry is silent on a promise."""
ANSWERED_FOR = 30
"""Days during which a line that was answered is no longer asked for."""

CONTRADICTED, LATE, DUE, SILENT = "contradicted", "late", "due", "silent"
ORDER = (CONTRADICTED, LATE, DUE, SILENT)


@dataclass(frozen=True)
class Why:
    """One reason to ask, in French. ``weight``: the larger, the sooner among lines of one code."""

    code: str
    text: str
    weight: int


def reasons(standing: Standing) -> tuple[Why, ...]:
    """Why this promise waits for a word on the standing's day; empty when nothing is asked. Pure."""
    found = [
        Why(CONTRADICTED, f"{one.get_kind_display()}, depuis {_days((standing.as_of - one.opened_on).days)}", days)
        for one in standing.contradictions
        if (days := (standing.as_of - one.opened_on).days) >= 0
    ]
    timeliness = standing.timeliness
    if timeliness.code is Code.CLOSED:
        return tuple(found)
    if overdue(standing):
        found.append(Why(LATE, sentence(timeliness), timeliness.days or 0))
    elif timeliness.code is Code.DUE_SOON:
        found.append(Why(DUE, sentence(timeliness), -(timeliness.days or 0)))
    declared = standing.declared
    kept = timeliness.code in (Code.KEPT_ON_TIME, Code.KEPT_LATE)
    if declared is None:
        if not kept:
            found.append(Why(SILENT, "rien n'a jamais été déclaré ici", 100_000))
    elif not (kept and declared.status == Declaration.Status.DONE):
        silence = (standing.as_of - declared.declared_on).days
        if silence > SILENT_AFTER:
            found.append(Why(SILENT, f"sans nouvelles depuis {_days(silence)}", silence))
    return tuple(sorted(found, key=_rank))


def urgency(why: Sequence[Why]) -> tuple[int, int]:
    """What is sorted by: the contradicted first, the oldest first; then the late, the due, the silent."""
    return _rank(why[0]) if why else (len(ORDER), 0)


def _rank(why: Why) -> tuple[int, int]:
    return ORDER.index(why.code), -why.weight


def _days(count: int) -> str:
    return "aujourd'hui" if count == 0 else f"{count} jour{'s' if count > 1 else ''}"


@dataclass(frozen=True)
class Line:
    """One promise as its ministry meets it. ``draft``: what a contributor prepared and nobody published yet."""

    standing: Standing
    why: tuple[Why, ...]
    draft: Draft | None
    may_declare: bool
    may_prepare: bool

    @property
    def commitment(self) -> Commitment:
        return self.standing.commitment

    @property
    def answered(self) -> bool:
        declared = self.standing.declared
        recently = self.standing.as_of - timedelta(days=ANSWERED_FOR)
        return declared is not None and declared.declared_on > recently

    @property
    def overdue(self) -> bool:
        return any(one.code == LATE for one in self.why)

    @property
    def obstacle(self) -> dict[str, str]:
        """What still stands in the way of a late promise, as it was last said; empty when nothing does."""
        declared = self.standing.declared
        if declared is None or not self.overdue or not declared.obstacle_kind:
            return {}
        return {"obstacle_kind": declared.obstacle_kind, "obstacle": declared.obstacle}

    @property
    def located(self) -> bool:
        return any(delivered.locations for delivered in self.standing.deliverables)

    @property
    def repeatable(self) -> bool:
        """Whether « rien de nouveau » has something to say again."""
        declared = self.standing.declared
        return declared is not None and declared.status not in Declaration.CLOSING


def within_reach(rights: Rights, ministry: Ministry | None = None) -> QuerySet[Commitment]:
    """The promises, drafts included, of the ministries whose workspace these rights open; of one of them."""
    day = rights.day
    held = Responsibility.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day)
    if not rights.everywhere(Action.ENTER):
        held = held.filter(ministry__in=rights.ministries(Action.ENTER))
    if ministry is not None:
        held = held.filter(ministry=ministry)
    return Commitment.objects.living().filter(pk__in=held.values("commitment"))


def reached(rights: Rights, commitments: Iterable[int], action: Action = Action.ENTER) -> list[int]:
    """Those of these promises for whose ministry these rights allow an action; one set aside counts."""
    day, asked = rights.day, list(commitments)
    held = Responsibility.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day, commitment__in=asked)
    if not rights.everywhere(action):
        held = held.filter(ministry__in=rights.ministries(action))
    return sorted(set(held.values_list("commitment", flat=True)))


def asked_ministry(request: HttpRequest, reachable: Sequence[Ministry]) -> Ministry | None:
    """The ministry that the address names, None without any. One out of reach is unknown."""
    code = request.GET.get("ministere", "")
    if not code:
        return None
    for ministry in reachable:
        if ministry.code == code:
            return ministry
    raise Http404


def ministries_within_reach(rights: Rights) -> QuerySet[Ministry]:
    """The ministries whose workspace these rights open."""
    found = Ministry.objects.filter(responsibilities__until=None, responsibilities__isnull=False).distinct()
    return found if rights.everywhere(Action.ENTER) else found.filter(pk__in=rights.ministries(Action.ENTER))


def lines(rights: Rights, asked: QuerySet[Commitment]) -> list[Line]:
    """Every line of these promises, the most urgent first. A fixed number of queries."""
    found = standings(rights.day, commitments=asked)
    drafts = {
        draft.commitment_id: draft
        for draft in Draft.objects.pending().filter(commitment__in=[s.commitment.pk for s in found])
    }
    made = [
        Line(
            standing=standing,
            why=reasons(standing),
            draft=drafts.get(standing.commitment.pk),
            may_declare=rights.may(Action.DECLARE, _answering(standing)),
            may_prepare=rights.may(Action.PREPARE, _answering(standing)),
        )
        for standing in found
    ]
    return sorted(made, key=lambda line: (urgency(line.why), line.commitment.ref))


def _answering(standing: Standing) -> Iterable[int]:
    return [standing.ministry.pk, *(ministry.pk for ministry in standing.joint)]


def seen(standing: Standing) -> tuple[int | None, int | None]:
    """The ids of the declaration and of the deadline that a form shows."""
    current = standing.promised.current
    return (standing.declared.pk if standing.declared else None), (current.pk if current else None)
