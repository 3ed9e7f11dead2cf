"""``manage.py brake``: an operator answers the brake, which suspended a round that ended too many kept verdicts."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.braking import BrakeRefused, answer, pulled
from commitments.days import paris_day


class Command(BaseCommand):
    help = "Répond au frein : --confirm change les constats, --dismiss écarte ce que le portail a montré."

    def add_arguments(self, parser: ArgumentParser) -> None:
        given = parser.add_mutually_exclusive_group()
        given.add_argument("--confirm", action="store_true", help="les constats changent : le portail disait vrai")
        given.add_argument("--dismiss", action="store_true", help="rien ne change : le portail était en panne")
        parser.add_argument("--reason", default="", metavar="MOTIF", help="pourquoi, en public")
        parser.add_argument("--function", default="opérateur", metavar="FONCTION", help="qui décide, en public")

    def handle(self, *, confirm: bool, dismiss: bool, reason: str, function: str, **options: Any) -> None:
        now = timezone.now()
        held = pulled(paris_day(now))
        if held is None:
            self.stdout.write("Aucun relevé suspendu.")
            return
        if not confirm and not dismiss:
            for change in held.ending:
                why = " ".join(reason.text for reason in change.judgment.reasons)
                self.stdout.write(f"{change.deliverable} → {change.judgment.state} : {why}")
            raise CommandError(
                f"{held.run} suspendu : {len(held.ending)} des {held.run.kept_before} constats tenus prendraient fin. "
                "Répondez par --confirm ou --dismiss, avec --reason."
            )
        try:
            given = answer(confirm=confirm, reason=reason, decided_by=function, now=now)
        except BrakeRefused as error:
            raise CommandError(str(error)) from None
        done = "constats changés" if confirm else "observations mises de côté"
        self.stdout.write(f"{given.get_answer_display().capitalize()} : {given.verdicts} {done}.")
