"""The promises within reach of an agent, as lines to answer: read at once, sorted by ``ministries.asking``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from commitments.models import Commitment
from ministries.asking import LATE, Why, answered, reasons, urgency
from ministries.asking import asked as also_asked
from ministries.models import Campaign, CampaignLine, Declaration, Draft, Ministry, Responsibility
from ministries.permissions import Action, Rights
from ministries.standing import Standing, standings
from ministries.words import Said, Word, last_words


@dataclass(frozen=True)
class Line:
    """One promise as its ministry meets it. ``draft``: what a contributor prepared and nobody published yet.

    ``word``: the last thing that was said of it in public; ``answered``: what was asked has its answer.
    """

    standing: Standing
    why: tuple[Why, ...]
    word: Word | None
    answered: bool
    draft: Draft | None
    may_declare: bool
    may_prepare: bool

    @property
    def commitment(self) -> Commitment:
        return self.standing.commitment

    @property
    def waits(self) -> bool:
        return bool(self.why) and not self.answered

    @property
    def answer(self) -> str:
        """What was said last, in French: the state declared, or what was moved."""
        if self.word is None:
            return ""
        declared = self.standing.declared
        if self.word.said is Said.STATE and declared is not None:
            return declared.get_status_display()
        return self.word.said.label

    @property
    def overdue(self) -> bool:
        return any(one.code == LATE for one in self.why)

    @property
    def obstacle(self) -> dict[str, str]:
        """What still stands in the way of a late promise, as it was last said; empty when nothing does."""
        declared = self.standing.declared
        if declared is None or not self.overdue or not declared.obstacle_kind:
            return {}
        return {"obstacle_kind": declared.obstacle_kind, "obstacle": declared.obstacle}

    @property
    def located(self) -> bool:
        return any(delivered.locations for delivered in self.standing.deliverables)

    @property
    def repeatable(self) -> bool:
        """Whether « rien de nouveau » has something to say again."""
        declared = self.standing.declared
        return declared is not None and declared.status not in Declaration.CLOSING


def within_reach(rights: Rights, ministry: Ministry | None = None) -> QuerySet[Commitment]:
    """The promises, drafts included, of the ministries whose workspace these rights open; of one of them."""
    held = Responsibility.objects.in_force(rights.day)
    if not rights.everywhere(Action.ENTER):
        held = held.filter(ministry__in=rights.ministries(Action.ENTER))
    if ministry is not None:
        held = held.filter(ministry=ministry)
    return Commitment.objects.living().filter(pk__in=held.values("commitment"))


def reached(rights: Rights, commitments: Iterable[int], action: Action = Action.ENTER) -> list[int]:
    """Those of these promises for whose ministry these rights allow an action; one set aside counts."""
    held = Responsibility.objects.in_force(rights.day).filter(commitment__in=list(commitments))
    if not rights.everywhere(action):
        held = held.filter(ministry__in=rights.ministries(action))
    return sorted(set(held.values_list("commitment", flat=True)))


def asked_ministry(request: HttpRequest, reachable: Sequence[Ministry]) -> Ministry | None:
    """The ministry that the address names, None without any. One out of reach is unknown."""
    code = request.GET.get("ministere", "")
    if not code:
        return None
    for ministry in reachable:
        if ministry.code == code:
            return ministry
    raise Http404


def ministries_within_reach(rights: Rights) -> QuerySet[Ministry]:
    """The ministries whose workspace these rights open."""
    found = Ministry.objects.filter(responsibilities__until=None, responsibilities__isnull=False).distinct()
    return found if rights.everywhere(Action.ENTER) else found.filter(pk__in=rights.ministries(Action.ENTER))


def lines(rights: Rights, asked: QuerySet[Commitment]) -> list[Line]:
    """Every line of these promises, the most urgent first. A fixed number of queries."""
    found = standings(rights.day, commitments=asked)
    words = last_words(asked, until=rights.day)
    campaign = _asked(rights.day)
    drafts = {
        draft.commitment_id: draft
        for draft in Draft.objects.pending().filter(commitment__in=[s.commitment.pk for s in found])
    }
    made = [
        _line(
            rights,
            standing,
            words.get(standing.commitment.pk),
            campaign.get(standing.commitment.pk),
            drafts.get(standing.commitment.pk),
        )
        for standing in found
    ]
    return sorted(made, key=lambda line: (urgency(line.why), line.commitment.ref))


def _asked(day: date) -> dict[int, Campaign]:
    """The open campaign, by the promises that it asks about; empty when there is none, or its last day has passed."""
    rows = CampaignLine.objects.filter(campaign__in=Campaign.objects.open_now(), campaign__closes_on__gte=day)
    return {row.commitment_id: row.campaign for row in rows.select_related("campaign")}


def _line(
    rights: Rights, standing: Standing, word: Word | None, campaign: Campaign | None, draft: Draft | None
) -> Line:
    why = reasons(standing, word)
    answering = [standing.ministry.pk, *(ministry.pk for ministry in standing.joint)]
    return Line(
        standing=standing,
        why=also_asked(why, campaign.label) if campaign else why,
        word=word,
        answered=answered(word, rights.day, campaign.opened_on if campaign else None),
        draft=draft,
        may_declare=rights.may(Action.DECLARE, answering),
        may_prepare=rights.may(Action.PREPARE, answering),
    )


def seen(standing: Standing) -> tuple[int | None, int | None]:
    """The ids of the declaration and of the deadline that a form shows."""
    current = standing.promised.current
    return (standing.declared.pk if standing.declared else None), (current.pk if current else None)
