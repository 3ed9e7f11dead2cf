"""What a reader asks of a list: the day, the words, the filters. The same names and rules for pages, files and API.

Every value is checked; a value that is not understood is named, with what is allowed, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from commitments.folding import fold
from commitments.models import Commitment, Deliverable, Verdict
from ministries.contradictions import CHOICES as CONTRADICTIONS
from ministries.counting import is_due, is_late, is_soon
from ministries.models import Declaration
from ministries.standing import Standing
from ministries.timeliness import LABELS as TIMELINESS
from ministries.timeliness import Code

UNANSWERED = "sans_reponse"
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Wrong:
    """A value that is not understood: its parameter, the value as it came, and what is expected, in words."""

    parameter: str
    value: str
    expected: str

    def __str__(self) -> str:
        return f"« {self.parameter} = {self.value} » n'est pas compris : {self.expected}."


class NotUnderstood(Exception):
    """At least one value of the address is wrong. ``wrongs`` names them all."""

    def __init__(self, wrongs: Sequence[Wrong]) -> None:
        super().__init__(" ".join(str(wrong) for wrong in wrongs))
        self.wrongs = tuple(wrongs)


@dataclass(frozen=True)
class Filter:
    """One filter: its parameter, its French label, the values allowed with their labels, and what it keeps."""

    parameter: str
    label: str
    choices: Mapping[str, str]
    keeps: Callable[[Standing, str], bool]


def by_name(ministries: Mapping[str, str]) -> dict[str, str]:
    """Code → name, in the order in which a French reader looks for a name: « Économie » beside « Enseignement »."""
    return dict(sorted(ministries.items(), key=lambda pair: fold(pair[1])))


def filters(ministries: Mapping[str, str]) -> tuple[Filter, ...]:
    """Every filter on promises. ``ministries``: code → name, as known on the day."""
    accesses = {str(key) or "non_precise": _(label) for key, label in Deliverable.ACCESSES}
    declared = {UNANSWERED: _("sans réponse"), **_labels(Declaration.Status.choices)}
    return (
        Filter(
            "ministere",
            _("Ministère"),
            ministries,
            # The ministry that answers, alone: a promise of two ministries is counted once.
            lambda s, code: s.ministry.code == code,
        ),
        Filter("constat", _("Constat"), _labels(Verdict.STATES), lambda s, v: s.observed.state == v),
        Filter("echeance", _("Échéance"), _labels(TIMELINESS.items()), lambda s, value: s.timeliness.code == value),
        Filter(
            "declare",
            _("Déclaré"),
            declared,
            lambda s, value: (s.declared.status if s.declared else UNANSWERED) == value,
        ),
        Filter(
            "type",
            _("Type"),
            _labels(Deliverable.KINDS),
            lambda s, value: any(d.deliverable.kind == value for d in s.deliverables),
        ),
        Filter(
            "acces",
            _("Accès promis"),
            accesses,
            lambda s, value: any((d.deliverable.access_promised or "non_precise") == value for d in s.deliverables),
        ),
        Filter(
            "vue",
            _("Vue"),
            {
                "echues": _("échues"),
                "retard": _("en retard"),
                "moins_de_90_jours": _(TIMELINESS[Code.DUE_SOON]),
            },
            _in_view,
        ),
    )


def contradiction_filters(ministries: Mapping[str, str]) -> tuple[Filter, ...]:
    """The filters on contradictions, for the page and for the API; of a promise they ask whether it bears one."""
    return (
        filters(ministries)[0],
        Filter(
            "nature",
            _("Nature"),
            _labels(CONTRADICTIONS),
            lambda s, value: any(one.kind == value for one in s.contradictions),
        ),
    )


def _labels(choices: Iterable[tuple[object, object]]) -> dict[str, str]:
    """Codes with their French labels → codes with labels in the language of the page."""
    return {str(code): _(str(label)) for code, label in choices}


def _in_view(standing: Standing, view: str) -> bool:
    return {"echues": is_due, "retard": is_late, "moins_de_90_jours": is_soon}[view](standing)


@dataclass(frozen=True)
class Question:
    """A question that was understood: the day, the words searched, and one value per filter asked.

    ``since``: the earlier day that it is compared with (``du``), None when the address names none.
    """

    as_of: date
    words: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None

    def keep(self, standings: Iterable[Standing], available: Sequence[Filter]) -> list[Standing]:
        """The promises that answer it. Words are looked for without accents, all of them."""
        asked = [(f, self.chosen[f.parameter]) for f in available if f.parameter in self.chosen]
        matching: set[int] | None = None
        if self.words:
            matching = set(Commitment.objects.public().matching(self.words).values_list("pk", flat=True))
        return [
            standing
            for standing in standings
            if (matching is None or standing.commitment.pk in matching)
            and all(f.keeps(standing, value) for f, value in asked)
        ]


def understand(
    query: QueryDict,
    *,
    today: date,
    available: Sequence[Filter] = (),
    also: Sequence[str] = (),
    searchable: bool = True,
    compares: bool = False,
) -> Question:
    """Read an address. ``also``: other parameters whose one value the view reads itself (``page``…).

    Words (``q``) are looked for where there are filters, unless ``searchable`` is false. A view that ``compares`` two
    days takes ``du`` beside ``au``.

    Raises NotUnderstood for an unknown parameter, a value repeated, out of its choices, a day that is not one or is
    to come, two days in the wrong order, or words longer than 200 characters. An empty value is a filter left alone
    in a form.
    """
    wrongs: list[Wrong] = []
    words, chosen, days = "", {}, {"au": today}
    known = {f.parameter: f for f in available}
    words_allowed = bool(available) and searchable
    named = ("au", "du") if compares else ("au",)
    for parameter, values in query.lists():
        value = values[0]
        if len(values) > 1:
            wrongs.append(Wrong(parameter[:80], ", ".join(values)[:200], _("une seule valeur est attendue")))
        elif parameter in named:
            if value:
                try:
                    days[parameter] = read_day(value, today=today, parameter=parameter)
                except NotUnderstood as error:
                    wrongs.extend(error.wrongs)
        elif parameter == "q" and words_allowed:
            words = value.strip()
            if len(words) > LONGEST_SEARCH or "\x00" in words:
                wrongs.append(
                    Wrong("q", words[:40] + "…", _("{count} caractères au plus").format(count=LONGEST_SEARCH))
                )
        elif parameter in known:
            if value and value not in known[parameter].choices:
                allowed = ", ".join(known[parameter].choices)
                wrongs.append(
                    Wrong(parameter, value[:200], _("valeurs possibles : {allowed}").format(allowed=allowed))
                )
            elif value:
                chosen[parameter] = value
        elif parameter not in also:
            allowed = ", ".join([*named, *(["q"] if words_allowed else []), *known, *also])
            expected = _("paramètre inconnu ; paramètres possibles : {allowed}").format(allowed=allowed)
            wrongs.append(Wrong(parameter[:80], value[:200], expected))
    as_of, since = days["au"], days.get("du")
    if since is not None and since > as_of and not wrongs:
        expected = _("un jour qui ne suit pas « au », le {day}, est attendu").format(day=as_of.isoformat())
        wrongs.append(Wrong("du", since.isoformat(), expected))
    if wrongs:
        raise NotUnderstood(wrongs)
    return Question(as_of, words, chosen, since)


def read_day(value: str, *, today: date, parameter: str = "au") -> date:
    """A day written AAAA-MM-JJ, not after ``today``. Raises NotUnderstood."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:  # 2021-W05-1 is a day too, written otherwise
        expected = _("un jour écrit AAAA-MM-JJ est attendu, comme 2022-02-01")
        raise NotUnderstood([Wrong(parameter, value[:40], expected)])
    if day > today:
        expected = _("ce jour est à venir ; la situation est connue jusqu'au {day}").format(day=today.isoformat())
        raise NotUnderstood([Wrong(parameter, value, expected)])
    return day


__all__ = [
    *("UNANSWERED", "Filter", "NotUnderstood", "Question", "Wrong"),
    *("contradiction_filters", "filters", "read_day", "understand"),
]
