"""``manage.py load_reference``: the facts that the project holds, into the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.reference.problems import BadReference
from commitments.reference.reading import DATA
from commitments.reference.report import Report, Tally
from ministries.reference.loading import load_all, read_all

SHOWN_ABSENT = 10


class Command(BaseCommand):
    """Load the reference, or only check it."""

    help = "Charge les faits de référence. Rechargés, ils ne changent rien ; une ligne changée garde son histoire."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take another folder, or only a check."""
        parser.add_argument("--check", action="store_true", help="lire et vérifier les fichiers, sans rien écrire")
        parser.add_argument("--folder", type=Path, default=DATA, help="dossier des fichiers CSV (celui du projet)")

    def handle(self, *, check: bool, folder: Path, verbosity: int, **options: Any) -> None:
        """Load everything or nothing. Raises ``CommandError`` with every problem."""
        try:
            if check:
                read_all(folder)
            else:
                report = load_all(folder, now=timezone.now())
        except BadReference as bad:
            raise CommandError(f"{bad}\nRien n'a été chargé : {_counted(len(bad.problems), 'erreur')}.") from bad
        if not verbosity:
            return
        if check:
            self.stdout.write("Aucune erreur ; rien n'a été écrit.")
        else:
            self.stdout.write(_told(report))


def _told(report: Report) -> str:
    """The closing table and what followed."""
    heads = ("fichier", "lignes", "ajoutées", "changées", "inchangées", "absentes")
    lines = [heads, *(_line(tally) for tally in report.tallies)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    table = [
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in lines
    ]
    absent = [
        f"Absent de {tally.file}, gardé en base : {', '.join(tally.absent[:SHOWN_ABSENT])}"
        f"{f' et {len(tally.absent) - SHOWN_ABSENT} autres' if len(tally.absent) > SHOWN_ABSENT else ''}."
        for tally in report.tallies
        if tally.absent
    ]
    followed = (
        f"Éditeurs ajoutés : {report.publishers}. Adresses mises sous surveillance : {report.watches}. "
        f"Constats ajoutés : {report.verdicts}."
        if report.wrote
        else "Rien n'a changé."
    )
    return "\n".join([*table, *absent, followed])


def _line(tally: Tally) -> tuple[str, ...]:
    counts = (tally.rows, len(tally.added), len(tally.changed), tally.unchanged, len(tally.absent))
    return (tally.file, *(str(count) for count in counts))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}"
