"""What happened to promises, in one list with stable marks: promised, dated, declared, read, judged, disputed.

Read it newest first (``newest``: pages, the API, feeds) or as it was recorded (``recorded``: catching up), each with
a cursor, so that rows added meanwhile neither hide nor repeat any. One query for the marks, one for each stream met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value

from commitments.criteria import LABELS as CRITERIA
from commitments.days import in_words
from commitments.models import Commitment, Deadline, Definition, Reading, Verdict
from ministries.contradictions import KINDS as CONTRADICTIONS
from ministries.contradictions import Kind
from ministries.leads import lead
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
class Mark:
    """Where an event stands: its day, its stream, its row."""

    day: date
    stream: int
    pk: int

    @property
    def place(self) -> tuple[date, int, int]:
        return self.day, self.stream, self.pk


@dataclass(frozen=True)
class Recorded:
    """Where an event stands among all that was recorded: the cursor of ``recorded``."""

    at: datetime
    stream: int
    pk: int

    @property
    def place(self) -> tuple[datetime, int, int]:
        return self.at, self.stream, self.pk


@dataclass(frozen=True)
class Event:
    """Something dated that happened to a promise. ``ministry``: the code of who answers on the day asked.

    ``before`` and ``after``: codes, or words for a date and a scope. ``days``: of a date that moved.
    """

    mark: Mark
    kind: str
    commitment: Commitment
    ministry: str
    recorded_at: datetime
    sentence: str
    before: str = ""
    after: str = ""
    days: int | None = None
    source: str = ""

    @property
    def id(self) -> str:
        """Stable: the same event bears it for ever, ``deadline-12``."""
        return f"{STREAMS[self.mark.stream].name}-{self.mark.pk}"

    @property
    def day(self) -> date:
        return self.mark.day

    @property
    def text(self) -> str:
        """What reads alone, out of any page."""
        return f"{self.commitment.ref} « {self.commitment.title} » — {self.sentence}"

    @property
    def at(self) -> Recorded:
        return Recorded(self.recorded_at, self.mark.stream, self.mark.pk)


@dataclass(frozen=True)
class Asked:
    """Which events: of days from ``since`` to ``until``, both included, recorded by ``known_at``.

    ``commitments``: those of these promises only, every public one otherwise. ``kinds``: all of them when empty.
    """

    until: date
    since: date | None = None
    known_at: datetime | None = None
    commitments: QuerySet[Commitment] | None = None
    kinds: Collection[str] = ()

    def rows(self, stream: Stream) -> QuerySet[Any]:
        """The rows of a stream that answer, with ``lead``: who answers for the promise."""
        path = stream.path
        rows = stream.rows(self).filter(**{f"{stream.day}__lte": self.until})
        if self.since is not None:
            rows = rows.filter(**{f"{stream.day}__gte": self.since})
        if self.known_at is not None:
            rows = rows.filter(recorded_at__lte=self.known_at)
        asked = Commitment.objects.public() if self.commitments is None else self.commitments
        asked = asked.filter(announced_on__lte=self.until)
        rows = rows.filter(**{f"{path}__in" if path else "pk__in": asked.values("pk")})
        if self.kinds:
            wanted = [which for kind, which in stream.kinds.items() if kind in self.kinds]
            rows = rows.filter(reduce(or_, wanted)) if wanted else rows.none()
        answered: QuerySet[Any] = rows.annotate(lead=lead(self.until, path or "pk")).filter(lead__isnull=False)
        return answered

    def these(self, stream: Stream, ids: Sequence[int]) -> QuerySet[Any]:
        """Rows known to answer: read by their ids alone, or the whole table would be sifted again for each few."""
        rows: QuerySet[Any] = stream.rows(self).filter(pk__in=ids).annotate(lead=lead(self.until, stream.path or "pk"))
        return rows


@dataclass(frozen=True)
class Stream:
    """One table of events: its name in ids, its day, the way to its promise, its kinds, how it is asked and told."""

    name: str
    day: str
    path: str
    rows: Callable[[Asked], QuerySet[Any]]
    tell: Callable[[Any], Mapping[str, Any]]
    kinds: Mapping[str, Q] = field(default_factory=dict)

    def event(self, number: int, row: Any) -> Event:
        told = {"kind": next(iter(self.kinds)), **self.tell(row)}
        commitment = row
        for step in filter(None, self.path.split("__")):
            commitment = getattr(commitment, step)
        mark = Mark(getattr(row, self.day), number, row.pk)
        return Event(mark, commitment=commitment, ministry=row.lead, recorded_at=row.recorded_at, **told)


def count(asked: Asked) -> int:
    return _union(asked, lambda stream: stream.day).count()


def newest(asked: Asked, size: int | None = None, after: Mark | None = None) -> tuple[list[Event], Mark | None]:
    """The events that follow a mark, latest day first, and the mark of the last one when there are more."""

    def following(number: int) -> Q:
        return _earlier(STREAMS[number].day, number, after) if after else Q()

    if size is None:
        found = _every(asked, following)
    else:
        marks = _union(asked, lambda stream: stream.day, following).order_by("-place", "-number", "-row")
        found = _told(asked, marks[: size + 1])
    found.sort(key=lambda event: event.mark.place, reverse=True)
    if size is None or len(found) <= size:
        return found, None
    return found[:size], found[size - 1].mark


def whole(asked: Asked, at_once: int) -> Iterator[Event]:
    """Every event, as ``newest`` tells them, ``at_once`` read together: their number may grow, the memory does not."""
    marks = _union(asked, lambda stream: stream.day).order_by("-place", "-number", "-row").iterator(at_once)
    while some := list(islice(marks, at_once)):
        yield from sorted(_told(asked, some), key=lambda event: event.mark.place, reverse=True)


def recorded(asked: Asked, size: int | None = None, after: Recorded | None = None) -> list[Event]:
    """The events recorded after a cursor, oldest record first, whatever the day they tell of.

    The last one's ``at`` is the next cursor. A row whose transaction was long may appear behind the cursor of who
    reads to the very end: ask with ``known_at`` a minute ago.
    """

    def following(number: int) -> Q:
        return _later(number, after) if after else Q()

    if size is None:
        found = _every(asked, following)
    else:
        marks = _union(asked, lambda stream: "recorded_at", following).order_by("place", "number", "row")
        found = _told(asked, marks[:size])
    return sorted(found, key=lambda event: event.at.place)


def _union(
    asked: Asked, place: Callable[[Stream], str], following: Callable[[int], Q] = lambda number: Q()
) -> QuerySet[Any]:
    """Place, number of its stream and row of every event that answers: one query for all the streams."""
    parts = [
        asked.rows(stream)
        .filter(following(number))
        .annotate(place=F(place(stream)), number=Value(number), row=F("pk"))
        .order_by()
        .values_list("place", "number", "row")
        for number, stream in enumerate(STREAMS)
    ]
    union: QuerySet[Any] = parts[0].union(*parts[1:], all=True)
    return union


def _told(asked: Asked, marks: Iterable[Any]) -> list[Event]:
    """The events of these marks, in no order: one query for each stream that has some."""
    rows: dict[int, list[int]] = defaultdict(list)
    for _, number, row in marks:
        rows[number].append(row)
    return [
        STREAMS[number].event(number, row) for number, ids in rows.items() for row in asked.these(STREAMS[number], ids)
    ]


def _every(asked: Asked, following: Callable[[int], Q]) -> list[Event]:
    return [
        stream.event(number, row)
        for number, stream in enumerate(STREAMS)
        for row in asked.rows(stream).filter(following(number))
    ]


def _earlier(name: str, number: int, after: Mark) -> Q:
    """What comes after a mark when days go down, then streams, then rows."""
    before = Q(**{f"{name}__lt": after.day})
    if number < after.stream:
        return before | Q(**{name: after.day})
    if number == after.stream:
        return before | Q(**{name: after.day, "pk__lt": after.pk})
    return before


def _later(number: int, after: Recorded) -> Q:
    """What comes after a cursor when records go up, then streams, then rows."""
    later = Q(recorded_at__gt=after.at)
    if number > after.stream:
        return later | Q(recorded_at=after.at)
    if number == after.stream:
        return later | Q(recorded_at=after.at, pk__gt=after.pk)
    return later


# --- how each stream is asked -------------------------------------------------------------------------------------


def _promises(asked: Asked) -> QuerySet[Commitment]:
    return Commitment.objects.all()


def _deadlines(asked: Asked) -> QuerySet[Deadline]:
    """Each with the one before it, when there is one; a date that was read wrongly is none."""
    superseded = Q(corrected_by__isnull=False)
    if asked.known_at is not None:
        superseded = Q(corrected_by__recorded_at__lte=asked.known_at)
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


def _declarations(asked: Asked) -> QuerySet[Declaration]:
    return Declaration.objects.select_related("commitment").defer("note")


def _readings(asked: Asked) -> QuerySet[Reading]:
    superseded = Q(corrected_by__isnull=False)
    if asked.known_at is not None:
        superseded = Q(corrected_by__recorded_at__lte=asked.known_at)
    return Reading.objects.exclude(superseded).select_related("commitment")


def _verdicts(asked: Asked) -> QuerySet[Verdict]:
    """Those whose state is not that of the one before (``before``)."""
    earlier = Q(since__lt=OuterRef("since")) | Q(since=OuterRef("since"), pk__lt=OuterRef("pk"))
    previous = Verdict.objects.filter(earlier, deliverable=OuterRef("deliverable")).order_by("-since", "-pk")
    rows = Verdict.objects.select_related("deliverable__commitment").defer("checks", "reasons")
    rows = rows.annotate(before=Subquery(previous.values("state")[:1]))
    return rows.filter(Q(before=None) | ~Q(before=F("state")))


def _contradictions(asked: Asked) -> QuerySet[Contradiction]:
    return Contradiction.objects.select_related("commitment")


def _ends(asked: Asked) -> QuerySet[ContradictionEnd]:
    return ContradictionEnd.objects.select_related("contradiction__commitment")


def _scopes(asked: Asked) -> QuerySet[ScopeChange]:
    return ScopeChange.objects.select_related("deliverable__commitment")


def _replies(asked: Asked) -> QuerySet[Reply]:
    return Reply.objects.select_related("commitment")


def _reports(asked: Asked) -> QuerySet[Moderation]:
    """Those that a ministry published; what it takes back is an event no more."""
    return Moderation.objects.published().select_related("report__commitment")


def _definitions(asked: Asked) -> QuerySet[Definition]:
    return Definition.objects.select_related("deliverable__commitment")


def _alarms(asked: Asked) -> QuerySet[FalseAlarm]:
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
"""In the order of their numbers in marks: new ones go last."""
