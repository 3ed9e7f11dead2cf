"""Every chart as a file (its table, cell for cell) and as what its interactive drawing needs, from the same rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from dashboards import interactive, pace
from dashboards.api.listing import some_filters
from dashboards.api.reading import Ministries
from dashboards.asking import Question
from dashboards.by_ministry import by_ministry
from dashboards.files.tables import CONTENT_TYPE, Cell, csv_bytes, file_name
from dashboards.pages import dossier
from dashboards.pages.asked import ask, page
from dashboards.pages.keeping import kept
from dashboards.pages.views.campaigns import answered
from dashboards.pages.words import STATE_LABELS
from dashboards.upcoming import upcoming
from ministries.standing import Standing, standings

COLUMNS_OF_SPANS = ("Livrable", "Code", "Constat", "Du", "Au", "Jours")


class Chart(Protocol):
    """What the six have in common: a sentence that answers, and the table it is read from."""

    @property
    def title(self) -> str: ...

    @property
    def sentence(self) -> str: ...

    def csv_rows(self) -> Sequence[Sequence[str | int]]: ...


Found = Callable[[], list[Standing]]


class Kind(NamedTuple):
    """How a chart is counted (from the promises, read when asked for) and drawn. ``filters``: those of its page."""

    counted: Callable[[Found, date], Chart]
    draw: Callable[[Any], interactive.Figure]
    filters: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = {
    "ministeres": Kind(lambda found, day: by_ministry(found(), day), interactive.ministries),
    "rythme": Kind(lambda found, day: pace.steps(found(), day), interactive.steps),
    "echeances-deplacees": Kind(lambda found, day: pace.moves(found(), day), interactive.moves),
    "echeances-a-venir": Kind(lambda found, day: upcoming(found(), day), interactive.upcoming, ("ministere",)),
    "campagnes": Kind(lambda found, day: answered(day), interactive.responses),
}


@page
@kept
def as_csv(request: HttpRequest, name: str) -> HttpResponse:
    """A chart's table."""
    question, _, chart = _asked(request, name)
    return _file(file_name(name, question.as_of, *question.chosen.values()), chart.csv_rows())


@page
@kept
def as_json(request: HttpRequest, name: str) -> JsonResponse:
    """A chart's sentence, table, traces and axes."""
    _, kind, chart = _asked(request, name)
    told = {"title": chart.title, "sentence": chart.sentence, "rows": chart.csv_rows()}
    return JsonResponse({**told, **kind.draw(chart)})


@page
@kept
def spans_csv(request: HttpRequest, ref: str) -> HttpResponse:
    """When each deliverable was observed, absent or unknown: the tables of the promise's page."""
    question = ask(request)
    found = _dossier(ref, question)
    rows: list[Sequence[Cell]] = [
        [part.standing.deliverable.label, span.state, STATE_LABELS[span.state], span.first, span.last, span.days]
        for part in found.delivered
        for span in part.spans
    ]
    return _file(file_name(f"constats {found.standing.ref}", question.as_of), [COLUMNS_OF_SPANS, *rows])


@page
@kept
def spans_json(request: HttpRequest, ref: str, rank: int) -> JsonResponse:
    """One deliverable's strip."""
    question = ask(request)
    parts = [part for part in _dossier(ref, question).delivered if part.standing.deliverable.rank == rank]
    if not parts:
        raise Http404
    (part,) = parts
    rows = [[span.state, STATE_LABELS[span.state], span.first, span.last, span.days] for span in part.spans]
    told = {"title": part.standing.deliverable.label, "rows": [[*COLUMNS_OF_SPANS[1:]], *rows]}
    return JsonResponse({**told, **interactive.spans(part.spans)})


def _asked(request: HttpRequest, name: str) -> tuple[Question, Kind, Chart]:
    kind = KINDS.get(name)
    if kind is None:
        raise Http404
    available = some_filters(Ministries(), *kind.filters) if kind.filters else []
    question = ask(request, available=available)
    return question, kind, kind.counted(lambda: question.keep(standings(question.as_of), available), question.as_of)


def _dossier(ref: str, question: Question) -> dossier.Dossier:
    found = dossier.read(ref, question.as_of)
    if found is None:
        raise Http404
    return found


def _file(name: str, rows: Sequence[Sequence[Cell]]) -> HttpResponse:
    response = HttpResponse(csv_bytes(rows), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
