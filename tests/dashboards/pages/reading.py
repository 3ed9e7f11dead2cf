"""A page as a reader's program sees it: links, ids, headings, rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit


@dataclass
class Read(HTMLParser):
    """``links``: every href of an <a>. ``texts``: the text of each tag asked for, by tag."""

    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    language: str = ""
    inline: list[str] = field(default_factory=list)
    _open: list[tuple[str, list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "html":
            self.language = values.get("lang", "")
        if "style" in values or any(key.startswith("on") for key in values):
            self.inline.append(tag)
        if tag in ("title", "h1", "h2", "h3", "tr", "td", "th", "caption", "dt", "li"):
            self._open.append((tag, []))

    def handle_data(self, data: str) -> None:
        for _, pieces in self._open:
            pieces.append(data)

    def handle_endtag(self, tag: str) -> None:
        if any(opened == tag for opened, _ in self._open):
            while self._open:
                opened, pieces = self._open.pop()
                self.texts.setdefault(opened, []).append(" ".join("".join(pieces).split()))
                if opened == tag:
                    break

    @property
    def internal(self) -> list[str]:
        return [link for link in self.links if link.startswith("/") and not link.startswith("/static/")]


def read(html: str) -> Read:
    page = Read()
    page.feed(html)
    return page


def query(link: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link).query)
