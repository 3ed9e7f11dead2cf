"""``manage.py match_candidates``: search the catalogues now, and say what the method is worth."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.candidates import search
from commitments.models import Candidate, CatalogueState, MatchRun


class Command(BaseCommand):
    help = "Cherche dans les catalogues du portail ce qui pourrait tenir les promesses non constatées."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--any-length",
            action="store_true",
            help="accepter un catalogue dont le nombre de lignes s'écarte de plus de 20 %% du précédent",
        )

    def handle(self, *, any_length: bool, **options: Any) -> None:
        run = search(timezone.now(), any_length=any_length)
        if run is None:
            refusals = [f"{state} : {state.refusal}" for state in CatalogueState.objects.exclude(refusal="")]
            raise CommandError("; ".join(refusals) or "Une autre recherche est en cours.")
        for warning in run.warnings:
            self.stderr.write(warning)
        self._table()
        self.stdout.write(
            f"{run.rows} fiches comparées à {run.promises} promesses : {run.proposed} candidats proposés."
        )
        self.stdout.write(_worth(run))

    def _table(self) -> None:
        pending = Candidate.objects.pending().select_related("deliverable__commitment")
        for row in pending.order_by("deliverable__commitment__ref", "deliverable", "rank"):
            reasons = " ; ".join(reason["text"] for reason in row.reasons)
            ref = row.deliverable.commitment.ref
            self.stdout.write(f"{ref:8} {row.rank}. {row.score:.2f}  {row.identifier}  {row.title} ({reasons})")


def _worth(run: MatchRun) -> str:
    if not run.truth:
        return "Précision et rappel non mesurés : aucune adresse connue n'est dans ces catalogues."
    precision = "sans objet" if run.precision is None else f"{run.precision:.2f}"
    return (
        f"Précision à 5 : {precision} ; rappel à 5 : {run.recall:.2f}, sur {run.truth} promesses dont la fiche est "
        f"connue (seuil {run.threshold}, version {run.method_version})."
    )
