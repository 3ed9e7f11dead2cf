"""The quick answer: lines answered in one text, shown as understood, then sent as the inbox's own form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from commitments.models import Commitment
from ministries.declaring import NO_ADDRESS, NO_OBSTACLE
from ministries.models import Declaration, Obstacle
from ministries.permissions import Action
from ministries.workspace.access import workspace
from ministries.workspace.forms import STATUSES
from ministries.workspace.lines import Line, asked_ministry, lines, ministries_within_reach, seen, within_reach
from ministries.workspace.quick import MOST, NOTHING_NEW, Entry, Wrong, read

STATES = {**dict(STATUSES), NOTHING_NEW: "rien de nouveau"}
OBSTACLES = {str(code): str(label) for code, label in Obstacle.choices}


@dataclass
class Answer:
    """A line and what would be written of it: words to show, fields to send."""

    line: Line
    words: list[str] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)


@workspace
@require_http_methods(["GET", "POST"])
def quick(request: Any) -> HttpResponse:
    """The text, then what was understood of it. Nothing is written here."""
    reachable = list(ministries_within_reach(request.rights))
    ministry = asked_ministry(request, reachable)
    asked = within_reach(request.rights, ministry).filter(visibility=Commitment.Visibility.PUBLIC)
    found = lines(request.rights, asked)
    waiting = [line for line in found if line.waits]
    text = request.POST.get("texte", "")
    rest = "reste" in request.POST
    answers: list[Answer] = []
    others: list[Answer] = []
    wrongs: list[Wrong] = []
    if request.method == "POST":
        entries, wrongs = read(text)
        answers, told = _understood(entries, {line.commitment.ref: line for line in found})
        wrongs += told
        if not (entries or wrongs or rest):
            wrongs.append(Wrong("", "Rien n’est écrit : donnez au moins une ligne, ou cochez la case."))
        named = {one.line.commitment.pk for one in answers}
        left = [line for line in waiting if line.commitment.pk not in named and line.may_declare]
        others = [Answer(line, hidden=_hidden(line)) for line in left[: max(0, MOST - len(answers))]] if rest else []
    context = {
        "ministry": ministry,
        "reachable": reachable,
        "waiting": waiting,
        "text": text,
        "rest": rest,
        "answers": answers,
        "others": others,
        "wrongs": wrongs,
        "ready": not wrongs and bool(answers or others),
        "writes": request.rights.holds(Action.PREPARE),
    }
    return render(request, "workspace/quick.html", context, status=422 if wrongs else 200)


def _understood(entries: list[Entry], within: dict[str, Line]) -> tuple[list[Answer], list[Wrong]]:
    """What each entry would write, and what the rules would refuse: told before, decided when it is sent."""
    answers: list[Answer] = []
    wrongs: list[Wrong] = []
    for entry in entries:
        line = within.get(entry.ref)
        why = "cette référence n’est pas celle d’une promesse de votre ministère." if line is None else ""
        if line is not None:
            why = why or _refused(entry, line)
        if line is None or why:
            wrongs.append(Wrong(entry.said, why))
        else:
            answers.append(Answer(line, _words(entry), _hidden(line, entry.fields)))
    if len(answers) > MOST:
        wrongs.append(Wrong("", f"{MOST} promesses à la fois au plus : envoyez le reste ensuite."))
    return answers, wrongs


def _refused(entry: Entry, line: Line) -> str:
    said, status = entry.fields, entry.fields.get("status", "")
    if not (line.may_declare or line.may_prepare):
        return "votre rôle ne permet pas d’y répondre."
    if status == NOTHING_NEW and not line.repeatable:
        return "rien n’y a encore été déclaré : dites d’abord un état."
    declared = line.standing.declared
    if status == NOTHING_NEW and declared is not None:
        status = declared.status
    done = status == Declaration.Status.DONE
    if line.may_declare and done and not line.located and not said.get("address"):
        return _inside(NO_ADDRESS)
    silent = status and not done and not said.get("obstacle") and not line.obstacle
    if line.may_declare and line.overdue and silent:
        return f"{_inside(NO_OBSTACLE)} « {line.commitment.ref} …, obstacle budget : crédits gelés »"
    return ""


def _inside(sentence: str) -> str:
    """A sentence after a colon."""
    return sentence[:1].lower() + sentence[1:]


def _words(entry: Entry) -> list[str]:
    said = entry.fields
    told = [
        STATES.get(said.get("status", ""), ""),
        f"nouvelle échéance « {said['raw']} », motif : {said['reason']}" if "raw" in said else "",
        f"obstacle ({OBSTACLES[said['obstacle_kind']]}) : {said['obstacle']}" if "obstacle" in said else "",
        f"commentaire public : {said['comment']}" if "comment" in said else "",
        f"à constater à {said['address']}" if "address" in said else "",
    ]
    return [one for one in told if one]


def _hidden(line: Line, said: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """The fields of the inbox's form for this line, with the rows that this page showed."""
    prefix = f"l{line.commitment.pk}"
    declaration, deadline = seen(line.standing)
    rows = {"seen": str(declaration or ""), "seen_deadline": str(deadline or ""), **(said or {})}
    return [("ligne", str(line.commitment.pk)), *((f"{prefix}-{name}", value) for name, value in rows.items())]
