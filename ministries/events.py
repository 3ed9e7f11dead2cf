"""What happened to promises, in one list with stable marks: promised, dated, declared, read, judged, disputed.

Read it newest first (``newest``: pages, the API, feeds) or as it was recorded (``recorded``: catching up), each with
a cursor, so that rows added meanwhile neither hide nor repeat any. One query for the marks, one for each stream met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet, Value

from commitments.models import Commitment
from ministries.event_streams import STREAMS, Stream
from ministries.leads import lead


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
        rows = stream.rows(self.known_at).filter(**{f"{stream.day}__lte": self.until})
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
        rows = stream.rows(self.known_at).filter(pk__in=ids)
        answered: QuerySet[Any] = rows.annotate(lead=lead(self.until, stream.path or "pk"))
        return answered


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
    return [_event(number, row) for number, ids in rows.items() for row in asked.these(STREAMS[number], ids)]


def _every(asked: Asked, following: Callable[[int], Q]) -> list[Event]:
    return [
        _event(number, row)
        for number, stream in enumerate(STREAMS)
        for row in asked.rows(stream).filter(following(number))
    ]


def _event(number: int, row: Any) -> Event:
    stream = STREAMS[number]
    mark = Mark(getattr(row, stream.day), number, row.pk)
    return Event(mark, ministry=row.lead, recorded_at=row.recorded_at, **stream.told(row))


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
