"""The answers on candidates: « c'est lui », « non », « une partie ». Each adds a row, and undoes what it changes."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from commitments.days import paris_day
from commitments.findings import Outcome, ReadingState
from commitments.judging import rejudge
from commitments.locating import NotLocated, close, locate
from commitments.models import Candidate, Decision, Location, Observation, Reading, Version
from commitments.portals.addresses import DATASERVICE, DATASET

Answer = Decision.Answer


class NotDecided(ValueError):
    """An answer that is not written, with the French sentence that says why."""


class Overtaken(NotDecided):
    """Somebody answered since the form was shown; ``last`` is that answer."""

    def __init__(self, last: Decision) -> None:
        super().__init__(
            f"Entre-temps, « {last.get_answer_display()} » a été répondu ({last.by_function}) : rien n'est enregistré."
        )
        self.last = last


@transaction.atomic
def decide(
    candidate: Candidate,
    answer: str,
    *,
    by_function: str,
    now: datetime,
    seen: int | None = None,
    agent_id: int | None = None,
    comment: str = "",
) -> Decision:
    """Answer whether a candidate is what was promised: « yes », « no », « part » of it. Adds a row, edits none.

    A yes and a part open its address, watched at once, and close those of the deliverable that were found gone; a
    part is also a human finding, so that the promise is never kept by half. A changed mind undoes what the former
    answer did. ``seen`` is the id of the answer that the form showed, None for none.

    Raises NotDecided for an answer that means nothing or repeats the last one, Overtaken when another came first.
    """
    if answer not in Answer.values:
        raise NotDecided(f"« {answer} » n'est pas une réponse : c'est lui, non ou une partie.")
    if not by_function.strip():
        raise NotDecided("La fonction de la personne qui répond est obligatoire.")
    candidate = (
        Candidate.objects.select_for_update(of=("self",))
        .select_related("deliverable__commitment")
        .get(pk=candidate.pk)
    )
    last = candidate.decisions.select_related("location", "reading").last()
    if last is not None and last.pk != seen:
        raise Overtaken(last)
    if last is not None and last.answer == answer:
        raise NotDecided(f"« {last.get_answer_display()} » est déjà la réponse.")
    if last is None and seen is not None:
        raise NotDecided("La réponse affichée n'existe pas.")
    today = paris_day(now)
    location = reading = None
    if last is not None and last.reading is not None:
        _withdraw(last.reading, today, by_function)
    if answer == Answer.NO:
        if last is not None and last.location is not None and last.location.until is None:
            close(last.location, until=today)
    else:
        location = _opened(candidate, last, by_function, now)
    if answer == Answer.PART:
        reading = _partial(candidate, today, by_function, comment)
    decision = Decision.objects.create(
        candidate=candidate,
        answer=answer,
        by_function=by_function.strip()[:300],
        agent_id=agent_id,
        comment=comment,
        location=location,
        reading=reading,
        decided_at=now,
    )
    if last is not None or reading is not None:
        rejudge([candidate.deliverable], today=today)
    Version.bump()
    return decision


def _opened(candidate: Candidate, last: Decision | None, by_function: str, now: datetime) -> Location:
    """The address of an accepted candidate: opened now, or already open."""
    if last is not None and last.location is not None and last.location.until is None:
        return last.location
    open_ones = Location.objects.filter(deliverable=candidate.deliverable, until=None)
    already = open_ones.filter(portal=candidate.portal, identifier=candidate.identifier).first()
    if already is not None:
        return already
    try:
        return locate(
            candidate.deliverable,
            portal=candidate.portal,
            identifier=candidate.identifier,
            url=candidate.url,
            publisher=candidate.organization,
            by_function=by_function.strip(),
            now=now,
            note="candidat du catalogue, confirmé par une personne",
            replaces=[one for one in open_ones.filter(portal__in=(DATASET, DATASERVICE)) if _is_gone(one)],
        )
    except NotLocated as error:
        raise NotDecided(str(error)) from error


def _is_gone(location: Location) -> bool:
    """Whether the last thing really seen there is that nothing is there any more."""
    seen = Observation.objects.filter(location=location, dismissed_at=None).exclude(outcome=Outcome.NO_OBSERVATION)
    outcome = seen.order_by("-last_seen_at", "-pk").values_list("outcome", flat=True).first()
    return outcome in (Outcome.GONE, Outcome.ABSENT)


def _partial(candidate: Candidate, today: date, by_function: str, comment: str) -> Reading:
    return Reading.objects.create(
        commitment=candidate.deliverable.commitment,
        deliverable=candidate.deliverable,
        read_raw=today.isoformat(),
        read_on=today,
        state=ReadingState.OPEN_PARTIAL,
        label="une partie de ce qui était promis",
        evidence_url=candidate.url,
        note=f"{by_function.strip()} : {comment}" if comment else by_function.strip(),
    )


def _withdraw(reading: Reading, today: date, by_function: str) -> None:
    """Say no more what an answer since changed had said: the row stays, corrected by one that finds nothing."""
    if not Reading.objects.filter(corrects=reading).exists():
        Reading.objects.create(
            commitment_id=reading.commitment_id,
            deliverable_id=reading.deliverable_id,
            read_raw=today.isoformat(),
            read_on=today,
            state=ReadingState.NOT_VERIFIED,
            label="réponse sur un candidat, changée depuis",
            note=by_function.strip(),
            corrects=reading,
        )
