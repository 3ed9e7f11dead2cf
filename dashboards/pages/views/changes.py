"""What changed between two days, situation against situation: the page, and its lines as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from dashboards.api.caching import Answer, Stamp
from dashboards.api.listing import some_filters
from dashboards.api.reading import Ministries
from dashboards.asking import Question, by_name
from dashboards.files.tables import CONTENT_TYPE, csv_bytes, file_name
from dashboards.pages import words
from dashboards.pages.asked import ask, page
from dashboards.pages.keeping import kept
from dashboards.serving import serve
from ministries.changes import Change, Changes
from ministries.changes import changes as compare
from ministries.standing import Standing, on_both_days

BEFORE = timedelta(days=90)
HEADER = ("Changement", "Référence", "Promesse", "Ministère", "Avant", "Après", "Jours")


@dataclass(frozen=True)
class Group:
    """One kind of change: its lines, or the sentence that says there are none.

    ``forms``: its name when one is counted, then when many are.
    """

    key: str
    title: str
    forms: str
    nothing: str
    lines: tuple[Change, ...]


@dataclass(frozen=True)
class Compared:
    """Two days and a ministry or none, as asked, with all that differs."""

    question: Question
    since: date
    ministries: Ministries
    found: Changes

    @property
    def groups(self) -> tuple[Group, ...]:
        """Good news first; every kind is there, even when nothing of it happened."""
        found = self.found
        return (
            Group(
                "tenues",
                _("Nouvellement constatées"),
                N_("nouvellement constatée,nouvellement constatées"),
                _("Aucune promesse de plus n’est constatée."),
                found.kept,
            ),
            Group("reculs", _("En recul"), N_("en recul,en recul"), _("Aucun recul."), found.regressed),
            Group(
                "dates",
                _("Dates déplacées"),
                N_("date déplacée,dates déplacées"),
                _("Aucune date n’a été déplacée."),
                found.moved,
            ),
            Group(
                "declarees",
                _("Déclarations"),
                N_("déclaration,déclarations"),
                _("Aucun ministère n’a rien déclaré."),
                found.declared,
            ),
            Group(
                "ajoutees",
                _("Promesses ajoutées"),
                N_("promesse ajoutée,promesses ajoutées"),
                _("Aucune promesse n’a été ajoutée."),
                found.added,
            ),
            Group(
                "autres",
                _("Autres changements"),
                N_("autre changement,autres changements"),
                _("Rien d’autre n’a changé."),
                found.other,
            ),
        )

    @property
    def removed(self) -> tuple[Standing, ...]:
        return self.found.removed

    @property
    def ministry(self) -> str:
        return self.question.chosen.get("ministere", "")

    def rows(self) -> Iterator[tuple[str | int | None, ...]]:
        """The lines of the page, in its order."""
        for group in self.groups:
            for line in group.lines:
                s = line.after
                yield group.title, s.ref, s.commitment.title, s.ministry.code, line.was, line.now, line.days
        for s in self.removed:
            yield "Plus dans la liste", s.ref, s.commitment.title, s.ministry.code, "", "", None


@page
@kept
def changes(request: HttpRequest) -> HttpResponse:
    """Added, moved, kept, regressed, declared: before and after, between two days."""
    compared = _compare(request)
    params = {"du": compared.since.isoformat(), "ministere": compared.ministry}
    return render(
        request,
        "pages/changes.html",
        {
            "question": compared.question,
            "compared": compared,
            "params": {**params, "au": compared.question.as_of.isoformat()},
            "ministries": by_name(compared.ministries).items(),
            "before": words.day(compared.since),
        },
    )


@page
def changes_csv(request: HttpRequest) -> HttpResponse:
    """The lines of the page for the same address."""

    def make(stamp: Stamp) -> Answer:
        compared = _compare(request)
        subject = f"changements-du-{compared.since.isoformat()}"
        name = file_name(subject, compared.question.as_of, compared.ministry)
        return Answer(csv_bytes([HEADER, *compared.rows()]), CONTENT_TYPE, name)

    return serve(request, make)


def _compare(request: HttpRequest) -> Compared:
    """Understand ``du``, ``au`` and ``ministere``, and compare; raises NotUnderstood naming all that is wrong."""
    ministries = Ministries()
    available = some_filters(ministries, "ministere")
    question = ask(request, available=available, searchable=False, compares=True)
    since = question.since or question.as_of - BEFORE
    earlier, later = on_both_days(since, question.as_of)
    # A promise that changed hands is compared with itself: the ministry is the one that answers at the end.
    after = question.keep(later, available)
    refs = {s.ref for s in after}
    before = [
        s
        for s in earlier
        if s.ref in refs or "ministere" not in question.chosen or s.ministry.code == question.chosen["ministere"]
    ]
    return Compared(question, since, ministries, compare(before, after))
