"""An answer as its reader sees it, whatever the template's lines."""

from __future__ import annotations

from typing import Any


def text(answer: Any) -> str:
    """The HTML of an answer, or an HTML, in which any run of spaces, unbreakable or not, is one plain space."""
    html = answer if isinstance(answer, str) else answer.content.decode()
    return " ".join(html.split())
