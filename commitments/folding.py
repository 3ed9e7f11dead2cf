"""Words as they are searched and compared: without case, accents, ligatures nor typographic signs."""

import re
import unicodedata

SIGNS = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "-": " "})
MARKS = re.compile("[\u0300-\u036f]+")


def fold(text: str) -> str:
    """Lower case, accents and ligatures undone, one space between words."""
    lower = text.casefold().translate(SIGNS)
    if not lower.isascii():
        lower = MARKS.sub("", unicodedata.normalize("NFKD", lower))
    return " ".join(lower.split())
