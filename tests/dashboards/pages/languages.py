"""A page as someone who hears it knows it: each piece of text with the language in which it is announced."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input", "br", "img", "rect", "circle", "path", "line", "hr"})
SAID = ("aria-label", "title", "placeholder", "data-label", "alt", "data-axis", "data-loading", "data-failed")


@dataclass
class Spoken(HTMLParser):
    """``said``: (language, text) of each text node and of each attribute that is read aloud, in order."""

    said: list[tuple[str, str]] = field(default_factory=list)
    alternates: dict[str, str] = field(default_factory=dict)
    forms: list[str] = field(default_factory=list)
    _languages: list[str] = field(default_factory=lambda: [""])
    _silent: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        language = values.get("lang", self._languages[-1])
        if tag not in VOID:
            self._languages.append(language)
        self._silent += tag in ("code", "script", "style")
        self.said += [(language, values[name]) for name in SAID if values.get(name)]
        if tag == "meta" and values.get("name") == "description":
            self.said.append((language, values["content"]))
        if values.get("rel") == "alternate" and "hreflang" in values:
            self.alternates[values["hreflang"]] = values["href"]
        if tag == "form":
            self.forms.append(values["action"])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._languages.pop()
        self._silent -= tag in ("code", "script", "style")

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._silent:
            self.said.append((self._languages[-1], " ".join(data.split())))

    def of(self, language: str) -> list[str]:
        return [text for spoken, text in self.said if spoken == language]


def hear(html: str) -> Spoken:
    page = Spoken()
    page.feed(html)
    return page
