"""Writes facts that are described once and may be described better: the former value is kept as a revision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from commitments.models import Revision
from commitments.reference.report import Tally

M = TypeVar("M", bound=Model)
Values = Mapping[str, Any]


def upsert(known: QuerySet[M], key_of: Callable[[M], str], wanted: Mapping[str, Values], tally: Tally) -> dict[str, M]:
    """Add the missing rows and revise the others. Returns every row by key; what is no longer wanted is only told."""
    rows = {key_of(row): row for row in known}
    tally.absent.extend(sorted(rows.keys() - wanted.keys()))
    fresh = {key: known.model(**values) for key, values in wanted.items() if key not in rows}
    for key, values in wanted.items():
        if key in rows:
            revise(rows[key], values, key, tally)
    if known.model.save is Model.save:
        known.model._default_manager.bulk_create(fresh.values())
    else:  # it computes some of its fields
        for row in fresh.values():
            row.save(force_insert=True)
    tally.added.update(fresh)
    return rows | fresh


def revise(row: Model, values: Values, key: str, tally: Tally, *, counted: str = "") -> bool:
    """Update what differs and keep what it was; ``counted``: the file's row, when it is not ``key``."""
    changed = {name: value for name, value in values.items() if _stored(row, name) != _plain(value)}
    if not changed:
        return False
    for name, value in changed.items():
        _keep(tally.file, key, name, getattr(row, name), value)
        setattr(row, name, value)
    row.save()
    tally.change(counted or key)
    return True


def revise_set(row: Model, name: str, wanted: Sequence[Model], key: str, tally: Tally) -> None:
    """The same for a set of rows that it names."""
    held = getattr(row, name)
    if key in tally.added:
        held.add(*wanted)
        return
    before = list(held.all())
    if {one.pk for one in before} != {one.pk for one in wanted}:
        _keep(tally.file, key, name, before, wanted)
        held.set(wanted)
        tally.change(key)


def _keep(file: str, key: str, field: str, before: object, after: object) -> None:
    Revision.objects.create(table=file, key=key, field=field, before=_told(before), after=_told(after))


def _stored(row: Model, name: str) -> Any:
    return getattr(row, getattr(row._meta.get_field(name), "attname", name))


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _told(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return " ; ".join(sorted(_told(one) for one in value))
    return str(value)
