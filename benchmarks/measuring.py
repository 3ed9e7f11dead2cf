"""Medians, seconds of processor and bytes of memory, read where Linux keeps them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Iterable[int]) -> float:
    """What these processes, and their children that ended, have spent of the processor."""
    spent = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        spent += sum(int(field) for field in fields[11:15])
    return spent / TICKS


def peak_megabytes(pid: int) -> float:
    """The most memory that a process has ever held."""
    return _kilobytes(Path(f"/proc/{pid}/status"), "VmHWM:") / 1000


def shared_megabytes(pids: Iterable[int]) -> float:
    """What these processes hold together: each page shared by several is counted once."""
    return sum(_kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss:") for pid in pids) / 1000


def _kilobytes(path: Path, name: str) -> float:
    for line in path.read_text().splitlines():
        if line.startswith(name):
            return float(line.split()[1])
    return 0.0


def of(values: Sequence[float], form: str = ".0f") -> str:
    """« median [lowest – highest] »."""
    return f"{median(values):{form}} [{min(values):{form}} – {max(values):{form}}]"


def gate(name: str, reached: float, *, at_least: float | None = None, below: float | None = None) -> bool:
    """Print a goal and whether it is reached."""
    held = (at_least is None or reached >= at_least) and (below is None or reached < below)
    goal = f"≥ {at_least:g}" if at_least is not None else f"< {below:g}"
    print(f"{'yes' if held else 'NO '}  {name}: {reached:.3g} (goal {goal})")
    return held
