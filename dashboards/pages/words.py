"""Wording shared by pages: days, delays, what is promised and what is observed. Text, but for what may be quoted.

French is the source. What the rules say in French is looked up as it is shown; what holds numbers is made of its
parts, in the language of the page.
"""

from __future__ import annotations

import re
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from commitments.days import MONTHS, in_words
from commitments.findings import State
from commitments.models import Deadline, Verdict
from dashboards import languages
from ministries.standing import Observed, Standing
from ministries.timeliness import phrases, sentence

NBSP = "\u00a0"
OPENED_FROM = {
    "reading": N_("d’après un constat humain"),
    "portal": N_("date de création donnée par le portail"),
    "first_seen": N_("au plus tard : premier jour où il a été vu"),
}


def label(french: object) -> str:
    """A fixed French word or sentence of the rules, in the language of the page; nothing stays nothing."""
    text = str(french or "")
    return typography(_(text)) if text else ""


def known(french: str) -> bool:
    """Whether the language of the page has words for it: always in French."""
    return languages.in_source() or _(french) != french


def recorded(french: str) -> SafeString:
    """A sentence as it was recorded, as HTML: in the language of the page when it is a fixed one, else in French."""
    return escape(label(french)) if known(french) else languages.verbatim(typography(french))


def acronym(code: str) -> str:
    """A ministry's code as its readers write it: « MTE-MER ». Addresses, filters and the API keep the code."""
    return code.replace("_", "-")


def day(value: date | None) -> str:
    """« 1er février 2022 », or “1 February 2022”. Spaces are non-breaking, so that a date is never cut."""
    if value is None:
        return ""
    number_ = _("1er") if value.day == 1 else str(value.day)
    return f"{number_}{NBSP}{_(MONTHS[value.month - 1])}{NBSP}{value.year}"


def month(value: date) -> str:
    """« février 2022 »."""
    return f"{_(MONTHS[value.month - 1])}{NBSP}{value.year}"


def noted(text: str) -> str:
    """« 2024-09-02 », « 2024-09 » or « 2020-07/2022-05 » in full, wherever a person noted it in a text."""
    return _NOTED.sub(_in_full, text)


def _in_full(found: re.Match[str]) -> str:
    first, slash, last = found[0].partition("/")
    if slash:
        return _("de {first} à {last}").format(first=noted(first), last=noted(last))
    try:
        return day(date.fromisoformat(first)) if found[1] else month(date.fromisoformat(f"{first}-01"))
    except ValueError:
        return found[0]


def days(count: int) -> str:
    """« 1 jour », « 1 489 jours »."""
    return counted(count, _("jour,jours"))


def gap(count: int) -> str:
    """« +92 jours », « −31 jours »: how far a date moved."""
    return f"{'+' if count > 0 else ''}{days(count)}"


def number(value: int) -> str:
    """« 1 489 », or “1,489”."""
    return f"{value:,}".replace(",", "\u202f" if languages.in_source() else ",").replace("-", "−")


def counted(count: int, forms: str) -> str:
    """« 1 promesse », « 3 promesses »: the number, with the right one of two forms, « promesse,promesses »."""
    return f"{number(count)}{NBSP}{agreeing(count, forms)}"


def agreeing(count: int, forms: str) -> str:
    """The right form, without the number."""
    one, many = forms.split(",")
    return one if singular(count) else many


def singular(count: int) -> bool:
    """Nothing is singular in French, and plural in English."""
    return abs(count) < 2 if languages.in_source() else abs(count) == 1


def planned(standing: Standing) -> str:
    """The first date, always, and how often it was put off: « prévu T3 2021, reporté 2 fois »."""
    first = standing.promised.first
    if first is None:
        return _("sans échéance annoncée")
    said = _("prévu {raw}") if first.last_day else _("échéance «\u00a0{raw}\u00a0», sans date")
    words = [said.format(raw=typography(first.raw))]
    times = standing.promised.postponements
    if times:
        words.append(_("reporté {times}").format(times=counted(times, _("fois,fois"))))
    elif len(standing.promised.deadlines) > 1:
        words.append(_("date modifiée depuis"))
    return ", ".join(words)


def timing(standing: Standing) -> str:
    """Where the promise stands against its dates, in days: « en retard de 489 jours »."""
    if languages.in_source():
        return typography(sentence(standing.timeliness))
    return " ".join(_(phrase).format(days=days(count)) for phrase, count in phrases(standing.timeliness))


def overdue(standing: Standing) -> str:
    """The delay within a list that already says which class it is, with the first date, always."""
    timeliness = standing.timeliness
    since = _("depuis {days}").format(days=days(timeliness.days or 0))
    said = timing(standing) if timeliness.code == "late" else since
    return f"{said} — {planned(standing)}"


def timing_and_plan(standing: Standing) -> str:
    """« en retard de 489 jours — prévu T3 2021 »: the delay never goes without the first date."""
    words = timing(standing)
    return f"{words} — {planned(standing)}" if standing.promised.first else words


def seen(observed: Observed) -> str:
    """« constaté le 3 juin 2026 »: the age of a finding, never hidden."""
    if observed.checked_on is None:
        return _("jamais vérifié")
    said = _("dernier constat le {day}") if observed.state is State.UNKNOWN else _("vérifié le {day}")
    return said.format(day=day(observed.checked_on))


def deadline(value: Deadline) -> str:
    """A deadline's raw words with its last day, when there is one."""
    if value.last_day is None:
        return _("«\u00a0{raw}\u00a0», sans date").format(raw=value.raw)
    return _("{raw} (au plus tard le {day})").format(raw=value.raw, day=day(value.last_day))


def session(number: int) -> str:
    """« 5e CITP »."""
    return _("1er CITP") if number == 1 else _("{number}e CITP").format(number=number)


def changed(french: str, standing: Standing | None) -> SafeString:
    """One side of a change, as HTML: a state or a status in the language of the page, a date from its parts."""
    if languages.in_source():
        return escape(typography(french))
    current = standing.promised.current if standing else None
    if current is not None and (french == current.raw or french.startswith(f"{current.raw} (")):
        return escape(deadline(current))
    if standing is not None and french == f"annoncée le {in_words(standing.commitment.announced_on)}":
        return escape(_("annoncée le {day}").format(day=day(standing.commitment.announced_on)))
    return recorded(french)


def state(value: str) -> str:
    """What is observed, in words: « constaté »."""
    return label(dict(Verdict.STATES)[State(value)])


def joined(*statements: str) -> str:
    """Statements in one sentence, with semicolons; empty ones are left out."""
    return (f"{NBSP}; " if languages.in_source() else "; ").join(filter(None, statements)) + "."


_NOTED = re.compile(r"\b\d{4}-\d{2}(-\d{2})?\b(?:/\d{4}-\d{2}\b)?")
_LONG = re.compile(r"\b\d{4,}(?= jours)")
_SPACED = re.compile(r" ([:;?!»])")


def typography(text: str) -> str:
    """French typography on a sentence written with a keyboard: apostrophes, thousands of days, unbreakable spaces."""
    text = _LONG.sub(lambda found: number(int(found[0])), text)
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    return _SPACED.sub(NBSP + r"\1", text).replace("« ", "«" + NBSP)


STATE_LABELS = {State(state): typography(str(label)) for state, label in Verdict.STATES}
