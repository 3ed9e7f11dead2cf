"""What a campaign got for answers, as of a day: ordinary declarations and postponements, made while it was open.

A promise that changed hands meanwhile is counted with the ministry that answers for it that day, and only there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from commitments.folding import fold
from commitments.models import Deadline
from ministries.campaigns.expecting import WORDS
from ministries.models import Campaign, CampaignLine, Declaration, Ministry, Responsibility

PERCENT_FROM = 5
"""Below this many lines a percentage says less than the two numbers, and is not given."""


@dataclass(frozen=True)
class Rate:
    """« n sur N »: how many lines were answered, of how many asked."""

    answered: int
    asked: int

    @property
    def silent(self) -> bool:
        """Asked, and not one answer: published as silence."""
        return self.asked > 0 and self.answered == 0

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means all; None below PERCENT_FROM lines."""
        return 100 * self.answered // self.asked if self.asked >= PERCENT_FROM else None

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.answered + other.answered, self.asked + other.asked)


@dataclass(frozen=True)
class Line:
    """One promise asked about. ``answered_on``: the day of the last answer within the campaign, None while silent.

    ``nothing_new``: the last answer was « rien de nouveau ».
    """

    asked: CampaignLine
    ministry: Ministry
    answered_on: date | None
    nothing_new: bool

    @property
    def reasons(self) -> list[str]:
        return [code for code in self.asked.reasons.split(",") if code]

    @property
    def why(self) -> str:
        """« en retard, sans nouvelles », as it was at the opening; empty when all were asked about."""
        return ", ".join(WORDS[code] for code in self.reasons)


@dataclass(frozen=True)
class Answers:
    """A ministry's state in a campaign."""

    ministry: Ministry
    lines: tuple[Line, ...]

    @property
    def rate(self) -> Rate:
        return Rate(sum(line.answered_on is not None for line in self.lines), len(self.lines))


def counted_until(campaign: Campaign, as_of: date) -> date:
    """The last day whose answers count: what comes after the closing is an ordinary declaration."""
    closed = campaign.closed
    return min(as_of, campaign.closes_on, *([closed.as_of] if closed else []))


def answers(campaign: Campaign, as_of: date) -> list[Answers]:
    """Every ministry's state on a day, by name. Four queries."""
    until = counted_until(campaign, as_of)
    asked = list(campaign.lines.select_related("commitment", "ministry").order_by("id"))
    ids = [line.commitment_id for line in asked]
    window = {"commitment__in": ids, "declared_on__gte": campaign.opened_on, "declared_on__lte": until}
    said: dict[int, tuple[date, bool]] = {}
    for pk, day, again in (
        Declaration.objects.filter(**window)
        .order_by("declared_on", "id")
        .values_list("commitment_id", "declared_on", "nothing_new")
    ):
        said[pk] = (day, again > 0)
    # A date moved in public is an answer, even when the state is not said again.
    for pk, day in (
        Deadline.objects.filter(
            commitment__in=ids, postponement__isnull=False, announced_on__range=(campaign.opened_on, until)
        )
        .order_by("announced_on", "id")
        .values_list("commitment_id", "announced_on")
    ):
        if pk not in said or day > said[pk][0]:
            said[pk] = (day, False)
    lead = _leads(ids, until)
    groups: dict[int, tuple[Ministry, list[Line]]] = {}
    for row in asked:
        ministry = lead.get(row.commitment_id, row.ministry)
        answered_on, again = said.get(row.commitment_id, (None, False))
        groups.setdefault(ministry.pk, (ministry, []))[1].append(Line(row, ministry, answered_on, again))
    found = [Answers(ministry, tuple(lines)) for ministry, lines in groups.values()]
    return sorted(found, key=lambda one: fold(one.ministry.name))


def rates(campaign: Campaign, as_of: date) -> Mapping[str, Rate]:
    """Each ministry's rate by its code: as frozen once the edition is out, as counted before."""
    closed = campaign.closed
    if closed is not None and closed.closed_on <= as_of:
        return {
            row["code"]: Rate(row["answered"], row["asked"]) for row in closed.figures["ministries"] if row["asked"]
        }
    return {one.ministry.code: one.rate for one in answers(campaign, as_of)}


def rates_of(ministry: Ministry, as_of: date) -> list[tuple[Campaign, Rate]]:
    """The campaigns that asked this ministry with its rate, the last one first: as ``rates``, in one query."""
    frozen = Q(edition__closed_on__lte=as_of)
    until = Least(Value(as_of), "closes_on", Coalesce("edition__as_of", Value(as_of)), output_field=DateField())
    lines = _counted(ministry)
    rows = (
        Campaign.objects.opened_by(as_of)
        .select_related("edition")
        .annotate(until=until)
        .annotate(
            lines_asked=_unless(frozen, lines),
            lines_answered=_unless(frozen, lines.filter(_ANSWERED)),
        )
    )
    found: list[tuple[Campaign, Rate]] = []
    for row in rows:
        if row.closed is not None and row.closed.closed_on <= as_of:
            rate = rates(row, as_of).get(ministry.code)
        else:
            rate = Rate(row.lines_answered or 0, row.lines_asked) if row.lines_asked else None
        if rate is not None:
            found.append((row, rate))
    return found


_ANSWERED = Exists(
    Declaration.objects.filter(
        commitment=OuterRef("commitment"),
        declared_on__gte=OuterRef("campaign__opened_on"),
        declared_on__lte=OuterRef(OuterRef("until")),
    )
) | Exists(
    Deadline.objects.filter(
        commitment=OuterRef("commitment"),
        postponement__isnull=False,
        announced_on__gte=OuterRef("campaign__opened_on"),
        announced_on__lte=OuterRef(OuterRef("until")),
    )
)
"""Of a line, within the campaign's window: something declared, or a date moved in public."""


def _counted(ministry: Ministry) -> QuerySet[CampaignLine]:
    """The lines of the outer campaign that count as this ministry's: it answers for them, or nobody else does."""
    until = OuterRef(OuterRef("until"))
    leads = Responsibility.objects.filter(
        Q(until=None) | Q(until__gt=until),
        commitment=OuterRef("commitment"),
        part=Responsibility.Part.LEAD,
        since__lte=until,
    ).order_by("-since", "-id")
    lines = CampaignLine.objects.filter(campaign=OuterRef("pk"))
    lead = Coalesce(Subquery(leads.values("ministry")[:1]), "ministry", output_field=IntegerField())
    return lines.annotate(lead=lead).filter(lead=ministry.pk)


def _unless(frozen: Q, lines: QuerySet[CampaignLine]) -> Case:
    """How many of these lines, None where the edition has said it for ever."""
    counted = lines.order_by().values("campaign").annotate(times=Count("pk")).values("times")
    return Case(When(frozen, then=Value(None)), default=Subquery(counted), output_field=IntegerField())


def total(rates: Sequence[Rate]) -> Rate:
    return sum(rates, Rate(0, 0))


def _leads(ids: list[int], on: date) -> dict[int, Ministry]:
    rows = Responsibility.objects.filter(
        Q(until=None) | Q(until__gt=on), commitment__in=ids, part=Responsibility.Part.LEAD, since__lte=on
    ).select_related("ministry")
    return {row.commitment_id: row.ministry for row in rows.order_by("since", "id")}
