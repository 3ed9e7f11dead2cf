"""Lists: a page in JSON, the whole in CSV, read and written a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request

from dashboards.api.base import Resource
from dashboards.api.caching import Answer
from dashboards.api.reading import PAGING, Asked
from dashboards.api.rendering import CSV, JSON, table
from dashboards.asking import Filter, NotUnderstood, Wrong, filters
from dashboards.files import csv_pieces, file_name

AT_ONCE = 500
"""Rows read, told and written together when a whole list is asked."""
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page:
    rows: list[dict[str, Any]]
    count: int
    next: str | None
    previous: str | None


class Listing(Resource):
    """Many things: a page in JSON, all of them in CSV."""

    listed = True
    renderer_classes = (JSON, CSV)
    columns: Sequence[str] = ()
    own_cells: Mapping[str, serializers.Field] = {}
    """What ``cells`` adds to the shape, for columns that are no path in it."""
    file = ""

    @property
    def parameters(self) -> Sequence[str]:
        return self.own if "cursor" in self.own else (*self.own, *PAGING)

    def items(self, asked: Asked) -> Sequence[Any] | QuerySet[Any]:
        """Everything that answers, in a stable order; only the page's part is told."""
        raise NotImplementedError

    def tell(self, items: Sequence[Any], asked: Asked) -> list[dict[str, Any]]:
        raise NotImplementedError

    def cells(self, told: dict[str, Any]) -> dict[str, Any]:
        """One row for a table: what JSON nests may need a cell of its own."""
        return told

    def read_at_length(self, request: Request) -> bool:
        return bool(request.accepted_renderer.format == CSV.format)

    def answer(self, request: Request, **kwargs: Any) -> Answer:
        if request.accepted_renderer.format == CSV.format:
            return self._file(request)
        asked = self.read(request)
        page = self.page(request, asked)
        body = {"count": page.count, "next": page.next, "previous": page.previous, "results": page.rows}
        return Answer(JSON().render(body), JSON.content_type)

    def page(self, request: Request, asked: Asked) -> Page:
        items = self.items(asked)
        count = items.count() if isinstance(items, QuerySet) else len(items)
        start = (asked.page - 1) * asked.page_size
        if start >= count and asked.page > 1:
            last = max(1, -(-count // asked.page_size))
            raise Http404(f"La page {asked.page} n'existe pas : la dernière est la page {last}.")
        rows = self.tell(list(items[start : start + asked.page_size]), asked)
        following = address(request, page=asked.page + 1) if start + asked.page_size < count else None
        before = address(request, page=asked.page - 1) if asked.page > 1 else None
        return Page(rows, count, following, before)

    def everything(self, asked: Asked) -> Iterator[dict[str, Any]]:
        """Every row that answers, in the order of the pages, a few at a time: never all of them in memory."""
        items = self.items(asked)
        found = items.iterator(chunk_size=AT_ONCE) if isinstance(items, QuerySet) else iter(items)
        for some in batched(found, AT_ONCE):
            yield from self.tell(some, asked)

    def count(self, asked: Asked) -> int:
        """How many rows answer, without reading them when the base can tell."""
        items = self.items(asked)
        return items.count() if isinstance(items, QuerySet) else len(items)

    def _file(self, request: Request) -> Answer:
        paging = [name for name in (*PAGING, "cursor") if name in request.GET and name in self.parameters]
        if paging:
            expected = "le CSV donne toute la liste : sans page ni curseur"
            raise NotUnderstood([Wrong(name, request.GET[name][:40], expected) for name in paging])
        asked = self.read(request, own=tuple(name for name in self.own if name not in (*PAGING, "cursor")))
        pieces = csv_pieces(table(self.columns, (self.cells(told) for told in self.everything(asked))))
        chosen = [*asked.question.chosen.values(), asked.words]
        return Answer.of(pieces, CSV.content_type, file_name(self.file, asked.as_of, *chosen))


def address(request: Request, **changed: object) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = str(value)
    return str(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))


def some_filters(ministries: Mapping[str, str], *names: str) -> list[Filter]:
    return [one for one in filters(ministries) if one.parameter in names]


def batched(rows: Iterable[Row], size: int = AT_ONCE) -> Iterator[list[Row]]:
    """The rows, so many at a time."""
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some


__all__ = ["AT_ONCE", "Listing", "Page", "address", "batched", "some_filters"]
