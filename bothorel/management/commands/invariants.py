"""``manage.py invariants``: checks, on any base, what must hold whatever happened. Ends with 1 when it does not."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from commitments.invariants import INVARIANTS, seal
from ministries.invariants import INVARIANTS as OF_MINISTRIES

SHOWN = 5


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything as it stood at one moment: rounds go on meanwhile, and half of one is no breach.

    Within a transaction that has begun, what it sees is what is read.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


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
        with one_moment():
            broken = self._broken(timezone.now(), patience, seal)
        if broken:
            raise CommandError(f"{broken} manquements.")

    def _broken(self, now: datetime, patience: float, seal: Path | None) -> int:
        broken = 0
        for invariant in (*INVARIANTS, *OF_MINISTRIES):
            told = invariant.broken(now, timedelta(minutes=patience))
            broken += self._tell(invariant.code, invariant.text, told)
        if seal is not None:
            broken += self._tell("I3", "les lignes d'avant sont restées telles", _compared(seal))
        return broken

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
