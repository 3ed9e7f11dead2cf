"""``manage.py brake``: an operator answers the brake, which suspended a round that ended too many kept verdicts."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments import polling
from commitments.models import PollRun


class Command(BaseCommand):
    help = "Répond au frein : --confirm change les constats, --dismiss écarte ce que le portail a montré."

    def add_arguments(self, parser: ArgumentParser) -> None:
        answer = parser.add_mutually_exclusive_group()
        answer.add_argument("--confirm", action="store_true", help="les constats changent : le portail disait vrai")
        answer.add_argument("--dismiss", action="store_true", help="rien ne change : le portail était en panne")

    def handle(self, *, confirm: bool, dismiss: bool, **options: Any) -> None:
        run = PollRun.objects.filter(status=PollRun.Status.SUSPENDED).order_by("started_at", "pk").first()
        if run is None:
            self.stdout.write("Aucun relevé suspendu.")
        elif confirm:
            changes = polling.settle(run, timezone.now(), brake=False)
            self.stdout.write(f"Confirmé : {len(changes)} constats changés.")
        elif dismiss:
            self.stdout.write(f"Écarté : {polling.dismiss(timezone.now())} observations mises de côté.")
        else:
            raise CommandError(
                f"{run} suspendu : {run.would_end} des {run.kept_before} constats tenus prendraient fin. "
                "Répondez par --confirm ou --dismiss."
            )
