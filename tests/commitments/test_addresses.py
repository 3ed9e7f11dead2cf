"""How an address names a promise."""

import re

import pytest

from commitments.addresses import Reference, Titled


@pytest.mark.parametrize(
    ("written", "ref"),
    [
        ("O-10", "O-10"),
        ("o-10", "O-10"),
        ("O-10-affelnet-lycee-code", "O-10"),
        ("ab-3c-", "AB-3C"),
        ("O-30-ancien_titre-à-part", "O-30"),
    ],
)
def test_a_reference_is_read_whatever_the_title(written: str, ref: str) -> None:
    assert re.fullmatch(Titled.regex, written)
    assert Titled().to_python(written) == ref


@pytest.mark.parametrize("written", ["", "O", "O-", "10-O", "O-10/", "O 10", "O-10.csv", "O-é"])
def test_anything_else_is_no_promise(written: str) -> None:
    assert not re.fullmatch(Titled.regex, written)


def test_a_reference_alone_has_no_title() -> None:
    assert not re.fullmatch(Reference.regex, "O-10-affelnet")
    assert Reference().to_python("o-10") == "O-10"
