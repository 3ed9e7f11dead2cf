"""``manage.py poll``: ask the portal now, judge, and say in a table what was seen and what changed."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

import click
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils import timezone

from commitments import polling
from commitments.findings import Outcome
from commitments.judging import Change, shown
from commitments.models import Commitment, Location, Observation, PollRun, Verdict
from commitments.portals.addresses import ASKABLE
from commitments.portals.causes import Cause
from commitments.watching import watch_new_locations

OUTCOMES = dict(Observation.OUTCOMES)
STATES = dict(Verdict.STATES)


class Command(BaseCommand):
    help = "Interroge le portail maintenant, juge ce qui est vu, et dit ce qui a changé."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--ref", nargs="+", default=[], metavar="O-01", help="seulement ces promesses")
        parser.add_argument("--portal", default="", metavar="URL", help="autre adresse du portail, pour ce relevé")

    def handle(self, *, ref: list[str], portal: str, **options: Any) -> None:
        portal = _portal(portal)
        watch_new_locations(timezone.now())
        locations = _locations(ref)
        begun = polling.begin(timezone.now(), locations=locations.values_list("pk", flat=True))
        if begun is None:
            raise CommandError("Ces adresses sont déjà en cours d'interrogation : réessayez dans un instant.")
        run, batches = begun
        answers: list[polling.Asked] = []
        bar = click.progressbar(length=run.expected, label=f"{portal or settings.DATAGOUV_URL}", file=sys.stderr)
        with bar:
            for batch in batches:
                answers += polling.poll(run.pk, batch, portal=portal, on_sighting=lambda *_: bar.update(1))
        run.refresh_from_db()
        changes = polling.settle(run, timezone.now())
        self._table(answers, changes)
        if run.status == PollRun.Status.SUSPENDED:
            raise CommandError(
                f"Frein : {run.would_end} des {run.kept_before} constats tenus prendraient fin d'un coup. Rien n'est "
                "changé ; vérifiez le portail, puis « manage.py brake » par --confirm ou --dismiss."
            )

    def _table(self, answers: list[polling.Asked], changes: list[Change]) -> None:
        changed = {change.deliverable.pk: change for change in changes}
        polled = Location.objects.filter(pk__in=[asked.location.pk for asked in answers])
        refs = dict(polled.values_list("pk", "deliverable__commitment__ref"))
        rows = [("promesse", "adresse", "résultat", "constat", "changement")]
        for asked in sorted(answers, key=lambda a: refs[a.location.pk]):
            deliverable = asked.location.deliverable
            change = changed.get(deliverable.pk)
            rows.append(
                (
                    refs[asked.location.pk],
                    asked.location.known_identifier or asked.sighting.identifier or _short(asked.location.url),
                    _outcome(asked),
                    _state(deliverable.pk),
                    _change(change) if change else "",
                )
            )
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write(line.rstrip())
        failed = sum(1 for asked in answers if asked.sighting.outcome is Outcome.NO_OBSERVATION)
        self.stdout.write(
            f"{len(answers)} adresses interrogées, {failed} sans observation, {len(changes)} constats changés."
        )


def _portal(address: str) -> str:
    if not address:
        return ""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CommandError(f"--portal {address} : une adresse http(s) complète est attendue.")
    return address.rstrip("/")


def _locations(refs: list[str]) -> QuerySet[Location]:
    locations = Location.objects.filter(until=None, portal__in=ASKABLE)
    if not refs:
        return locations
    known = set(Commitment.objects.filter(ref__in=refs).values_list("ref", flat=True))
    if unknown := [ref for ref in refs if ref not in known]:
        raise CommandError(f"Promesse inconnue : {', '.join(unknown)}.")
    locations = locations.filter(deliverable__commitment__ref__in=refs)
    if not locations.exists():
        raise CommandError(f"{', '.join(refs)} : aucune adresse que le robot sache interroger.")
    return locations


def _outcome(asked: polling.Asked) -> str:
    if asked.sighting.outcome is Outcome.NO_OBSERVATION:
        return f"pas d'observation : {Cause(asked.sighting.cause).sentence}"
    return str(OUTCOMES[asked.sighting.outcome])


def _state(deliverable: int) -> str:
    """The verdict as readers see it: one that rests on too old a reading is unknown."""
    verdict = Verdict.objects.filter(deliverable=deliverable).select_related("reading").order_by("since", "id").last()
    return str(STATES[shown(verdict, timezone.localdate())]) if verdict else "—"


def _change(change: Change) -> str:
    before = str(STATES[change.before]) if change.before else "—"
    after = str(STATES[change.judgment.state])
    why = " ; ".join(reason.text for reason in change.judgment.reasons)
    moved = f"{before} → {after}" if before != after else "raisons changées"
    return f"{moved} ({why})" if why else moved


def _short(url: str) -> str:
    return url.rstrip("/").rsplit("/", 1)[-1][:40]
