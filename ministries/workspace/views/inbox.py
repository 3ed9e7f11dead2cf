"""The inbox: what waits for a word, and many lines answered at once. A line refused costs only itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from commitments.models import Commitment
from ministries import declaring
from ministries.authoring import Author, Refused, StaleForm, hold, writing
from ministries.models import Campaign, Declaration
from ministries.permissions import NotMandated
from ministries.postponing import postpone
from ministries.workspace.access import author, workspace
from ministries.workspace.forms import NOTHING_NEW, LineForm, overtaken
from ministries.workspace.lines import Line, asked_ministry, lines, ministries_within_reach, seen, within_reach
from ministries.workspace.views.drafts import prepared_promises
from ministries.workspace.views.reports import readable

MOST = 60
"""Lines on one page: what one request may carry."""
SOME = 5
"""Draft promises named here; their page has them all."""


@dataclass
class Row:
    """A line with its form; ``latest`` is what somebody wrote meanwhile."""

    line: Line
    form: LineForm
    latest: models.Model | None = None


@workspace
@require_http_methods(["GET", "POST"])
def inbox(request: Any) -> HttpResponse:
    """Only what is due, late, contradicted or silent, unless everything is asked for (``vue=tout``)."""
    reachable = list(ministries_within_reach(request.rights))
    ministry = asked_ministry(request, reachable)
    everything = request.GET.get("vue") == "tout"
    asked = within_reach(request.rights, ministry).filter(visibility=Commitment.Visibility.PUBLIC)
    found = lines(request.rights, asked)
    drafts = prepared_promises(request.rights, ministry)
    waiting = [line for line in found if everything or line.waits]
    context = {
        "reachable": reachable,
        "ministry": ministry,
        "everything": everything,
        "total": len(found),
        "waiting": len(waiting),
        "drafts": list(drafts[:SOME]),
        "reports": readable(request.rights, ministry).pending().count(),
        "drafts_in_all": drafts.count(),
        "campaign": Campaign.objects.open_now().filter(closes_on__gte=request.rights.day).first(),
        "answered": [line for line in found if line.why and line.answered and not everything],
    }
    if request.method == "POST":
        failed = _answer(request, {line.commitment.pk: line for line in found})
        if not failed:
            return redirect(request.get_full_path())
        kept = {row.line.commitment.pk for row in failed}
        # What was refused stays as it was typed, first; the others are read again, as they are now.
        others = [line for line in lines(request.rights, asked) if line.waits and line.commitment.pk not in kept]
        rows = [*failed, *(_row(line) for line in others[: MOST - len(failed)])]
        return render(request, "workspace/inbox.html", {**context, "rows": rows, "failed": len(failed)}, status=422)
    rows = [_row(line) for line in waiting[:MOST]]
    return render(request, "workspace/inbox.html", {**context, "rows": rows, "beyond": max(0, len(waiting) - MOST)})


def _row(line: Line) -> Row:
    declaration, deadline = seen(line.standing)
    initial = {"seen": declaration, "seen_deadline": deadline}
    return Row(line, LineForm(prefix=f"l{line.commitment.pk}", initial=initial))


def _answer(request: HttpRequest, within: dict[int, Line]) -> list[Row]:
    """Write what was answered, line by line, in one transaction. Returns the lines refused, with why."""
    asked = _submitted(request, within)
    rest = "reste" in request.POST
    writer = author(request, "boîte de réception")
    failed: list[Row] = []
    done: Counter[str] = Counter()
    with writing(writer):
        # All before anything is written: two who answer the same lines wait for each other, and never both for ever.
        list(hold(asked).only("pk"))
        for pk in asked:
            line, form = within[pk], LineForm(request.POST, prefix=f"l{pk}")
            if form.blank and not (rest and line.may_declare):
                continue
            row = _write(writer, line, form, rest, done)
            if row is not None:
                failed.append(row)
    _tell(request, done, len(failed))
    return failed


def _submitted(request: HttpRequest, within: dict[int, Line]) -> list[int]:
    """The promises that the form names. One of another ministry refuses the whole form: no page of ours made it."""
    named = request.POST.getlist("ligne")
    if not all(name.isascii() and name.isdigit() and len(name) < 16 for name in named):
        raise PermissionDenied
    asked = sorted({int(name) for name in named})
    if any(pk not in within for pk in asked):
        raise PermissionDenied
    return asked


def _write(writer: Author, line: Line, form: LineForm, rest: bool, done: Counter[str]) -> Row | None:
    if not form.is_valid():
        return Row(line, form)
    try:
        with writing(writer):
            made = _one(writer, line, form, rest)
    except Refused as refused:
        form.refuse(refused)
        return Row(line, form)
    except NotMandated as error:
        form.add_error(None, str(error))
        return Row(line, form)
    except StaleForm as stale:
        return _overtaken(line, form, stale)
    done.update(made)
    return None


def _one(writer: Author, line: Line, form: LineForm, rest: bool) -> list[str]:
    """What one line says: a new date first, since what is announced in time needs no obstacle."""
    commitment, made = line.commitment, []
    if form.words("raw").strip() or form.words("reason").strip():
        postpone(
            writer,
            commitment,
            raw=form.words("raw"),
            reason=form.words("reason"),
            seen=form.number("seen_deadline"),
        )
        made.append("report")
    status = form.words("status") or (NOTHING_NEW if form.blank and rest else "")
    said: dict[str, Any] = {name: form.words(name) for name in ("comment", "obstacle_kind", "obstacle")}
    last = form.number("seen")
    if status == NOTHING_NEW:
        if said["comment"].strip():
            raise Refused("comment", "Un commentaire est du nouveau : choisissez un état.")
        declaring.nothing_new(
            writer, commitment, seen=last, obstacle_kind=said["obstacle_kind"], obstacle=said["obstacle"]
        )
        made.append("rien de nouveau")
    elif status and line.may_declare:
        if status != Declaration.Status.DONE and not said["obstacle"].strip() and not said["obstacle_kind"]:
            # The line shows it, and says that it is taken up unless another is given.
            said |= line.obstacle
        declaring.declare(writer, commitment, status=status, seen=last, address=form.words("address"), **said)
        made.append("déclaration")
    elif status:
        pending = commitment.drafts.pending().last()
        declaring.prepare(writer, commitment, status=status, seen=pending.pk if pending else None, **said)
        made.append("préparation")
    elif any(value.strip() for value in said.values()) or form.words("address").strip():
        raise Refused("status", "Choisissez un état pour cette ligne.")
    return made


def _overtaken(line: Line, form: LineForm, stale: StaleForm) -> Row:
    name = "seen" if isinstance(stale.latest, Declaration) or stale.latest is None else "seen_deadline"
    again = overtaken(partial(LineForm, prefix=form.prefix), form.data, stale, form.add_prefix(name))
    return Row(line, again, stale.latest)


def _tell(request: HttpRequest, done: Counter[str], failed: int) -> None:
    names = {
        "déclaration": ("déclaration enregistrée", "déclarations enregistrées"),
        "report": ("report enregistré", "reports enregistrés"),
        "rien de nouveau": ("fois « rien de nouveau »", "fois « rien de nouveau »"),
        "préparation": ("déclaration préparée", "déclarations préparées"),
    }
    said = [f"{count} {names[what][count > 1]}" for what, count in sorted(done.items())]
    if said:
        messages.success(request, f"{', '.join(said)}.")
    elif not failed:
        messages.info(request, "Aucune ligne n'était remplie : rien n'est enregistré.")
