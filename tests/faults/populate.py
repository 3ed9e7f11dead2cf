"""``python -m tests.faults.populate N``: fills the database with N promises, each followed at one address."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime

import django

django.setup()

from commitments.models import Commitment, Deadline, Deliverable, Location, Watch  # noqa: E402
from ministries.models import Ministry, Responsibility  # noqa: E402
from ministries.recounting import recount  # noqa: E402
from tests.faults.services import identifier  # noqa: E402

MINISTRIES = 15
PROMISED_ON = date(2021, 2, 5)
DUE = datetime(2021, 3, 1, tzinfo=UTC)


def populate(count: int, ministries_count: int = MINISTRIES) -> list[Location]:
    """Promises of 2021 shared between ministries, each with a deadline, a dataset and its address."""
    ministries = Ministry.objects.bulk_create(
        [Ministry(code=f"M{n}", slug=f"m{n}", name=f"Ministère {n}") for n in range(ministries_count)]
    )
    promises = Commitment.objects.bulk_create(
        [
            Commitment(
                ref=f"B-{n:05d}",
                title=f"Jeu promis {n}",
                wording=f"les données du jeu {n}",
                announced_in="feuille de route",
                announced_on=PROMISED_ON,
                source="base d'essai",
            )
            for n in range(count)
        ]
    )
    Responsibility.objects.bulk_create(
        [
            Responsibility(ministry=ministries[n % ministries_count], commitment=promise, since=PROMISED_ON)
            for n, promise in enumerate(promises)
        ]
    )
    Deadline.objects.bulk_create(
        [
            Deadline(
                commitment=promise,
                raw="d'ici fin 2021",
                first_day=date(2021, 1, 1),
                last_day=date(2021, 12, 31),
                precision="year",
                announced_on=PROMISED_ON,
                announced_in="feuille de route",
            )
            for promise in promises
        ]
    )
    deliverables = Deliverable.objects.bulk_create(
        [
            Deliverable(commitment=promise, rank=1, kind="dataset", label="le jeu de données", access_promised="open")
            for promise in promises
        ]
    )
    locations = Location.objects.bulk_create(
        [
            Location(
                deliverable=deliverable,
                portal=Location.Portal.DATASET,
                identifier=identifier(n),
                url=f"https://www.data.gouv.fr/datasets/{identifier(n)}",
                since=date(2021, 3, 1),
            )
            for n, deliverable in enumerate(deliverables)
        ]
    )
    Watch.objects.bulk_create([Watch(location=location, next_check_at=DUE) for location in locations])
    recount()
    return locations


if __name__ == "__main__":
    populate(int(sys.argv[1]))
