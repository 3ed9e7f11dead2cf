"""``python -m benchmarks.note``: the note of fifteen ministries and 510 promises, as a page, a PDF and an ODT.

An embedded base of its own, in a temporary folder. The first answer of each kind is told apart: it imports what makes
it, and nothing is kept yet. Every round asks with another « connu_au », so that no answer comes from a cache.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from typing import Any

from benchmarks.measuring import gate, of

SECONDS = 3
KINDS = ("/note/", "/note.odt", "/note.pdf")


def seconds(client: Any, path: str, asked: str) -> float:
    """How long one answer takes. Raises RuntimeError when it is not a note."""
    started = time.perf_counter()
    response = client.get(f"{path}?{asked}")
    took = time.perf_counter() - started
    if response.status_code != 200 or not response.content:
        raise RuntimeError(f"{path}: {response.status_code}")
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    folder = tempfile.TemporaryDirectory(prefix="bothorel-bench-")
    os.environ["BOTHOREL_VAR"] = folder.name
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bothorel.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from tests.dashboards.notes.many import DAY, promise

    with folder:
        call_command("migrate", verbosity=0)
        promise()
        client = Client(SERVER_NAME="localhost")
        first: dict[str, float] = {}
        later: dict[str, list[float]] = {path: [] for path in KINDS}
        for number in range(options.rounds + 1):
            known = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            for path in KINDS:
                took = seconds(client, path, f"au={DAY}&du=2021-10-01&connu_au={known}")
                if number:
                    later[path].append(took)
                else:
                    first[path] = took
        for path in KINDS:
            print(f"{path:10} first {first[path]:.2f} s, then {of(later[path], '.2f')} s")
        held = [gate(f"seconds, {path}, worst", max(first[path], *later[path]), below=SECONDS) for path in KINDS]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
