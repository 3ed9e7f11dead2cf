"""Days are those of Paris, whatever the clock of the machine, and are written in French. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
    *("août", "septembre", "octobre", "novembre", "décembre"),
)


def paris_day(moment: datetime) -> date:
    """The day of an aware moment in Paris, or as written at the two ends of the calendar."""
    try:
        return moment.astimezone(PARIS).date()
    except OverflowError:
        return moment.date()


def midnight_after(day: date) -> datetime:
    """The moment a day ends in Paris, as an aware moment: what came before it belongs to that day or to one before."""
    return datetime.combine(day + timedelta(days=1), time(), PARIS)


def in_words(day: date) -> str:
    """« 1er mars 2022 »."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"
