"""Bring the English catalogue up to date with the French words of pages."""

from typing import Any

from django.core.management.base import BaseCommand

from bothorel import catalogue


class Command(BaseCommand):
    """Add what is new, forget what is gone, and say what has still to be translated."""

    help = "Met à jour locale/en/LC_MESSAGES/django.po d'après les mots français des pages."

    def handle(self, *args: Any, **options: Any) -> None:
        known, wanted = catalogue.read(), catalogue.wanted()
        for message in wanted:
            if message.id and (former := known.get(message.id)):
                message.string = former.string
        catalogue.write(wanted)
        missing = [message.id for message in wanted if message.id and not message.string]
        for text in missing:
            self.stdout.write(f"à traduire : {text}")
        self.stdout.write(f"{len(wanted)} messages, dont {len(missing)} à traduire.")
