"""What the note says: situations of a day in, values out. No request, no table, no clock.

The note holds on two pages whatever the number of promises: each section has its share of lines, and says how many
it leaves out and where they are. Figures are those of the public pages, counted by the same functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from commitments.folding import fold
from dashboards import figures, lately, priorities
from dashboards.notes.lines import (
    PER_LINE,
    SILENCE,
    Address,
    Section,
    clip,
    coming,
    contradiction_line,
    late_section,
    moved_line,
    portfolio,
    section,
    share,
    silent_line,
    to_arbitrate,
    upcoming_line,
)
from dashboards.pages import words
from dashboards.pages.words import typography
from ministries.counting import by_ministry, tally
from ministries.models import Ministry
from ministries.standing import Standing
from ministries.timeliness import Code

MOST_MINISTRIES = 24
COLUMNS: tuple[tuple[Code, str], ...] = (
    (Code.KEPT_ON_TIME, "Tenues à l’heure"),
    (Code.KEPT_LATE, "Tenues en retard"),
    (Code.LATE, "En retard"),
    (Code.PARTLY, "Échues, en partie"),
    (Code.UNVERIFIED, "Échues, non vérifiées"),
    (Code.DUE_SOON, "Sous 90 jours"),
    (Code.UPCOMING, "Plus tard"),
    (Code.UNDATED, "Sans date"),
    (Code.CLOSED, "Closes"),
)
"""Every class of delay, once: the columns of a row add up to its promises."""
NONE_TO_ARBITRATE = {False: "Aucun", True: "Aucun autre que les contradictions à arbitrer"}
"""What waits for the meeting beside the open contradictions that are said above, or not."""


@dataclass(frozen=True)
class Row:
    """One ministry's promises by class of delay, in the order of ``COLUMNS``; ``ministry`` is None for all of them."""

    ministry: Ministry | None
    total: int
    values: tuple[int, ...]

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Each column's title with the row's value: the whole first, then its parts."""
        titles = ("Promesses", *(title for _, title in COLUMNS))
        return list(zip(titles, (self.total, *self.values), strict=True))

    @property
    def name(self) -> str:
        """What the ministry is in charge of, on one line of the table."""
        return clip(portfolio(self.ministry), 46) if self.ministry else "Total"

    @property
    def path(self) -> str:
        return self.ministry.get_absolute_url() if self.ministry else "/ministeres/"


@dataclass(frozen=True)
class Note:
    """Everything that the outputs print. ``rows_left_out``: ministries beyond the table, counted in ``total``."""

    as_of: date
    since: date
    ministry: Ministry | None
    sentence: str
    rest: str
    counters: tuple[figures.Count, ...]
    rows: tuple[Row, ...]
    rows_left_out: int
    total: Row
    late: Section
    contradictions: Section
    upcoming: Section
    moved: Section
    silent: Section
    arbitrate: Section

    @property
    def second_page(self) -> tuple[Section, ...]:
        return (self.contradictions, self.arbitrate, self.moved, self.upcoming, self.silent)

    @property
    def caption(self) -> str:
        """How the table counts, and why what it says kept is not what the figures above say observed."""
        return typography(
            "Promesses par ministère qui en répond : chacune est dans une colonne et une seule. « Tenue » : datée, "
            "constatée un jour et pas disparue depuis. « Constatée en ligne », ci-dessus : son constat vaut encore."
        )

    @property
    def title(self) -> str:
        about = self.ministry.name if self.ministry else "tous les ministères"
        return typography(f"Promesses d’ouverture : {about}")


@dataclass(frozen=True)
class Room:
    """How many printed lines each page has for what varies, all titles and headings put aside. Measured on A4."""

    first: int = 49
    second: int = 58

    def tighter(self) -> Room:
        return Room(self.first - 6, self.second - 6)


def note(
    standings: Sequence[Standing],
    *,
    as_of: date,
    since: date,
    ministry: Ministry | None = None,
    room: Room | None = None,
) -> Note:
    """Compose it. ``standings``: those of the day, already narrowed to ``ministry`` when one is asked."""
    room = room or Room()
    summary = figures.summary(standings)
    rows = ministry_rows(standings)
    shown_rows = rows[:MOST_MINISTRIES]
    late_room = room.first - len(shown_rows) - len(shown_rows) // 10
    asked = {"ministere": ministry.code} if ministry else {}
    disputed = sorted(priorities.contradicted(standings), key=lambda pair: pair[1].good_news)
    contradictions = [contradiction_line(s, c, as_of) for s, c in disputed]
    arbitrate = to_arbitrate(standings)
    none_else = NONE_TO_ARBITRATE[any(not contradiction.good_news for _, contradiction in disputed)]
    moved = [moved_line(change) for change in lately.changes(standings, since).of("moved")]
    upcoming = [upcoming_line(s) for s in coming(standings)]
    silent = [silent_line(row.ministry, standings, as_of) for row in rows if row.ministry]
    said_nothing = [line for line in silent if line is not None]
    # Silent ministries are all named: they are few, and leaving one out would say that it answered.
    left = room.second - -(-sum(len(line.title) + len(line.text) + 5 for line in said_nothing) // PER_LINE)
    shares = share(left, [contradictions, arbitrate, moved, upcoming])
    return Note(
        as_of=as_of,
        since=since,
        ministry=ministry,
        sentence=_sentence(summary, as_of),
        rest=_rest(summary),
        counters=(*figures.counters(standings), priorities.contradictions(standings)),
        rows=shown_rows,
        rows_left_out=len(rows) - len(shown_rows),
        total=_row(None, standings),
        late=late_section(standings, late_room, asked),
        contradictions=section(
            "contradictions",
            "Contradictions ouvertes, les plus anciennes d’abord",
            contradictions,
            shares[0],
            Address("/contradictions/", asked),
            "Aucune contradiction ouverte entre ce qui est promis, déclaré et constaté.",
        ),
        arbitrate=section(
            "arbitrer",
            "Points à arbitrer",
            arbitrate,
            shares[1],
            Address("/promesses/", {**asked, "vue": "retard"}),
            f"{none_else} : ni arbitrage demandé, ni report répété, ni retard sans un mot du ministère.",
        ),
        moved=section(
            "deplacees",
            f"Dates déplacées depuis le {words.day(since)}",
            moved,
            shares[2],
            Address("/changements/", {**asked, "du": since.isoformat()}),
            "Aucune date n’a été déplacée.",
        ),
        upcoming=section(
            "a-venir",
            "Échéances des 90 prochains jours",
            upcoming,
            shares[3],
            Address("/promesses/", {**asked, "vue": "moins_de_90_jours"}),
            "Aucune échéance annoncée dans les 90 jours.",
        ),
        silent=Section(
            "silencieux",
            typography(f"Ministères silencieux : rien de déclaré ni de reporté depuis plus de {SILENCE.days} jours"),
            tuple(said_nothing),
            len(said_nothing),
            (),
            typography("Aucun : chacun a déclaré ou reporté quelque chose depuis.")
            if rows
            else "Aucun ministère ne répondait encore d’une promesse.",
            inline=True,
        ),
    )


def ministry_rows(standings: Sequence[Standing]) -> tuple[Row, ...]:
    """One row for each ministry that answers for a promise that day, by the name of its portfolio."""
    rows = [_row(ministry, group) for ministry, group in by_ministry(standings)]
    return tuple(sorted(rows, key=lambda row: fold(row.name)))


def _row(ministry: Ministry | None, standings: Sequence[Standing]) -> Row:
    counted = tally(standings)
    return Row(ministry, counted.total, tuple(counted.timeliness[code] for code, _ in COLUMNS))


def _sentence(summary: figures.Summary, as_of: date) -> str:
    day, due, kept = words.day(as_of), summary.due.value, summary.kept.value
    if not summary.followed:
        return f"Au {day}, aucune promesse n’est encore annoncée."
    if not due:
        return f"Au {day}, aucune échéance n’est encore passée."
    if due == 1:
        return f"Au {day}, la seule promesse échue {'est' if kept else 'n’est pas'} constatée en ligne."
    seen = "sont constatées" if kept > 1 else "est constatée" if kept else "n’est constatée"
    how_many = words.number(kept) if kept else "aucune"
    return f"Au {day}, {how_many} des {words.number(due)} promesses échues {seen} en ligne."


def _rest(summary: figures.Summary) -> str:
    parts = ", ".join(f"{words.number(part.value)} {part.label}" for part in summary.others)
    followed = words.counted(summary.followed, "promesse suivie,promesses suivies")
    return typography(f"Les autres : {parts}. {followed} en tout.") if parts else f"{followed} en tout."
