"""How an address names a promise: by its reference, with or without its title behind it."""

from __future__ import annotations


class Reference:
    """``O-10``, however it is written: views are given it in capitals."""

    regex = "[A-Za-z]+-[0-9A-Za-z]+"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


class Titled(Reference):
    """``O-10-affelnet-lycee-code``, or the reference alone: views are given the reference, titles change."""

    regex = rf"{Reference.regex}(?:-[-\w]*)?"

    def to_python(self, value: str) -> str:
        letters, number, *_title = value.split("-", 2)
        return super().to_python(f"{letters}-{number}")
