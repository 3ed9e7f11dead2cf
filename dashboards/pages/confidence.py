"""How sure the entry of a promise is, in words. The reference writes it in English; the API gives it so."""

from __future__ import annotations

import re

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from dashboards import languages

PHRASES = {
    "high": "haute",
    "medium": "moyenne",
    "low": "basse",
    "none": "aucune",
    "high at that date": "haute à cette date",
    "high for availability": "haute pour la disponibilité",
    "high for ids": "haute pour les identifiants",
    "high for the promise": "haute pour la promesse",
    "medium for date": "moyenne pour la date",
    "none for the outcome": "aucune pour la suite donnée",
    "later outcome not found": "suite donnée non trouvée",
}
"""Each part of a confidence in French: a test finds here all those of the reference's promises."""


def confidence(english: str) -> SafeString:
    """« haute pour la disponibilité, moyenne pour la date », as HTML; what has no French yet is marked as English."""
    if not languages.in_source():
        return escape(english)
    said = [PHRASES.get(part) for part in re.split(r"[,;] ", english)]
    known = [part for part in said if part]
    return escape(", ".join(known)) if known == said else format_html('<span lang="en">{}</span>', english)
