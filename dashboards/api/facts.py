"""The rows of the streams that count on a day, for public promises only, with the ministry that answers that day."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from commitments.days import midnight_after
from commitments.folding import fold
from commitments.models import Commitment, Deadline, Observation, Reading, Verdict
from dashboards.api.reading import Asked
from ministries.leads import lead
from ministries.models import Contradiction, Declaration


def concerning(rows: QuerySet[Any], asked: Asked, path: str) -> QuerySet[Any]:
    """Keep the rows of public promises that were announced, by who answers, by reference and by words."""
    prefix = f"{path}__" if path else ""
    rows = rows.filter(
        **{f"{prefix}visibility": Commitment.Visibility.PUBLIC, f"{prefix}announced_on__lte": asked.as_of}
    ).annotate(lead=lead(asked.as_of, path or "pk"))
    code = asked.chosen("ministere")
    rows = rows.filter(lead=code) if code else rows.filter(lead__isnull=False)
    if "promesse" in asked.given:
        rows = rows.filter(**{f"{prefix}ref": asked.given["promesse"]})
    for word in fold(asked.words).split():
        rows = rows.filter(**{f"{prefix}search_text__contains": word})
    return rows


def deadlines(asked: Asked) -> QuerySet[Deadline]:
    """Every date announced by then but those that were read wrongly, in the order of the promises."""
    rows = Deadline.objects.filter(announced_on__lte=asked.as_of, corrected_by=None)
    return concerning(rows, asked, "commitment").order_by("commitment__ref", "announced_on", "id")


def declarations(asked: Asked) -> QuerySet[Declaration]:
    rows = Declaration.objects.filter(declared_on__lte=asked.as_of).select_related("commitment").defer("note")
    if status := asked.chosen("declare"):
        rows = rows.filter(status=status)
    return concerning(rows, asked, "commitment").order_by("id")


def observations(asked: Asked) -> QuerySet[Observation]:
    """What was dismissed by then is not among them: the portal itself was at fault."""
    until = midnight_after(asked.as_of)
    rows = Observation.objects.filter(first_seen_at__lt=until).filter(Q(dismissed_at=None) | Q(dismissed_at__gt=until))
    rows = rows.select_related("location__deliverable__commitment", "snapshot").defer("snapshot__body")
    return concerning(rows, asked, "location__deliverable__commitment").order_by("id")


def readings(asked: Asked) -> QuerySet[Reading]:
    rows = Reading.objects.filter(read_on__lte=asked.as_of, corrected_by=None)
    return concerning(rows.select_related("commitment", "deliverable"), asked, "commitment").order_by("id")


def verdicts(asked: Asked) -> QuerySet[Verdict]:
    """``until_day``: the day of the next verdict known by then."""
    following = Verdict.objects.filter(deliverable=OuterRef("deliverable"), since__lte=asked.as_of).filter(
        Q(since__gt=OuterRef("since")) | Q(since=OuterRef("since"), pk__gt=OuterRef("pk"))
    )
    rows = Verdict.objects.known(asked.as_of).select_related("deliverable__commitment")
    rows = rows.annotate(until_day=Subquery(following.order_by("since", "pk").values("since")[:1]))
    if state := asked.chosen("constat"):
        rows = rows.filter(state=state)
    return concerning(rows, asked, "deliverable__commitment").order_by("id")


def contradictions(asked: Asked) -> QuerySet[Contradiction]:
    """Those that had begun by then, with their ends."""
    rows = Contradiction.objects.known(asked.as_of).select_related("commitment").prefetch_related("ends")
    if kind := asked.chosen("nature"):
        rows = rows.filter(kind=kind)
    return concerning(rows, asked, "commitment").order_by("id")


def promises(asked: Asked) -> QuerySet[Commitment]:
    return concerning(Commitment.objects.all(), asked, "")
