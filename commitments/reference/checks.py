"""What two files must agree on: a reference in one is a key of the other."""

from __future__ import annotations

from collections.abc import Collection

from commitments.reference.problems import Problem
from commitments.reference.table import Table


def refer(table: Table, column: str, keys: Collection[str] | None, file: str, problems: list[Problem]) -> None:
    """Refuse a reference that ``file`` does not hold; ``keys`` None means that this file could not be read."""
    if keys is None:
        return
    for row in table.rows:
        for value in row.cells[column].split(";"):
            if value.strip() and value.strip() not in keys:
                problems.append(Problem(row.file, row.line, column, value.strip(), f"un repère de {file}"))


def refer_always(table: Table, column: str, keys: Collection[str] | None, file: str, problems: list[Problem]) -> None:
    """The same, where the reference may not be left out."""
    refer(table, column, keys, file, problems)
    problems.extend(
        Problem(row.file, row.line, column, "", f"un repère de {file}") for row in table.rows if not row.cells[column]
    )
