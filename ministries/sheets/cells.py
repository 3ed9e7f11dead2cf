"""What the cells of a line say: dates, states, kinds, addresses; or why they can't be read. Pure.

A cell that can't be read makes its whole line unreadable: nothing of it is written, and the place is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from commitments.findings import Kind
from commitments.periods import Period, Unreadable, display, label_of, normalize, parse
from commitments.spans import Precision
from ministries.sheets.columns import LABELS, Field
from ministries.sheets.tables import Row, Table

LONGEST = {
    Field.REF: 60,
    Field.TITLE: 300,
    Field.DIRECTION: 200,
    Field.DEADLINE: 200,
    **dict.fromkeys((Field.REASON, Field.COMMENT, Field.OBSTACLE, Field.NOTE, Field.WORDING), 4000),
    Field.SOURCE: 1000,
    Field.ADDRESS: 4000,
}

_STATUS_WORDS = {
    "done": "realise|realisee|fait|faite|termine|terminee|acheve|achevee|ouvert|ouverte|publie|publiee|livre|livree"
    "|ok|oui|done|100%|100 %|en ligne|cloture|cloturee|atteint|finalise|finalisee|solde|soldee|vert",
    "in_progress": "en cours|encours|en-cours|engage|engagee|demarre|demarree|lance|lancee|en cours de realisation"
    "|en cours de traitement|partiellement realise|partiel|en preparation|commence|in progress",
    "not_started": "non demarre|non demarree|pas demarre|a lancer|a faire|a demarrer|a venir|non commence|non engage"
    "|non engagee|pas commence|non debute|prevu|prevue|planifie|planifiee|todo|not started|non lance|a engager",
    "abandoned": "abandonne|abandonnee|annule|annulee|supprime|supprimee|sans suite|arrete|arretee",
    "replaced": "remplace|remplacee",
}
STATUSES = {word: code for code, words in _STATUS_WORDS.items() for word in words.split("|")}
_KIND_WORDS = {
    Kind.DATASET: "jeu de donnees|jeux de donnees|donnees|donnee|data|dataset|jdd|fichier|base de donnees|base",
    Kind.API: "api|apis|interface de programmation|service web|webservice",
    Kind.SOURCE_CODE: "code source|codes sources|code|logiciel|algorithme|algorithmes|depot|open source",
    Kind.DOCUMENT: "document|documents|rapport|documentation",
    Kind.PLATFORM: "plateforme|plate-forme|portail|site|outil",
}
KINDS = {word: code for code, words in _KIND_WORDS.items() for word in words.split("|")}
_SILENT = frozenset({"", "-", "--", "n/a", "na", "nc", "n.c.", "sans objet", "so", "s.o.", "?", "non renseigne"})
_AMERICAN = re.compile(r"(?:0?[1-9]|1[0-2])/(?:1[3-9]|2[0-9]|3[01])/(?:[0-9]{4}|[0-9]{2})")
_EITHER_WAY = re.compile(r"(0?[1-9]|1[0-2])/(0?[1-9]|1[0-2])/(?:[0-9]{4}|[0-9]{2})")
_CONTINUED = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_MOJIBAKE = re.compile(rf"[ÂÃÄÅ][{_CONTINUED}]|â[{_CONTINUED}]{{2}}")
_FORMULA = "=+-@\t\r\0＝＋－＠"


@dataclass(frozen=True)
class Problem:
    """Why a line is unreadable: where, what stands there, and a French sentence."""

    place: str
    value: str
    text: str


@dataclass(frozen=True)
class Line:
    """One line as it is understood. A field that is absent or blank says nothing, and changes nothing."""

    number: int
    said: Mapping[Field, str]
    deadline: Period | None = None
    status: str = ""
    kind: str = ""
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()

    def get(self, name: Field) -> str:
        return self.said.get(name, "")

    @property
    def deadline_words(self) -> str:
        """How the date was understood: « 3e trimestre 2022 (au trimestre près) »."""
        if self.deadline is None:
            return ""
        words = display(self.deadline)
        return words if self.deadline.precision is Precision.NONE else f"{words} ({label_of(self.deadline.precision)})"


def lines(table: Table, columns: Mapping[Field, int], obstacles: Mapping[str, str]) -> list[Line]:
    """Every line of a table. ``obstacles``: the codes of the short list of obstacles, by their label."""
    column = columns.get(Field.DEADLINE)
    american = column is not None and any(_AMERICAN.fullmatch(_cell(row, column)) for row in table.rows)
    known = {normalize(label): code for code, label in obstacles.items()} | {code: code for code in obstacles}
    return [_line(row, table, columns, known, american) for row in table.rows]


@dataclass
class _Notes:
    table: Table
    row: Row
    columns: Mapping[Field, int]
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def refuse(self, name: Field, value: str, text: str) -> None:
        place = self.table.place(self.row.number, self.columns.get(name))
        self.problems.append(Problem(place, value[:120], text))


def _line(row: Row, table: Table, columns: Mapping[Field, int], obstacles: Mapping[str, str], american: bool) -> Line:
    notes = _Notes(table, row, columns)
    said: dict[Field, str] = {}
    unread = dict(row.unread)
    for name, column in columns.items():
        if column in unread:
            notes.refuse(name, unread[column], f"cette case ne contient pas de valeur ({unread[column]}).")
            continue
        text = _text(name, _cell(row, column), notes)
        if re.fullmatch(r"#(?:REF|N/A|VALUE|VALEUR|DIV/0|NAME|NOM|NUM|NOMBRE|NULL|NUL)!?\??|Err:[0-9]+", text):
            notes.refuse(name, text, "cette case est une erreur du tableur.")
        elif text:
            said[name] = text
    if row.hidden:
        notes.remarks.append("ligne masquée dans le classeur")
    return Line(
        number=row.number,
        said=said,
        deadline=_deadline(said.get(Field.DEADLINE, ""), american, notes),
        status=_status(said.get(Field.STATUS, ""), notes),
        kind=_kind(said, notes),
        problems=_obstacle(said, obstacles, notes),
        remarks=tuple(notes.remarks),
    )


def _cell(row: Row, column: int) -> str:
    return row.cells[column] if column < len(row.cells) else ""


def _text(name: Field, raw: str, notes: _Notes) -> str:
    text = repaired(plain(raw))
    if text != plain(raw):
        notes.remarks.append(f"accents réparés : « {text[:60]} »")
    if "�" in text:
        notes.remarks.append(f"{LABELS[name]} : des lettres ont été perdues (�) avant l'envoi")
    longest = LONGEST.get(name, 300)
    if len(text) > longest:
        notes.refuse(name, text, f"ce texte a {len(text)} caractères ; {longest} au plus.")
        return ""
    return text


def plain(text: str) -> str:
    """The text of a cell that an export had neutralised: « '=A1 » → « =A1 »; any other one as it is."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(tuple(_FORMULA)) else text


def neutral(text: str) -> str:
    """What a spreadsheet can't take for a formula; ``plain`` gives back the text, whatever it was."""
    return f"'{text}" if text.lstrip("'").startswith(tuple(_FORMULA)) else text


def repaired(text: str) -> str:
    """« DÃ©lai » → « Délai »: UTF-8 once read as Windows-1252; any other text as it is."""
    return _MOJIBAKE.sub(_again, text)


def _again(match: re.Match[str]) -> str:
    try:
        return match[0].encode("cp1252").decode("utf-8")
    except UnicodeError:
        return match[0]


def _deadline(text: str, american: bool, notes: _Notes) -> Period | None:
    if not text:
        return None
    if american and (match := _EITHER_WAY.fullmatch(text)) and match[1].zfill(2) != match[2].zfill(2):
        notes.refuse(Field.DEADLINE, text, "le jour et le mois sont-ils inversés, comme ailleurs dans cette colonne ?")
        return None
    try:
        return parse(text)
    except Unreadable as error:
        notes.refuse(Field.DEADLINE, text, f"{error.expected}.")
        return None


def _status(text: str, notes: _Notes) -> str:
    words = normalize(text).strip(" .!")
    if words in _SILENT:
        return ""
    code = STATUSES.get(words)
    if code is None:
        expected = "« non démarré », « en cours », « réalisé » ou « abandonné »"
        notes.refuse(Field.STATUS, text, f"état inconnu ; écrire {expected}.")
        return ""
    return code


def _kind(said: dict[Field, str], notes: _Notes) -> str:
    text = said.get(Field.KIND, "")
    words = normalize(text).strip(" .")
    if words in _SILENT:
        return ""
    code = KINDS.get(words)
    if code is None:
        notes.remarks.append(f"type « {text[:60]} » non reconnu : à préciser avant publication")
        return ""
    return code


def _obstacle(said: dict[Field, str], obstacles: Mapping[str, str], notes: _Notes) -> tuple[Problem, ...]:
    kind, words = said.get(Field.OBSTACLE_KIND, ""), said.get(Field.OBSTACLE, "")
    if normalize(words) in _SILENT:
        words = ""
        said.pop(Field.OBSTACLE, None)
    if kind:
        code = obstacles.get(normalize(kind))
        if code is None:
            notes.refuse(Field.OBSTACLE_KIND, kind, f"nature inconnue ; choisir parmi : {', '.join(obstacles)}.")
        else:
            said[Field.OBSTACLE_KIND] = code
    return tuple(notes.problems)
