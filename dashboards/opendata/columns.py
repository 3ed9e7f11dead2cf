"""The columns of a file, as Table Schema says them: read from the very shapes that the API declares. Pure.

A column is a path in a shape (``ministry.code``): its type, whether it may be empty, the values that it takes and
what it means all come from there, so that a file, its schema and the OpenAPI document never differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import serializers

from dashboards.api.listing import Listing
from dashboards.api.rendering import LIST_SEPARATOR, header

Column = dict[str, Any]
TYPES: tuple[tuple[type[serializers.Field], dict[str, str]], ...] = (
    (serializers.BooleanField, {"type": "boolean"}),
    (serializers.IntegerField, {"type": "integer"}),
    (serializers.DateTimeField, {"type": "datetime"}),
    (serializers.DateField, {"type": "date"}),
    (serializers.URLField, {"type": "string", "format": "uri"}),
    (serializers.DictField, {"type": "object"}),
)
"""The first that fits; anything else is text."""
_SHAPES: dict[type[serializers.Serializer], Mapping[str, Any]] = {}


def columns(listing: type[Listing]) -> list[Column]:
    """Every column of a list's CSV, in order, as Table Schema's ``fields``."""
    return [_column(listing, path) for path in listing.columns]


def _column(listing: type[Listing], path: str) -> Column:
    steps = list(_steps(listing, path))
    last = steps[-1]
    kind = next((dict(told) for field, told in TYPES if isinstance(last, field)), {"type": "string"})
    constraints: Column = {"required": not any(_may_be_empty(step) for step in steps)}
    told: Column = {"name": header(path), **kind, "description": _description(steps)}
    if isinstance(last, serializers.ChoiceField):
        choices = {str(value): str(label) for value, label in last.choices.items() if value not in ("", None)}
        constraints["enum"] = list(choices)
        told["categories"] = [{"value": value, "label": label} for value, label in choices.items()]
    return {**told, "constraints": constraints}


def _steps(listing: type[Listing], path: str) -> Iterator[serializers.Field]:
    """The fields that a path goes through, the last one first known among the list's own cells."""
    if path in listing.own_cells:
        yield listing.own_cells[path]
        return
    fields = _fields(listing)
    for step in path.split("."):
        field = fields[step]
        yield field
        fields = getattr(field, "fields", {})


def _fields(listing: type[Listing]) -> Mapping[str, Any]:
    """The fields of a list's shape, made once: a shape copies them all each time, and a page asks for each column."""
    if listing.shape not in _SHAPES:
        _SHAPES[listing.shape] = listing.shape().fields
    return _SHAPES[listing.shape]


def _may_be_empty(field: serializers.Field) -> bool:
    return bool(
        field.allow_null or getattr(field, "allow_blank", False) or isinstance(field, serializers.ListField)
    ) or (isinstance(field, serializers.ChoiceField) and "" in field.choices)


def _description(steps: list[serializers.Field]) -> str:
    """« qui en répond ce jour-là — sigle »: the words of each step that has some."""
    words = [str(step.help_text) for step in steps if step.help_text]
    if isinstance(steps[-1], serializers.ListField):
        words.append(f"valeurs séparées par « {LIST_SEPARATOR.strip()} »")
    return " — ".join(words)
