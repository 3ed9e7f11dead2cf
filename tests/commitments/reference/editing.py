"""Changes cells of a copy of the real files, and says on which line."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

from commitments.reference.reading import DATA

Rows = list[dict[str, str]]


def copy_to(folder: Path) -> Path:
    """Copy the project's files there."""
    for path in DATA.glob("*.csv"):
        shutil.copy(path, folder / path.name)
    return folder


def rows_of(folder: Path, file: str) -> Rows:
    with (folder / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def rewrite(folder: Path, file: str, change: Callable[[Rows], Rows]) -> None:
    """Write the file again with other rows, one on each line."""
    rows = change(rows_of(folder, file))
    with (folder / file).open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def line_of(folder: Path, file: str, key: str) -> int:
    """The line of the first row whose first cell is the key."""
    return next(line for line, row in enumerate(rows_of(folder, file), start=2) if next(iter(row.values())) == key)


def edit(folder: Path, file: str, key: str, **cells: str) -> int:
    """Change cells of the first row whose first cell is the key. Returns its line."""
    line = line_of(folder, file, key)

    def change(rows: Rows) -> Rows:
        assert cells.keys() <= rows[line - 2].keys()
        rows[line - 2].update(cells)
        return rows

    rewrite(folder, file, change)
    return line


def drop(folder: Path, file: str, key: str) -> None:
    """Take the first row away whose first cell is the key."""
    line = line_of(folder, file, key)
    rewrite(folder, file, lambda rows: rows[: line - 2] + rows[line - 1 :])
