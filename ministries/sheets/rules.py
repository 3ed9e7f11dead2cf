"""What a line would do to a promise, and why it can't: the rules of the write functions, told before anything is
written. ``applying`` asks those functions again: they alone decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, ClassVar

from commitments.periods import announced_as, display, normalize
from commitments.spans import Precision
from ministries.authoring import Refused, public_address
from ministries.declaring import NO_ADDRESS, NO_OBSTACLE
from ministries.models import Declaration, Obstacle
from ministries.postponing import NO_REASON
from ministries.sheets.cells import Line
from ministries.sheets.columns import LABELS, Field
from ministries.sheets.held import Held
from ministries.sheets.tables import Table

Status = Declaration.Status
_TEXTS = (Field.COMMENT, Field.OBSTACLE_KIND, Field.OBSTACLE, Field.NOTE, Field.SOURCE)


@dataclass(frozen=True)
class Outcome:
    """What becomes of one line. ``seen_*`` are the rows it was compared to; ``values`` what would be written."""

    KINDS: ClassVar = ("added", "changed", "unchanged", "near", "unreadable")

    number: int
    kind: str
    ref: str = ""
    title: str = ""
    commitment: int = 0
    draft: bool = False
    changes: tuple[dict[str, str], ...] = ()
    problems: tuple[dict[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    near: tuple[dict[str, str], ...] = ()
    deadline_raw: str = ""
    deadline_words: str = ""
    seen_statement: int | None = None
    seen_deadline: int | None = None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusals:
    """How lines that can't be applied are told: with their place and their value."""

    table: Table
    columns: Mapping[Field, int]
    today: date

    def unreadable(self, line: Line, name: Field, value: str, text: str, held: Held | None = None) -> Outcome:
        problem = {"place": self.table.place(line.number, self.columns.get(name)), "value": value[:120], "text": text}
        return _outcome(line, "unreadable", held, problems=(*(asdict(one) for one in line.problems), problem))

    def near(self, line: Line, near: Sequence[Held]) -> Outcome:
        proposed = tuple({"ref": one.commitment.ref, "title": one.commitment.title} for one in near)
        return _outcome(line, "near", None, near=proposed)


class _Unapplicable(Exception):
    def __init__(self, name: Field, value: str, text: str) -> None:
        super().__init__(text)
        self.name, self.value, self.text = name, value, text


def added(line: Line, refusals: Refusals) -> Outcome:
    """A promise that the base does not hold: it would be a draft."""
    if line.problems:
        return _outcome(line, "unreadable", None, problems=tuple(asdict(one) for one in line.problems))
    try:
        values: dict[str, Any] = {str(name): line.get(name) for name in (*_TEXTS, Field.DIRECTION, Field.WORDING)}
        values |= {"status": line.status, "kind": line.kind}
        if line.status in Declaration.CLOSING:
            raise _Unapplicable(
                Field.STATUS, line.get(Field.STATUS), "une promesse nouvelle est à faire, en cours ou réalisée."
            )
        _paired_obstacle(values, line)
        values["addresses"] = _addresses(line)
        values["source_url"] = _address(Field.SOURCE, line)
    except _Unapplicable as why:
        return refusals.unreadable(line, why.name, why.value, why.text)
    if not line.status and any(values[name] for name in ("comment", "obstacle", "note")):
        line = _remarked(line, "sans état, le commentaire et l'obstacle ne sont pas repris")
    if values["addresses"] and not line.kind:
        line = _remarked(line, "type non dit : « jeu de données » à confirmer avant publication")
    return _outcome(line, "added", None, values=values)


def changed(line: Line, held: Held, refusals: Refusals) -> Outcome:
    """A promise that the base holds: what differs, and whether it may be written."""
    if line.problems:
        return _outcome(line, "unreadable", held, problems=tuple(asdict(one) for one in line.problems))
    try:
        values, changes = _compare(line, held, refusals.today)
    except _Unapplicable as why:
        return refusals.unreadable(line, why.name, why.value, why.text, held)
    return _outcome(line, "changed" if changes else "unchanged", held, changes=tuple(changes), values=values)


def _compare(line: Line, held: Held, today: date) -> tuple[dict[str, Any], list[dict[str, str]]]:
    values: dict[str, Any] = {}
    changes: list[dict[str, str]] = []
    said = {name: line.get(name) for name in _TEXTS}
    said[Field.SOURCE] = _address(Field.SOURCE, line)
    differs = [name for name in _TEXTS if said[name] and _flat(said[name]) != _flat(held.said(str(name)))]
    before = held.said("status")
    if held.draft and not (line.status or before):
        # As when it was added: nothing is said of a draft without a state.
        differs = []
    restated = bool(line.status) and line.status != before
    date_moves = _date_moves(line, held)
    if date_moves:
        _may_move(line, held, restated, today)
        values["postpone"] = {"raw": announced_as(line.get(Field.DEADLINE)), "reason": line.get(Field.REASON)}
        current = held.standing.promised.current
        changes.append(
            {"field": LABELS[Field.DEADLINE], "before": current.raw if current else "", "after": line.deadline_words}
        )
    fresh = [url for url in _addresses(line) if url not in held.addresses]
    if fresh:
        if len(held.standing.deliverables) != 1:
            raise _Unapplicable(
                Field.ADDRESS,
                fresh[0],
                "cette promesse n'a pas un livrable unique : donnez l'adresse sur sa page.",
            )
        values["addresses"] = fresh
        changes.append(
            {"field": LABELS[Field.ADDRESS], "before": "\n".join(held.addresses), "after": "\n".join(fresh)}
        )
    if restated or differs:
        values["declare"] = _statement(line, held, said, restated, bool(date_moves), bool(fresh or held.addresses))
        if restated:
            changes.insert(
                0,
                {
                    "field": LABELS[Field.STATUS],
                    "before": Status(before).label if before else "",
                    "after": Status(line.status).label,
                },
            )
        changes += [
            {"field": LABELS[name], "before": _shown(name, held.said(str(name))), "after": _shown(name, said[name])}
            for name in differs
        ]
    return values, changes


def _statement(
    line: Line, held: Held, said: Mapping[Field, str], restated: bool, moved: bool, located: bool
) -> dict[str, Any]:
    """What would be declared. A blank cell leaves what was said, but for the obstacle of what is now done."""
    status = line.status or held.said("status")
    raw = line.get(Field.STATUS)
    if not status:
        raise _Unapplicable(Field.STATUS, raw, "rien n'a encore été déclaré ici : il faut d'abord un état.")
    if status == Status.REPLACED:
        raise _Unapplicable(Field.STATUS, raw, "pour dire par quelle promesse elle est remplacée, passez par sa page.")
    if status == Status.ABANDONED:
        if not restated:
            raise _Unapplicable(
                Field.STATUS, raw, "cette promesse est déjà déclarée « abandonné » : changez l'état pour la rouvrir."
            )
        if held.draft:
            raise _Unapplicable(Field.STATUS, raw, "un brouillon ne s'abandonne pas.")
        if not said[Field.COMMENT]:
            raise _Unapplicable(
                Field.COMMENT, "", "abandonner demande un motif public, dans la colonne « commentaire public »."
            )
        return {"status": status, "comment": said[Field.COMMENT], "source_url": said[Field.SOURCE]}
    values: dict[str, Any] = {"status": status}
    for name in _TEXTS:
        values[str(name)] = said[name] or ("" if held.closed else held.said(str(name)))
    if status == Status.DONE and not said[Field.OBSTACLE]:
        values["obstacle"] = values["obstacle_kind"] = ""
    _paired_obstacle(values, line)
    if not held.draft:
        if status == Status.DONE and not located:
            raise _Unapplicable(Field.ADDRESS, "", _small(NO_ADDRESS))
        if status != Status.DONE and not values["obstacle"] and not moved and held.overdue:
            raise _Unapplicable(Field.OBSTACLE, "", _small(NO_OBSTACLE))
    return values


def _paired_obstacle(values: dict[str, Any], line: Line) -> None:
    """An obstacle has a kind and words. Words alone are of the kind « autre »."""
    if values["obstacle"] and not values["obstacle_kind"]:
        values["obstacle_kind"] = str(Obstacle.OTHER)
    if values["obstacle_kind"] and not values["obstacle"]:
        raise _Unapplicable(Field.OBSTACLE, "", "la nature de l'obstacle est dite, il manque quelques mots.")


def _date_moves(line: Line, held: Held) -> bool:
    current, period = held.standing.promised.current, line.deadline
    if period is None:
        return False
    if current is None:
        return period.precision is not Precision.NONE
    if normalize(period.raw) == normalize(current.raw):
        return False
    return (period.first_day, period.last_day, str(period.precision)) != (
        current.first_day,
        current.last_day,
        current.precision,
    )


def _may_move(line: Line, held: Held, restated: bool, today: date) -> None:
    period, current = line.deadline, held.standing.promised.current
    assert period is not None  # noqa: S101 - the caller compared it
    raw = line.get(Field.DEADLINE)
    if held.closed:
        label = Status(held.said("status")).label
        raise _Unapplicable(Field.DEADLINE, raw, f"cette promesse est déclarée « {label} » : sa date ne bouge plus.")
    if period.last_day is None:
        raise _Unapplicable(Field.DEADLINE, raw, "une échéance ne peut être remplacée que par une date.")
    if current is not None and current.last_day == period.last_day:
        raise _Unapplicable(
            Field.DEADLINE, raw, f"même dernier jour que « {current.raw} », déjà annoncé : gardez ce texte."
        )
    if period.last_day < today:
        raise _Unapplicable(Field.DEADLINE, raw, f"nouvelle échéance déjà passée ({display(period)}).")
    if not line.get(Field.REASON):
        before = f"« {current.raw} »" if current is not None else "sans date"
        raise _Unapplicable(
            Field.REASON, "", f"la date change ({before} → « {raw} ») : {_small(NO_REASON)[:-1]}, colonne « motif »."
        )


def _addresses(line: Line) -> list[str]:
    try:
        return [public_address("address", url) for url in dict.fromkeys(line.get(Field.ADDRESS).split())]
    except Refused as refused:
        raise _Unapplicable(Field.ADDRESS, line.get(Field.ADDRESS), _small(refused.sentence)) from None


def _address(name: Field, line: Line) -> str:
    try:
        return public_address("source_url", line.get(name))
    except Refused as refused:
        raise _Unapplicable(name, line.get(name), _small(refused.sentence)) from None


def _outcome(line: Line, kind: str, held: Held | None, **more: Any) -> Outcome:
    current = held.standing.promised.current if held is not None else None
    statement = held.statement if held is not None else None
    return Outcome(
        number=line.number,
        kind=kind,
        ref=held.commitment.ref if held is not None else line.get(Field.REF),
        title=held.commitment.title if held is not None else line.get(Field.TITLE),
        commitment=held.commitment.pk if held is not None else 0,
        draft=held.draft if held is not None else False,
        remarks=line.remarks,
        deadline_raw=line.get(Field.DEADLINE),
        deadline_words=line.deadline_words,
        seen_statement=statement.pk if statement is not None else None,
        seen_deadline=current.pk if current is not None else None,
        **more,
    )


def _remarked(line: Line, remark: str) -> Line:
    return replace(line, remarks=(*line.remarks, remark))


def _shown(name: Field, value: str) -> str:
    return Obstacle(value).label if name is Field.OBSTACLE_KIND and value in Obstacle.values else value


def _flat(text: str) -> str:
    return " ".join(text.split())


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
