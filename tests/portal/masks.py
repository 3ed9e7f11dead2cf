"""``X-Fields`` masks: which fields of an answer are wanted."""

from __future__ import annotations

import re
from typing import Any

Mask = dict[str, "Mask | None"]
"""A wanted name, and the mask of what it holds; ``*`` wants everything."""


class MaskError(ValueError):
    """A mask that the portal answers with 400."""


def parse(text: str) -> Mask | None:
    """None when there is no mask."""
    text = text.strip()
    if not text:
        return None
    if text.startswith("{") and text.endswith("}"):
        text = text[1:-1]
    stack: list[Mask] = [{}]
    name = ""
    for token in re.findall(r"[{},]|[^{},\s]+", text):
        if token == "{":
            if not name:
                raise MaskError("Missing field name")
            inner: Mask = {}
            stack[-1][name] = inner
            stack.append(inner)
            name = ""
        elif token == "}":
            if len(stack) == 1:
                raise MaskError("Unexpected closing bracket")
            stack.pop()
            name = "}"
        elif token == ",":
            if not name:
                raise MaskError("Unexpected comma")
            name = ""
        else:
            stack[-1][token] = None
            name = token
    if len(stack) > 1:
        raise MaskError("Missing closing bracket")
    return stack[0]


def apply(mask: Mask | None, value: Any) -> Any:
    """What a mask leaves of a value; names that the value does not bear are forgotten."""
    if mask is None or value is None:
        return value
    if isinstance(value, list):
        return [apply(mask, item) for item in value]
    if not isinstance(value, dict):
        raise MaskError("Mask is inconsistent with model")
    kept = value if "*" in mask else {name: value[name] for name in mask if name in value}
    return {name: apply(mask.get(name), item) for name, item in kept.items()}


def wants(mask: Mask | None, name: str) -> bool:
    return mask is None or "*" in mask or name in mask
