"""Reads what an OpenAPI document says of itself (2.0, 3.0, 3.1, 3.2; JSON or YAML), and nothing it points to. Pure.

YAML is read as a stream of events: no object is built, so no alias is ever expanded and no ``$ref`` is followed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import orjson
import yaml

MAX_BYTES = 2_000_000
MAX_EVENTS = 400_000
MAX_DEPTH = 200
VERSION = re.compile(r"2\.0|3\.\d{1,2}(?:\.\d{1,3})?")


@dataclass(frozen=True)
class Document:
    """``version`` as written (« 3.0.3 »); ``paths``: how many; ``title`` may bear markup."""

    version: str
    title: str | None
    paths: int


def read(body: bytes) -> Document | None:
    """The document, or None when this is no OpenAPI that can be read safely."""
    text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if len(body) > MAX_BYTES or not text or text[:1] == b"<":
        return None
    outline = _json(text) if text[:1] == b"{" else None
    if outline is None:
        outline = _yaml(text)
    if outline is None or not outline.info or not outline.body:
        return None
    if not VERSION.fullmatch(outline.version):
        return None
    title = " ".join(outline.title.replace("\0", "").split())[:300].encode("utf-8", "replace").decode()
    return Document(outline.version, title or None, outline.paths)


@dataclass
class _Outline:
    version: str = ""
    title: str = ""
    info: bool = False
    body: bool = False  # one of the parts that hold something: paths, components, webhooks
    paths: int = 0


def _json(text: bytes) -> _Outline | None:
    try:
        content: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(content, dict):
        return None
    info, paths = content.get("info"), content.get("paths")
    title = info.get("title") if isinstance(info, dict) else ""
    return _Outline(
        version=str(content.get("openapi") or content.get("swagger") or ""),
        title=title if isinstance(title, str) else "",
        info=isinstance(info, dict),
        body=any(isinstance(content.get(name), dict) for name in _HOLDERS),
        paths=sum(path.startswith("/") for path in paths) if isinstance(paths, dict) else 0,
    )


_HOLDERS = ("paths", "components", "webhooks")


@dataclass
class _Level:
    mapping: bool
    key: str | None = None


def _yaml(text: bytes) -> _Outline | None:
    outline = _Outline()
    levels: list[_Level] = []
    documents = 0
    try:
        for count, event in enumerate(yaml.parse(text.decode("utf-8"), Loader=_LOADER)):
            if count > MAX_EVENTS or len(levels) > MAX_DEPTH:
                return None
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    break
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                if not _begin(outline, levels):
                    return None
                levels.append(_Level(isinstance(event, yaml.MappingStartEvent)))
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                levels.pop()
                _value_done(levels)
            elif isinstance(event, yaml.ScalarEvent):
                _scalar(outline, levels, event.value)
            elif isinstance(event, yaml.AliasEvent):
                _scalar(outline, levels, "")
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return None
    return outline


# libyaml where the wheel brings it: ten times faster, and the same events.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _begin(outline: _Outline, levels: list[_Level]) -> bool:
    """False when a container stands for a key, as no OpenAPI does."""
    if levels and levels[-1].mapping and levels[-1].key is None:
        return False
    if len(levels) == 1 and levels[0].key == "info":
        outline.info = True
    if len(levels) == 1 and levels[0].key in _HOLDERS:
        outline.body = True
    return True


def _scalar(outline: _Outline, levels: list[_Level], value: str) -> None:
    if not levels or not levels[-1].mapping:
        return
    level = levels[-1]
    if level.key is None:
        level.key = value
        if len(levels) == 2 and levels[0].key == "paths" and value.startswith("/"):
            outline.paths += 1
        return
    if len(levels) == 1 and level.key in ("openapi", "swagger"):
        outline.version = value
    if len(levels) == 2 and levels[0].key == "info" and level.key == "title":
        outline.title = value
    level.key = None


def _value_done(levels: list[_Level]) -> None:
    """The end of a container: what it was the value of is complete."""
    if levels and levels[-1].mapping:
        levels[-1].key = None
