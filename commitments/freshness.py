"""Is a record as fresh as the frequency that its publisher announces? Three answers, never two.

The portal itself says « in time » for every frequency without a duration; here these are « sans objet ». A date
more than a day ahead is never fresh: nobody knows when such a record was really updated.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from commitments.days import in_words, paris_day

TOLERANCE = timedelta(days=1)
"""As the portal does: late only one day after the longest age."""


class Code(enum.StrEnum):
    FRESH = "fresh"
    STALE = "stale"
    FUTURE = "future"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Freshness:
    """``holds``: true, false, None (unknown or not applicable: ``code`` tells). ``due_on``: expected by that day."""

    holds: bool | None
    text: str
    due_on: date | None
    code: Code

    @property
    def applies(self) -> bool:
        return self.code is not Code.NOT_APPLICABLE


@dataclass(frozen=True)
class Frequency:
    """A frequency of the portal: its French label, and the longest age it allows (None: none can be told)."""

    label: str
    longest: timedelta | None


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def _years(count: int) -> timedelta:
    return timedelta(days=365 * count)


FREQUENCIES = {
    "continuous": Frequency("en continu", None),
    "punctual": Frequency("ponctuelle", None),
    "irregular": Frequency("irrégulière", None),
    "never": Frequency("jamais", None),
    "notPlanned": Frequency("non prévue", None),
    "other": Frequency("autre", None),
    "oneMinute": Frequency("toutes les minutes", _minutes(1)),
    "fiveMinutes": Frequency("toutes les cinq minutes", _minutes(5)),
    "tenMinutes": Frequency("toutes les dix minutes", _minutes(10)),
    "fifteenMinutes": Frequency("tous les quarts d'heure", _minutes(15)),
    "thirtyMinutes": Frequency("toutes les demi-heures", _minutes(30)),
    "hourly": Frequency("toutes les heures", _minutes(60)),
    "bihourly": Frequency("toutes les deux heures", _minutes(120)),
    "trihourly": Frequency("toutes les trois heures", _minutes(180)),
    "twelveHours": Frequency("toutes les douze heures", _minutes(720)),
    "severalTimesADay": Frequency("plusieurs fois par jour", _days(1)),
    "threeTimesADay": Frequency("trois fois par jour", _days(1)),
    "semidaily": Frequency("deux fois par jour", _days(1)),
    "daily": Frequency("quotidienne", _days(1)),
    "fiveTimesAWeek": Frequency("cinq fois par semaine", _days(7)),
    "threeTimesAWeek": Frequency("trois fois par semaine", _days(7)),
    "semiweekly": Frequency("deux fois par semaine", _days(7)),
    "weekly": Frequency("hebdomadaire", _days(7)),
    "biweekly": Frequency("toutes les deux semaines", _days(14)),
    "threeTimesAMonth": Frequency("trois fois par mois", _days(31)),
    "semimonthly": Frequency("deux fois par mois", _days(31)),
    "monthly": Frequency("mensuelle", _days(31)),
    "bimonthly": Frequency("bimestrielle", _days(62)),
    "quarterly": Frequency("trimestrielle", _days(93)),
    "threeTimesAYear": Frequency("trois fois par an", _days(365)),
    "semiannual": Frequency("semestrielle", _days(365)),
    "annual": Frequency("annuelle", _years(1)),
    "biennial": Frequency("tous les deux ans", _years(2)),
    "triennial": Frequency("tous les trois ans", _years(3)),
    "quadrennial": Frequency("tous les quatre ans", _years(4)),
    "quinquennial": Frequency("tous les cinq ans", _years(5)),
    "decennial": Frequency("tous les dix ans", _years(10)),
    "bidecennial": Frequency("tous les vingt ans", _years(20)),
    "tridecennial": Frequency("tous les trente ans", _years(30)),
}
"""The portal counts « n times per span » over the whole span: semiannual allows 365 days, not 182."""

FORMER_NAMES = {
    "realtime": "continuous",
    "fourTimesADay": "severalTimesADay",
    "fourTimesAWeek": "other",
    "fortnighly": "biweekly",  # sic
    "fortnightly": "biweekly",
    "biannual": "semiannual",
}


def frequency_of(name: object) -> Frequency | None:
    """The frequency of that name, former names included; None for « unknown » and what is out of the vocabulary."""
    if not isinstance(name, str):
        return None
    return FREQUENCIES.get(FORMER_NAMES.get(name, name))


def freshness(last_update: object, frequency: object, today: date) -> Freshness:
    """Say whether an update on ``last_update`` (ISO, naive = UTC) still answers the frequency announced."""
    known = frequency_of(frequency)
    moment = moment_of(last_update)
    if known is not None and known.longest is None:
        return Freshness(None, f"Sans objet : fréquence annoncée « {known.label} ».", None, Code.NOT_APPLICABLE)
    if moment is None:
        return Freshness(None, "Date de dernière mise à jour inconnue.", None, Code.UNKNOWN)
    updated = paris_day(moment)
    if updated - today > TOLERANCE:
        text = f"Date annoncée dans le futur ({in_words(updated)}) : la fraîcheur ne peut pas être vérifiée."
        return Freshness(None, text, None, Code.FUTURE)
    said = f"Mis à jour le {in_words(updated)}"
    if known is None or known.longest is None:
        return Freshness(None, f"{said} ; {_no_frequency(frequency)}.", None, Code.UNKNOWN)
    due_on = paris_day(moment + known.longest)
    text = f"{said} ; fréquence annoncée « {known.label} » : attendu au plus tard le {in_words(due_on)}."
    fresh = today - due_on <= TOLERANCE
    return Freshness(fresh, text, due_on, Code.FRESH if fresh else Code.STALE)


def moment_of(value: object) -> datetime | None:
    """Read a date as portals write it (with or without zone or time; naive = UTC); None for anything else."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def day_of(value: object) -> date | None:
    """The day in Paris of a date as portals write it; None for anything else."""
    moment = moment_of(value)
    return None if moment is None else paris_day(moment)


def _no_frequency(frequency: object) -> str:
    if isinstance(frequency, str) and frequency not in ("", "unknown"):
        return f"fréquence annoncée inconnue de nous (« {frequency[:40]} »)"
    return "aucune fréquence annoncée"
