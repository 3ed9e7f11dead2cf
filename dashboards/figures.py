"""Counts of promises, each with its definition and the filter that lists exactly its lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from commitments.findings import State
from dashboards.languages import in_source
from dashboards.pages.words import singular
from ministries.counting import STATES, is_due, tally
from ministries.standing import Standing
from ministries.timeliness import Code

PLURALS = {
    State.KEPT: N_("constatées"),
    State.PARTIAL: N_("constatées en partie"),
    State.UNMET: N_("non constatées"),
    State.GONE: N_("disparues"),
    State.UNKNOWN: N_("indéterminées"),
    State.UNLOCATED: N_("sans adresse"),
}


def agreed(text: str, count: int) -> str:
    """« constatées en partie », for one: « constatée en partie ». English words do not agree."""
    return re.sub(r"(ée|ue)s\b", r"\1", text) if in_source() and singular(count) else text


def plural(state: State) -> str:
    """Several promises of that state, in the language of the page."""
    return _(PLURALS[state])


@dataclass(frozen=True)
class Count:
    """A figure: how many, of what, the list and the filters that give exactly these lines."""

    key: str
    value: int
    label: str
    params: Mapping[str, str]
    path: str = "/promesses/"


@dataclass(frozen=True)
class Summary:
    """The first sentence, as figures: the promises that are due, and each part of them."""

    followed: int
    due: Count
    kept: Count
    others: tuple[Count, ...]


def summary(standings: Sequence[Standing]) -> Summary:
    """The due promises, cut by what is observed: the parts add up to the whole."""
    due = tally([s for s in standings if is_due(s)])
    states = due.states
    parts = {
        state: Count(
            state.value,
            states[state],
            agreed(plural(state), states[state]),
            {"vue": "echues", "constat": state.value},
        )
        for state in STATES
    }
    return Summary(
        followed=len(standings),
        due=Count("due", due.total, _("promesses échues"), {"vue": "echues"}),
        kept=parts[State.KEPT],
        others=tuple(part for state, part in parts.items() if state is not State.KEPT and part.value),
    )


def counters(standings: Sequence[Standing]) -> tuple[Count, ...]:
    """The counters of the first screen; each equals the length of the list that its filters give."""
    counted = tally(standings)
    found = (
        Count(
            "kept",
            counted.states[State.KEPT],
            _("constatées en ligne"),
            {"constat": State.KEPT.value},
        ),
        Count(
            "late",
            counted.late,
            _("en retard"),
            {"vue": "retard"},
        ),
        Count(
            "partly",
            counted.timeliness[Code.PARTLY],
            _("échues, en partie"),
            {"echeance": "partly"},
        ),
        Count(
            "unverified",
            counted.timeliness[Code.UNVERIFIED],
            _("échues, non vérifiées"),
            {"echeance": "unverified"},
        ),
        Count(
            "soon",
            counted.timeliness[Code.DUE_SOON],
            _("à échéance sous 90\u00a0j"),
            {"vue": "moins_de_90_jours"},
        ),
        Count(
            "silent",
            sum(s.declared is None for s in standings),
            _("sans réponse"),
            {"declare": "sans_reponse"},
        ),
    )
    return tuple(replace(count, label=agreed(count.label, count.value)) for count in found)
