"""The pictogram beside the word of a state: drawn, since some phones have no such sign, or a coloured one."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from commitments.findings import State

# In a square of ten, drawn in the colour of the text.
SHAPES = {
    "check": '<path d="M1 5.5 4 8.5 9 1.5"/>',
    "half": '<path d="M5 1a4 4 0 0 1 0 8 4 4 0 0 1 0-8"/><path d="M5 1a4 4 0 0 0 0 8z" fill="currentColor"/>',
    "cross": '<path d="m1.5 1.5 7 7m0-7-7 7"/>',
    "barred": '<path d="M5 1a4 4 0 0 1 0 8 4 4 0 0 1 0-8M2.2 7.8l5.6-5.6"/>',
    "question": '<path d="M2.8 3.2Q3 1 5 1t2.2 2Q7.2 4.4 5 5v1.5M5 8.2v1"/>',
    "dash": '<path d="M2 5h6"/>',
}
ELEMENT = '<svg class="sign" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">{}</svg>'
OF_STATES = {
    State.KEPT: "check",
    State.PARTIAL: "half",
    State.UNMET: "cross",
    State.GONE: "barred",
    State.UNKNOWN: "question",
    State.UNLOCATED: "dash",
}


def drawn(shape: str) -> SafeString:
    """Silent for those who listen: the word says the same. Raises ``KeyError`` for a shape that is not one."""
    return format_html(ELEMENT, mark_safe(SHAPES[shape]))  # noqa: S308 - drawn above
