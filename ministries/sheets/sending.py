"""A file's way: sent, its columns confirmed, previewed, asked to be applied. Each step is a row's state."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime

from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerError

from commitments.models import Commitment
from commitments.periods import normalize
from ministries.authoring import Author, Refused
from ministries.models import Ministry, SheetMapping, Upload
from ministries.models.sheets import packed, unpacked
from ministries.permissions import Action
from ministries.sheets import columns as heads
from ministries.sheets import reading
from ministries.sheets.columns import Field, Guess
from ministries.sheets.preview import Preview, preview
from ministries.sheets.tables import Table, find

logger = logging.getLogger(__name__)

WITHOUT_NAME = "Dites quelle colonne donne l'intitulé, ou la référence."
NOT_READY = "Cet envoi n'est plus à appliquer : {state}."
LEFT_UNSAID = "{count} lignes ne seront pas reprises : cochez la case qui le confirme, ou corrigez-les et renvoyez."


def send(author: Author, ministry: Ministry, *, data: bytes, file_name: str) -> Upload:
    """Read a file and keep what it holds. Raises NotMandated, RefusedFile, NoTable; nothing is written then."""
    capacity = author.require(Action.IMPORT, ministry)
    book = reading.read(data)
    find(book)
    return Upload.objects.create(
        **author.signature(capacity),
        file_name=reading.clean(file_name.rsplit("/", 1)[-1])[:255] or "tableau",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        content=packed(reading.kept(book)),
    )


def table_of(upload: Upload) -> Table:
    """The table that was read of a file."""
    return find(reading.workbook(unpacked(upload.content)))


def proposed(upload: Upload, table: Table) -> list[Guess]:
    """What its columns mean: as was said for this file, or the last time, or by their heads."""
    if upload.columns:
        return [Guess(column, Field(name), 1.0, "votre choix") for name, column in upload.columns.items()]
    memory = SheetMapping.objects.filter(ministry=upload.ministry).first()
    return heads.remembered(table.headers, memory.columns if memory else {})


def show(
    author: Author, upload: Upload, columns: Mapping[Field, int], choices: Mapping[str, str] | None = None
) -> Preview:
    """Compare the file with the base as of now, keep the result, remember the columns for the next time.

    Raises NotMandated, Refused.
    """
    author.require(Action.IMPORT, upload.ministry)
    table = table_of(upload)
    kept = {name: column for name, column in columns.items() if 0 <= column < len(table.headers)}
    if not {Field.REF, Field.TITLE} & set(kept):
        raise Refused("columns", WITHOUT_NAME)
    found = preview(table, kept, upload.ministry, today=author.today, choices=choices)
    with transaction.atomic():
        changed = Upload.objects.filter(pk=upload.pk, state__in=(Upload.State.READ, Upload.State.PREVIEWED)).update(
            columns={str(name): column for name, column in kept.items()},
            choices=dict(choices or {}),
            plan=packed(found.kept()),
            counts=found.counts(),
            problems=[],
            state=Upload.State.PREVIEWED,
        )
        if not changed:
            raise Refused("state", NOT_READY.format(state=upload.get_state_display()))
        _remember(upload.ministry, table, kept)
    return found


def _remember(ministry: Ministry, table: Table, columns: Mapping[Field, int]) -> None:
    named = {column: str(name) for name, column in columns.items()}
    memory, _ = SheetMapping.objects.get_or_create(ministry=ministry)
    said = {normalize(header): named.get(column, "") for column, header in enumerate(table.headers) if header}
    SheetMapping.objects.filter(pk=memory.pk).update(columns={**memory.columns, **said})


def nothing_to_write(upload: Upload) -> bool:
    """Whether applying it would change nothing, marks of absence included."""
    if upload.counts.get("added") or upload.counts.get("changed"):
        return False
    absent = {one["commitment"] for one in unpacked(upload.plan)["absent"]} if upload.plan else set()
    return absent == set(last_absent(upload.ministry))


def last_absent(ministry: Ministry) -> list[int]:
    """The promises that the ministry's last applied file did not name."""
    last = Upload.objects.filter(ministry=ministry, state=Upload.State.APPLIED).order_by("-applied_at", "-pk").first()
    return list(last.absent.values_list("pk", flat=True)) if last is not None else []


def absent_from_last(ministry: Ministry) -> list[Commitment]:
    """The same, as rows: marked « absent du dernier envoi », never deleted."""
    return list(Commitment.objects.filter(pk__in=last_absent(ministry)))


def ask_to_apply(author: Author, upload: Upload, *, without_the_rest: bool = False) -> None:
    """Have the file applied by a worker. ``without_the_rest``: lines that are unreadable or unsettled stay out.

    Raises NotMandated, Refused.
    """
    author.require(Action.IMPORT, upload.ministry)
    left = upload.counts.get("unreadable", 0) + upload.counts.get("near", 0)
    if left and not without_the_rest:
        raise Refused("without_the_rest", LEFT_UNSAID.format(count=left))
    asked = Upload.objects.filter(pk=upload.pk, state=Upload.State.PREVIEWED).update(
        state=Upload.State.APPLYING, problems=[], lease_until=None, attempts=0, agent=author.agent
    )
    if not asked:
        raise Refused("state", NOT_READY.format(state=upload.get_state_display()))
    upload.tell_progress(0)
    hand_over(upload.pk)


def drop(author: Author, upload: Upload) -> None:
    """Forget a file that will not be applied. Raises NotMandated."""
    author.require(Action.IMPORT, upload.ministry)
    Upload.objects.filter(pk=upload.pk, state__in=(Upload.State.READ, Upload.State.PREVIEWED)).update(
        state=Upload.State.DROPPED
    )


def resume(now: datetime) -> int:
    """Hand over again what no worker holds: a lost message, a killed worker. Says how many."""
    stranded = list(Upload.objects.stranded(now).values_list("pk", flat=True))
    for upload_id in stranded:
        hand_over(upload_id)
    return len(stranded)


def hand_over(upload_id: int) -> None:
    """Send it to the queue; when it is down, ``resume`` will."""
    try:
        current_app.send_task("ministries.tasks.apply_upload", args=[upload_id])
    except (BrokerError, KombuError, OSError) as error:
        logger.warning("the queue did not take upload %s: %s", upload_id, error)
