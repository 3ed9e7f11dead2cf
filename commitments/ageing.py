"""How long a finding is held for true, and what is said once it is too old. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from commitments.days import in_words
from commitments.findings import Judgment, Reason, State

MACHINE_STANDS = 7
READING_STANDS = 365
STANDS = {"machine": MACHINE_STANDS, "reading": READING_STANDS}
LAST_WORDS = {
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
        "dernier-constat", f"Dernier constat : {LAST_WORDS[by][judgment.state]}, le {in_words(seen_on)}."
    )
    return replace(judgment, state=State.UNKNOWN, reasons=(aged, last), grounded_by=by)
