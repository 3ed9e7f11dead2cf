"""The reference, as its loader leaves it: loaded once a process, then put back row by row where it is asked again.

Its loader has tests of its own; for the others it is where they begin, and loading it costs more than most of them.
"""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from commitments.models import Version

Table = tuple[str, list[str], list[tuple[Any, ...]]]

_kept: list[Table] = []


def load() -> None:
    """Load the reference in a base that holds none."""
    if _kept:
        _put_back()
        return
    before = {name: rows for name, _, rows in _tables()}
    call_command("load_reference", verbosity=0)
    added = [table for table in _tables() if table[2] != before[table[0]]]
    assert not any(before[name] for name, _, _ in added), "the reference is kept from an empty base"
    _kept.extend(added)


def _tables() -> list[Table]:
    with connection.cursor() as cursor:
        told = []
        for name in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608
            told.append((name, [column[0] for column in cursor.description], cursor.fetchall()))
    return told


def _put_back() -> None:
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        for name, columns, rows in _kept:
            names, marks = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {quote(name)} ({names}) VALUES ({marks})", rows)  # noqa: S608
        # What pages keep is named after this moment: one is not taken for what another load had made.
        Version.objects.update(changed_at=timezone.now())
