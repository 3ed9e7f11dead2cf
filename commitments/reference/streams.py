"""Writes facts that are only ever added: a row that changed gives a new one, which corrects it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from commitments.models import Deadline, Reading
from commitments.reference.report import Tally

S = TypeVar("S", Deadline, Reading)


def numbered(keys: Iterable[str]) -> list[str]:
    """Tell apart what bears the same key, in the file's order: « O-10|1 », « O-10|2 »."""
    seen: Counter[str] = Counter()
    told = []
    for key in keys:
        seen[key] += 1
        told.append(f"{key}|{seen[key]}")
    return told


def append(model: type[S], wanted: Mapping[str, Mapping[str, Any]], tally: Tally) -> None:
    """Add what is new, and a correction for what changed. Rows that agents added are not looked at."""
    rows = list(model._default_manager.order_by("id"))
    latest = {row.reference_key: row for row in rows if row.reference_key}
    corrections = {row.corrects_id: row for row in rows if row.corrects_id}
    tally.absent.extend(sorted(latest.keys() - wanted.keys()))
    fresh = {key: model(reference_key=key, **values) for key, values in wanted.items() if key not in latest}
    model._default_manager.bulk_create(fresh.values())
    tally.added.update(fresh)
    for key, row in latest.items():
        values = wanted.get(key)
        if values is not None and any(_stored(row, name) != _plain(value) for name, value in values.items()):
            while row.pk in corrections:  # by an agent, since the last load
                row = corrections[row.pk]
            model(reference_key=key, corrects=row, **values).save(force_insert=True)
            tally.change(key)


def _stored(row: Deadline | Reading, name: str) -> Any:
    return getattr(row, getattr(row._meta.get_field(name), "attname", name))


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value)
