"""The operator's writes: the brake, hosts left alone, false alarms, definitions of done. Mandates come first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from commitments import braking, defining, sparing
from commitments.models import BrakeAnswer, Definition, Deliverable, HostException, HostExceptionEnd, Verdict
from ministries.authoring import Author, Refused, locked, same_as_seen, text, writing
from ministries.false_alarms import AlarmRefused, mark_false_alarm
from ministries.models import Act, FalseAlarm
from ministries.permissions import Action

WHY = "Un motif est obligatoire : il est public."


def answer_brake(author: Author, *, confirm: bool, reason: str, seen: str) -> BrakeAnswer:
    """Confirm or dismiss what the brake holds back. ``seen``: the mark of the list that was shown."""
    with writing(author):
        capacity = author.require(Action.OPERATE, None)
        why = text("reason", reason, needed=WHY)
        try:
            given = braking.answer(
                confirm=confirm, reason=why, decided_by=capacity.function, now=author.now, seen=seen
            )
        except braking.BrakeRefused as error:
            raise Refused("seen", str(error)) from None
        author.record(Act.Verb.BRAKE, capacity, row=given)
        return given


def spare(author: Author, *, host: str, reason: str, until: date | None) -> HostException:
    """Leave a host alone until a day, that day included."""
    with writing(author):
        capacity = author.require(Action.OPERATE, None)
        if until is None:
            raise Refused("until", "Une exception a une fin : donnez son dernier jour.")
        try:
            made = sparing.spare(
                text("host", host, needed="Donnez le nom du serveur.", longest=300),
                reason=text("reason", reason, needed=WHY),
                until=until,
                decided_by=capacity.function,
                now=author.now,
            )
        except sparing.NotSpared as error:
            raise Refused(error.field, str(error)) from None
        author.record(Act.Verb.SPARE, capacity, row=made)
        return made


def resume(author: Author, exception: HostException, *, reason: str) -> HostExceptionEnd:
    """Ask that host again, before the day that had been decided."""
    with writing(author):
        capacity = author.require(Action.OPERATE, None)
        why = text("reason", reason, needed=WHY)
        try:
            ended = sparing.resume(exception, reason=why, decided_by=capacity.function, now=author.now)
        except sparing.NotSpared as error:
            raise Refused(error.field, str(error)) from None
        author.record(Act.Verb.RESUME, capacity, row=ended)
        return ended


def mark(author: Author, verdict: Verdict, *, reason: str) -> FalseAlarm:
    """Say that a negative verdict of the robot was wrong."""
    with writing(author):
        commitment = locked(verdict.deliverable.commitment)
        capacity = author.require(Action.MARK_FALSE_ALARM, commitment)
        why = text("reason", reason, needed=WHY)
        try:
            alarm = mark_false_alarm(
                verdict, reason=why, by_function=capacity.function, today=author.today, agent=author.agent
            )
        except AlarmRefused as error:
            raise Refused("verdict", str(error)) from None
        author.record(Act.Verb.FALSE_ALARM, capacity, commitment=commitment, row=alarm)
        return alarm


def define(
    author: Author, deliverable: Deliverable, criteria: Sequence[str], *, reason: str, seen: int | None
) -> Definition:
    """Ask these criteria of a deliverable from today on. ``seen``: its own definition that the form showed."""
    with writing(author):
        commitment = locked(deliverable.commitment)
        capacity = author.require(Action.DEFINE, commitment)
        same_as_seen(deliverable.definitions.order_by("since", "pk").last(), seen)
        why = text("reason", reason, needed=WHY)
        try:
            made = defining.define(deliverable, criteria, reason=why, decided_by=capacity.function, today=author.today)
        except defining.DefinitionRefused as error:
            raise Refused("criteria", str(error)) from None
        author.record(Act.Verb.DEFINE, capacity, commitment=commitment, row=made)
        return made
