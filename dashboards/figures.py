"""Counts of promises, each with its definition and the filter that lists exactly its lines."""

from __future__ import annotations

from ministries.standing import Standing


def is_due(standing: Standing) -> bool:
    """« Échue »: the last day announced for it has passed."""
    current = standing.promised.current
    return current is not None and current.last_day is not None and current.last_day < standing.as_of


def is_late(standing: Standing) -> bool:
    """« En retard »: due, and found not there or gone. What nobody could verify is not late."""
    return standing.timeliness.code == "late"


def is_soon(standing: Standing) -> bool:
    """« Échéance dans moins de 90 jours »."""
    return standing.timeliness.code == "due_soon"
