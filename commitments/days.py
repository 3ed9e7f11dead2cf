"""Days are those of Paris, whatever the clock of the machine."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def paris_day(moment: datetime) -> date:
    """The day of an aware moment, in Paris."""
    return moment.astimezone(PARIS).date()
