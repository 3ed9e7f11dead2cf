"""A file compared with the base: added, changed, unchanged, to be settled, unreadable, absent. Nothing is written.

What is proposed here is what ``applying`` writes, line by line, with the ids of the rows it was compared to.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from rapidfuzz import fuzz, process

from commitments.folding import fold
from commitments.models import Commitment
from ministries.models import Ministry, Obstacle, Responsibility
from ministries.sheets.cells import Line, lines
from ministries.sheets.columns import Field
from ministries.sheets.held import Held, held
from ministries.sheets.rules import Outcome, Refusals, added, changed
from ministries.sheets.tables import Row, Table

NEAR = 86
_LIKE_A_REF = r"[A-Za-z]{1,8}-[0-9A-Za-z]{1,8}"


@dataclass(frozen=True)
class Absent:
    """A promise of the ministry that the file does not name: marked, never deleted."""

    commitment: int
    ref: str
    title: str


@dataclass(frozen=True)
class Preview:
    """All that a file says, settled or not."""

    outcomes: tuple[Outcome, ...]
    absent: tuple[Absent, ...]
    warnings: tuple[str, ...]
    left_out: tuple[dict[str, Any], ...] = ()

    def counts(self) -> dict[str, int]:
        """How many lines of each kind; ``absent`` counts promises."""
        found = dict.fromkeys(Outcome.KINDS, 0)
        for outcome in self.outcomes:
            found[outcome.kind] += 1
        return {**found, "absent": len(self.absent)}

    def kept(self) -> dict[str, Any]:
        """As JSON holds it. Their fields hold plain values already: ``asdict`` would copy each of them."""
        return {
            "outcomes": [vars(one) for one in self.outcomes],
            "absent": [vars(one) for one in self.absent],
            "warnings": self.warnings,
            "left_out": self.left_out,
        }


@dataclass
class _Known:
    """The promises that a line may name."""

    by_ref: dict[str, Held]
    by_title: dict[str, list[Held]]
    elsewhere: Mapping[str, str]
    taken: dict[int, int] = field(default_factory=dict)


def preview(
    table: Table,
    columns: Mapping[Field, int],
    ministry: Ministry,
    *,
    today: date,
    choices: Mapping[str, str] | None = None,
) -> Preview:
    """Compare every line with what the ministry answers for on that day.

    ``choices``: for a line whose title is near a known one, by its number: a reference, or « new ».
    """
    obstacles = {str(code): str(label) for code, label in Obstacle.choices}
    read = lines(table, columns, obstacles)
    rows = held(ministry, today)
    by_title: dict[str, list[Held]] = defaultdict(list)
    for one in rows:
        by_title[fold(one.commitment.title)].append(one)
    known = _Known({one.commitment.ref.upper(): one for one in rows}, by_title, _elsewhere(ministry, today))
    repeated = _repeated(table.rows, read)
    matched = [_match(line, known, (choices or {}).get(str(line.number), "")) for line in read]
    near = _near(read, matched, rows)
    outcomes = [
        _outcome(line, found, known, repeated, near, Refusals(table, columns, today))
        for line, found in zip(read, matched, strict=True)
    ]
    named = {outcome.commitment for outcome in outcomes if outcome.commitment}
    absent = tuple(
        Absent(one.commitment.pk, one.commitment.ref, one.commitment.title)
        for one in rows
        if one.lead and one.commitment.pk not in named
    )
    return Preview(
        tuple(outcomes),
        absent,
        (*table.warnings, *_own_numbers(read), *_spellings(read)),
        tuple(asdict(one) for one in table.left_out),
    )


@dataclass(frozen=True)
class _Found:
    """What a line names: a promise, nothing (a new one), or why it can't be told."""

    held: Held | None = None
    refused: str = ""
    place: Field = Field.TITLE
    remark: str = ""
    chosen: bool = False


def _match(line: Line, known: _Known, choice: str) -> _Found:
    ref = line.get(Field.REF).upper().replace(" ", "")
    if ref:
        if ref in known.by_ref:
            one = known.by_ref[ref]
            title, remark = line.get(Field.TITLE), ""
            if title and fold(title) != fold(one.commitment.title):
                remark = f"l'intitulé diffère de celui de la base, qui reste : « {one.commitment.title[:80]} »"
            return _Found(one, remark=remark)
        if ref in known.elsewhere:
            return _Found(
                refused=f"cette promesse est celle d'un autre ministère : {known.elsewhere[ref]}.", place=Field.REF
            )
        if re.fullmatch(_LIKE_A_REF, ref):
            close = process.extractOne(ref, list(known.by_ref), scorer=fuzz.ratio, score_cutoff=60)
            hint = f" La plus proche : {close[0]}." if close else ""
            return _Found(refused=f"référence inconnue ici.{hint}", place=Field.REF)
        if not ref.isascii():
            return _Found(refused="cette référence contient des lettres d'un autre alphabet.", place=Field.REF)
    title = fold(line.get(Field.TITLE))
    if not title:
        return _Found(refused="il manque l'intitulé, et la référence.")
    same = known.by_title.get(title, [])
    if len(same) > 1:
        refs = ", ".join(one.commitment.ref for one in same)
        return _Found(refused=f"plusieurs promesses portent cet intitulé : donnez la référence ({refs}).")
    if same:
        return _Found(same[0])
    if choice and choice != "new" and choice.upper() in known.by_ref:
        return _Found(known.by_ref[choice.upper()], chosen=True)
    return _Found(chosen=choice == "new")


def _outcome(
    line: Line,
    found: _Found,
    known: _Known,
    repeated: Mapping[int, str],
    near: Mapping[int, Sequence[Held]],
    refusals: Refusals,
) -> Outcome:
    title = line.get(Field.TITLE)
    if found.remark:
        line = _with_remark(line, found.remark)
    if line.number in repeated:
        return refusals.unreadable(line, Field.TITLE, title, repeated[line.number], found.held)
    if found.refused:
        return refusals.unreadable(line, found.place, line.get(found.place), found.refused)
    if found.held is not None:
        first = known.taken.setdefault(found.held.commitment.pk, line.number)
        if first != line.number:
            return refusals.unreadable(
                line, Field.TITLE, title, f"la ligne {first} parle déjà de cette promesse.", found.held
            )
        return changed(line, found.held, refusals)
    if line.number in near and not found.chosen:
        return refusals.near(line, near[line.number])
    return added(line, refusals)


def _with_remark(line: Line, remark: str) -> Line:
    return replace(line, remarks=(*line.remarks, remark))


def _repeated(rows: Sequence[Row], read: Sequence[Line]) -> dict[int, str]:
    """Lines said twice: the second of two equal ones, and both of two that differ."""
    groups: dict[str, list[tuple[Row, Line]]] = defaultdict(list)
    for row, line in zip(rows, read, strict=True):
        ref, title = line.get(Field.REF).upper(), fold(line.get(Field.TITLE))
        if title or ref:
            groups[f"{ref}|{title}"].append((row, line))
    told: dict[int, str] = {}
    for group in groups.values():
        if len(group) == 1:
            continue
        first, *others = group
        if all(row.cells == first[0].cells for row, _ in others):
            told.update({line.number: f"doublon exact de la ligne {first[1].number}." for _, line in others})
        else:
            numbers = ", ".join(str(line.number) for _, line in group)
            told.update({line.number: f"plusieurs lignes pour une même promesse ({numbers})." for _, line in group})
    return told


def _near(read: Sequence[Line], matched: Sequence[_Found], rows: Sequence[Held]) -> dict[int, list[Held]]:
    """For lines that name nothing known: the promises that no other line names and whose title is near."""
    named = {found.held.commitment.pk for found in matched if found.held is not None}
    free = [one for one in rows if one.commitment.pk not in named]
    unknown = [
        line
        for line, found in zip(read, matched, strict=True)
        if found.held is None and not found.refused and not line.problems
    ]
    if not free or not unknown:
        return {}
    titles = [fold(one.commitment.title) for one in free]
    near = {}
    for line in unknown:
        close = process.extract(
            fold(line.get(Field.TITLE)), titles, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR, limit=3
        )
        if close:
            near[line.number] = [free[index] for _, _, index in close]
    return near


def _elsewhere(ministry: Ministry, today: date) -> dict[str, str]:
    """Public promises that other ministries lead, by reference: enough to refuse, nothing to leak."""
    led = Responsibility.objects.in_force(today).leading()
    rows = led.filter(commitment__visibility=Commitment.Visibility.PUBLIC).exclude(ministry=ministry)
    return {ref.upper(): name for ref, name in rows.values_list("commitment__ref", "ministry__name")}


def _own_numbers(read: Sequence[Line]) -> list[str]:
    own = [
        ref for line in read if (ref := line.get(Field.REF)) and not re.fullmatch(_LIKE_A_REF, ref.replace(" ", ""))
    ]
    if not own:
        return []
    return [f"« {own[0][:20]} »… sont vos propres numéros : ces lignes sont reconnues par leur intitulé."]


def _spellings(read: Sequence[Line]) -> list[str]:
    """Directions written in several ways, told and left as they are."""
    groups: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in read:
        if name := line.get(Field.DIRECTION):
            key = "".join(sign for sign in fold(name) if sign.isalnum())
            groups[key][name] += 1
    keys = sorted(groups)
    for index, key in enumerate(keys):
        for other in keys[index + 1 : index + 200]:
            if other in groups and key in groups and len(key) > 8 and fuzz.ratio(key, other) >= 90:
                for name, count in groups.pop(other).items():
                    groups[key][name] += count
    told = []
    for spellings in groups.values():
        if len(spellings) > 1:
            shown = ", ".join(f"« {name} »" for name in sorted(spellings, key=lambda name: -spellings[name])[:5])
            told.append(f"Une même direction est écrite de {len(spellings)} façons : {shown}.")
    return told
