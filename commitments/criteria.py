"""Facts and criteria → a verdict with its reasons. The only place where « kept » is decided.

Everything here is a value: no clock (``today`` is given), no table, no network. Facts come from outside and are never
trusted: a missing key or an odd type makes a criterion unknown, never true, never an exception. Sentences hold no
count that grows by itself, so that judging again the same evidence gives the same verdict, word for word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

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
from commitments.freshness import day_of, freshness
from commitments.periods import in_words

MACHINE_STANDS = 7
READING_STANDS = 365
CONFIRMING_CHECKS = 3
CONFIRMING_DAYS = 3
FIRST_BELIEVABLE_YEAR = 1990
STANDS = {"machine": MACHINE_STANDS, "reading": READING_STANDS}

OPEN_LICENCES = {
    "lov2": "Licence Ouverte 2.0",
    "fr-lo": "Licence Ouverte",
    "odc-odbl": "ODbL",
    "odc-by": "ODC-BY",
    "odc-pddl": "ODC-PDDL",
    "cc-by": "CC BY",
    "cc-by-sa": "CC BY-SA",
    "cc-zero": "CC0",
    "other-open": "autre licence ouverte",
    "other-pd": "domaine public",
    "other-at": "autre licence avec attribution",
}
NO_LICENCE = ("", "notspecified", "none")

ACCESS_LABELS = {
    Access.OPEN: "ouvert",
    Access.OPEN_WITH_ACCOUNT: "ouvert avec un compte",
    Access.RESTRICTED: "restreint",
    Access.UNSAID: "non précisé",
}
_OPENNESS = {Access.RESTRICTED: 0, Access.OPEN_WITH_ACCOUNT: 1, Access.OPEN: 2}

LABELS = {
    "exists": "existe à l'adresse indiquée",
    "public": "est public",
    "not_archived": "n'est pas archivé",
    "access": "donne l'accès promis",
    "has_files": "offre au moins un fichier",
    "files_answer": "a des fichiers qui répondent",
    "open_licence": "porte une licence ouverte",
    "fresh": "est à jour selon sa fréquence",
    "publisher": "vient d'un éditeur connu",
    "coverage": "couvre ce qui a été promis",
    "documentation": "a une documentation",
    "licence": "porte une licence",
    "has_commit": "contient du code",
}
"""Every criterion's code with its French label."""

CRITERIA: dict[Kind, tuple[str, ...]] = {
    Kind.DATASET: (
        "exists",
        "public",
        "not_archived",
        "access",
        "has_files",
        "files_answer",
        "open_licence",
        "fresh",
        "publisher",
        "coverage",
    ),
    Kind.API: (
        "exists",
        "public",
        "not_archived",
        "access",
        "documentation",
        "publisher",
        "coverage",
    ),
    Kind.SOURCE_CODE: ("exists", "public", "not_archived", "has_commit", "licence", "coverage"),
    Kind.DOCUMENT: ("exists", "coverage"),
    Kind.PLATFORM: ("exists", "coverage"),
}
"""What must be true of each kind of deliverable, unless told otherwise. An API bears no licence of its own: what it
serves does; ``open_licence`` may be asked of it all the same."""

REQUIRED = frozenset({"exists", "public", "has_files", "documentation", "has_commit"})
"""Criteria without which nothing is kept: unknown, they leave the verdict unknown."""

RULE_OF = {
    "exists": "introuvable",
    "public": "non-public",
    "not_archived": "archive",
    "access": "acces-restreint",
    "has_files": "aucun-fichier",
    "files_answer": "fichiers-injoignables",
    "open_licence": "licence-non-ouverte",
    "fresh": "non-a-jour",
    "publisher": "editeur-inattendu",
    "coverage": "couverture-partielle",
    "documentation": "sans-documentation",
    "licence": "sans-licence",
    "has_commit": "depot-vide",
}
"""The rule, hence the anchor in ``/methode/``, that each false criterion breaks."""


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
    asking = _Asking(codes, Access(access_promised), publishers, publishers_closed, latest, seen, today)
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


def expiry(seen_on: date, by: str) -> date:
    """The last day on which a finding of that day still stands. ``by``: machine or reading."""
    return seen_on + timedelta(days=STANDS[by])


def expired(found: Judgment | State, *, seen_on: date, by: str, today: date) -> Judgment | None:
    """The verdict once its finding is too old to be held for true; None while it stands.

    Takes a stored verdict or only its state, so that it can be aged on reading without the findings. What is not
    grounded on a finding, or unknown already, does not age.
    """
    judgment = Judgment(found) if isinstance(found, State) else found
    pending = next((reason for reason in judgment.reasons if reason.code == "constats-a-confirmer"), None)
    if by not in STANDS or (judgment.state in (State.UNKNOWN, State.UNLOCATED) and pending is None):
        return None
    end = expiry(seen_on, by)
    if today <= end:
        return None
    since = in_words(end + timedelta(days=1))
    why = (
        f"le robot n'a rien pu constater depuis le {in_words(seen_on)}, et son constat vaut {MACHINE_STANDS} jours"
        if by == "machine"
        else f"le dernier constat humain date du {in_words(seen_on)}, et il vaut {READING_STANDS} jours"
    )
    aged = Reason("constat-ancien", f"Indéterminé depuis le {since} : {why}.")
    last = pending or Reason(
        "dernier-constat", f"Dernier constat : {_LAST_WORDS[by][judgment.state]}, le {in_words(seen_on)}."
    )
    return replace(judgment, state=State.UNKNOWN, reasons=(aged, last), grounded_by=by)


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


_LAST_WORDS = {
    "machine": {
        State.KEPT: "constaté à l'adresse indiquée",
        State.PARTIAL: "constaté en partie",
        State.UNMET: "non constaté à l'adresse indiquée",
        State.GONE: "disparu",
    },
    "reading": {
        State.KEPT: "ouvert",
        State.PARTIAL: "ouvert en partie",
        State.UNMET: "non ouvert",
        State.GONE: "disparu",
    },
}


# --- which finding is judged ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Asking:
    """What is asked of a deliverable, beside the facts."""

    codes: tuple[str, ...]
    access_promised: Access
    publishers: frozenset[str]
    publishers_closed: bool
    reading: HumanFinding | None
    machine: MachineFinding | None
    today: date


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


def _by_machine(asking: _Asking, machine: MachineFinding, kept_before: bool, previous: Judgment | None) -> Judgment:
    if machine.outcome is Outcome.FOUND:
        return _found(asking, machine.facts)
    code, text = _ABSENCES[machine.outcome][0], _absence(machine)
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


_ABSENCES = {
    Outcome.GONE: ("supprime", "Supprimé du portail (réponse 410)."),
    Outcome.ABSENT: ("introuvable", "Plus public ou inconnu (réponse 404) : le portail ne distingue pas."),
}


_NO_REPOSITORY = "Dépôt privé ou inexistant (réponse 404) : la forge ne distingue pas."
_NO_PAGE = {
    Outcome.GONE: "La page a été supprimée (réponse 410).",
    Outcome.ABSENT: "Aucune page à cette adresse (réponse 404).",
}


def _absence(machine: MachineFinding) -> str:
    """An absence in the words of what was looked for: a record, a repository or a plain page."""
    if "reachable" in machine.facts:
        return _NO_PAGE[machine.outcome]
    if "commits" in machine.facts and machine.outcome is Outcome.ABSENT:
        return _NO_REPOSITORY
    return _ABSENCES[machine.outcome][1]


def _was_of_old(asking: _Asking, previous: Judgment) -> bool:
    """Whether the verdict in force rests on a reading that no longer stands: it can't stay for want of a newer one."""
    if previous.grounded_by != "reading" or asking.reading is None:
        return False
    return asking.today > expiry(asking.reading.day, "reading")


def _by_reading(asking: _Asking, reading: HumanFinding) -> Judgment:
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
        restricted = Check("access", *_access(asking.access_promised, Access.RESTRICTED))
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


def _found(asking: _Asking, facts: Facts) -> Judgment:
    checks = tuple(Check(code, *_CHECKS[code](facts, asking)) for code in asking.codes)
    failed = [check for check in checks if check.holds is False]
    if failed:
        reasons = tuple(Reason(RULE_OF[check.criterion], check.text, check.criterion) for check in failed)
        return Judgment(State.PARTIAL, reasons, checks, grounded_by="machine")
    missing = [check for check in checks if check.holds is None and check.criterion in REQUIRED]
    if missing:
        reasons = tuple(Reason("exigence-inconnue", check.text, check.criterion) for check in missing)
        if _is_page(facts) and asking.reading is not None:
            reasons += (_last_word(asking.reading),)
        return Judgment(State.UNKNOWN, reasons, checks, grounded_by="machine")
    seen = Reason("constate", "Constaté à l'adresse indiquée.")
    return Judgment(State.KEPT, (seen, *_to_verify(checks)), checks, grounded_by="machine")


def _last_word(reading: HumanFinding) -> Reason:
    """A person's last finding, though too old to be held for true: it says more than a page that answers."""
    state = {ReadingState.NOT_OPEN: State.UNMET, ReadingState.OPEN_PARTIAL: State.PARTIAL}.get(
        reading.state, State.KEPT
    )
    return Reason("dernier-constat", f"Dernier constat : {_LAST_WORDS['reading'][state]}, le {in_words(reading.day)}.")


def _to_verify(checks: Iterable[Check]) -> tuple[Reason, ...]:
    """What remains to be verified; what is beside the point (« sans objet ») does not."""
    open_checks = [c for c in checks if c.holds is None and not c.text.startswith(BESIDE_THE_POINT)]
    return tuple(
        Reason("a-verifier", f"À vérifier : {LABELS[check.criterion]}.", check.criterion) for check in open_checks
    )


BESIDE_THE_POINT = "Sans objet"


# --- the opening day --------------------------------------------------------------------------------------------


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
        created = day_of(_text(found.facts, "created_at_internal"))
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


# --- the criteria: facts → true, false or unknown, and a sentence ----------------------------------------------

Answer = tuple[bool | None, str]


ONLY_A_PAGE = "La page répond ; rien de plus n'est vérifié par le robot."


def _is_page(facts: Facts) -> bool:
    """A plain address, of which the robot knows only that it answers."""
    return "reachable" in facts


def _is_repository(facts: Facts) -> bool:
    return "commits" in facts


def _exists(facts: Facts, asking: _Asking) -> Answer:
    if _is_page(facts):
        return True, "La page répond à l'adresse indiquée."
    return True, f"{'Le dépôt' if _is_repository(facts) else 'La fiche'} répond à l'adresse indiquée."


def _public(facts: Facts, asking: _Asking) -> Answer:
    if facts.get("private") is True:
        return False, "La fiche est marquée comme privée."
    if _is_page(facts):
        return True, "La page est lisible par tous."
    return True, f"{'Le dépôt' if _is_repository(facts) else 'La fiche'} est lisible par tous."


def _not_archived(facts: Facts, asking: _Asking) -> Answer:
    if "archived" not in facts:
        thing = "le dépôt est archivé" if _is_repository(facts) else "la fiche est archivée"
        return None, ONLY_A_PAGE if _is_page(facts) else f"On ne sait pas si {thing}."
    archived = facts["archived"]
    if archived is None or archived is False or archived == "":
        return True, "Le dépôt n'est pas archivé." if _is_repository(facts) else "La fiche n'est pas archivée."
    day = day_of(archived)
    return False, f"Archivé le {in_words(day)}." if day else "Archivé."


def _gives_access(facts: Facts, asking: _Asking) -> Answer:
    if _is_page(facts):
        return None, ONLY_A_PAGE
    return _access(asking.access_promised, _access_found(facts))


def _access_found(facts: Facts) -> Access | None:
    value = facts.get("access_type")
    if not isinstance(value, str) or value not in (Access.OPEN, Access.OPEN_WITH_ACCOUNT, Access.RESTRICTED):
        return None
    return Access(value)


def _access(promised: Access, found: Access | None) -> Answer:
    if found is None:
        return None, "Le portail ne dit pas quel accès est donné."
    if promised is Access.UNSAID:
        return None, f"Accès {ACCESS_LABELS[found]} ; la promesse ne dit pas quel accès était attendu."
    text = f"Promis {_PROMISED[promised]}, accès {ACCESS_LABELS[found]}."
    return _OPENNESS[found] >= _OPENNESS[promised], text


_PROMISED = {
    Access.OPEN: "ouvert",
    Access.OPEN_WITH_ACCOUNT: "ouvert avec un compte",
    Access.RESTRICTED: "sur habilitation",
}


def _has_files(facts: Facts, asking: _Asking) -> Answer:
    if _is_page(facts):
        return None, ONLY_A_PAGE
    total = _count(facts.get("resources_total"))
    if total is None:
        return None, "On ne sait pas combien de fichiers le jeu de données contient."
    if total == 0:
        return False, "Aucun fichier."
    return True, f"{total} fichier{'s'[: total > 1]}."


def _files_answer(facts: Facts, asking: _Asking) -> Answer:
    if _is_page(facts):
        return None, ONLY_A_PAGE
    if _count(facts.get("resources_total")) == 0:
        return None, f"{BESIDE_THE_POINT} : aucun fichier."
    told, unavailable = facts.get("all_resources_available"), facts.get("resources_unavailable")
    down = told is False or unavailable is True
    probed = _probed(facts.get("probes"), down)
    if probed is not None:
        return probed
    if down:
        return False, "data.gouv.fr signale des fichiers injoignables."
    if told is True or unavailable is False:
        return None, "data.gouv.fr ne signale aucun fichier injoignable ; Bothorel ne les a pas essayés."
    return None, "Les fichiers n'ont pas été essayés."


def _probed(probes: object, down: bool) -> Answer | None:
    """What Bothorel's own tries say; None when it did not try. ``down``: the portal says that some are unreachable.

    One failure alone is not believed, unless the portal says so too; a sample where all answer says nothing of the
    files that were not tried.
    """
    if not isinstance(probes, dict):
        return None
    tried, answered, total = (_count(probes.get(name)) for name in ("tried", "answered", "total"))
    if tried is None or answered is None or tried == 0:
        return None
    failed, failing = _names(probes.get("failed")), _names(probes.get("failing"))
    among = f" sur {total}" if total is not None and total > tried else ""
    sample = f"{tried} fichier{'s'[: tried > 1]} essayé{'s'[: tried > 1]}{among} par Bothorel"
    if failed or (failing and down):
        too = "" if failed else " (data.gouv.fr le signale aussi)"
        return False, f"{sample} ; injoignables{too} : {_listed(failed + failing)}."
    if down and (answered < tried or among):
        return (None if answered >= tried else False), (
            f"data.gouv.fr signale des fichiers injoignables ; {sample} : {_how_many(answered, tried)}."
        )
    if failing:
        return None, f"{sample} ; sans réponse une première fois, à confirmer un autre jour : {_listed(failing)}."
    if answered >= tried:
        return True, f"{sample} : {_how_many(answered, tried)}."
    return None, f"{sample} : {_how_many(answered, tried)}{_why_not(probes.get('files'))}."


def _how_many(answered: int, tried: int) -> str:
    if answered >= tried:
        return "il répond" if tried == 1 else "tous répondent"
    if answered == 0:
        return "aucun n'a pu être observé"
    return f"{answered} répond{'ent'[: 3 * (answered > 1)]}, sans observation pour les autres"


def _names(value: object) -> list[str]:
    return [str(name)[:80] for name in value] if isinstance(value, list | tuple) else []


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + ("…" if len(names) > 3 else "")


UNTRIED = {
    "bad_address": "adresse qui n'est pas du web (ftp…) ou inutilisable",
    "refused_address": "adresse d'un réseau privé, que le robot n'interroge pas",
    "html": "page web à la place du fichier",
    "dns": "nom de serveur introuvable",
}


def _why_not(files: object) -> str:
    """What is worth saying of the files that were not observed: their address, not the mood of a server."""
    rows = files if isinstance(files, list | tuple) else []
    causes = {row.get("cause") for row in rows if isinstance(row, dict) and row.get("state") == "unknown"}
    said = [words for cause, words in UNTRIED.items() if cause in causes]
    return f" ({' ; '.join(said)})" if said else ""


def _open_licence(facts: Facts, asking: _Asking) -> Answer:
    if _is_page(facts):
        return None, ONLY_A_PAGE
    access = _access_found(facts)
    if access in (Access.RESTRICTED, Access.OPEN_WITH_ACCOUNT):
        return None, f"{BESIDE_THE_POINT} : une licence n'est demandée que pour un accès ouvert."
    licence = facts.get("license")
    if not isinstance(licence, str):
        return None, "Le portail ne dit rien de la licence."
    if licence in OPEN_LICENCES:
        return True, f"Licence : {OPEN_LICENCES[licence]}."
    if access is None:
        return None, "Le portail ne dit pas quel accès est donné : la licence ne peut pas être jugée."
    if licence in NO_LICENCE:
        return False, "Aucune licence indiquée."
    return False, f"Licence non ouverte : « {licence[:80]} »."


def _licence(facts: Facts, asking: _Asking) -> Answer:
    licence = facts.get("license")
    if _is_page(facts):
        return None, ONLY_A_PAGE
    if not isinstance(licence, str):
        return None, "On ne sait pas si le dépôt porte une licence."
    if licence.casefold() in NO_LICENCE:
        return False, "Aucune licence dans le dépôt."
    if licence == "NOASSERTION":
        return True, "Le dépôt porte une licence, que la forge ne reconnaît pas."
    return True, f"Licence : « {licence[:80]} »."


def _fresh(facts: Facts, asking: _Asking) -> Answer:
    if _is_page(facts):
        return None, ONLY_A_PAGE
    found = freshness(facts.get("last_update"), facts.get("frequency"), asking.today)
    return found.holds, found.text


def _publisher(facts: Facts, asking: _Asking) -> Answer:
    if facts.get("owned_by_person") is True:
        return False, "Publié par une personne et non par un service public."
    if _is_page(facts):
        return None, ONLY_A_PAGE
    if "organization_id" not in facts:
        return None, "On ne sait pas qui publie."
    identifier = facts["organization_id"]
    if identifier is None or identifier == "":
        return False, "Publié sans organisation."
    if not isinstance(identifier, str):
        return None, "On ne sait pas qui publie."
    name = _text(facts, "organization_name")[:120] or identifier[:40]
    if identifier in asking.publishers:
        return True, f"Publié par {name}."
    if asking.publishers_closed:
        return False, f"Publié par {name}, qui n'est pas l'un des éditeurs attendus."
    badges = _kinds(facts.get("organization_badges"))
    if badges is not None and "public-service" not in badges:
        return False, f"Publié par {name}, que le portail ne reconnaît pas comme un service public."
    return None, f"Publié par {name}, que nous ne savons pas rattacher à ce ministère."


def _coverage(facts: Facts, asking: _Asking) -> Answer:
    """Only a person can tell; the latest reading, while it stands."""
    reading, machine = asking.reading, asking.machine
    if reading is None or asking.today > expiry(reading.day, "reading"):
        return None, "Seule une personne peut dire si tout ce qui était promis est là."
    said = f"d'après un constat humain du {in_words(reading.day)}"
    if reading.state is ReadingState.OPEN:
        return True, f"Conforme à la promesse {said}."
    if reading.state is ReadingState.OPEN_PARTIAL:
        label = f" : « {reading.label} »" if reading.label else ""
        return False, f"Couverture partielle {said}{label}."
    if reading.state is ReadingState.NOT_OPEN and machine is not None and reading.day >= machine.first_seen:
        return False, f"Ce qui se trouve à cette adresse n'est pas ce qui était promis, {said}."
    return None, "La fiche est plus récente que le dernier constat humain : couverture à vérifier."


def _documentation(facts: Facts, asking: _Asking) -> Answer:
    if _is_page(facts):
        return None, ONLY_A_PAGE
    machine, technical = _text(facts, "machine_documentation_url"), _text(facts, "technical_documentation_url")
    if not machine and not technical:
        if "machine_documentation_url" in facts and "technical_documentation_url" in facts:
            return False, "Aucune documentation."
        return None, "On ne sait pas si l'API a une documentation."
    seen = facts.get("documentation")
    state = seen.get("state") if isinstance(seen, dict) else None
    if not isinstance(seen, dict) or state not in ("answers", "failing", "failed"):
        return None, "Documentation annoncée ; le robot n'a pas pu la lire."
    if state == "failing":
        return None, "Documentation annoncée, sans réponse une première fois (404) : à confirmer un autre jour."
    if state == "failed":
        return False, "Documentation annoncée, mais rien ne se trouve à cette adresse (404)."
    if seen.get("fetched") is True:
        paths = _count(seen.get("paths")) or 0
        many = f", {paths} chemin{'s'[: paths > 1]}" if paths else ""
        return True, f"Documentation lisible par une machine : OpenAPI {str(seen.get('openapi'))[:10]}{many}."
    if seen.get("fetched") is False or not machine:
        return True, "Documentation technique seulement, destinée à des personnes."
    return True, "Documentation technique ; celle qui est destinée aux machines n'a pas pu être lue."


def _has_commit(facts: Facts, asking: _Asking) -> Answer:
    if _is_page(facts):
        return None, ONLY_A_PAGE
    commits = facts.get("commits")
    if commits is True or (_count(commits) or 0) > 0:
        return True, "Le dépôt contient du code."
    if commits is False or _count(commits) == 0:
        return False, "Le dépôt est vide."
    return None, "On ne sait pas si le dépôt contient du code."


_CHECKS: dict[str, Callable[[Facts, _Asking], Answer]] = {
    "exists": _exists,
    "public": _public,
    "not_archived": _not_archived,
    "access": _gives_access,
    "has_files": _has_files,
    "files_answer": _files_answer,
    "open_licence": _open_licence,
    "fresh": _fresh,
    "publisher": _publisher,
    "coverage": _coverage,
    "documentation": _documentation,
    "licence": _licence,
    "has_commit": _has_commit,
}


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _text(facts: Facts, key: str) -> str:
    value = facts.get(key)
    return value.strip() if isinstance(value, str) else ""


def _kinds(badges: object) -> set[str] | None:
    """The kinds of badges, given as words or as objects; None when they are not known."""
    if not isinstance(badges, list | tuple | set | frozenset):
        return None
    kinds = (badge.get("kind") if isinstance(badge, dict) else badge for badge in badges)
    return {kind for kind in kinds if isinstance(kind, str)}
