"""What a load did, file by file."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Tally:
    """A file's rows by what became of them. ``absent``: what an earlier load brought and the file no longer holds."""

    file: str
    rows: int
    added: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    absent: list[str] = field(default_factory=list)

    def add(self, key: str) -> None:
        self.added.add(key)

    def change(self, key: str) -> None:
        """Count a row as changed, unless it has just been added."""
        if key not in self.added:
            self.changed.add(key)

    @property
    def unchanged(self) -> int:
        return self.rows - len(self.added) - len(self.changed)

    @property
    def wrote(self) -> bool:
        return bool(self.added or self.changed)


@dataclass(frozen=True)
class Report:
    """A whole load: its files, and what followed from them."""

    tallies: tuple[Tally, ...]
    publishers: int = 0
    watches: int = 0
    verdicts: int = 0

    @property
    def wrote(self) -> bool:
        return any(tally.wrote for tally in self.tallies) or bool(self.publishers or self.watches or self.verdicts)
