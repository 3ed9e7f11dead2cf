"""When the robot was wrong: said by someone, never erased, and counted in public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Q

from commitments.days import midnight_after
from commitments.findings import State
from commitments.models import Commitment, Observation, Verdict, Version
from ministries.contradictions import MISTAKES, Cause
from ministries.models import Agent, Contradiction, ContradictionEnd, FalseAlarm
from ministries.reconciling import reconcile
from ministries.standing import standings

NEGATIVE = (State.PARTIAL, State.UNMET, State.GONE)


class AlarmRefused(Exception):
    """A mark that can't be: the message says why, in French."""


@dataclass(frozen=True)
class Alarms:
    """``marked`` of the robot's ``negative`` verdicts were false alarms.

    ``dismissed``: observations set aside by an operator before any verdict came of them (the brake).
    """

    marked: int
    negative: int
    dismissed: int


@transaction.atomic
def mark_false_alarm(
    verdict: Verdict, *, reason: str, by_function: str, today: date, agent: Agent | None = None
) -> FalseAlarm:
    """Say that a negative verdict of the robot was wrong: what it contradicted ends, as the robot's mistake.

    Raises AlarmRefused for a verdict that accuses nobody, that a person gave, that is marked already, or without a
    reason and a function.
    """
    verdict = Verdict.objects.select_for_update().select_related("deliverable").get(pk=verdict.pk)
    if verdict.state not in NEGATIVE:
        raise AlarmRefused("Seul un constat négatif peut être une fausse alerte.")
    if verdict.observation_id is None:
        raise AlarmRefused("Ce constat vient d'une personne : il se corrige par un autre constat humain.")
    if not reason.strip() or not by_function.strip():
        raise AlarmRefused("Un motif et la fonction de qui signale sont obligatoires.")
    if today < verdict.since:
        raise AlarmRefused("Ce constat est postérieur au jour du signalement.")
    if FalseAlarm.objects.filter(verdict=verdict).exists():
        raise AlarmRefused("Ce constat est déjà signalé comme fausse alerte.")
    alarm = FalseAlarm.objects.create(
        verdict=verdict, marked_on=today, by_function=by_function.strip(), agent=agent, reason=reason.strip()
    )
    Version.bump()
    concerned = Commitment.objects.public().filter(pk=verdict.deliverable.commitment_id)
    reconcile(standings(today, commitments=concerned), today)
    _own(verdict)
    return alarm


def false_alarms(as_of: date) -> Alarms:
    """The robot's negative verdicts up to a day, and how many of them were wrong. Public promises only."""
    public = Commitment.objects.public()
    negative = Verdict.objects.known(as_of).filter(
        state__in=NEGATIVE,
        observation__isnull=False,
        deliverable__commitment__in=public,
    )
    dismissed = Observation.objects.filter(
        dismissed_at__lt=midnight_after(as_of), verdicts=None, location__deliverable__commitment__in=public
    )
    marked = Count("pk", filter=Q(false_alarm__marked_on__lte=as_of))
    return Alarms(**negative.aggregate(marked=marked, negative=Count("pk")), dismissed=dismissed.count())


def _own(verdict: Verdict) -> None:
    """What this verdict began, and that ended as if the ministry had changed, says from now on that the robot did."""
    for row in Contradiction.objects.filter(verdict=verdict).prefetch_related("ends"):
        end = row.end
        if end is not None and end.cause != Cause.ROBOT:
            ContradictionEnd.objects.create(
                contradiction=row,
                ended_on=end.ended_on,
                cause=Cause.ROBOT,
                text=MISTAKES[Cause.ROBOT],
                corrects=end,
            )
