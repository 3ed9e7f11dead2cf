"""What ``/methode/`` prints: states, rules, criteria, frequencies, all read from the code that judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from commitments.ageing import MACHINE_STANDS, READING_STANDS
from commitments.criteria import CRITERIA, LABELS, OPEN_LICENCES, RULE_OF
from commitments.findings import Kind, State
from commitments.freshness import FREQUENCIES
from commitments.hosts import FAILURES_BEFORE_PAUSE
from commitments.models import Deliverable
from commitments.polling import BRAKE_LEAST, BRAKE_SHARE
from commitments.portals.probing import SAMPLE
from commitments.rules import RULES, SECTIONS, Rule, rules_of
from commitments.verdicts import CONFIRMING_CHECKS, CONFIRMING_DAYS
from commitments.watching import FIRST_RETRY, SLOWEST
from dashboards.pages.words import counted, days, label
from ministries.contradictions import KINDS

STATES: Mapping[State, str] = {
    State.KEPT: N_(
        "La dernière vérification a trouvé ce qui était promis, à l’adresse indiquée ; aucun critère n’est "
        "faux. Les critères que personne n’a pu vérifier restent listés."
    ),
    State.PARTIAL: N_(
        "La fiche existe, mais au moins un critère est faux, ou une partie de ce qui était promis manque."
    ),
    State.UNMET: N_(
        "Rien n’a été trouvé à l’adresse indiquée, de façon confirmée, ou une personne a regardé et ne l’a "
        "pas trouvé. Cela ne dit pas que la donnée n’existe nulle part."
    ),
    State.GONE: N_("Ce qui avait été constaté ne l’est plus : la fiche a été supprimée ou n’est plus publique."),
    State.UNKNOWN: N_(
        "Personne ne peut conclure : rien n’a encore été vérifié, ou le dernier constat est trop ancien. "
        "Ce n’est pas un « non »."
    ),
    State.UNLOCATED: N_("Aucune adresse n’est connue et personne n’a rien constaté : il n’y a rien à juger."),
}


HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Criterion:
    """One criterion: what must be true, for which kinds of deliverable, and the rule that a false answer breaks."""

    code: str
    label: str
    kinds: str
    rule: Rule | None


def states() -> list[tuple[State, str]]:
    """Every state with what it means."""
    return [(state, label(sentence)) for state, sentence in STATES.items()]


def sections() -> list[Section]:
    """Every rule of the method, by section."""
    return [Section(code, label(title), rules_of(code)) for code, title in SECTIONS.items()]


def criteria() -> list[Criterion]:
    """Every criterion, in the order in which they are asked."""
    kinds: dict[str, list[str]] = {}
    names = dict(Deliverable.KINDS)
    for kind, codes in CRITERIA.items():
        for code in codes:
            kinds.setdefault(code, []).append(label(names[Kind(kind)]))
    return [
        Criterion(code, label(name), ", ".join(kinds.get(code, [])), RULES.get(RULE_OF.get(code, "")))
        for code, name in LABELS.items()
    ]


@dataclass(frozen=True)
class Contradicted:
    """A kind of contradiction, in words."""

    code: str
    label: str
    sentence: str
    good_news: bool


def contradictions() -> list[Contradicted]:
    """Every kind, good news first."""
    return [
        Contradicted(kind, label(meaning.label), label(meaning.sentence), meaning.good_news)
        for kind, meaning in KINDS.items()
    ]


@dataclass(frozen=True)
class Limits:
    """What holds the robot back, as it runs here. Days, hours, or numbers as their names say."""

    machine_stands: int = MACHINE_STANDS
    reading_stands: int = READING_STANDS
    confirming_checks: int = CONFIRMING_CHECKS
    confirming_days: int = CONFIRMING_DAYS
    brake_percent: int = round(100 * BRAKE_SHARE)
    brake_least: int = BRAKE_LEAST
    slowest_days: int = SLOWEST.days
    retry_hours: int = FIRST_RETRY // HOUR
    failures_before_pause: int = FAILURES_BEFORE_PAUSE
    sample: int = SAMPLE
    per_minute: int = settings.HOST_PER_MINUTE
    connections: int = settings.HOST_CONNECTIONS


def frequencies() -> list[tuple[str, str, str]]:
    """The portal's code, its label, the longest age allowed, in words."""
    rows = []
    for code, frequency in FREQUENCIES.items():
        longest = frequency.longest
        if longest is None:
            age = _("sans objet")
        elif longest.days:
            age = days(longest.days)
        elif longest >= HOUR:
            age = counted(longest // HOUR, _("heure,heures"))
        else:
            age = counted(longest.seconds // 60, _("minute,minutes"))
        rows.append((code, label(frequency.label), age))
    return rows


def licences() -> list[tuple[str, str]]:
    return [(code, label(name)) for code, name in OPEN_LICENCES.items()]
