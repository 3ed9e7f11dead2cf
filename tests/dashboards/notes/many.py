"""Fifteen ministries and five hundred promises with the longest titles, dates that moved, contradictions."""

from __future__ import annotations

from datetime import date, timedelta

from commitments.judging import rejudge
from commitments.models import Commitment, Deadline, Deliverable, Location, Reading, Version
from ministries.models import Declaration, Ministry, Responsibility
from ministries.reconciling import reconcile
from ministries.standing import standings

DAY = date(2022, 6, 1)
MINISTRIES, EACH = 15, 34
LONG = "qui n'en finit pas, avec des « guillemets » et des précisions "
REASON = "La mise en qualité des données demande un marché public que le secrétariat général n'a pas encore passé"
STATES = ("open", "not_open", "not_open", "open_partial")


def promise() -> None:
    """Make them, judge them, and look for what contradicts what."""
    commitments = []
    for number in range(MINISTRIES):
        ministry = Ministry.objects.create(
            code=f"GX{number}",
            slug=f"gx{number}",
            name=f"Ministère de la Transformation numéro {number} et de toutes les Affaires qui allongent un nom",
        )
        for index in range(EACH):
            commitment = Commitment(
                ref=f"G-{number * 40 + index:04d}",
                title=f"Un titre très long de promesse {index} {LONG * 4}"[:300],
                wording="les données",
                announced_in="CITP 5",
                announced_on=date(2021, 2, 5),
                source="dossier de presse",
            )
            commitment.save()
            commitments.append((ministry, index, commitment))
    Responsibility.objects.bulk_create(
        [Responsibility(ministry=m, commitment=c, since=date(2021, 2, 5)) for m, _, c in commitments]
    )
    Deliverable.objects.bulk_create(
        [
            Deliverable(commitment=c, rank=1, kind="dataset", label="les données", access_promised="open")
            for _, _, c in commitments
        ]
    )
    for _, index, commitment in commitments:
        _dates(commitment, index)
    Location.objects.bulk_create(
        [
            Location(
                deliverable=d,
                portal="dataset",
                identifier=f"65{d.pk:022d}",
                url="https://x.example/d",
                since=date(2021, 3, 1),
            )
            for d in Deliverable.objects.filter(commitment__ref__startswith="G-")
        ]
    )
    Reading.objects.bulk_create(
        [
            Reading(
                commitment=c,
                read_raw="2021-12",
                read_on=date(2021, 12, 1) + timedelta(days=index),
                state=STATES[index % 4],
            )
            for _, index, c in commitments
        ]
    )
    Declaration.objects.bulk_create(
        [
            Declaration(commitment=c, status="done", declared_on=date(2021, 12, 15), ministry=m, by_function="AMDAC")
            for m, index, c in commitments
            if index % 5 == 0
        ]
    )
    Version.bump()
    rejudge(today=DAY)
    reconcile(standings(DAY), DAY)


def _dates(commitment: Commitment, index: int) -> None:
    last = date(2021, 12, 31) + timedelta(days=30 * index)
    rows = [("d'ici la fin de l'année 2021", last, date(2021, 2, 5), "")]
    if index % 3 == 0:
        rows.append(("T4 2022", last + timedelta(days=100 + index), date(2021, 11, 5), REASON))
        rows.append(("T4 2023", last + timedelta(days=110 + index), date(2022, 5, 5), REASON))
    for raw, day, announced, reason in rows:
        Deadline.objects.create(
            commitment=commitment,
            raw=raw,
            first_day=day,
            last_day=day,
            precision="day",
            announced_on=announced,
            announced_in="CITP 5",
            reason=reason,
        )
