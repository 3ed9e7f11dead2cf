"""Five thousand promises, each with two dates, a deliverable, its address, what was seen, judged and declared."""

from __future__ import annotations

from datetime import UTC, date, datetime

from commitments.findings import Outcome
from commitments.models import Commitment, Deadline, Deliverable, Location, Observation, Verdict, Version
from ministries.models import Declaration, Ministry, Responsibility

DAY = date(2022, 5, 3)
WORDING = "les données de l’inventaire, des effectifs et des dépenses, commune par commune, mises à jour chaque mois "


def make(number: int) -> None:
    ministries = [Ministry.objects.create(code=f"N{n}", slug=f"n{n}", name=f"Ministère {n}") for n in range(15)]
    commitments = Commitment.objects.bulk_create(
        [
            Commitment(
                ref=f"N-{n:05d}",
                title=f"Jeu de données numéro {n}",
                wording=WORDING * 2,
                announced_in="CITP 5 (engagement 6)",
                announced_on=date(2021, 2, 5),
                source="dossier de presse du CITP",
                search_text=f"jeu de donnees numero {n}",
            )
            for n in range(number)
        ]
    )
    Responsibility.objects.bulk_create(
        [
            Responsibility(ministry=ministries[n % 15], commitment=c, since=date(2021, 2, 5))
            for n, c in enumerate(commitments)
        ]
    )
    deliverables = Deliverable.objects.bulk_create(
        [
            Deliverable(commitment=c, rank=1, kind="dataset", label="le jeu", access_promised="open")
            for c in commitments
        ]
    )
    Deadline.objects.bulk_create(
        [
            Deadline(
                commitment=c, raw=raw, last_day=last, precision="day", announced_on=announced, announced_in="CITP 5"
            )
            for c in commitments
            for raw, last, announced in (
                ("31 décembre 2021", date(2021, 12, 31), date(2021, 2, 5)),
                ("30 juin 2022", date(2022, 6, 30), date(2021, 12, 1)),
            )
        ]
    )
    locations = Location.objects.bulk_create(
        [
            Location(
                deliverable=d,
                portal="dataset",
                identifier=f"66{d.pk:022d}",
                url=f"https://www.data.gouv.fr/datasets/66{d.pk:022d}",
                since=date(2021, 3, 1),
            )
            for d in deliverables
        ]
    )
    seen = datetime(2022, 5, 1, 6, tzinfo=UTC)
    observations = Observation.objects.bulk_create(
        [
            Observation(
                location=where,
                outcome=Outcome.FOUND,
                facts={},
                digest="a",
                first_seen_at=seen,
                last_seen_at=seen,
                checks=1,
            )
            for where in locations
        ]
    )
    Verdict.objects.bulk_create(
        [
            Verdict(
                deliverable=d,
                state="kept",
                since=date(2022, 5, 1),
                observation=seen_there,
                reasons=[{"code": "kept", "text": "Tous les critères sont vrais.", "criterion": ""}],
                checks=[{"criterion": "exists", "holds": True, "text": "La fiche existe."}],
                rule_version="1",
            )
            for d, seen_there in zip(deliverables, observations, strict=True)
        ]
    )
    Declaration.objects.bulk_create(
        [
            Declaration(
                commitment=c,
                ministry=ministries[n % 15],
                status=Declaration.Status.DONE,
                declared_on=date(2022, 5, 2),
                by_function="AMDAC",
                comment="Le jeu de données est publié et sera mis à jour chaque mois.",
            )
            for n, c in enumerate(commitments)
        ]
    )
    Version.bump()
