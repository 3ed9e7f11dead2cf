"""``python -m benchmarks.history [--url postgres://…]``: five years of 5,000 promises asked once a day.

What the product stores (intervals, verdicts, and the courses and sums that follow from them) is generated as polling
would have left it; the raw polls of the same life are expanded from it into one pandas frame, a row a promise and a
day. Then, interleaved: progress by ministry and month, by the function that the API uses; the API's answer, which it
keeps until something is written; pandas over the raw polls, already in memory; the history and the situation of one
promise. Assumed of each promise: about two changes of what is found in five years, half of which change the verdict,
and one failure a year of its own, besides five days when the whole portal was down. Nothing else is in the base.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import gate, of

if TYPE_CHECKING:
    import pandas as pd

YEARS = 5
DAYS = 365 * YEARS
FIRST = date(2021, 6, 1)
OUTAGES = (200, 515, 801, 1130, 1502)


def at(day: int) -> datetime:
    """The moment of a day's poll."""
    return datetime(FIRST.year, FIRST.month, FIRST.day, 4, tzinfo=UTC) + timedelta(days=day)


def life(chance: random.Random) -> list[tuple[int, str, bool]]:
    """What happens to one record: (day, state, found), in order; absent until it is opened, or for ever."""
    opened = chance.choice([0, chance.randrange(DAYS), DAYS])
    told = [(0, "unmet", False)] if opened > 3 else []
    if opened < DAYS:
        told.append((opened, "kept", True))
        day, state = opened, "kept"
        while (day := day + int(chance.expovariate(1 / 900)) + 1) < DAYS:
            state = ("partial" if state == "kept" else "kept") if chance.random() < 0.5 else state
            told.append((day, state, True))
    return told


def fill(count: int, ministries: int = 15) -> dict[str, int]:
    """Store what polling would have left. Returns how many rows of each table."""
    from commitments.findings import Outcome
    from commitments.models import Observation, Verdict, Watch
    from ministries.models import Course, DayMovement, MonthMovement
    from ministries.recounting import recount
    from tests.faults.populate import populate
    from tests.observed import GOOD

    chance = random.Random(5)
    locations = populate(count, ministries)
    observations, verdicts = [], []
    for location in locations:
        told = life(chance)
        before = ""
        for (day, state, found), following in zip(told, [*[t[0] for t in told[1:]], DAYS], strict=True):
            observation = Observation(
                location=location,
                outcome=Outcome.FOUND if found else Outcome.ABSENT,
                facts={**GOOD, "id": location.identifier} if found else {},
                digest=f"{day:064d}",
                first_seen_at=at(day),
                last_seen_at=at(following - 1),
                checks=following - day,
            )
            observations.append(observation)
            if state != before:
                verdicts.append((location.deliverable_id, state, day, observation))
            before = state
        failures = {*OUTAGES, *(chance.randrange(DAYS) for _ in range(YEARS))}
        observations += [
            Observation(
                location=location,
                outcome=Outcome.NO_OBSERVATION,
                cause="http_5xx",
                digest="http_5xx",
                first_seen_at=at(day) + timedelta(minutes=1),
                last_seen_at=at(day) + timedelta(minutes=1),
            )
            for day in failures
        ]
    Observation.objects.bulk_create(observations, batch_size=2000)
    Verdict.objects.bulk_create(
        [
            Verdict(
                deliverable_id=deliverable,
                state=state,
                since=FIRST + timedelta(days=day),
                observation=observation,
                rule_version="1",
                checks=[{"criterion": "exists", "holds": True, "text": "La fiche existe."}] * 8,
            )
            for deliverable, state, day, observation in verdicts
        ],
        batch_size=2000,
    )
    Watch.objects.update(observed_at=at(DAYS - 1), judged_at=at(DAYS - 1), checked_at=at(DAYS - 1))
    recount()
    moved = DayMovement.objects.count() + MonthMovement.objects.count()
    derived = {"courses": Course.objects.count(), "movements": moved}
    return {"observations": len(observations), "verdicts": len(verdicts), **derived}


def raw_polls() -> pd.DataFrame:
    """One row a promise and a day: what a table of polls would hold."""
    import numpy as np
    import pandas as pd

    from commitments.models import Verdict

    ministries = {}
    parts: dict[str, list[Any]] = {"promise": [], "day": [], "state": []}
    from ministries.models import Responsibility

    for promise, ministry in Responsibility.objects.values_list("commitment", "ministry__code"):
        ministries[promise] = ministry
    rows = list(
        Verdict.objects.order_by("deliverable", "since").values_list("deliverable__commitment", "state", "since")
    )
    for (promise, state, since), following in zip(rows, [*rows[1:], (None, "", FIRST)], strict=True):
        start = (since - FIRST).days
        end = (following[2] - FIRST).days if following[0] == promise else DAYS
        parts["promise"].append(np.full(end - start, promise, dtype="int32"))
        parts["day"].append(np.arange(start, end, dtype="int32"))
        parts["state"].append(np.full(end - start, state))
    frame = pd.DataFrame({name: np.concatenate(pieces) for name, pieces in parts.items()})
    frame["day"] = pd.Timestamp(FIRST) + pd.to_timedelta(frame["day"], unit="D")
    frame["state"] = frame["state"].astype("category")
    frame["ministry"] = frame["promise"].map(ministries).astype("category")
    return frame


def by_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    """The state of each promise at its last poll of the month, counted by ministry and state."""
    frame = frame.assign(month=frame["day"].dt.year * 12 + frame["day"].dt.month)
    last = frame.drop_duplicates(["promise", "month"], keep="last")
    return last.groupby(["month", "ministry", "state"], observed=True).size()


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=5000, help="promises")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; else SQLite in a folder of its own")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bothorel.settings"
    if options.url:
        os.environ.update(DATABASE_URL=options.url, REDIS_URL="redis://127.0.0.1:6379/15", SECRET_KEY="k" * 50)
        os.environ.update(ALLOWED_HOSTS="127.0.0.1", SITE_URL="http://127.0.0.1")
    else:
        os.environ["BOTHOREL_VAR"] = tempfile.mkdtemp(prefix="bothorel-history-")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from commitments.models import Observation, Verdict, Version
    from ministries.progress import progress
    from ministries.standing import standing

    call_command("migrate", verbosity=0)
    stored = fill(options.count)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    frame = raw_polls()
    last_day = FIRST + timedelta(days=DAYS - 1)
    polls = options.count * DAYS
    share = 100 * sum(stored.values()) / polls
    print(f"{connection.vendor}: {polls:,} polls, {stored} stored, {share:.2f} %; raw frame of {len(frame):,} rows")

    def history() -> None:
        ref = f"B-{random.randrange(options.count):05d}"
        assert list(Verdict.objects.filter(deliverable__commitment__ref=ref).order_by("since", "pk"))
        assert list(Observation.objects.filter(location__deliverable__commitment__ref=ref).order_by("first_seen_at"))

    def situation() -> None:
        assert standing(f"B-{random.randrange(options.count):05d}", last_day) is not None

    client = Client(HTTP_HOST="127.0.0.1")

    def answer() -> None:
        assert client.get(f"/api/v1/progress/?au={last_day}").status_code == 200

    measured: dict[str, list[float]] = {}

    def note(name: str, work: Callable[[], object], times: int = 1) -> None:
        measured.setdefault(name, []).extend(1000 * seconds(work) for _ in range(times))

    answer()  # what only a first request does is no part of an answer
    for _ in range(options.rounds):
        note("progress, counted after a write", lambda: progress(last_day), 10)
        for _ in range(5):
            Version.bump()
            note("progress, the API's first answer after a write", answer)
        note("progress, the API's answer until the next write", answer, 20)
        note("progress, pandas over the raw polls in memory", lambda: by_pandas(frame))
        note("one promise's history, verdicts and observations", history, 40)
        note("one promise's situation, all streams", situation, 20)
    for name, milliseconds in measured.items():
        print(f"{name}: {of(milliseconds, '.2f')} ms")
    theirs = median(measured["progress, pandas over the raw polls in memory"])
    held = [
        gate("stored rows, % of polls", share, below=1),
        *(
            gate(f"times pandas, {name.removeprefix('progress, ')}", theirs / median(measured[name]), at_least=100)
            for name in ("progress, counted after a write", "progress, the API's answer until the next write")
        ),
        gate("one history, ms", median(measured["one promise's history, verdicts and observations"]), below=5),
    ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
