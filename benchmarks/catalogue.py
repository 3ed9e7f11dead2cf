"""``python -m benchmarks.catalogue``: a whole catalogue against 500 open promises, and against a naive peer.

One process a measure, so that each one's memory is its own. The peer is ``rapidfuzz``'s ``cdist`` with
``token_sort_ratio`` over the same titles, in memory already: our own seconds count the file's gate and reading too.
Both are judged on the same synthetic truth: promises worded from a
record's title with words dropped, moved and put in the plural, and as many that no record keeps.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from commitments.indexing import Shelf, Wanted
from commitments.matching import match, quality
from commitments.stems import plain
from tests.commitments.catalogues import Row, as_csv, catalogue

SECONDS = 60
MEGABYTES = 600
DROPPED = 0.3


def promises(rows: list[Row], count: int, seed: int) -> list[tuple[Wanted, int | None]]:
    """Promises and the place of their record: three in five have one, the others speak of what nobody publishes."""
    chance = random.Random(seed)
    public = [place for place, row in enumerate(rows) if row.archived == "False"]
    found: list[tuple[Wanted, int | None]] = []
    for number in range(count):
        row = rows[place := chance.choice(public)]
        kept = number % 5 < 3
        words = [word for word in row.title.split() if chance.random() > DROPPED or word[0].isdigit()] or [row.title]
        if not kept:
            words = ["".join(chance.sample(word, len(word))) for word in words]
        chance.shuffle(words)
        title = " ".join(word + "s" if word.isalpha() and chance.random() < 0.2 else word for word in words)
        publishers = frozenset({row.organization_id}) if chance.random() < 0.7 else frozenset()
        wanted = Wanted(number, title, f"les données : {title}", announced_on=date(2021, 2, 5), publishers=publishers)
        found.append((wanted, place if kept else None))
    return found


def measure(which: str, count: int, wanted_count: int, path: Path) -> dict[str, float]:
    """One measure, in this process: seconds, memory added, and what was found."""
    rows = catalogue(count)
    asked = promises(rows, wanted_count, seed=7)
    ids = {row.id: place for place, row in enumerate(rows)}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    found = ours(path, asked, ids) if which == "ours" else naive(rows, asked)
    seconds = time.perf_counter() - started
    right = {wanted.key: place for wanted, place in asked if place is not None}
    # Towns publish the same title twice: either of two records that no reader could tell apart is right.
    named = {key: [(rows[place].title, rows[place].organization) for place in places] for key, places in found.items()}
    hits = sum((rows[place].title, rows[place].organization) in named[key] for key, place in right.items())
    first = sum(named[key][:1] == [(rows[place].title, rows[place].organization)] for key, place in right.items())
    silent = sum(not found[wanted.key] for wanted, place in asked if place is None)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": seconds,
        "megabytes": peak / 1024,
        "added": (peak - before) / 1024,
        "recall@5": hits / len(right),
        "recall@1": first / len(right),
        "precision@5": hits / max(sum(len(found[key]) for key in right), 1),
        "silent": silent / max(len(asked) - len(right), 1),
    }


def ours(path: Path, asked: list[tuple[Wanted, int | None]], ids: dict[str, int]) -> dict[object, list[int]]:
    """As the product does: the file through its gate, then the search."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from commitments.catalogue import read

    shelf: Shelf
    shelf, _ = read(path)
    proposals = match(shelf, [wanted for wanted, _ in asked])
    assert quality({}, proposals).proposed == 0
    return {key: [ids[shelf.ids[one.place]] for one in found] for key, found in proposals.items()}


def naive(rows: list[Row], asked: list[tuple[Wanted, int | None]]) -> dict[object, list[int]]:
    """Every promise against every title, the five highest."""
    import numpy as np
    from rapidfuzz import fuzz, process

    titles = [plain(row.title) for row in rows]
    queries = [plain(wanted.title) for wanted, _ in asked]
    scores = process.cdist(queries, titles, scorer=fuzz.token_sort_ratio, dtype=np.uint8, workers=1)
    return {
        wanted.key: [int(place) for place in np.argsort(-scores[row].astype(np.int16), kind="stable")[:5]]
        for row, (wanted, _) in enumerate(asked)
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=65_000)
    parser.add_argument("--promises", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--measure", choices=("ours", "naive"))
    parser.add_argument("--path", type=Path)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.rows, options.promises, options.path)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "datasets.csv"
        path.write_bytes(as_csv(catalogue(options.rows)))
        print(f"{options.rows} records ({path.stat().st_size / 1e6:.0f} MB), {options.promises} promises")
        ratios, worst = [], {"seconds": 0.0, "megabytes": 0.0}
        for number in range(1, options.rounds + 1):
            told = {which: _child(which, options, path) for which in ("ours", "naive")}
            ratios.append(told["naive"]["seconds"] / told["ours"]["seconds"])
            for which, figures in told.items():
                print(f"round {number} {which:5} " + "  ".join(f"{k} {v:.2f}" for k, v in figures.items()))
            worst = {name: max(worst[name], told["ours"][name]) for name in worst}
    print(f"ratio to the naive peer: median {statistics.median(ratios):.1f}x, worst {min(ratios):.1f}x")
    kept = worst["seconds"] < SECONDS and worst["megabytes"] < MEGABYTES
    print(f"worst: {worst['seconds']:.1f} s of {SECONDS}, {worst['megabytes']:.0f} MB of {MEGABYTES}")
    sys.exit(0 if kept else 1)


def _child(which: str, options: argparse.Namespace, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.catalogue", "--measure", which, "--path", str(path)]
    command += ["--rows", str(options.rows), "--promises", str(options.promises)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
