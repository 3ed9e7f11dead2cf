"""What words keep of themselves when they are compared: no accent, no plural, no feminine. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from commitments.folding import fold

if TYPE_CHECKING:
    pass

WORD = re.compile(r"[a-z0-9]+")
EMPTY = frozenset(
    WORD.findall(
        "a afin ainsi api au aux avec base ce ces chaque dans de des d donnee donnees du en entre est et etc fichier "
        "fichiers il ils jeu jeux l la le les leur leurs liste listes m n ne niveau nombre on ont open data ou par "
        "parmi pas plus pour qu que qui recense s sa se ses ses son sont source sur tout toute toutes tous un une y "
        "acces ayant librement recu ensemble fournies acteurs code codes mise oeuvre national nationale nationaux "
        "nationales france francais francaise "
    )
)
"""Words that name no subject, accents apart."""


def plain(text: str) -> str:
    """Lower case, no accent, no ligature, nothing but letters and digits between single spaces."""
    return " ".join(WORD.findall(fold(text)))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """What a word keeps in the plural and the feminine: « communales » and « communal » give the same."""
    if word.isdigit() or len(word) < 4:
        return word
    if word.endswith("aux"):
        return word[:-3] + "al"
    word = word[:-1] if word[-1] in "sx" else word
    while len(word) > 4 and word[-1] == "e":
        word = word[:-1]
    return word[:-1] if len(word) > 5 and word[-2:] in ("ll", "nn", "tt") else word


def akin(word: str, other: str) -> bool:
    """Whether two stems that differ share their root: « agricol » and « agricultur », « bio » and « biologiqu »."""
    short, long = sorted((word, other), key=len)
    if short.isdigit() or long.isdigit() or len(short) < 3:
        return False
    return long.startswith(short) or (len(short) > 4 and (short in long or short[:5] == long[:5]))


def stems(folded: str) -> set[str]:
    """The words that name something in a plain text."""
    return {stem(word) for word in folded.split() if word not in EMPTY}
