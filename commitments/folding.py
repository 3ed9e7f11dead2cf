"""Words as they are searched and compared: without case, accents, ligatures nor typographic signs."""

import unicodedata

SIGNS = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "-": " "})


def fold(text: str) -> str:
    """Lower case, accents and ligatures undone, one space between words."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(SIGNS))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
