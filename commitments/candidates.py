"""Candidates: the catalogues against the promises not found. Nothing is linked by itself: a person answers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from commitments import catalogue, moved
from commitments.days import PARIS, paris_day
from commitments.findings import Kind
from commitments.indexing import Shelf, Wanted
from commitments.matching import MATCHING_VERSION, THRESHOLD, Proposal, Quality, match, quality
from commitments.models import Candidate, CatalogueState, Decision, Location, MatchRun, Version
from commitments.sought import Promises

Section = CatalogueState.Section
Answer = Decision.Answer

PLACES = {
    Section.DATASETS: (Kind.DATASET, Location.Portal.DATASET),
    Section.DATASERVICES: (Kind.API, Location.Portal.DATASERVICE),
}
"""What each catalogue may keep, and the portal of its records."""
CLAIM = timedelta(minutes=30)
FRESH = timedelta(hours=18)
MISSED = timedelta(hours=30)
NIGHT = range(3, 7)
"""Hours of Paris: the catalogue of the day is out, and few people read pages."""


def last_match() -> MatchRun | None:
    """The last search, with its precision and recall: what ``/methode/`` publishes."""
    return MatchRun.objects.first()


def search(now: datetime, *, any_length: bool = False) -> MatchRun | None:
    """Fetch the catalogues and renew the candidates of every promise not found.

    Returns None when no catalogue could be had (their states say why), or when another search is going on.
    """
    if not _claim(now):
        return None
    try:
        found = [_compare(section, now, any_length) for section in PLACES]
        compared = [one for one in found if one.shelf is not None]
        return _store(compared, found, now) if compared else None
    finally:
        CatalogueState.objects.filter(section=Section.DATASETS).update(claimed_until=None)


def due(now: datetime) -> bool:
    """Whether it is time for today's search: in the night, or at any hour when a night was missed."""
    last = last_match()
    if last is None:
        return True
    age = now - last.started_at
    return age > MISSED or (age > FRESH and now.astimezone(PARIS).hour in NIGHT)


@dataclass
class _Compared:
    """One catalogue against its promises; ``shelf`` is None when there was none to compare."""

    section: str
    state: CatalogueState
    shelf: Shelf | None
    wanted: list[Wanted] = field(default_factory=list)
    proposals: Mapping[Hashable, Sequence[Proposal]] = field(default_factory=dict)
    known: Quality = field(default_factory=lambda: Quality(0, 0, 0))


def _claim(now: datetime) -> bool:
    """Two beats at once make one search."""
    CatalogueState.objects.get_or_create(section=Section.DATASETS)
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return bool(CatalogueState.objects.filter(free, section=Section.DATASETS).update(claimed_until=now + CLAIM))


def _compare(section: str, now: datetime, any_length: bool) -> _Compared:
    shelf, state = catalogue.refresh(section, now, any_length=any_length)
    found = _Compared(section, state, shelf)
    if shelf is None:
        return found
    kind, portal = PLACES[Section(section)]
    promises = Promises.read(kind, paris_day(now))
    found.wanted = promises.wanted(portal)
    truth, right = promises.truth(portal, shelf)
    # Both at once: the index of the catalogue is most of the work.
    found.proposals = match(shelf, [*found.wanted, *truth])
    found.known = quality(right, found.proposals)
    return found


@transaction.atomic
def _store(compared: Sequence[_Compared], asked: Sequence[_Compared], now: datetime) -> MatchRun:
    """Renew the candidates, and keep what the search was worth."""
    proposed = sum(_renew(one, now) for one in compared)
    known = Quality(
        sum(one.known.promises for one in compared),
        sum(one.known.proposed for one in compared),
        sum(one.known.found for one in compared),
    )
    dates = [one.state.dated_at for one in compared if one.state.dated_at]
    run = MatchRun.objects.create(
        started_at=now,
        finished_at=max(timezone.now(), now),
        catalogue_at=min(dates, default=None),
        rows=sum(len(one.shelf or ()) for one in compared),
        promises=len({wanted.key for one in compared for wanted in one.wanted}),
        proposed=proposed,
        truth=known.promises,
        precision=known.precision,
        recall=known.recall,
        threshold=THRESHOLD,
        method_version=MATCHING_VERSION,
        warnings=[warning for one in asked if (warning := _warning(one))],
    )
    Version.bump()
    return run


def _warning(one: _Compared) -> str:
    if not one.state.refusal:
        return ""
    name = one.state.get_section_display()
    if one.shelf is None:
        return f"Catalogue des {name} : {one.state.refusal} ; aucun autre n'est gardé."
    day = f"celui du {one.state.dated_at:%d/%m/%Y}" if one.state.dated_at else "le précédent"
    return f"Catalogue des {name} refusé : {one.state.refusal} ; {day} est gardé."


def _renew(one: _Compared, now: datetime) -> int:
    """Write what is proposed today, and withdraw what no longer is. Returns how many are proposed."""
    shelf = one.shelf or Shelf()
    portal = PLACES[Section(one.section)][1].value
    # An answer may have come while the catalogue was read.
    rejected = {
        (decision.candidate.deliverable_id, decision.candidate.identifier): decision.answer == Answer.NO
        for decision in Decision.objects.filter(candidate__portal=portal).select_related("candidate").order_by("pk")
    }
    known = {(row.deliverable_id, row.identifier): row for row in Candidate.objects.filter(portal=portal)}
    fresh, renewed = [], []
    for wanted in one.wanted:
        kept = [p for p in one.proposals[wanted.key] if not rejected.get((int(str(wanted.key)), shelf.ids[p.place]))]
        for rank, proposal in enumerate(kept, start=1):
            row = _candidate(int(str(wanted.key)), portal, shelf, proposal, rank, now)
            before = known.pop((row.deliverable_id, row.identifier), None)
            if before is None:
                fresh.append(row)
            elif before.method_version == moved.METHOD:
                continue
            else:
                row.pk, row.first_proposed_at = before.pk, before.first_proposed_at
                renewed.append(row)
    Candidate.objects.bulk_create(fresh)
    Candidate.objects.renew(renewed)
    # What an address led to is no search's to withdraw.
    gone = [row.pk for row in known.values() if row.withdrawn_at is None and row.method_version != moved.METHOD]
    Candidate.objects.filter(pk__in=gone).update(withdrawn_at=now)
    return len(fresh) + len(renewed)


def _candidate(deliverable: int, portal: str, shelf: Shelf, proposal: Proposal, rank: int, now: datetime) -> Candidate:
    place = proposal.place
    return Candidate(
        deliverable_id=deliverable,
        portal=portal,
        identifier=shelf.ids[place],
        url=shelf.urls[place][:1000],
        title=shelf.titles[place],
        organization=shelf.organizations[place],
        organization_id=shelf.organization_ids[place][:24],
        created_on=shelf.created_on[place],
        score=proposal.score,
        rank=rank,
        reasons=[{"code": reason.code, "text": reason.text} for reason in proposal.reasons],
        method_version=MATCHING_VERSION,
        first_proposed_at=now,
        last_proposed_at=now,
        withdrawn_at=None,
    )
