"""Words that pages share: dates that a person noted are read in full."""

import pytest
from django.test import Client
from django.utils import translation

from dashboards.pages.evidence import sentences
from dashboards.pages.words import agreeing, counted, gap, noted

NOTED = [
    ("2024-09-02", "2\u00a0septembre\u00a02024", "2\u00a0September\u00a02024"),
    ("2025-10-01", "1er\u00a0octobre\u00a02025", "1\u00a0October\u00a02025"),
    ("2024-09", "septembre\u00a02024", "September\u00a02024"),
    ("2020-07/2022-05", "de juillet\u00a02020 à mai\u00a02022", "from July\u00a02020 to May\u00a02022"),
    (
        "2024-09-02 ; 2025-09",
        "2\u00a0septembre\u00a02024 ; septembre\u00a02025",
        "2\u00a0September\u00a02024 ; September\u00a02025",
    ),
    ("2024", "2024", "2024"),
    ("2024-13-02", "2024-13-02", "2024-13-02"),
    ("vers 2024-1-2", "vers 2024-1-2", "vers 2024-1-2"),
]


@pytest.mark.parametrize(("raw", "french", "english"), NOTED)
def test_a_day_as_noted_is_read_in_full(raw: str, french: str, english: str) -> None:
    assert noted(raw) == french
    with translation.override("en"):
        assert noted(raw) == english


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("path", ["/ministeres/remaniements/", "/ministeres/mte-mer/"])
def test_tables_write_them_in_full(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert ">2022-05-20<" not in page
    assert "vu le 2024" not in page
    assert "2\u00a0septembre\u00a02024" in page or "20\u00a0mai\u00a02022" in page


@pytest.mark.parametrize(
    ("count", "french", "english"), [(0, "jour", "days"), (1, "jour", "day"), (2, "jours", "days")]
)
def test_nothing_is_singular_in_french_and_plural_in_english(count: int, french: str, english: str) -> None:
    assert agreeing(count, "jour,jours") == french
    assert counted(count, "jour,jours") == f"{count}\u00a0{french}"
    with translation.override("en"):
        assert agreeing(count, "day,days") == english


def test_no_file_answers_is_singular() -> None:
    (said,) = sentences({"probes": {"tried": 2, "answered": 0, "failed": ["a", "b"]}})
    assert "0 répond, 2 ne répondent pas" in said


def test_a_gap_bears_its_sign() -> None:
    assert [gap(count) for count in (92, 1, 0, -1, -1489)] == [
        *("+92\u00a0jours", "+1\u00a0jour", "0\u00a0jour", "−1\u00a0jour", "−1\u202f489\u00a0jours"),
    ]
