"""What is wrong in a file of facts, told so that whoever maintains it can go and correct it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 50
LONGEST_VALUE = 80


@dataclass(frozen=True, order=True)
class Problem:
    """One cell (or line, or file: then without column or line) that cannot be loaded, and what was expected."""

    file: str
    line: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        places = [self.file]
        if self.line:
            places.append(f"ligne {self.line}")
        if self.column:
            places.append(f"colonne « {self.column} »")
        return f"{', '.join(places)} : {self._told} ; attendu : {self.expected}"

    @property
    def _told(self) -> str:
        if not self.value:
            return "rien"
        cut = len(self.value) > LONGEST_VALUE
        return f"« {self.value[:LONGEST_VALUE]}{'…' if cut else ''} »"


class BadReference(Exception):
    """The files hold at least one problem: nothing is loaded."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"et {len(self.problems) - SHOWN} autres")
        return "\n".join(lines)
