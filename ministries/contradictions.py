"""Where promised, declared and observed disagree on a day: the rules, each with its sentence. Values only, no table.

A rule answers true, false or None. Unknown opens nothing and closes nothing: a contradiction begins on evidence and
ends on evidence. What was set aside (a false alarm, a misread finding) is evidence of nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from commitments.days import in_words
from commitments.findings import State

if TYPE_CHECKING:
    from commitments.models import Verdict
    from ministries.models import Contradiction
    from ministries.standing import DeliverableStanding, Standing


class Kind(enum.StrEnum):
    OBSERVED_NOT_DECLARED = "observed_not_declared"
    DONE_NOT_OBSERVED = "done_not_observed"
    REGRESSION = "regression"
    RESTRICTED = "restricted"
    STALE = "stale"
    ABANDONED_BUT_KEPT = "abandoned_but_kept"


@dataclass(frozen=True)
class Meaning:
    """A kind in words. ``good_news``: the world is ahead of what is said of it; told apart, and first."""

    label: str
    sentence: str
    good_news: bool = False


KINDS: Mapping[Kind, Meaning] = {
    Kind.OBSERVED_NOT_DECLARED: Meaning(
        "constatée sans être déclarée",
        "Bonne nouvelle : la promesse est constatée en ligne alors que le ministère ne l'a pas déclarée réalisée.",
        good_news=True,
    ),
    Kind.DONE_NOT_OBSERVED: Meaning(
        "déclarée réalisée, non constatée",
        "Le ministère déclare la promesse réalisée ; ce qu'elle annonce n'est pas constaté à l'adresse indiquée.",
    ),
    Kind.REGRESSION: Meaning(
        "constatée, puis plus disponible",
        "Ce qui avait été constaté en ligne a disparu, ou ne peut plus être obtenu.",
    ),
    Kind.RESTRICTED: Meaning(
        "promise ouverte, accès restreint",
        "L'accès constaté est moins ouvert que l'accès promis.",
    ),
    Kind.STALE: Meaning(
        "à tenir à jour, mise à jour en retard",
        "La fiche annonce une fréquence de mise à jour qui n'est pas tenue.",
    ),
    Kind.ABANDONED_BUT_KEPT: Meaning(
        "déclarée abandonnée, pourtant constatée",
        "Le ministère déclare la promesse abandonnée ; elle est constatée en ligne.",
        good_news=True,
    ),
}
"""Every kind, good news first."""

CHOICES = [(kind.value, meaning.label) for kind, meaning in KINDS.items()]


class Cause(enum.StrEnum):
    """Who changed when a contradiction ended, or that what was seen did."""

    MINISTRY = "ministry_corrected"
    CHANGED = "finding_changed"
    ROBOT = "robot_corrected"
    FINDING = "finding_corrected"


CAUSES = {
    Cause.MINISTRY.value: "ministère corrigé",
    Cause.CHANGED.value: "constat changé",
    Cause.ROBOT.value: "robot corrigé",
    Cause.FINDING.value: "erreur de constat",
}

MISSING = (State.UNMET, State.GONE)
NOTHING_THERE = frozenset({"exists", "public", "has_files", "has_commit"})
"""Criteria without which there is nothing to be had at the address."""
UNAVAILABLE = NOTHING_THERE | {"not_archived", "files_answer"}
UNDECIDED = (State.UNKNOWN, State.UNLOCATED)
CLOSING = ("abandoned", "replaced")


@dataclass(frozen=True)
class Found:
    """A contradiction that holds on a day. ``since``: the first day on which both sides of it were true.

    ``deliverable_id`` is what it is about, None when it is about the whole promise. ``text`` reads beside the
    promise's title, and is frozen with it: nothing in it depends on the day of reading.
    """

    kind: Kind
    since: date
    text: str
    verdict_id: int
    declaration_id: int | None = None
    deadline_id: int | None = None
    deliverable_id: int | None = None


@dataclass(frozen=True)
class Ending:
    """How a contradiction ended: who changed, in words that are frozen with it, and on what evidence."""

    cause: Cause
    text: str
    verdict_id: int | None = None
    declaration_id: int | None = None


def contradictions(standing: Standing) -> frozenset[Found]:
    """What contradicts what on the standing's day, at most one of each kind, the oldest."""
    oldest: dict[Kind, Found] = {}
    for kind in KINDS:
        for found in _RULES[kind].found(kind, standing):
            if kind not in oldest or found.since < oldest[kind].since:
                oldest[kind] = found
    return frozenset(oldest.values())


def holds(kind: Kind, standing: Standing, deliverable_id: int) -> bool | None:
    """Whether a contradiction about this deliverable still holds; None when nobody can tell any more."""
    return _RULES[kind].answer(standing, deliverable_id)


def ending(kind: Kind, standing: Standing, deliverable_id: int) -> Ending:
    """Why a contradiction about this deliverable no longer holds, and on what evidence.

    Our own mistake is owned first: a verdict that was set aside ended it, whatever the ministry said meanwhile.
    """
    rule = _RULES[kind]
    mistake = rule.mistake(standing, deliverable_id)
    if mistake is not None:
        return Ending(mistake, MISTAKES[mistake])
    declared = standing.declared
    if declared is not None and rule.turned_by(declared.status):
        said = f"Déclarée « {declared.get_status_display()} » le {in_words(declared.declared_on)}."
        return Ending(Cause.MINISTRY, said, declaration_id=declared.pk)
    delivered = rule.turned(standing, deliverable_id)
    if delivered is None or not delivered.verdicts:
        return Ending(Cause.MINISTRY, "Ce livrable n'est plus suivi.")
    last = delivered.verdicts[-1]
    text = f"Depuis le {in_words(last.since)}, {last.get_state_display()} ({_what(delivered)}){_why(last)}"
    # What was seen and is no longer is no correction of the ministry's: it had declared nothing.
    cause = Cause.CHANGED if KINDS[kind].good_news else Cause.MINISTRY
    return Ending(cause, text, verdict_id=last.pk)


def doubtful(standing: Standing, contradiction: Contradiction) -> bool:
    """Whether an open contradiction can no longer be verified: shown as such, neither closed nor accused anew."""
    about = next((d for d in standing.deliverables if any(v.pk == contradiction.verdict_id for v in d.verdicts)), None)
    return about is not None and holds(Kind(contradiction.kind), standing, about.deliverable.pk) is None


# --- the rules ----------------------------------------------------------------------------------------------------


MISTAKES = {
    Cause.ROBOT: "Fausse alerte du robot : le constat a été écarté.",
    Cause.FINDING: "Le constat humain sur lequel elle reposait a été corrigé.",
}


def _status(standing: Standing) -> str:
    return standing.declared.status if standing.declared else ""


@dataclass(frozen=True)
class _OfDeliverable:
    """A rule about one deliverable. ``shows``: whether the last of these verdicts shows it, given those before."""

    shows: Callable[[Sequence[Verdict]], bool]
    said: Callable[[Standing, DeliverableStanding, Verdict, date], str]
    only_done: bool = False

    def turned_by(self, status: str) -> bool:
        """Whether this declaration alone makes it false."""
        return status != "done" if self.only_done else status in CLOSING

    def found(self, kind: Kind, standing: Standing) -> Iterator[Found]:
        declared = standing.declared
        for delivered in standing.deliverables:
            if not self._answer(standing, delivered):
                continue
            first = self._first(delivered)
            since = first.since
            if self.only_done and declared is not None:
                since = max(since, declared.declared_on)
            yield Found(
                kind,
                since,
                self.said(standing, delivered, first, since),
                verdict_id=first.pk,
                declaration_id=declared.pk if declared else None,
                deadline_id=standing.promised.current.pk if standing.promised.current else None,
                deliverable_id=delivered.deliverable.pk,
            )

    def answer(self, standing: Standing, deliverable_id: int) -> bool | None:
        answers = {d.deliverable.pk: self._answer(standing, d) for d in standing.deliverables}
        return True if any(answers.values()) else answers.get(deliverable_id, False)

    def mistake(self, standing: Standing, deliverable_id: int) -> Cause | None:
        """Why the last verdict that showed it, or one that it leant on, was set aside; None when none was."""
        delivered = self.turned(standing, deliverable_id)
        if delivered is None:
            return None
        for end in range(len(delivered.verdicts), 0, -1):
            told = delivered.verdicts[:end]
            if self.shows(told):
                trusted = [verdict for verdict in told if verdict.pk not in delivered.set_aside]
                if trusted and trusted[-1] is told[-1] and self.shows(trusted):
                    return None
                return next(delivered.set_aside[v.pk] for v in reversed(told) if v.pk in delivered.set_aside)
        return None

    def turned(self, standing: Standing, deliverable_id: int) -> DeliverableStanding | None:
        """The deliverable whose verdict made it false."""
        return next((d for d in standing.deliverables if d.deliverable.pk == deliverable_id), None)

    def _answer(self, standing: Standing, delivered: DeliverableStanding) -> bool | None:
        if self.turned_by(_status(standing)):
            return False
        if not delivered.verdicts:
            return None
        if delivered.verdicts[-1].pk in delivered.set_aside:
            return False
        if delivered.observed.state in UNDECIDED:
            return None
        return self.shows(_trusted(delivered))

    def _first(self, delivered: DeliverableStanding) -> Verdict:
        """The verdict that began the last unbroken run of those that show it."""
        trusted = _trusted(delivered)
        first = trusted[-1]
        for end in range(len(trusted), 0, -1):
            if not self.shows(trusted[:end]):
                break
            first = trusted[end - 1]
        return first


@dataclass(frozen=True)
class _OfPromise:
    """A rule about a promise that is seen kept, against what is declared of it."""

    contradicts: Callable[[str], bool]
    said: Callable[[Standing, Verdict], str]

    def turned_by(self, status: str) -> bool:
        return not self.contradicts(status)

    def found(self, kind: Kind, standing: Standing) -> Iterator[Found]:
        if not self._answer(standing):
            return
        declared = standing.declared
        runs = [_run(d, State.KEPT) for d in standing.deliverables]
        last = max(runs, key=lambda verdict: (verdict.since, verdict.pk))
        since = max(last.since, declared.declared_on) if declared else last.since
        yield Found(
            kind,
            since,
            self.said(standing, last),
            verdict_id=last.pk,
            declaration_id=declared.pk if declared else None,
            deadline_id=standing.promised.current.pk if standing.promised.current else None,
        )

    def answer(self, standing: Standing, deliverable_id: int) -> bool | None:
        return self._answer(standing)

    def mistake(self, standing: Standing, deliverable_id: int) -> Cause | None:
        for delivered in standing.deliverables:
            kept = [v for v in delivered.verdicts if v.state == State.KEPT]
            if kept and kept[-1].pk in delivered.set_aside:
                return delivered.set_aside[kept[-1].pk]
        return None

    def turned(self, standing: Standing, deliverable_id: int) -> DeliverableStanding | None:
        """The first deliverable that is not kept any more."""
        return next((d for d in standing.deliverables if d.observed.state != State.KEPT), None)

    def _answer(self, standing: Standing) -> bool | None:
        if not self.contradicts(_status(standing)):
            return False
        if any(d.verdicts and d.verdicts[-1].pk in d.set_aside for d in standing.deliverables):
            return False
        if standing.observed.state in UNDECIDED:
            return None
        return standing.observed.state == State.KEPT


def _trusted(delivered: DeliverableStanding) -> list[Verdict]:
    return [verdict for verdict in delivered.verdicts if verdict.pk not in delivered.set_aside]


def _run(delivered: DeliverableStanding, state: State) -> Verdict:
    """The verdict that began the last run of this state; what was unknown meanwhile does not break it."""
    first = delivered.verdicts[-1]
    for verdict in reversed(delivered.verdicts):
        if verdict.state == state:
            first = verdict
        elif verdict.state not in UNDECIDED:
            break
    return first


def _fails(verdict: Verdict) -> frozenset[str]:
    """The criteria that a verdict in part found false."""
    if verdict.state != State.PARTIAL:
        return frozenset()
    return frozenset(check["criterion"] for check in verdict.checks if check["holds"] is False)


def _missing(verdicts: Sequence[Verdict]) -> bool:
    return verdicts[-1].state in MISSING or bool(_fails(verdicts[-1]) & NOTHING_THERE)


def _regressed(verdicts: Sequence[Verdict]) -> bool:
    lost = verdicts[-1].state in MISSING or bool(_fails(verdicts[-1]) & UNAVAILABLE)
    return lost and any(verdict.state == State.KEPT for verdict in verdicts[:-1])


def _failing(criterion: str) -> Callable[[Sequence[Verdict]], bool]:
    return lambda verdicts: criterion in _fails(verdicts[-1])


def _why(verdict: Verdict, criteria: frozenset[str] | None = None) -> str:
    """« : Supprimé du portail (réponse 410). », from the verdict's own reasons about these criteria."""
    told = [
        reason["text"]
        for reason in verdict.reasons
        if reason["code"] != "constats-a-confirmer" and (criteria is None or reason.get("criterion") in criteria)
    ]
    return f" : {' '.join(told)}" if told else "."


def _what(delivered: DeliverableStanding) -> str:
    return delivered.deliverable.get_kind_display()


def _say_missing(standing: Standing, delivered: DeliverableStanding, first: Verdict, since: date) -> str:
    declared = standing.declared
    said = f"Déclarée réalisée le {in_words(declared.declared_on)}. " if declared else ""
    criteria = NOTHING_THERE if first.state == State.PARTIAL else None
    return f"{said}Non constaté depuis le {in_words(first.since)} ({_what(delivered)}){_why(first, criteria)}"


def _say_regressed(standing: Standing, delivered: DeliverableStanding, first: Verdict, since: date) -> str:
    before = [v for v in _trusted(delivered) if v.state == State.KEPT and (v.since, v.pk) < (first.since, first.pk)]
    kept = f"Constaté le {in_words(before[-1].since)}, " if before else ""
    criteria = UNAVAILABLE if first.state == State.PARTIAL else None
    return f"{kept}plus disponible depuis le {in_words(since)} ({_what(delivered)}){_why(first, criteria)}"


def _say_restricted(standing: Standing, delivered: DeliverableStanding, first: Verdict, since: date) -> str:
    return f"Depuis le {in_words(since)} ({_what(delivered)}){_why(first, frozenset({'access'}))}"


def _say_stale(standing: Standing, delivered: DeliverableStanding, first: Verdict, since: date) -> str:
    return f"Constaté le {in_words(since)} ({_what(delivered)}){_why(first, frozenset({'fresh'}))}"


def _say_undeclared(standing: Standing, kept: Verdict) -> str:
    declared = standing.declared
    said = (
        f"déclarée « {declared.get_status_display()} » le {in_words(declared.declared_on)}"
        if declared
        else "rien n'est déclaré ici"
    )
    told = kept.opened_on if kept.opened_from != "first_seen" else None
    opened = f" (ouverte le {in_words(told)})" if told else ""
    return f"Constatée en ligne le {in_words(kept.since)}{opened} ; {said}."


def _say_abandoned(standing: Standing, kept: Verdict) -> str:
    declared = standing.declared
    said = f"Déclarée abandonnée le {in_words(declared.declared_on)}" if declared else "Déclarée abandonnée"
    return f"{said}, et pourtant constatée en ligne le {in_words(kept.since)}."


_RULES: Mapping[Kind, _OfDeliverable | _OfPromise] = {
    Kind.OBSERVED_NOT_DECLARED: _OfPromise(
        lambda status: status in ("", "not_started", "in_progress"), _say_undeclared
    ),
    Kind.DONE_NOT_OBSERVED: _OfDeliverable(_missing, _say_missing, only_done=True),
    Kind.REGRESSION: _OfDeliverable(_regressed, _say_regressed),
    Kind.RESTRICTED: _OfDeliverable(_failing("access"), _say_restricted),
    Kind.STALE: _OfDeliverable(_failing("fresh"), _say_stale),
    Kind.ABANDONED_BUT_KEPT: _OfPromise(lambda status: status == "abandoned", _say_abandoned),
}
