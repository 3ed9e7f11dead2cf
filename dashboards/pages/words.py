"""French wording shared by pages: days, delays, what is promised and what is observed. Text only, no HTML."""

from __future__ import annotations

import re
from datetime import date

from commitments.days import in_words
from commitments.findings import State
from commitments.models import Deadline, Verdict
from ministries.models import Declaration
from ministries.standing import Observed, Standing
from ministries.timeliness import sentence

NBSP = "\u00a0"
SHORT_STATES = {
    State.KEPT: "constatées",
    State.PARTIAL: "en partie",
    State.UNMET: "non constatées",
    State.GONE: "disparues",
    State.UNKNOWN: "indéterminées",
    State.UNLOCATED: "sans adresse",
}
PICTOGRAMS = {
    State.KEPT: "✔",
    State.PARTIAL: "◐",
    State.UNMET: "✘",
    State.GONE: "⊘",
    State.UNKNOWN: "?",
    State.UNLOCATED: "–",
}
OPENED_FROM = {
    "reading": "d’après un constat humain",
    "portal": "date de création donnée par le portail",
    "first_seen": "au plus tard : premier jour où il a été vu",
}


def day(value: date | None) -> str:
    """« 1er février 2022 ». Spaces are non-breaking, so that a date is never cut."""
    if value is None:
        return ""
    return in_words(value).replace(" ", NBSP)


def days(count: int) -> str:
    """« 1 jour », « 1 489 jours »."""
    return f"{number(count)}{NBSP}jour{'s' if abs(count) > 1 else ''}"


def number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f").replace("-", "−")


def counted(count: int, one: str, many: str) -> str:
    """« 1 promesse », « 3 promesses », « aucune promesse » is left to the page."""
    return f"{number(count)}{NBSP}{one if abs(count) < 2 else many}"


def planned(standing: Standing) -> str:
    """The first date, always, and how often it was put off: « prévu T3 2021, reporté 2 fois »."""
    first = standing.promised.first
    if first is None:
        return "sans échéance annoncée"
    raw = typography(first.raw)
    words = [f"prévu {raw}" if first.last_day else f"échéance « {raw} », sans date"]
    times = standing.promised.postponements
    if times:
        words.append(f"reporté {times}{NBSP}fois")
    elif len(standing.promised.deadlines) > 1:
        words.append("date modifiée depuis")
    return ", ".join(words)


def timing(standing: Standing) -> str:
    """Where the promise stands against its dates, in days: « en retard de 489 jours »."""
    return typography(_LONG.sub(lambda found: number(int(found[0])), sentence(standing.timeliness)))


def overdue(standing: Standing) -> str:
    """The delay within a list that already says which class it is, with the first date, always."""
    timeliness = standing.timeliness
    said = timing(standing) if timeliness.code == "late" else f"depuis {days(timeliness.days or 0)}"
    return f"{said} — {planned(standing)}"


def timing_and_plan(standing: Standing) -> str:
    """« en retard de 489 jours — prévu T3 2021 »: the delay never goes without the first date."""
    words = timing(standing)
    return f"{words} — {planned(standing)}" if standing.promised.first else words


def seen(observed: Observed) -> str:
    """« constaté le 3 juin 2026 »: the age of a finding, never hidden."""
    if observed.checked_on is None:
        return "jamais vérifié"
    if observed.state is State.UNKNOWN:
        return f"dernier constat le {day(observed.checked_on)}"
    return f"vérifié le {day(observed.checked_on)}"


def deadline(value: Deadline) -> str:
    """A deadline's raw words with its last day, when there is one."""
    if value.last_day is None:
        return f"« {value.raw} », sans date"
    return f"{value.raw} (au plus tard le {day(value.last_day)})"


def declared(value: Declaration | None) -> str:
    return value.get_status_display() if value else "sans réponse"


_LONG = re.compile(r"\b\d{4,}(?= jours)")
_SPACED = re.compile(r" ([:;?!»])")


def typography(text: str) -> str:
    """French typography on a sentence written with a keyboard: apostrophes, spaces that must not break."""
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    return _SPACED.sub(NBSP + r"\1", text).replace("« ", "«" + NBSP)


STATE_LABELS = {State(state): typography(str(label)) for state, label in Verdict.STATES}
