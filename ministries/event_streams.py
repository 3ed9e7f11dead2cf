"""The tables whose rows are events of a promise: how each is asked, as known at a moment, and told in a sentence.

A stream's place in ``STREAMS`` is its number in marks and cursors: new ones go last.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from commitments.criteria import LABELS as CRITERIA
from commitments.days import in_words
from commitments.models import Commitment, Deadline, Definition, Reading, Verdict
from ministries.contradictions import KINDS as CONTRADICTIONS
from ministries.contradictions import Kind
from ministries.models import Contradiction, ContradictionEnd, Declaration, FalseAlarm, Moderation, Reply, ScopeChange

KINDS = {
    "promised": "promesse annoncée",
    "deadline_announced": "échéance annoncée",
    "deadline_moved": "échéance déplacée",
    "declared": "déclaration du ministère",
    "reading": "constat humain",
    "verdict": "constat changé",
    "contradiction_opened": "contradiction ouverte",
    "contradiction_closed": "contradiction close",
    "scope_changed": "périmètre changé",
    "replied": "réponse du ministère",
    "definition_changed": "définition changée",
    "false_alarm": "fausse alerte du robot",
    "reported": "signalement publié avec sa réponse",
}
STATES = {str(key): str(label) for key, label in Verdict.STATES}


@dataclass(frozen=True)
class Stream:
    """One table of events: its name in ids, its day, the way to its promise, its kinds, how it is asked and told."""

    name: str
    day: str
    path: str
    rows: Callable[[datetime | None], QuerySet[Any]]
    tell: Callable[[Any], Mapping[str, Any]]
    kinds: Mapping[str, Q] = field(default_factory=dict)

    def told(self, row: Any) -> dict[str, Any]:
        """What an event says of this row: its kind, its promise, its sentence and what goes with it."""
        commitment = row
        for step in filter(None, self.path.split("__")):
            commitment = getattr(commitment, step)
        return {"kind": next(iter(self.kinds)), "commitment": commitment, **self.tell(row)}


# --- how each stream is asked -------------------------------------------------------------------------------------


def _promises(known_at: datetime | None) -> QuerySet[Commitment]:
    return Commitment.objects.all()


def _deadlines(known_at: datetime | None) -> QuerySet[Deadline]:
    """Each with the one before it, when there is one; a date that was read wrongly is none."""
    superseded = Q(corrected_by__isnull=False)
    if known_at is not None:
        superseded = Q(corrected_by__recorded_at__lte=known_at)
    standing = Deadline.objects.exclude(superseded)
    earlier = Q(announced_on__lt=OuterRef("announced_on"))
    before = standing.filter(
        earlier | Q(announced_on=OuterRef("announced_on"), pk__lt=OuterRef("pk")), commitment=OuterRef("commitment")
    ).order_by("-announced_on", "-pk")
    return standing.select_related("commitment").annotate(
        before_pk=Subquery(before.values("pk")[:1]),
        before_raw=Subquery(before.values("raw")[:1]),
        before_last=Subquery(before.values("last_day")[:1]),
    )


def _declarations(known_at: datetime | None) -> QuerySet[Declaration]:
    return Declaration.objects.select_related("commitment").defer("note")


def _readings(known_at: datetime | None) -> QuerySet[Reading]:
    superseded = Q(corrected_by__isnull=False)
    if known_at is not None:
        superseded = Q(corrected_by__recorded_at__lte=known_at)
    return Reading.objects.exclude(superseded).select_related("commitment")


def _verdicts(known_at: datetime | None) -> QuerySet[Verdict]:
    """Those whose state is not that of the one before (``before``)."""
    earlier = Q(since__lt=OuterRef("since")) | Q(since=OuterRef("since"), pk__lt=OuterRef("pk"))
    previous = Verdict.objects.filter(earlier, deliverable=OuterRef("deliverable")).order_by("-since", "-pk")
    rows = Verdict.objects.select_related("deliverable__commitment").defer("checks", "reasons")
    rows = rows.annotate(before=Subquery(previous.values("state")[:1]))
    return rows.filter(Q(before=None) | ~Q(before=F("state")))


def _contradictions(known_at: datetime | None) -> QuerySet[Contradiction]:
    return Contradiction.objects.select_related("commitment")


def _ends(known_at: datetime | None) -> QuerySet[ContradictionEnd]:
    return ContradictionEnd.objects.select_related("contradiction__commitment")


def _scopes(known_at: datetime | None) -> QuerySet[ScopeChange]:
    return ScopeChange.objects.select_related("deliverable__commitment")


def _replies(known_at: datetime | None) -> QuerySet[Reply]:
    return Reply.objects.select_related("commitment")


def _reports(known_at: datetime | None) -> QuerySet[Moderation]:
    """Those that a ministry published; what it takes back is an event no more."""
    return Moderation.objects.published().select_related("report__commitment")


def _definitions(known_at: datetime | None) -> QuerySet[Definition]:
    return Definition.objects.select_related("deliverable__commitment")


def _alarms(known_at: datetime | None) -> QuerySet[FalseAlarm]:
    return FalseAlarm.objects.select_related("verdict__deliverable__commitment")


# --- how each row is told -----------------------------------------------------------------------------------------


def _promise(row: Any) -> Mapping[str, Any]:
    return {"sentence": f"Promesse annoncée : {row.announced_in}", "source": row.source}


def _deadline(row: Any) -> Mapping[str, Any]:
    told = {"before": row.before_raw or "", "after": row.raw, "source": row.source_url}
    if row.before_pk is None:
        return {**told, "kind": "deadline_announced", "sentence": f"Échéance annoncée : {row.raw}"}
    known = row.before_last is not None and row.last_day is not None
    days = (row.last_day - row.before_last).days if known else None
    moved = f" ({days:+d} jours)" if days is not None else ""
    sentence = f"Échéance déplacée : {row.before_raw} → {row.raw}{moved}"
    return {**told, "kind": "deadline_moved", "days": days, "sentence": sentence}


def _declaration(row: Any) -> Mapping[str, Any]:
    again = f" (rien de nouveau, {row.nothing_new} fois de suite)" if row.nothing_new else ""
    return {
        "sentence": f"Le ministère déclare : {row.get_status_display()}{again}",
        "after": row.status,
        "source": row.source_url,
    }


def _reading(row: Any) -> Mapping[str, Any]:
    sentence = f"Constat humain : {row.get_state_display()}"
    return {"sentence": sentence, "after": row.state, "source": row.evidence_url}


def _verdict(row: Any) -> Mapping[str, Any]:
    now = row.get_state_display()
    said = f"Constat : {STATES[row.before]} → {now}" if row.before else f"Constat : {now}"
    what = f"{row.deliverable.get_kind_display()} : {row.deliverable.label}"
    return {"sentence": f"{said} ({what})", "before": row.before or "", "after": row.state}


def _contradiction(row: Any) -> Mapping[str, Any]:
    called = "Bonne nouvelle" if CONTRADICTIONS[Kind(row.kind)].good_news else "Contradiction ouverte"
    return {"sentence": f"{called} : {row.get_kind_display()}. {row.text}", "after": row.kind}


def _end(row: Any) -> Mapping[str, Any]:
    days = (row.ended_on - row.contradiction.opened_on).days
    said = "Cause corrigée" if row.corrects_id else "Contradiction close"
    lasted = f"après {days} jour{'s'[: days > 1]}"
    what = f"{row.contradiction.get_kind_display()}. {row.text}"
    sentence = f"{said} {lasted} ({row.get_cause_display()}) : {what}"
    return {"sentence": sentence, "before": row.contradiction.kind, "after": row.cause}


def _scope(row: Any) -> Mapping[str, Any]:
    late = " après l'échéance" if row.late else ""
    before, after = row.before_words, row.after_words
    sentence = f"Périmètre changé{late} ({row.get_aspect_display()}) : {before} → {after}. {row.reason}"
    return {"sentence": sentence, "before": before, "after": after, "source": row.source_url}


def _reply(row: Any) -> Mapping[str, Any]:
    return {"sentence": f"Réponse du ministère : {row.text}", "source": row.source_url}


def _report(row: Any) -> Mapping[str, Any]:
    said = f" : {row.report.text}" if row.report.text else ""
    sentence = f"Signalement ({row.report.get_kind_display()}){said}. Réponse du ministère : {row.answer}"
    return {"sentence": sentence, "after": row.report.kind, "source": row.report.url}


def _definition(row: Any) -> Mapping[str, Any]:
    late = " après l'échéance" if row.softened_late else ""
    said = f"critères retirés{late} : {_criteria(row.removed)}" if row.removed else "critères ajoutés"
    return {"sentence": f"Définition changée, {said}. {row.reason}", "after": _criteria(row.criteria)}


def _alarm(row: Any) -> Mapping[str, Any]:
    wrong = row.verdict
    what = f"{wrong.get_state_display()}, depuis le {in_words(wrong.since)}"
    sentence = f"Fausse alerte du robot : le constat « {what} » était une erreur. {row.reason} ({row.by_function})"
    return {"sentence": sentence, "before": wrong.state}


def _criteria(codes: Collection[str]) -> str:
    return ", ".join(CRITERIA.get(code, code) for code in codes)


STREAMS = (
    Stream("promise", "announced_on", "", _promises, _promise, {"promised": Q()}),
    Stream(
        "deadline",
        "announced_on",
        "commitment",
        _deadlines,
        _deadline,
        {"deadline_announced": Q(before_pk=None), "deadline_moved": Q(before_pk__isnull=False)},
    ),
    Stream("declaration", "declared_on", "commitment", _declarations, _declaration, {"declared": Q()}),
    Stream("reading", "read_on", "commitment", _readings, _reading, {"reading": Q()}),
    Stream("verdict", "since", "deliverable__commitment", _verdicts, _verdict, {"verdict": Q()}),
    Stream("contradiction", "opened_on", "commitment", _contradictions, _contradiction, {"contradiction_opened": Q()}),
    Stream("end", "ended_on", "contradiction__commitment", _ends, _end, {"contradiction_closed": Q()}),
    Stream("scope", "changed_on", "deliverable__commitment", _scopes, _scope, {"scope_changed": Q()}),
    Stream("reply", "replied_on", "commitment", _replies, _reply, {"replied": Q()}),
    Stream("definition", "since", "deliverable__commitment", _definitions, _definition, {"definition_changed": Q()}),
    Stream("alarm", "marked_on", "verdict__deliverable__commitment", _alarms, _alarm, {"false_alarm": Q()}),
    Stream("report", "moderated_on", "report__commitment", _reports, _report, {"reported": Q()}),
)
"""In the order of their numbers."""
