"""The note line by line: one promise, one ministry or one date, in a sentence that fits the paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboards import lately, priorities
from dashboards.pages import words
from dashboards.pages.words import typography
from ministries.counting import is_late, is_soon
from ministries.models import Contradiction, Ministry
from ministries.models.declarations import Obstacle
from ministries.standing import Standing
from ministries.timeliness import Code

SILENCE = timedelta(days=90)
PER_LINE = 112
"""Characters that surely hold on a line of print: those of the widest text measured, less a tenth."""
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
        return f"{words.counted(self.count, 'autre,autres')} {self.kind}".rstrip()


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


def section(key: str, title: str, lines: Sequence[Line], shown: int, rest: Address, nothing: str) -> Section:
    left_out = len(lines) - shown
    rests = (Rest(left_out, "", rest),) if left_out else ()
    return Section(key, typography(title), tuple(lines[:shown]), len(lines), rests, typography(nothing))


def printed(line: Line) -> int:
    """How many lines of print it takes on a sheet."""
    return -(-(len(line.title) + len(line.who) + len(line.text) + 5) // PER_LINE)


def coming(standings: Iterable[Standing]) -> list[Standing]:
    """What falls due within 90 days, the nearest first."""
    return sorted((s for s in standings if is_soon(s)), key=lambda s: (_last_day(s), s.ref))


def to_arbitrate(standings: Sequence[Standing]) -> list[Line]:
    """What only the meeting can settle, each promise once: by these three rules, in this order.

    The ministry itself asks for a decision; put off at least twice and late again; late without a word, one line a
    ministry.
    """
    asked, repeated, silent = [], [], dict[int, list[Standing]]()
    for standing in standings:
        late = is_late(standing)
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
            title=words.counted(len(those), "promesse en retard,promesses en retard"),
            text=f"sans report ni réponse : {clip(', '.join(s.ref for s in those), 110)}.",
            who=words.acronym(those[0].ministry.code),
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


def late_section(standings: Sequence[Standing], room: int, asked: Mapping[str, str]) -> Section:
    """Late first, then in part, then unverified; the oldest first date first: as on the home page."""
    lines: list[Line] = []
    rests: list[Rest] = []
    count = 0
    for group in priorities.overdue(standings, len(standings)):
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
        words.counted(times, "report,reports") if times else f"aucun{words.NBSP}report",
        f"motif : {clip(why, 70)}" if (why := _reason(standing)) else f"sans{words.NBSP}motif",
    ]
    return _line(standing, typography(" ; ".join(said)), group)


def _reason(standing: Standing) -> str:
    """The last reason given for a delay: with a date that was moved, or as an obstacle declared."""
    given = [(d.announced_on, d.reason) for d in standing.promised.deadlines if d.reason]
    if standing.declared and standing.declared.obstacle:
        given.append((standing.declared.declared_on, standing.declared.obstacle))
    return max(given, key=lambda pair: pair[0])[1] if given else ""


def contradiction_line(standing: Standing, contradiction: Contradiction, as_of: date) -> Line:
    days = words.days((as_of - contradiction.opened_on).days)
    told = clip(contradiction.text, 190)
    group = "Bonnes nouvelles : constatées en ligne sans être déclarées" if contradiction.good_news else "À arbitrer"
    return _line(standing, f"{told} Depuis le {words.day(contradiction.opened_on)} ({days}).", typography(group))


def moved_line(change: lately.Change) -> Line:
    gap = f" ({words.gap(change.days)})" if change.days else ""
    why = change.standing.promised.deadlines[-1].reason
    motive = f" Motif : {clip(why, 80)}" if why else ""
    return _line(
        change.standing,
        f"{typography(change.before)} → {typography(change.after)}{gap}, le {words.day(change.day)}.{motive}",
    )


def upcoming_line(standing: Standing) -> Line:
    current = standing.promised.current
    raw = typography(current.raw) if current else ""
    first = standing.promised.first
    before = f", d’abord {typography(first.raw)}" if first and first != current else ""
    return _line(standing, f"{words.day(_last_day(standing))} ({raw}{before})", longest=70)


def silent_line(ministry: Ministry, standings: Sequence[Standing], as_of: date) -> Line | None:
    """The ministry's last word on what it answers for, when it is older than 90 days, or None when it is not."""
    own = [s for s in standings if s.ministry == ministry and s.timeliness.code != Code.CLOSED]
    said = [s.declared.declared_on for s in own if s.declared and s.declared.ministry_id == ministry.pk]
    said += [deadline.announced_on for s in own for deadline, _ in s.promised.moves]
    last = max(said, default=None)
    if not own or (last is not None and as_of - last <= SILENCE):
        return None
    when = f"dernier mot le {words.day(last)}" if last else "n’a jamais répondu ici"
    return Line(clip(portfolio(ministry), 60), when, words.acronym(ministry.code), ministry.get_absolute_url())


def _line(standing: Standing, text: str, group: str = "", longest: int = 95) -> Line:
    return Line(
        clip(f"{standing.ref} {standing.commitment.title}", longest),
        text,
        words.acronym(standing.ministry.code),
        standing.commitment.get_absolute_url(),
        group,
    )


def _last_day(standing: Standing) -> date:
    current = standing.promised.current
    return current.last_day if current and current.last_day else date.max


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
