"""What a campaign got for answers, as of a day: any public word (``ministries.words``) said while it was open.

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
from commitments.models import Commitment
from ministries.campaigns.expecting import WORDS
from ministries.models import Campaign, CampaignLine, Ministry, Responsibility
from ministries.words import Word, last_words, spoke

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
    """One promise asked about. ``word``: the last answer within the campaign, None while silent."""

    asked: CampaignLine
    ministry: Ministry
    word: Word | None

    @property
    def answered_on(self) -> date | None:
        return self.word.said_on if self.word else None

    @property
    def nothing_new(self) -> bool:
        """The last answer was « rien de nouveau »."""
        return self.word is not None and self.word.again > 0

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
        return Rate(sum(line.word is not None for line in self.lines), len(self.lines))


def counted_until(campaign: Campaign, as_of: date) -> date:
    """The last day whose answers count: what comes after the closing is an ordinary declaration."""
    closed = campaign.closed
    return min(as_of, campaign.closes_on, *([closed.as_of] if closed else []))


def answers(campaign: Campaign, as_of: date) -> list[Answers]:
    """Every ministry's state on a day, by name. Three queries."""
    until = counted_until(campaign, as_of)
    rows = list(campaign.lines.select_related("commitment", "ministry").order_by("id"))
    asked = Commitment.objects.filter(campaign_lines__campaign=campaign)
    words = last_words(asked, since=campaign.opened_on, until=until)
    lead = _leads(asked, until)
    groups: dict[int, tuple[Ministry, list[Line]]] = {}
    for row in rows:
        ministry = lead.get(row.commitment_id, row.ministry)
        line = Line(row, ministry, words.get(row.commitment_id))
        groups.setdefault(ministry.pk, (ministry, []))[1].append(line)
    found = [Answers(ministry, tuple(lines)) for ministry, lines in groups.values()]
    return sorted(found, key=lambda one: fold(one.ministry.name))


def rates(campaign: Campaign, as_of: date) -> Mapping[str, Rate]:
    """Each ministry's rate by its code: as frozen once the edition is out, as counted before.

    One campaign at most is to be counted on any day, since one opens once the last one is closed.
    """
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


_ANSWERED = spoke(OuterRef("commitment"), since=OuterRef("campaign__opened_on"), until=OuterRef(OuterRef("until")))
"""Of a line, within the campaign's window."""


def _counted(ministry: Ministry) -> QuerySet[CampaignLine]:
    """The lines of the outer campaign that count as this ministry's: it answers for them, or nobody else does."""
    until = OuterRef(OuterRef("until"))
    in_force = Responsibility.objects.in_force(until).leading()
    leads = in_force.filter(commitment=OuterRef("commitment")).order_by("-since", "-id")
    lines = CampaignLine.objects.filter(campaign=OuterRef("pk"))
    lead = Coalesce(Subquery(leads.values("ministry")[:1]), "ministry", output_field=IntegerField())
    return lines.annotate(lead=lead).filter(lead=ministry.pk)


def _unless(frozen: Q, lines: QuerySet[CampaignLine]) -> Case:
    """How many of these lines, None where the edition has said it for ever."""
    counted = lines.order_by().values("campaign").annotate(times=Count("pk")).values("times")
    return Case(When(frozen, then=Value(None)), default=Subquery(counted), output_field=IntegerField())


def total(rates: Sequence[Rate]) -> Rate:
    return sum(rates, Rate(0, 0))


def _leads(asked: QuerySet[Commitment], on: date) -> dict[int, Ministry]:
    rows = Responsibility.objects.in_force(on).leading().filter(commitment__in=asked).select_related("ministry")
    return {row.commitment_id: row.ministry for row in rows.order_by("since", "id")}
