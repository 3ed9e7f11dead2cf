"""The ledger of contradictions: open ones first, then closed ones with what closed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commitments.models import Commitment
from dashboards.asking import by_name, contradiction_filters
from dashboards.pages.asked import ask, page
from dashboards.pages.filtering import Field, fields
from dashboards.pages.keeping import kept
from ministries.leads import lead
from ministries.models import Contradiction, ContradictionEnd, Ministry

SHOWN_CLOSED = 100


@dataclass(frozen=True)
class Line:
    """A contradiction on a day. ``days``: how long it has been open, or how long it was."""

    row: Contradiction
    end: ContradictionEnd | None
    days: int

    @property
    def code(self) -> str:
        """The ministry that answers for the promise that day."""
        return str(self.row.lead)  # type: ignore[attr-defined]


@page
@kept
def contradictions(request: HttpRequest) -> HttpResponse:
    """Every contradiction that had begun by the day asked: to settle, good news, closed."""
    available = contradiction_filters(by_name(dict(Ministry.objects.values_list("code", "name"))))
    question = ask(request, available=available, searchable=False)
    found = lines(question.as_of, question.chosen.get("ministere", ""), question.chosen.get("nature", ""))
    still = [line for line in found if line.end is None]
    closed = sorted((line for line in found if line.end is not None), key=_closing, reverse=True)
    asked_fields: list[Field] = fields(question, available)
    return render(
        request,
        "pages/contradictions.html",
        {
            "question": question,
            "fields": asked_fields,
            "active": [field for field in asked_fields if field.value],
            "still": still,
            "to_settle": [line for line in still if not line.row.good_news],
            "good_news": [line for line in still if line.row.good_news],
            "closed": closed[:SHOWN_CLOSED],
            "closed_count": len(closed),
            "chosen": question.chosen,
        },
    )


def lines(as_of: date, ministry: str = "", kind: str = "") -> Sequence[Line]:
    """Oldest first. ``ministry``: the code of who answers that day; ``kind``: that of the contradiction."""
    rows = (
        Contradiction.objects.known(as_of)
        .filter(commitment__visibility=Commitment.Visibility.PUBLIC, commitment__announced_on__lte=as_of)
        .annotate(lead=lead(as_of, "commitment"))
        .filter(**({"lead": ministry} if ministry else {"lead__isnull": False}))
        .filter(**({"kind": kind} if kind else {}))
        .select_related("commitment")
        .prefetch_related("ends")
        .order_by("opened_on", "commitment__ref", "id")
    )
    found = []
    for row in rows:
        end = row.end if row.end and row.end.ended_on <= as_of else None
        found.append(Line(row, end, row.days_on(end.ended_on if end else as_of)))
    return found


def _closing(line: Line) -> tuple[date, int]:
    assert line.end is not None  # noqa: S101 - only closed ones are sorted
    return line.end.ended_on, line.row.pk
