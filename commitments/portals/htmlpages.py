"""What the first bytes of an answer tell: is it a web page, does it stand in the way of another, what is its title."""

from __future__ import annotations

import html
import re

from commitments.portals.door import Answer

TINY = 4096
"""A smaller page in the place of a file is a firewall's or a maintenance's word, as hydra knows."""

LONGEST_TITLE = 300

TITLE = re.compile(r"<title\b[^>]*>(.*?)</title\s*>", re.IGNORECASE | re.DOTALL)
CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
IN_THE_WAY = re.compile(
    r"request rejected|access denied|acc[eè]s (?:refus|interdit)|attention required|just a moment|captcha"
    r"|are you a human|forbidden|blocked|bloqu[ée]|maintenance"
    r"|service (?:momentan[ée]ment )?(?:indisponible|unavailable)",
    re.IGNORECASE,
)
NOT_THERE = re.compile(
    r"\b404\b|\bnot found\b|page (?:introuvable|non trouv[ée]e|inexistante)|erreur 5\d\d|request rejected"
    r"|just a moment",
    re.IGNORECASE,
)


def content_type(answer: Answer) -> str:
    """Lower case, without its parameters; empty when the server says none."""
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()[:100]


def is_page(answer: Answer) -> bool:
    """A web page, by what the server says or by how the body begins."""
    if content_type(answer) in ("text/html", "application/xhtml+xml"):
        return True
    return answer.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower().startswith((b"<!doctype html", b"<html"))


def is_tiny(answer: Answer) -> bool:
    return not answer.truncated and len(answer.body) < TINY


def stands_in_the_way(answer: Answer) -> bool:
    """A page of a firewall, a maintenance or an error, though the status is that of a success."""
    if not is_page(answer):
        return False
    text = decoded(answer)
    return bool(NOT_THERE.search(title(answer) or "") or (is_tiny(answer) and IN_THE_WAY.search(text)))


def title(answer: Answer) -> str | None:
    """The page's title, on one line, bounded; None when there is none."""
    if not is_page(answer):
        return None
    found = TITLE.search(decoded(answer))
    text = " ".join(html.unescape(found[1]).replace("\0", "").split()) if found else ""
    return text.encode("utf-8", "replace").decode()[:LONGEST_TITLE] or None


def decoded(answer: Answer) -> str:
    """The body as text, by the charset that the server or the page says, whatever it holds."""
    said = answer.headers.get("content-type", "").lower().partition("charset=")[2].strip("\"' ;")[:40]
    in_page = CHARSET.search(answer.body[:2048])
    for name in filter(None, (said, in_page[1].decode("ascii") if in_page else "")):
        try:
            return answer.body.decode(name, "replace")
        except (LookupError, ValueError):  # « zip » and « rot13 » are codecs too, and no charset
            continue
    return answer.body.decode("utf-8", "replace")
