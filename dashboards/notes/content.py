"""What the note says: situations of a day in, values out. No request, no table, no clock.

The note holds on two pages whatever the number of promises: each section has its share of lines, and says how many
it leaves out and where they are. Figures are those of the public pages, counted by the same functions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from commitments.folding import fold
from dashboards import figures
from dashboards.pages import words
from dashboards.pages.words import typography
from ministries.models import Contradiction, Ministry
from ministries.models.declarations import Obstacle
from ministries.standing import Standing
from ministries.timeliness import Code

SILENCE = timedelta(days=90)
MOST_MINISTRIES = 24
PER_LINE = 112
"""Characters that surely hold on a line of print: those of the widest text measured, less a tenth."""

COLUMNS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    (Code.KEPT_ON_TIME, "Tenues à l’heure", {"echeance": "kept_on_time"}),
    (Code.KEPT_LATE, "Tenues en retard", {"echeance": "kept_late"}),
    (Code.LATE, "En retard", {"echeance": "late"}),
    (Code.PARTLY, "Échues, en partie", {"echeance": "partly"}),
    (Code.UNVERIFIED, "Échues, non vérifiées", {"echeance": "unverified"}),
    (Code.DUE_SOON, "Sous 90 jours", {"echeance": "due_soon"}),
    (Code.UPCOMING, "Plus tard", {"echeance": "upcoming"}),
    (Code.UNDATED, "Sans date", {"echeance": "undated"}),
    (Code.CLOSED, "Closes", {"echeance": "closed"}),
)
"""Every class of delay, once: the columns of a row add up to its promises."""

_MINISTRY = re.compile(r"^Ministère (?:de la |de l’|des |du |de )")


@dataclass(frozen=True)
class Address:
    """A page of the site and its parameters, the day left out: whoever writes a link adds it."""

    path: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One promise, or one ministry, in a section. ``text`` reads after ``title``."""

    title: str
    text: str
    who: str = ""
    path: str = ""
    group: str = ""


@dataclass(frozen=True)
class Rest:
    """What a section leaves out: « 12 autres en retard », and where they all are. Never a silent cut."""

    count: int
    kind: str
    address: Address

    @property
    def text(self) -> str:
        return f"{words.counted(self.count, 'autre', 'autres')} {self.kind}".rstrip()


@dataclass(frozen=True)
class Section:
    """``count``: how many there are, of which ``lines`` are shown; ``rests``: the others.

    ``inline``: printed in one paragraph.
    """

    key: str
    title: str
    lines: tuple[Line, ...]
    count: int
    rests: tuple[Rest, ...]
    nothing: str
    inline: bool = False


@dataclass(frozen=True)
class Row:
    """One ministry's promises by class of delay, in the order of ``COLUMNS``; ``ministry`` is None for all of them."""

    ministry: Ministry | None
    total: int
    values: tuple[int, ...]

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Each column's title with the row's value: the whole first, then its parts."""
        titles = ("Promesses", *(title for _, title, _ in COLUMNS))
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
    def title(self) -> str:
        about = self.ministry.name if self.ministry else "tous les ministères"
        return typography(f"Promesses d’ouverture : {about}")


@dataclass(frozen=True)
class Room:
    """How many printed lines each page has for what varies, all titles and headings put aside. Measured on A4."""

    first: int = 50
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
    disputed = sorted(figures.contradicted(standings), key=lambda pair: pair[1].good_news)
    contradictions = [_contradiction(s, c, as_of) for s, c in disputed]
    arbitrate = to_arbitrate(standings)
    moved = [_moved(change) for change in figures.changes(standings, since).of("moved")]
    upcoming = [_upcoming(s) for s in coming(standings)]
    silent = [_silent(row.ministry, standings, as_of) for row in rows if row.ministry]
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
        counters=(*figures.counters(standings), figures.contradictions(standings)),
        rows=shown_rows,
        rows_left_out=len(rows) - len(shown_rows),
        total=_row(None, standings),
        late=_late(standings, late_room, asked),
        contradictions=_section(
            "contradictions",
            "Contradictions ouvertes, les plus anciennes d’abord",
            contradictions,
            shares[0],
            Address("/contradictions/", asked),
            "Aucune contradiction ouverte entre ce qui est promis, déclaré et constaté.",
        ),
        arbitrate=_section(
            "arbitrer",
            "Points à arbitrer",
            arbitrate,
            shares[1],
            Address("/promesses/", {**asked, "vue": "retard"}),
            "Aucun : ni arbitrage demandé, ni report répété, ni retard sans un mot du ministère.",
        ),
        moved=_section(
            "deplacees",
            f"Dates déplacées depuis le {words.day(since)}",
            moved,
            shares[2],
            Address("/changements/", {**asked, "du": since.isoformat()}),
            "Aucune date n’a été déplacée.",
        ),
        upcoming=_section(
            "a-venir",
            "Échéances des 90 prochains jours",
            upcoming,
            shares[3],
            Address("/promesses/", {**asked, "vue": "moins_de_90_jours"}),
            "Aucune échéance annoncée dans les 90 jours.",
        ),
        silent=Section(
            "silencieux",
            f"Ministères silencieux : rien de déclaré ni de reporté depuis plus de {SILENCE.days} jours",
            tuple(said_nothing),
            len(said_nothing),
            (),
            "Aucun : chacun a déclaré ou reporté quelque chose depuis.",
            inline=True,
        ),
    )


def _section(key: str, title: str, lines: Sequence[Line], shown: int, rest: Address, nothing: str) -> Section:
    left_out = len(lines) - shown
    rests = (Rest(left_out, "", rest),) if left_out else ()
    return Section(key, typography(title), tuple(lines[:shown]), len(lines), rests, typography(nothing))


def share(room: int, wants: Sequence[Sequence[Line]]) -> list[int]:
    """How many lines each section shows: one each in turn, while there is room for the lines of print it takes."""
    given = [0] * len(wants)
    growing = True
    while growing:
        growing = False
        for index, lines in enumerate(wants):
            if given[index] < len(lines) and printed(lines[given[index]]) <= room:
                room -= printed(lines[given[index]])
                given[index] += 1
                growing = True
    return given


def printed(line: Line) -> int:
    """How many lines of print it takes on a sheet."""
    return -(-(len(line.title) + len(line.who) + len(line.text) + 5) // PER_LINE)


def ministry_rows(standings: Sequence[Standing]) -> tuple[Row, ...]:
    """One row for each ministry that answers for a promise that day, by name."""
    groups: dict[int, list[Standing]] = {}
    for standing in standings:
        groups.setdefault(standing.ministry.pk, []).append(standing)
    rows = [_row(group[0].ministry, group) for group in groups.values()]
    return tuple(sorted(rows, key=lambda row: fold(row.name)))


def _row(ministry: Ministry | None, standings: Sequence[Standing]) -> Row:
    codes = Counter(str(s.timeliness.code) for s in standings)
    return Row(ministry, len(standings), tuple(codes[str(code)] for code, _, _ in COLUMNS))


def coming(standings: Iterable[Standing]) -> list[Standing]:
    """What falls due within 90 days, the nearest first."""
    return sorted((s for s in standings if figures.is_soon(s)), key=lambda s: (_last_day(s), s.ref))


def to_arbitrate(standings: Sequence[Standing]) -> list[Line]:
    """What only the meeting can settle, each promise once: by these three rules, in this order.

    The ministry itself asks for a decision; put off at least twice and late again; late without a word, one line a
    ministry.
    """
    asked, repeated, silent = [], [], dict[int, list[Standing]]()
    for standing in standings:
        late = figures.is_late(standing)
        declared = standing.declared
        if declared and declared.obstacle_kind == Obstacle.DECISION and standing.timeliness.code != Code.CLOSED:
            said = f"Le ministère attend un arbitrage : {clip(declared.obstacle, 150)}"
            asked.append(_line(standing, said))
        elif late and standing.promised.postponements > 1:
            repeated.append(
                _line(standing, f"Reportée {standing.promised.postponements} fois, {words.timing(standing)}.")
            )
        elif late and declared is None and len(standing.promised.deadlines) < 2:
            silent.setdefault(standing.ministry.pk, []).append(standing)
    grouped = [
        Line(
            title=words.counted(len(those), "promesse en retard", "promesses en retard"),
            text=f"sans report ni réponse : {clip(', '.join(s.ref for s in those), 110)}.",
            who=those[0].ministry.code,
            path=those[0].ministry.get_absolute_url(),
        )
        for those in (silent[key] for key in sorted(silent, key=lambda key: silent[key][0].ministry.code))
    ]
    return [*asked, *repeated, *grouped]


def portfolio(ministry: Ministry) -> str:
    """« Intérieur » for « Ministère de l’Intérieur »: what a column of ministries need not say again."""
    name = _MINISTRY.sub("", typography(ministry.name))
    return name[:1].upper() + name[1:]


def clip(text: str, longest: int) -> str:
    """The text, cut between two words when it is too long to be printed, and seen to be cut."""
    text = " ".join(typography(text).split(" "))
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[longest // 2 :] else cut).rstrip(" ,;:") + "…"


# --- The sentences --------------------------------------------------------------------------------


def _sentence(summary: figures.Summary, as_of: date) -> str:
    day, due, kept = words.day(as_of), summary.due.value, summary.kept.value
    if not due:
        return f"Au {day}, aucune échéance n’est encore passée."
    if due == 1:
        return f"Au {day}, la seule promesse échue {'est' if kept else 'n’est pas'} constatée en ligne."
    seen = "sont constatées" if kept > 1 else "est constatée" if kept else "n’est constatée"
    how_many = words.number(kept) if kept else "aucune"
    return f"Au {day}, {how_many} des {words.number(due)} promesses échues {seen} en ligne."


def _rest(summary: figures.Summary) -> str:
    parts = ", ".join(f"{words.number(part.value)} {part.label}" for part in summary.others)
    followed = words.counted(summary.followed, "promesse suivie", "promesses suivies")
    return f"Les autres : {parts}. {followed} en tout." if parts else f"{followed} en tout."


def _late(standings: Sequence[Standing], room: int, asked: Mapping[str, str]) -> Section:
    """Late first, then in part, then unverified; the oldest first date first: as on the home page."""
    lines: list[Line] = []
    rests: list[Rest] = []
    count = 0
    for group in figures.overdue(standings, len(standings)):
        all_lines = [_overdue(s, group.title) for s in group.lines]
        shown = share(room, [all_lines])[0]
        room -= sum(printed(line) for line in all_lines[:shown]) + 1
        lines += all_lines[:shown]
        count += group.count
        if left_out := group.count - shown:
            address = Address("/promesses/", {**asked, **group.params})
            rests.append(Rest(left_out, f"« {group.title[:1].lower()}{group.title[1:]} »", address))
    return Section(
        "retards",
        "Échéances passées, la plus ancienne première date d’abord",
        tuple(lines),
        count,
        tuple(rests),
        "Aucune promesse n’est en retard, tenue en partie ou non vérifiée après son échéance.",
    )


def _overdue(standing: Standing, group: str) -> Line:
    """Delay, first date, how often put off, last reason given: always in that order."""
    timeliness, first = standing.timeliness, standing.promised.first
    days = words.days(timeliness.days or 0)
    since = f"en retard de {days}" if timeliness.code == Code.LATE else f"depuis {days}"
    if timeliness.days_from_first and timeliness.days_from_first != timeliness.days:
        since += f", {words.days(timeliness.days_from_first)} après la première date"
    times = standing.promised.postponements
    said = [
        since,
        f"première date {typography(first.raw)}" if first else "sans date",
        words.counted(times, "report", "reports") if times else f"aucun{words.NBSP}report",
        f"motif : {clip(why, 70)}" if (why := _reason(standing)) else f"sans{words.NBSP}motif",
    ]
    return _line(standing, typography(" ; ".join(said)), group)


def _reason(standing: Standing) -> str:
    """The last reason given for a delay: with a date that was moved, or as an obstacle declared."""
    given = [(d.announced_on, d.reason) for d in standing.promised.deadlines if d.reason]
    if standing.declared and standing.declared.obstacle:
        given.append((standing.declared.declared_on, standing.declared.obstacle))
    return max(given, key=lambda pair: pair[0])[1] if given else ""


def _contradiction(standing: Standing, contradiction: Contradiction, as_of: date) -> Line:
    days = words.days((as_of - contradiction.opened_on).days)
    told = clip(contradiction.text, 190)
    group = "Bonnes nouvelles : constatées en ligne sans être déclarées" if contradiction.good_news else "À trancher"
    return _line(standing, f"{told} Depuis le {words.day(contradiction.opened_on)} ({days}).", typography(group))


def _moved(change: figures.Change) -> Line:
    sign = "+" if change.days > 0 else ""
    gap = f" ({sign}{words.days(change.days)})" if change.days else ""
    why = change.standing.promised.deadlines[-1].reason
    motive = f" Motif : {clip(why, 80)}" if why else ""
    return _line(
        change.standing,
        f"{typography(change.before)} → {typography(change.after)}{gap}, le {words.day(change.day)}.{motive}",
    )


def _upcoming(standing: Standing) -> Line:
    current = standing.promised.current
    raw = typography(current.raw) if current else ""
    first = standing.promised.first
    before = f", d’abord {typography(first.raw)}" if first and first != current else ""
    return _line(standing, f"{words.day(_last_day(standing))} ({raw}{before})", longest=70)


def _silent(ministry: Ministry, standings: Sequence[Standing], as_of: date) -> Line | None:
    """The ministry's last word on what it answers for, when it is older than 90 days, or None when it is not."""
    own = [s for s in standings if s.ministry == ministry and s.timeliness.code != Code.CLOSED]
    said = [s.declared.declared_on for s in own if s.declared and s.declared.ministry_id == ministry.pk]
    said += [deadline.announced_on for s in own for deadline, _ in s.promised.moves]
    last = max(said, default=None)
    if not own or (last is not None and as_of - last <= SILENCE):
        return None
    when = f"dernier mot le {words.day(last)}" if last else "n’a jamais répondu ici"
    return Line(clip(portfolio(ministry), 60), when, ministry.code, ministry.get_absolute_url())


def _line(standing: Standing, text: str, group: str = "", longest: int = 95) -> Line:
    return Line(
        clip(f"{standing.ref} {standing.commitment.title}", longest),
        text,
        standing.ministry.code,
        standing.commitment.get_absolute_url(),
        group,
    )


def _last_day(standing: Standing) -> date:
    current = standing.promised.current
    return current.last_day if current and current.last_day else date.max
