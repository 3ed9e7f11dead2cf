"""How an answer is written: JSON or CSV, by ``Accept`` or by the address's suffix."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from django.http.request import MediaType
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from dashboards.files.tables import CONTENT_TYPE as CSV_CONTENT_TYPE
from dashboards.files.tables import Cell, csv_bytes

LIST_SEPARATOR = " | "
"""Between the values of a cell that holds several."""


class JSON(BaseRenderer):
    """JSON by orjson: dates are ISO 8601, text is UTF-8."""

    media_type = "application/json"
    format = "json"
    content_type = "application/json"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return json_bytes(data)


def json_bytes(data: Any) -> bytes:
    """What a portal wrote may hold what orjson refuses (half a surrogate, a number of 70 bits): said all the same."""
    try:
        return orjson.dumps(data)
    except TypeError:
        return json.dumps(data, default=str).encode()


def json_pieces(told: Mapping[str, Any], rows: Iterable[Any]) -> Iterator[bytes]:
    """An object that ends with ``results``, one row a line, a piece at a time."""
    yield json_bytes(told)[:-1] + (b"," if told else b"") + b'"results":['
    before = b"\n"
    for row in rows:
        yield before + json_bytes(row)
        before = b",\n"
    yield b"\n]}\n"


class CSV(BaseRenderer):
    """The whole list, one line a row: given ``(columns, rows)``."""

    media_type = "text/csv"
    format = "csv"
    content_type = CSV_CONTENT_TYPE

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        columns, rows = data
        return csv_bytes(table(columns, rows))


def table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterable[list[Cell]]:
    """A header then a line for each row. A column is a path: ``ministry.code`` is headed ``ministry_code``."""
    yield [header(column) for column in columns]
    paths = [column.split(".") for column in columns]
    for row in rows:
        yield [_cell(row, path) for path in paths]


def header(column: str) -> str:
    """The name of a column at the head of a file."""
    return column.replace(".", "_")


def _cell(row: Mapping[str, Any], path: Sequence[str]) -> Cell:
    value: Any = row
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    if isinstance(value, list | tuple):
        return LIST_SEPARATOR.join(str(item) for item in value)
    if isinstance(value, Mapping):
        return json_bytes(value).decode()
    cell: Cell = value
    return cell


class Negotiation(BaseContentNegotiation):
    """The suffix wins; else the best quality of ``Accept``, the most specific range speaking for each format."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0] if parsers else None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        if format_suffix:
            chosen = next((r for r in renderers if r.format == format_suffix), None)
        else:
            accept = request.META.get("HTTP_ACCEPT", "*/*").strip() or "*/*"
            ranges = [MediaType(part) for part in accept.split(",") if part.strip()]
            best = max(renderers, key=lambda r: _quality(r.media_type, ranges))
            chosen = best if _quality(best.media_type, ranges) > 0 else None
        if chosen is None:
            raise NotAcceptable
        return chosen, chosen.media_type


def _quality(media_type: str, ranges: Sequence[MediaType]) -> float:
    """How much a format is wanted: 0 when no range takes it. Parameters (charset…) are not what we choose by."""
    main, _, sub = media_type.partition("/")
    matching = [r for r in ranges if (r.main_type, r.sub_type) in ((main, sub), (main, "*"), ("*", "*"))]
    if not matching:
        return 0
    return min(matching, key=lambda r: (-r.specificity, -r.quality)).quality
