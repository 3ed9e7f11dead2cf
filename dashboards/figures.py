"""Counts of promises, each with its definition and the filter that lists exactly its lines; and the rows of charts.

A chart's sentence, table, CSV, SVG and Plotly traces are read from the same rows: see ``by_ministry``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from commitments.findings import State
from dashboards.languages import in_source
from dashboards.pages.words import singular
from ministries import counting
from ministries.counting import STATES as STATES
from ministries.counting import is_due as is_due
from ministries.counting import is_late as is_late
from ministries.counting import is_soon as is_soon
from ministries.counting import tally
from ministries.models import Ministry
from ministries.standing import Standing

PLURALS = {
    State.KEPT: N_("constatées"),
    State.PARTIAL: N_("constatées en partie"),
    State.UNMET: N_("non constatées"),
    State.GONE: N_("disparues"),
    State.UNKNOWN: N_("indéterminées"),
    State.UNLOCATED: N_("sans adresse"),
}

NBSP = "\u00a0"


def agreed(text: str, count: int) -> str:
    """« constatées en partie », for one: « constatée en partie ». English words do not agree."""
    return text if count > 1 or not in_source() else re.sub(r"(ée|ue)s\b", r"\1", text)


def plural(state: State) -> str:
    """Several promises of that state, in the language of the page."""
    return _(PLURALS[state])


COLOURS = {
    State.KEPT: "#1f6f50",
    State.PARTIAL: "#e0a526",
    State.UNMET: "#a8321f",
    State.GONE: "#5d2350",
    State.UNKNOWN: "#8b8b8b",
    State.UNLOCATED: "#d5d5d5",
}
"""Five hues: grey serves both kinds of doubt, told apart by their pattern and their name."""

PATTERNS = {
    State.UNKNOWN: {"shape": "/", "bgcolor": "#dfe2e6", "fgcolor": "#7d8690", "size": 6},
    State.UNLOCATED: {"shape": ".", "bgcolor": "#eef0f2", "fgcolor": "#7d8690", "size": 6},
}


@dataclass(frozen=True)
class Count:
    """A figure: how many, of what, the list and the filters that give exactly these lines, and what it means."""

    key: str
    value: int
    label: str
    params: Mapping[str, str]
    definition: str = ""
    path: str = "/promesses/"


@dataclass(frozen=True)
class Summary:
    """The first sentence, as figures: the promises that are due, and each part of them."""

    followed: int
    due: Count
    kept: Count
    others: tuple[Count, ...]


def summary(standings: Sequence[Standing]) -> Summary:
    """The due promises, cut by what is observed: the parts add up to the whole."""
    due = [s for s in standings if is_due(s)]
    states = Counter(s.observed.state for s in due)
    parts = {
        state: Count(
            state.value,
            states[state],
            agreed(plural(state), states[state]),
            {"vue": "echues", "constat": state.value},
        )
        for state in STATES
    }
    return Summary(
        followed=len(standings),
        due=Count("due", len(due), _("promesses échues"), {"vue": "echues"}),
        kept=parts[State.KEPT],
        others=tuple(part for state, part in parts.items() if state is not State.KEPT and part.value),
    )


def counters(standings: Sequence[Standing]) -> tuple[Count, ...]:
    """The counters of the first screen; each equals the length of the list that its filters give."""
    timeliness = Counter(str(s.timeliness.code) for s in standings)
    found = (
        Count(
            "kept",
            sum(s.observed.state == State.KEPT for s in standings),
            _("constatées en ligne"),
            {"constat": State.KEPT.value},
            _("échues ou non, à l’heure ou non"),
        ),
        Count(
            "late",
            sum(is_late(s) for s in standings),
            _("en retard"),
            {"vue": "retard"},
            _("échues et non constatées"),
        ),
        Count(
            "partly",
            timeliness["partly"],
            _("échues, en partie"),
            {"echeance": "partly"},
            _("une partie manque ou ne convient pas"),
        ),
        Count(
            "unverified",
            timeliness["unverified"],
            _("échues, non vérifiées"),
            {"echeance": "unverified"},
            _("personne n’a pu conclure"),
        ),
        Count(
            "soon",
            sum(is_soon(s) for s in standings),
            _("à échéance sous 90\u00a0j"),
            {"vue": "moins_de_90_jours"},
            _("date annoncée proche"),
        ),
        Count(
            "silent",
            sum(s.declared is None for s in standings),
            _("sans réponse"),
            {"declare": "sans_reponse"},
            _("le ministère n’a rien déclaré ici"),
        ),
    )
    return tuple(replace(count, label=agreed(count.label, count.value)) for count in found)


@dataclass(frozen=True)
class Group:
    """Some of the promises that share a class of delay, with the filters that list them all."""

    title: str
    params: Mapping[str, str]
    count: int
    lines: tuple[Standing, ...]


def contradicted(standings: Iterable[Standing]) -> list[tuple[Standing, Any]]:
    """Every open contradiction with its promise, oldest first."""
    found = [(s, contradiction) for s in standings for contradiction in s.contradictions]
    return sorted(found, key=lambda pair: (pair[1].opened_on, pair[0].ref))


def contradictions(standings: Iterable[Standing]) -> Count:
    """Those that are open, bad and good news alike: the length of the first two lists of ``/contradictions/``."""
    count = len(contradicted(standings))
    one, many = _("contradiction ouverte,contradictions ouvertes").split(",")
    label = one if singular(count) else many
    return Count("contradictions", count, label, {}, _("deux des trois réponses se contredisent"), "/contradictions/")


OVERDUE = {
    "late": (N_("En retard"), {"vue": "retard"}),
    "partly": (N_("Échéance passée, constatées en partie"), {"echeance": "partly"}),
    "unverified": (N_("Échéance passée, non vérifiées"), {"echeance": "unverified"}),
}


def overdue(standings: Iterable[Standing], shown: int) -> tuple[Group, ...]:
    """What to look at first: late, then in part, then unverified, oldest first date first, ``shown`` lines in all.

    Lists of promises, never a ranking of ministries. « En retard » is there even when nothing is late.
    """
    found = list(standings)
    groups = []
    for code, (title, params) in OVERDUE.items():
        those = sorted((s for s in found if s.timeliness.code == code), key=lambda s: (_first_last_day(s), s.ref))
        lines = tuple(those[: max(0, shown)])
        shown -= len(lines)
        if lines or code == "late":
            groups.append(Group(_(title), params, len(those), lines))
    return tuple(groups)


def _first_last_day(standing: Standing) -> date:
    first = standing.promised.first
    return first.last_day if first and first.last_day else date.max


# --- The chart by ministry ------------------------------------------------------------------------


@dataclass(frozen=True)
class MinistryRow:
    """One ministry: how many promises it answers for, by state observed."""

    ministry: Ministry
    states: Mapping[State, int]
    due: int
    late: int
    postponements: int

    @property
    def total(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True)
class ByMinistry:
    """« Where does each ministry stand? »: sentence, table, CSV, SVG and traces from ``rows``, by name."""

    as_of: date
    rows: tuple[MinistryRow, ...]
    shown: tuple[State, ...]
    total: MinistryRow | None = field(default=None)

    @property
    def title(self) -> str:
        return _("Où en est chaque ministère")

    @property
    def count(self) -> int:
        return self.total.total if self.total else 0

    @property
    def sentence(self) -> str:
        """What the chart says, in one sentence with its denominator."""
        if self.total is None:
            return _("Aucune promesse n’était annoncée ce jour-là.")
        counts = ((self.total.states[state], plural(state)) for state in self.shown)
        parts = ", ".join(f"{count}{NBSP}{agreed(label, count)}" for count, label in counts)
        ministries = (
            _("{count} ministères en répondent").format(count=len(self.rows))
            if len(self.rows) > 1
            else _("un ministère en répond")
        )
        promises = (
            _("{count} promesses suivies").format(count=self.count) if self.count > 1 else _("la promesse suivie")
        )
        return _("Sur {promises} : {parts} ; {ministries}.").format(
            promises=promises, parts=parts, ministries=ministries
        )

    @property
    def columns(self) -> tuple[str, ...]:
        states = (plural(s).capitalize() for s in self.shown)
        return (_("Promesses"), *states, _("Échues"), _("En retard"), _("Reports"))

    def values(self, row: MinistryRow) -> tuple[int, ...]:
        return (row.total, *(row.states[s] for s in self.shown), row.due, row.late, row.postponements)

    def table(self) -> list[tuple[MinistryRow, list[Count]]]:
        """Each row with its cells, each cell with the filter that lists its lines (none for postponements)."""
        return [(row, self._cells(row, {"ministere": row.ministry.code})) for row in self.rows]

    def foot(self) -> list[Count]:
        return self._cells(self.total, {}) if self.total else []

    def _cells(self, row: MinistryRow, base: Mapping[str, str]) -> list[Count]:
        asked: list[Mapping[str, str] | None] = [
            base,
            *({**base, "constat": s.value} for s in self.shown),
            {**base, "vue": "echues"},
            {**base, "vue": "retard"},
            None,
        ]
        return [
            Count("", value, label, params or {}, "" if params is not None else "sans liste")
            for value, label, params in zip(self.values(row), self.columns, asked, strict=True)
        ]

    def csv_rows(self) -> list[list[str]]:
        """The table, header first, total last."""
        rows = [[row.ministry.code, row.ministry.name, *map(str, self.values(row))] for row in self.rows]
        total = [["", "Total", *map(str, self.values(self.total))]] if self.total else []
        return [["Sigle", "Ministère", *self.columns], *rows, *total]

    def traces(self) -> list[dict[str, Any]]:
        """Plotly's horizontal stacked bars: one trace a state, plain lists."""
        names = [row.ministry.code for row in self.rows]
        return [
            {
                "type": "bar",
                "orientation": "h",
                "name": plural(state),
                "y": names,
                "x": [row.states[state] for row in self.rows],
                "customdata": [row.ministry.name for row in self.rows],
                "hovertemplate": "%{customdata}<br>%{x} " + plural(state) + "<extra></extra>",
                "marker": {
                    "color": COLOURS[state],
                    "line": {"color": "#fff", "width": 1},
                    **({"pattern": PATTERNS[state]} if state in PATTERNS else {}),
                },
            }
            for state in self.shown
        ]


def by_ministry(standings: Sequence[Standing], as_of: date) -> ByMinistry:
    """Promises by the ministry that answers for them that day, each counted once, in the order of names."""
    rows = [_row(ministry, group) for ministry, group in counting.by_ministry(standings)]
    present = {state for row in rows for state, count in row.states.items() if count}
    return ByMinistry(
        as_of=as_of,
        rows=tuple(rows),
        shown=tuple(state for state in STATES if state in present),
        total=_row(Ministry(name="Total"), standings) if standings else None,
    )


def _row(ministry: Ministry, standings: Sequence[Standing]) -> MinistryRow:
    counted = tally(standings)
    return MinistryRow(
        ministry=ministry,
        states=counted.states,
        due=counted.due,
        late=counted.late,
        postponements=counted.postponements,
    )


# --- What changed since a day ---------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """Something dated that happened to a promise: a verdict that changed, or a date that moved."""

    kind: str  # kept · gone · verdict · moved · promised
    day: date
    standing: Standing
    before: str
    after: str
    days: int = 0


@dataclass(frozen=True)
class Changes:
    """What happened after ``since`` and up to the day asked, newest first."""

    since: date
    rows: tuple[Change, ...]

    def of(self, kind: str) -> list[Change]:
        return [change for change in self.rows if change.kind == kind]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The kinds that occurred, with their count, in the order in which they are told."""
        told = {
            "kept": _("constatée,constatées"),
            "gone": _("disparue,disparues"),
            "verdict": _("autre changement de constat,autres changements de constat"),
            "moved": _("date déplacée,dates déplacées"),
            "promised": _("promesse annoncée,promesses annoncées"),
        }
        counted = ((forms.split(","), len(self.of(kind))) for kind, forms in told.items())
        return [(forms[count > 1], count) for forms, count in counted if count]

    @property
    def days_moved(self) -> int:
        return sum(change.days for change in self.of("moved"))


def changes(standings: Iterable[Standing], since: date) -> Changes:
    """Read from the rows that situations already hold: no query. Days are those on which things were said or seen."""
    found: list[Change] = []
    for standing in standings:
        if standing.commitment.announced_on > since:
            found.append(Change("promised", standing.commitment.announced_on, standing, "", "promesse annoncée"))
        for deadline, days in standing.promised.moves:
            if deadline.announced_on > since:
                before = standing.promised.deadlines[standing.promised.deadlines.index(deadline) - 1]
                found.append(Change("moved", deadline.announced_on, standing, before.raw, deadline.raw, days))
        for delivered in standing.deliverables:
            before_state = ""
            for verdict in delivered.verdicts:
                if verdict.since > since and verdict.state != before_state:
                    found.append(Change(_kind(verdict.state), verdict.since, standing, before_state, verdict.state))
                before_state = verdict.state
    found.sort(key=lambda change: (-change.day.toordinal(), change.standing.ref))
    return Changes(since, tuple(found))


def _kind(state: str) -> str:
    return state if state in (State.KEPT, State.GONE) else "verdict"
