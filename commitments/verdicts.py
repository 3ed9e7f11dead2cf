"""Findings and criteria → a verdict with its reasons: the only place where « kept » is decided. Pure.

No clock (``today`` is given), no table, no network: judging again the same evidence gives the same verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile

from commitments.ageing import LAST_WORDS, expired, expiry
from commitments.criteria import (
    BESIDE_THE_POINT,
    CHECKS,
    CRITERIA,
    LABELS,
    REQUIRED,
    RULE_OF,
    Asking,
    access_given,
    is_page,
    text_of,
)
from commitments.days import in_words
from commitments.findings import (
    Access,
    Check,
    Facts,
    HumanFinding,
    Judgment,
    Kind,
    MachineFinding,
    Outcome,
    ReadingState,
    Reason,
    State,
)
from commitments.freshness import day_of

CONFIRMING_CHECKS = 3
CONFIRMING_DAYS = 3
FIRST_BELIEVABLE_YEAR = 1990


def judge(
    kind: Kind,
    access_promised: Access,
    *,
    machine: MachineFinding | None,
    readings: Sequence[HumanFinding],
    located: bool,
    today: date,
    criteria: Sequence[str] | None = None,
    asked: bool = True,
    publishers: frozenset[str] = frozenset(),
    publishers_closed: bool = False,
    kept_before: bool = False,
    regressed_on: date | None = None,
    previous: Judgment | None = None,
) -> Judgment:
    """Say whether a deliverable is kept on ``today``, and why, from its last definitive finding.

    ``asked``: false when no robot can ask this kind of address. ``kept_before``: it was kept or partial on an earlier
    verdict. ``regressed_on``: the last day it was gone; what was opened before counts no more. ``previous``: the
    verdict in force, which stays until an absence is confirmed.
    """
    codes = CRITERIA[Kind(kind)] if criteria is None else tuple(criteria)
    if unknown := [code for code in codes if code not in LABELS]:
        raise ValueError(f"unknown criteria: {', '.join(unknown)}")
    regressed_on = None if regressed_on is None else min(regressed_on, today)
    seen = _known(machine, today)
    read = _usable(readings, today)
    latest = read[0] if read else None
    if seen is None and latest is None:
        return judge_nothing(located, asked)
    asking = Asking(codes, Access(access_promised), publishers, publishers_closed, latest, seen, today)
    outranks = latest is None or seen is None or _stands(seen, today) or seen.last_seen >= latest.day
    if seen is not None and outranks and not _yields(seen, latest, today):
        judgment = _by_machine(asking, seen, kept_before, previous)
        last_day = seen.last_seen
    else:
        assert latest is not None  # noqa: S101 - one of the two is there
        judgment = _by_reading(asking, latest)
        last_day = latest.day
    if judgment.state in (State.KEPT, State.PARTIAL) and judgment.opened_on is None:
        opened_on, opened_from = _opened(read, seen, regressed_on, previous, today)
        judgment = replace(judgment, opened_on=opened_on, opened_from=opened_from)
    elif judgment.state is State.UNKNOWN and previous is not None and _still_counts(previous, regressed_on):
        judgment = replace(judgment, opened_on=previous.opened_on, opened_from=previous.opened_from)
    return expired(judgment, seen_on=last_day, by=judgment.grounded_by, today=today) or judgment


def judge_nothing(located: bool, asked: bool = True) -> Judgment:
    """The verdict of a deliverable of which nothing was ever found, by a robot or a person."""
    if not located:
        return Judgment(State.UNLOCATED, (Reason("sans-adresse", "Aucune adresse connue et aucun constat humain."),))
    if not asked:
        text = "Cette sorte d'adresse n'est pas encore interrogée par le robot."
        return Judgment(State.UNKNOWN, (Reason("sorte-non-interrogee", text),))
    return Judgment(State.UNKNOWN, (Reason("jamais-interrogee", "L'adresse n'a encore jamais pu être interrogée."),))


def combine(judgments: Sequence[Judgment], *, open_ended: bool, settled_by_reading: bool) -> Judgment:
    """The verdict of a commitment from those of its deliverables; the first row that applies.

    ==========================================================  ==========
    its deliverables                                            it is
    ==========================================================  ==========
    none                                                        unlocated
    all of one state                                            that state
    at least one partial                                        partial
    at least one kept, and one unmet or gone                    partial
    at least one kept, and the others unknown or unlocated      unknown
    none kept nor partial, at least one gone                    gone
    none kept nor partial, at least one unmet                   unmet
    unknown and unlocated                                       unknown
    ==========================================================  ==========

    One that is not there is enough to say that the promise is not kept, whatever is unknown of the others. An
    open-ended commitment (« etc. ») is at most partial, unless a reading settles it.
    """
    if not judgments:
        return judge_nothing(located=False)
    state = _state_of_all({judgment.state for judgment in judgments})
    reasons: list[Reason] = []
    if len(judgments) > 1:
        kept = sum(judgment.state is State.KEPT for judgment in judgments)
        said = "constaté" if kept < 2 else "constatés"
        reasons.append(Reason("plusieurs-livrables", f"{kept} livrable{'s'[: kept > 1]} {said} sur {len(judgments)}."))
    if open_ended and not settled_by_reading and state is State.KEPT:
        state = State.PARTIAL
        text = "Promesse ouverte (« etc. ») : constatée en partie tant qu'un constat humain ne la dit pas tenue."
        reasons.append(Reason("promesse-ouverte", text))
    reasons += [reason for judgment in judgments for reason in judgment.reasons]
    opened = [judgment for judgment in judgments if judgment.opened_on is not None]
    last = max(opened, key=lambda j: j.opened_on or date.min) if len(opened) == len(judgments) else None
    grounds = {judgment.grounded_by for judgment in judgments}
    return Judgment(
        state,
        tuple(dict.fromkeys(reasons)),
        tuple(check for judgment in judgments for check in judgment.checks),
        last.opened_on if last else None,
        last.opened_from if last else "",
        grounds.pop() if len(grounds) == 1 else "",
    )


def _state_of_all(states: set[State]) -> State:
    if len(states) == 1:
        return next(iter(states))
    missing = states & {State.UNMET, State.GONE}
    if State.PARTIAL in states or (State.KEPT in states and missing):
        return State.PARTIAL
    if State.KEPT in states:
        return State.UNKNOWN
    if missing:
        return State.GONE if State.GONE in missing else State.UNMET
    return State.UNKNOWN


def _known(machine: MachineFinding | None, today: date) -> MachineFinding | None:
    if machine is None or not machine.outcome.definitive or machine.first_seen > today:
        return None
    return replace(machine, last_seen=min(machine.last_seen, today))


def _usable(readings: Iterable[HumanFinding], today: date) -> list[HumanFinding]:
    """Readings that find something, latest first; of the same day, the last one given."""
    kept = [r for r in readings if r.state is not ReadingState.NOT_VERIFIED and r.day <= today]
    return [reading for _, reading in sorted(enumerate(kept), key=lambda pair: (pair[1].day, pair[0]), reverse=True)]


def _stands(machine: MachineFinding, today: date) -> bool:
    return today <= expiry(machine.last_seen, "machine")


def _yields(machine: MachineFinding, reading: HumanFinding | None, today: date) -> bool:
    """Whether all that the robot knows is that a page answers, while a person's word on what it holds still stands."""
    return machine.facts.get("reachable") is True and reading is not None and today <= expiry(reading.day, "reading")


def _by_machine(asking: Asking, machine: MachineFinding, kept_before: bool, previous: Judgment | None) -> Judgment:
    if machine.outcome is Outcome.FOUND:
        return _found(asking, machine.facts)
    code, text = ABSENCES[machine.outcome][0], _absence(machine)
    confirmed = (
        machine.checks >= CONFIRMING_CHECKS and (machine.last_seen - machine.first_seen).days >= CONFIRMING_DAYS
    )
    if confirmed:
        state = State.GONE if kept_before else State.UNMET
        check = Check("exists", False, text)
        return Judgment(state, (Reason(code, text, "exists"),), (check,), grounded_by="machine")
    count = min(max(machine.checks, 1), CONFIRMING_CHECKS)
    found = "constat négatif" if count == 1 else "constats négatifs"
    pending = Reason(
        "constats-a-confirmer",
        f"{count} {found} sur {CONFIRMING_CHECKS} depuis le {in_words(machine.first_seen)} (il en faut "
        f"{CONFIRMING_CHECKS} sur {CONFIRMING_DAYS} jours) : {text[0].lower()}{text[1:]}",
        "exists",
    )
    if previous is None or previous.state in (State.UNKNOWN, State.UNLOCATED) or _was_of_old(asking, previous):
        checks = previous.checks if previous else ()
        return Judgment(State.UNKNOWN, (pending,), checks, grounded_by="machine")
    before = tuple(reason for reason in previous.reasons if reason.code != pending.code)
    return replace(previous, reasons=(*before, pending), grounded_by="machine")


ABSENCES = {
    Outcome.GONE: ("supprime", "Supprimé du portail (réponse 410)."),
    Outcome.ABSENT: ("introuvable", "Plus public ou inconnu (réponse 404) : le portail ne distingue pas."),
}
NO_REPOSITORY = "Dépôt privé ou inexistant (réponse 404) : la forge ne distingue pas."
NO_PAGE = {
    Outcome.GONE: "La page a été supprimée (réponse 410).",
    Outcome.ABSENT: "Aucune page à cette adresse (réponse 404).",
}


def _absence(machine: MachineFinding) -> str:
    """An absence in the words of what was looked for: a record, a repository or a plain page."""
    if "reachable" in machine.facts:
        return NO_PAGE[machine.outcome]
    if "commits" in machine.facts and machine.outcome is Outcome.ABSENT:
        return NO_REPOSITORY
    return ABSENCES[machine.outcome][1]


def _was_of_old(asking: Asking, previous: Judgment) -> bool:
    """Whether the verdict in force rests on a reading that no longer stands: it can't stay for want of a newer one."""
    if previous.grounded_by != "reading" or asking.reading is None:
        return False
    return asking.today > expiry(asking.reading.day, "reading")


def _by_reading(asking: Asking, reading: HumanFinding) -> Judgment:
    said = f"d'après un constat humain du {in_words(reading.day)}"
    if reading.state is ReadingState.NOT_OPEN:
        text = f"Non ouvert {said}."
        check = Check("exists", False, text)
        return Judgment(State.UNMET, (Reason("non-ouvert", text, "exists"),), (check,), grounded_by="reading")
    if reading.state is ReadingState.OPEN_PARTIAL:
        label = f" : « {reading.label} »" if reading.label else ""
        text = f"Ouvert en partie {said}{label}."
        checks = [_seen(code, said) if code == "exists" else _unsaid(code) for code in asking.codes]
        checks = [Check("coverage", False, text) if check.criterion == "coverage" else check for check in checks]
        reasons = (Reason("couverture-partielle", text, "coverage"),)
        return Judgment(State.PARTIAL, reasons, tuple(checks), grounded_by="reading")
    if reading.state is ReadingState.OPEN_RESTRICTED:
        restricted = Check("access", *access_given(asking.access_promised, Access.RESTRICTED))
        beside = {"access": restricted, "open_licence": _unsaid("open_licence"), "fresh": _unsaid("fresh")}
        checks = [beside.get(code) or _seen(code, said) for code in asking.codes]
        if restricted.holds is False and "access" in asking.codes:
            reason = Reason(RULE_OF["access"], f"{restricted.text[:-1]} {said}.", "access")
            return Judgment(State.PARTIAL, (reason,), tuple(checks), grounded_by="reading")
        opened = Reason("constat-humain", f"Accessible sur habilitation {said}.")
        return Judgment(State.KEPT, (opened, *_to_verify(checks)), tuple(checks), grounded_by="reading")
    opened = Reason("constat-humain", f"Ouvert {said}.")
    every = tuple(_seen(code, said) for code in asking.codes)
    return Judgment(State.KEPT, (opened,), every, grounded_by="reading")


def _seen(code: str, said: str) -> Check:
    return Check(code, True, f"Oui {said}.")


def _unsaid(code: str) -> Check:
    return Check(code, None, "Le constat humain ne le dit pas.")


def _found(asking: Asking, facts: Facts) -> Judgment:
    checks = tuple(Check(code, *CHECKS[code](facts, asking)) for code in asking.codes)
    failed = [check for check in checks if check.holds is False]
    if failed:
        reasons = tuple(Reason(RULE_OF[check.criterion], check.text, check.criterion) for check in failed)
        return Judgment(State.PARTIAL, reasons, checks, grounded_by="machine")
    missing = [check for check in checks if check.holds is None and check.criterion in REQUIRED]
    if missing:
        reasons = tuple(Reason("exigence-inconnue", check.text, check.criterion) for check in missing)
        if is_page(facts) and asking.reading is not None:
            reasons += (_last_word(asking.reading),)
        return Judgment(State.UNKNOWN, reasons, checks, grounded_by="machine")
    seen = Reason("constate", "Constaté à l'adresse indiquée.")
    return Judgment(State.KEPT, (seen, *_to_verify(checks)), checks, grounded_by="machine")


def _last_word(reading: HumanFinding) -> Reason:
    """A person's last finding, though too old to be held for true: it says more than a page that answers."""
    state = {ReadingState.NOT_OPEN: State.UNMET, ReadingState.OPEN_PARTIAL: State.PARTIAL}.get(
        reading.state, State.KEPT
    )
    return Reason("dernier-constat", f"Dernier constat : {LAST_WORDS['reading'][state]}, le {in_words(reading.day)}.")


def _to_verify(checks: Iterable[Check]) -> tuple[Reason, ...]:
    """What remains to be verified; what is beside the point (« sans objet ») does not."""
    open_checks = [c for c in checks if c.holds is None and not c.text.startswith(BESIDE_THE_POINT)]
    return tuple(
        Reason("a-verifier", f"À vérifier : {LABELS[check.criterion]}.", check.criterion) for check in open_checks
    )


def _opened(
    read: Sequence[HumanFinding],
    machine: MachineFinding | None,
    regressed_on: date | None,
    previous: Judgment | None,
    today: date,
) -> tuple[date, str]:
    """The day it became available, and how that is known. ``read``: usable readings, latest first.

    A person who found nothing there makes what was read before count no more, as a regression does.
    """
    floor = date.min if regressed_on is None else regressed_on
    since_closed = list(takewhile(lambda reading: reading.state is not ReadingState.NOT_OPEN, read))
    for reading in since_closed:
        if reading.opened_on is not None and floor <= reading.opened_on <= today:
            return reading.opened_on, "reading"
    found = machine if machine is not None and machine.outcome is Outcome.FOUND else None
    if found is not None:
        created = day_of(text_of(found.facts, "created_at_internal"))
        if created is not None and created.year >= FIRST_BELIEVABLE_YEAR and floor <= created <= found.last_seen:
            return created, "portal"
    days = [reading.day for reading in since_closed]
    if found is not None:
        days.append(found.first_seen)
    if previous is not None and previous.opened_from == "first_seen" and previous.opened_on is not None:
        days.append(previous.opened_on)
    after = [day for day in days if floor <= day <= today]
    return min(after, default=max(floor, min(days, default=today))), "first_seen"


def _still_counts(previous: Judgment, regressed_on: date | None) -> bool:
    """Whether the opening day of the verdict in force is worth remembering while nobody knows any more."""
    return previous.opened_on is not None and (regressed_on is None or previous.opened_on >= regressed_on)
