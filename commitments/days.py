"""Days are those of Paris, whatever the clock of the machine."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def paris_day(moment: datetime) -> date:
    """The day of an aware moment, in Paris."""
    return moment.astimezone(PARIS).date()


def midnight_after(day: date) -> datetime:
    """The moment a day ends in Paris, as an aware moment: what came before it belongs to that day or to one before."""
    return datetime.combine(day + timedelta(days=1), time(), PARIS)
