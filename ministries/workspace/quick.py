"""Many answers in one text: « O-12 en cours ; O-13 réalisé https://… ». Pure: texts in, entries and refusals out.

One entry a line, or several on one line between semicolons. Each is one reference or more, then what is said of them:
a state or « rien de nouveau », an address, what stands in the way, a comment after a colon; or a new date and its
reason. What is not understood is told with the sentence that would be, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from commitments.periods import normalize
from ministries.models import Declaration, Obstacle
from ministries.sheets.cells import STATUSES

NOTHING_NEW = "nothing_new"
LONGEST = 20_000
MOST = 60

_REF = r"[A-Za-z]+-(?=[0-9A-Za-z]*[0-9])[0-9A-Za-z]+"
_ENTRY = re.compile(rf"\s*(?P<refs>{_REF}(?:(?:\s*,\s*|\s+et\s+|\s+){_REF})*)\b\s*[:=,]?\s*(?P<rest>.*)", re.DOTALL)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_MOVED = re.compile(r"report\w*(?:\s+(?:à|a|au|en|pour))?\s+(?P<raw>.+)", re.IGNORECASE | re.DOTALL)
_NOTHING = frozenset({"rien", "rien de nouveau", "rdn", "="})
_OBSTACLES = {
    Obstacle.LAW: ("droit", "juridique", "loi", "decret"),
    Obstacle.PRIVACY: ("donnees personnelles", "rgpd", "secret"),
    Obstacle.PRODUCER: ("producteur", "tiers"),
    Obstacle.QUALITY: ("qualite", "documentation"),
    Obstacle.TECHNICAL: ("technique", "si", "informatique"),
    Obstacle.BUDGET: ("budget", "financier", "moyens financiers"),
    Obstacle.PEOPLE: ("humain", "humains", "effectifs", "moyens humains"),
    Obstacle.DECISION: ("arbitrage", "decision"),
    Obstacle.OTHER: ("autre",),
}
OBSTACLES = {word: str(kind) for kind, words in _OBSTACLES.items() for word in words}
STATES = "« non démarré », « en cours », « réalisé », « rien », ou « reporté T3 2027 : motif »"


@dataclass(frozen=True)
class Entry:
    """What is said of one promise, under the names of the form's fields; ``said`` is the text it was read from."""

    ref: str
    said: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wrong:
    """What can't be understood, and why, in French."""

    said: str
    why: str


def read(text: str) -> tuple[list[Entry], list[Wrong]]:
    """Every entry in the order written; a promise named twice is refused the second time."""
    entries: list[Entry] = []
    wrongs: list[Wrong] = []
    if len(text) > LONGEST:
        return [], [Wrong(text[:40], f"{LONGEST} signes au plus.")]
    met: set[str] = set()
    for said in (part.strip() for part in re.split(r"[;\r\n]+", text)):
        if not said:
            continue
        try:
            found = _entry(said)
        except _NotUnderstood as why:
            wrongs.append(Wrong(said[:200], str(why)))
            continue
        for one in found:
            if one.ref in met:
                wrongs.append(Wrong(said[:200], f"{one.ref} est déjà nommée plus haut : gardez une seule des deux."))
            else:
                met.add(one.ref)
                entries.append(one)
    return entries, wrongs


class _NotUnderstood(Exception):
    """Why an entry can't be read, in French."""


def _entry(said: str) -> list[Entry]:
    match = _ENTRY.fullmatch(said)
    if match is None:
        raise _NotUnderstood("une ligne commence par une référence : « O-12 en cours ».")
    fields = _fields(match["rest"].strip())
    refs = re.findall(_REF, match["refs"])
    if len(refs) > 1 and fields.get("address"):
        raise _NotUnderstood("une adresse est celle d'une seule promesse : écrivez une ligne pour chacune.")
    return [Entry(ref.upper(), said[:200], dict(fields)) for ref in refs]


def _fields(rest: str) -> dict[str, str]:
    addresses = _ADDRESS.findall(rest)
    if len(addresses) > 1:
        raise _NotUnderstood("une seule adresse par ligne ; donnez les autres sur la page de la promesse.")
    head, colon, words = _ADDRESS.sub(" ", rest).partition(":")
    head, words = head.strip(" ,."), " ".join(words.split())
    if moved := _MOVED.fullmatch(head):
        return _moved(moved["raw"].strip(), words, addresses)
    if re.fullmatch(r"report\w*", head, re.IGNORECASE):
        raise _NotUnderstood("un report donne la nouvelle échéance : « O-12 reporté T3 2027 : décret attendu ».")
    state, kind = _state(head)
    if state == NOTHING_NEW and (words or addresses) and not kind:
        raise _NotUnderstood("un commentaire ou une adresse, c'est du nouveau : dites un état.")
    if kind and not words:
        raise _NotUnderstood("un obstacle se dit en deux temps : « O-12 en cours, obstacle budget : crédits gelés ».")
    if colon and not words:
        raise _NotUnderstood("rien n'est écrit après les deux-points.")
    told = {
        "status": state,
        "obstacle_kind": kind,
        "obstacle" if kind else "comment": words,
        "address": "".join(addresses),
    }
    return {name: value for name, value in told.items() if value}


def _moved(raw: str, words: str, addresses: Sequence[str]) -> dict[str, str]:
    if not words:
        raise _NotUnderstood(f"un report demande son motif, public : « reporté {raw[:40]} : décret attendu ».")
    if addresses:
        raise _NotUnderstood("une adresse accompagne un état, pas un report : écrivez-la sur la page de la promesse.")
    return {"raw": raw, "reason": words}


def _state(head: str) -> tuple[str, str]:
    """The state's code, and the kind of obstacle when there is one."""
    words, _, obstacle = normalize(head).partition("obstacle")
    words, obstacle = words.strip(" ,.-"), obstacle.strip(" ,.-")
    kind = ""
    if obstacle or "obstacle" in normalize(head):
        kind = OBSTACLES.get(obstacle, "")
        if not kind:
            known = ", ".join(next(iter(names)) for names in _OBSTACLES.values())
            raise _NotUnderstood(f"nature de l'obstacle inconnue ({obstacle[:40] or 'non dite'}) ; écrire : {known}.")
    if words in _NOTHING:
        return NOTHING_NEW, kind
    code = STATUSES.get(words, "")
    if code in Declaration.CLOSING:
        raise _NotUnderstood("abandonner ou remplacer se dit sur la page de la promesse, avec son motif.")
    if not code:
        raise _NotUnderstood(f"état inconnu ({head[:40] or 'rien'}) ; écrire {STATES}.")
    return code, kind
