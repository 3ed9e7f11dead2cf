"""What happened, newest first: promises, dates, declarations, readings, verdicts, in one list with stable marks.

A page is read with a cursor, the mark of its last event: rows that are added meanwhile neither hide nor repeat any.
Each kind is asked for one page, in its own query; the page is what comes first of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from dashboards.api import facts
from dashboards.api.reading import CURSOR, Asked
from dashboards.api.shapes.common import site_url
from dashboards.api.shapes.promises import STATE_LABELS
from dashboards.asking import NotUnderstood, Wrong

KINDS = {
    "promised": "promesse annoncée",
    "deadline_announced": "échéance annoncée",
    "deadline_moved": "échéance déplacée",
    "declared": "déclaration du ministère",
    "reading": "constat humain",
    "verdict": "constat changé",
}


@dataclass(frozen=True)
class Mark:
    """Where an event stands: its day, its stream, its row. Also the cursor, ``2021-09-30.4.12``."""

    day: date
    stream: int
    pk: int

    @property
    def place(self) -> tuple[date, int, int]:
        return self.day, self.stream, self.pk

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.stream}.{self.pk}"

    @classmethod
    def read(cls, cursor: str) -> Mark:
        match = CURSOR.fullmatch(cursor)
        try:
            if match:
                return cls(date.fromisoformat(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass
        raise NotUnderstood([Wrong("cursor", cursor[:40], "le curseur donné par « next », tel quel")])


@dataclass(frozen=True)
class Event:
    mark: Mark
    kind: str
    commitment: Any
    ministry: str
    sentence: str
    before: str = ""
    after: str = ""
    days: int | None = None
    recorded_at: datetime | None = None
    source: str = ""

    def row(self, names: Any) -> dict[str, Any]:
        return {
            "id": f"{_STREAMS[self.mark.stream].name}-{self.mark.pk}",
            "kind": self.kind,
            "label": KINDS[self.kind],
            "day": self.mark.day,
            "commitment": {"ref": self.commitment.ref, "title": self.commitment.title},
            "ministry": {"code": self.ministry, "name": names[self.ministry]},
            "sentence": self.sentence,
            "before": self.before,
            "after": self.after,
            "days": self.days,
            "source": self.source,
            "recorded_at": self.recorded_at,
            "url": site_url(self.commitment.get_absolute_url()),
        }


@dataclass(frozen=True)
class _Stream:
    """One kind of row: its name in marks, the field of its day, how it is asked, and how it is told."""

    name: str
    day: str
    rows: Callable[[Asked], QuerySet[Any]]
    tell: Callable[[Mark, Any], Event]


def count(asked: Asked) -> int:
    return sum(stream.rows(asked).count() for stream in _STREAMS)


def page(asked: Asked, size: int | None, after: Mark | None) -> tuple[list[Event], Mark | None]:
    """The events that follow a mark, and the mark of the last one when there are more. ``size`` None: all."""
    found: list[Event] = []
    for number, stream in enumerate(_STREAMS):
        rows = stream.rows(asked)
        if after is not None:
            rows = rows.filter(_following(stream.day, number, after))
        rows = rows.order_by(f"-{stream.day}", "-pk")
        found += _told(stream, number, rows if size is None else rows[: size + 1])
    found.sort(key=lambda event: event.mark.place, reverse=True)
    if size is None or len(found) <= size:
        return found, None
    return found[:size], found[size - 1].mark


def _following(field: str, number: int, after: Mark) -> Q:
    """What comes after a mark when days go down, then streams, then rows."""
    earlier = Q(**{f"{field}__lt": after.day})
    if number < after.stream:
        return earlier | Q(**{field: after.day})
    if number == after.stream:
        return earlier | Q(**{field: after.day, "pk__lt": after.pk})
    return earlier


def _told(stream: _Stream, number: int, rows: Iterable[Any]) -> list[Event]:
    return [stream.tell(Mark(getattr(row, stream.day), number, row.pk), row) for row in rows]


def _promise(mark: Mark, row: Any) -> Event:
    said = f"Promesse annoncée : {row.announced_in}"
    return Event(mark, "promised", row, row.lead, said, recorded_at=row.recorded_at, source=row.source)


def _deadline(mark: Mark, row: Any) -> Event:
    if row.before_pk is None:
        kind, days, said = "deadline_announced", None, f"Échéance annoncée : {row.raw}"
    else:
        known = row.before_last is not None and row.last_day is not None
        days = (row.last_day - row.before_last).days if known else None
        moved = f" ({days:+d} jours)" if days is not None else ""
        kind, said = "deadline_moved", f"Échéance déplacée : {row.before_raw} → {row.raw}{moved}"
    return Event(
        mark,
        kind,
        row.commitment,
        row.lead,
        said,
        before=row.before_raw or "",
        after=row.raw,
        days=days,
        recorded_at=row.recorded_at,
        source=row.source_url,
    )


def _declaration(mark: Mark, row: Any) -> Event:
    said = f"Le ministère déclare : {row.get_status_display()}"
    return Event(
        mark,
        "declared",
        row.commitment,
        row.lead,
        said,
        after=row.status,
        recorded_at=row.recorded_at,
        source=row.source_url,
    )


def _reading(mark: Mark, row: Any) -> Event:
    said = f"Constat humain : {row.get_state_display()}"
    return Event(
        mark,
        "reading",
        row.commitment,
        row.lead,
        said,
        after=row.state,
        recorded_at=row.recorded_at,
        source=row.evidence_url,
    )


def _verdict(mark: Mark, row: Any) -> Event:
    now = row.get_state_display()
    said = f"Constat : {STATE_LABELS[row.before]} → {now}" if row.before else f"Constat : {now}"
    return Event(
        mark,
        "verdict",
        row.deliverable.commitment,
        row.lead,
        f"{said} ({row.deliverable.get_kind_display()} : {row.deliverable.label})",
        before=row.before or "",
        after=row.state,
        recorded_at=row.recorded_at,
    )


_STREAMS = (
    _Stream("promise", "announced_on", facts.promises, _promise),
    _Stream("deadline", "announced_on", facts.deadlines, _deadline),
    _Stream("declaration", "declared_on", facts.declarations, _declaration),
    _Stream("reading", "read_on", facts.readings, _reading),
    _Stream("verdict", "since", facts.changed_verdicts, _verdict),
)
