"""``manage.py invariants``: checks, on any base, what must hold whatever happened. Ends with 1 when it does not."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.invariants import INVARIANTS, seal
from ministries.invariants import INVARIANTS as OF_MINISTRIES

SHOWN = 5


class Command(BaseCommand):
    help = "Vérifie que rien n'est perdu, doublé, réécrit, ni mis à terre par une panne."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--patience", type=float, default=10, metavar="MIN", help="minutes de retard admises après un bail (10)"
        )
        parser.add_argument(
            "--seal", type=Path, metavar="FICHIER", help="compare les lignes d'avant à ce sceau, puis le renouvelle"
        )

    def handle(self, *, patience: float, seal: Path | None, **options: Any) -> None:
        now = timezone.now()
        broken = 0
        for invariant in (*INVARIANTS, *OF_MINISTRIES):
            told = invariant.broken(now, timedelta(minutes=patience))
            broken += self._tell(invariant.code, invariant.text, told)
        if seal is not None:
            broken += self._tell("I3", "les lignes d'avant sont restées telles", _compared(seal))
        if broken:
            raise CommandError(f"{broken} manquements.")

    def _tell(self, code: str, text: str, told: list[str]) -> int:
        self.stdout.write(f"{code}  {len(told):5}  {text}")
        for sentence in told[:SHOWN]:
            self.stdout.write(f"             {sentence}")
        if len(told) > SHOWN:
            self.stdout.write(f"             … et {len(told) - SHOWN} autres")
        return len(told)


def _compared(path: Path) -> list[str]:
    """What changed of the rows sealed in this file, which then holds a seal of today's."""
    told = []
    if path.exists():
        before = json.loads(path.read_text())
        ends, digest = seal(before["ends"])
        if ends != before["ends"]:
            told.append(f"des lignes manquent : {ends} au lieu de {before['ends']}")
        elif digest != before["digest"]:
            told.append(f"empreinte {digest[:12]} au lieu de {before['digest'][:12]}")
    ends, digest = seal()
    path.write_text(json.dumps({"ends": ends, "digest": digest}))
    return told
