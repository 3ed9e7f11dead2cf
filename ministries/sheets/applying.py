"""A previewed file is applied whole or not at all, once: through the write functions, in one transaction.

Whoever applies holds a lease; a worker that dies leaves nothing written, and the next one begins again. The row of
the upload is locked inside the transaction: two workers that both believe they hold it write once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from commitments.models import Commitment, Deadline, Deliverable
from commitments.periods import announced_as, parse
from ministries.addressing import locate
from ministries.authoring import REFUSALS, Author, Refused, StaleForm, hold, writing
from ministries.declaring import abandon
from ministries.declaring_many import Statement, declare_many, prepare_many
from ministries.many import RefusedMany
from ministries.models import Act, Declaration, Draft, Upload
from ministries.models.sheets import unpacked
from ministries.permissions import Action
from ministries.postponing_many import Move, postpone_many
from ministries.proposing import Proposal, propose

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5
GIVEN_UP = "L'application a été interrompue plusieurs fois : rien n'est écrit. Réessayez, ou prévenez un opérateur."
CONFLICT = "Quelqu'un d'autre a écrit sur cette promesse depuis l'aperçu : refaites l'aperçu pour voir les deux."


class Stopped(Exception):
    """Why a file is not applied: the lines concerned, each with a French sentence. Nothing is written."""

    def __init__(self, problems: list[dict[str, Any]]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def apply(upload_id: int, now: datetime | None = None) -> bool:
    """Apply an upload that somebody asked to apply; False when another worker holds it or it is no longer to do."""
    now = now or timezone.now()
    held = Upload.objects.stranded(now).filter(pk=upload_id).update(lease_until=now + LEASE)
    if not held:
        return False
    upload = Upload.objects.select_related("ministry", "agent").get(pk=upload_id)
    if upload.attempts >= MOST_ATTEMPTS:
        _stop(upload, [{"number": 0, "text": GIVEN_UP}])
        return False
    # Counted before: a file that kills its worker is not tried for ever.
    Upload.objects.filter(pk=upload_id).update(attempts=upload.attempts + 1)
    try:
        return _write(upload, now)
    except Stopped as stopped:
        _stop(upload, stopped.problems)
    except REFUSALS as refused:
        _stop(upload, [{"number": 0, "text": str(refused)}])
    return False


def _stop(upload: Upload, problems: list[dict[str, Any]]) -> None:
    logger.info("upload %s stopped: %s problems", upload.pk, len(problems))
    Upload.objects.filter(pk=upload.pk, state=Upload.State.APPLYING).update(
        state=Upload.State.PREVIEWED, problems=problems, lease_until=None, attempts=0
    )


def _write(upload: Upload, now: datetime) -> bool:
    author = Author(upload.agent, now, Act.Channel.FILE, upload.file_name)
    plan = unpacked(upload.plan)
    with writing(author):
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.state != Upload.State.APPLYING:
            return False
        author.require(Action.IMPORT, upload.ministry)
        outcomes = plan["outcomes"]
        changed = [one for one in outcomes if one["kind"] == "changed"]
        # Before the first line is written, which holds the version: who holds a promise waits for that.
        list(hold(one["commitment"] for one in changed).only("pk"))
        _refuse_conflicts(changed)
        told = _Progress(upload)
        told.tell(told.READ)
        _add([one for one in outcomes if one["kind"] == "added"], author, upload)
        told.tell(told.ADDED)
        _change(changed, author, told)
        # Contradictions are looked at next, as the transaction ends.
        told.tell(told.SAID)
        locked.state, locked.applied_at, locked.lease_until = Upload.State.APPLIED, now, None
        locked.problems = []
        locked.save(update_fields=["state", "applied_at", "lease_until", "problems"])
        locked.absent.set([one["commitment"] for one in plan["absent"]])
    return True


class _Progress:
    """What the page that waits reads: where each step of the work begins, and the lines written one by one."""

    READ, ADDED, MOVED, LINES, SAID = 5, 15, 40, 60, 90

    def __init__(self, upload: Upload) -> None:
        self.upload, self.last = upload, 0

    def tell(self, percent: int) -> None:
        if percent > self.last:
            self.last = percent
            self.upload.tell_progress(percent)

    def line(self, done: int, total: int) -> None:
        self.tell(self.MOVED + (self.LINES - self.MOVED) * done // total)


def _refuse_conflicts(changed: Sequence[Mapping[str, Any]]) -> None:
    """All the lines that somebody else wrote since the preview, before anything is written."""
    ids = [one["commitment"] for one in changed]
    declared = _last(Declaration.objects.filter(commitment__in=ids).order_by("declared_on", "id"))
    prepared = _last(Draft.objects.pending().filter(commitment__in=ids).order_by("id"))
    deadlines = _last(Deadline.objects.filter(commitment__in=ids).announced())
    problems = []
    for one in changed:
        statement = (prepared if one["draft"] else declared).get(one["commitment"])
        if statement != one["seen_statement"] or deadlines.get(one["commitment"]) != one["seen_deadline"]:
            problems.append({"number": one["number"], "ref": one["ref"], "title": one["title"], "text": CONFLICT})
    if problems:
        raise Stopped(problems)


def _last(rows: Any) -> dict[int, int]:
    return dict(rows.values_list("commitment", "id"))


def _add(added: Sequence[Mapping[str, Any]], author: Author, upload: Upload) -> None:
    proposals = [_proposal(one) for one in added]
    if not proposals:
        return
    try:
        propose(author, upload.ministry, proposals, announced_in=f"tableau du ministère : {upload.file_name}"[:300])
    except Refused as refused:
        raise Stopped([{"number": 0, "text": refused.sentence}]) from None


def _proposal(one: Mapping[str, Any]) -> Proposal:
    values = one["values"]
    status = values["status"]
    said = {name: values[name] if status else "" for name in ("comment", "note", "obstacle_kind", "obstacle")}
    return Proposal(
        title=one["title"],
        wording=values["wording"],
        producer=values["direction"],
        kind=values["kind"],
        deadline=parse(announced_as(one["deadline_raw"])) if one["deadline_raw"] else None,
        source_url=values["source_url"],
        addresses=tuple(values["addresses"]),
        status=status,
        **said,
    )


def _change(changed: Sequence[Mapping[str, Any]], author: Author, told: _Progress) -> None:
    """Dates and addresses first: what is said of a promise is judged by them. Then every statement at once."""
    commitments = Commitment.objects.in_bulk([one["commitment"] for one in changed])
    by_commitment = {one["commitment"]: one for one in changed}
    refusals: dict[int, Exception] = _move(changed, author)
    told.tell(told.MOVED)
    declared: list[Statement] = []
    prepared: list[Statement] = []
    for rank, one in enumerate(changed, start=1):
        if one["commitment"] not in refusals:
            try:
                (prepared if one["draft"] else declared).extend(_one(one, commitments[one["commitment"]], author))
            except REFUSALS as refused:
                refusals[one["commitment"]] = refused
        told.line(rank, len(changed))
    for write, statements in ((declare_many, declared), (prepare_many, prepared)):
        try:
            write(author, statements)
        except RefusedMany as refused:
            refusals |= refused.refusals
    if refusals:
        problems = [_problem(by_commitment[pk], why) for pk, why in refusals.items()]
        raise Stopped(sorted(problems, key=lambda problem: problem["number"]))


def _move(changed: Sequence[Mapping[str, Any]], author: Author) -> dict[int, Exception]:
    """Move the dates, and say which may not be. The others move all the same: what follows is judged by them."""
    moves = [
        Move(one["commitment"], one["seen_deadline"], moved["raw"], moved["reason"])
        for one in changed
        if (moved := one["values"].get("postpone"))
    ]
    try:
        postpone_many(author, moves)
    except RefusedMany as refused:
        postpone_many(author, [move for move in moves if move.commitment not in refused.refusals])
        return refused.refusals
    return {}


def _problem(one: Mapping[str, Any], why: Exception) -> dict[str, Any]:
    text = CONFLICT if isinstance(why, StaleForm) else str(why)
    return {"number": one["number"], "ref": one["ref"], "title": one["title"], "text": text}


def _one(one: Mapping[str, Any], commitment: Commitment, author: Author) -> list[Statement]:
    """Write a line's addresses, or its abandon; what it declares is given back, to be written with the rest."""
    values = one["values"]
    if addresses := values.get("addresses"):
        _locate(commitment, addresses, author)
    said: dict[str, Any] | None = values.get("declare")
    if said is None:
        return []
    seen = one["seen_statement"]
    if said["status"] == Declaration.Status.ABANDONED:
        abandon(author, commitment, reason=said["comment"], source_url=said["source_url"], seen=seen)
        return []
    return [Statement(commitment.pk, seen, **said)]


def _locate(commitment: Commitment, addresses: Iterable[str], author: Author) -> None:
    deliverable = Deliverable.objects.select_related("commitment").get(commitment=commitment)
    for url in addresses:
        locate(author, deliverable, url=url)
