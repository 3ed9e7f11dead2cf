"""Rows into CSV: read again they are the same, and no spreadsheet runs them."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.files import csv_bytes, file_name, spreadsheet_safe

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A1")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_only_text(text):
    assert spreadsheet_safe(text) == "'" + text
    assert spreadsheet_safe("\x00" + text) == "'" + text


def test_figures_and_days_are_left_alone():
    rows = [
        ["a", "b", "c", "d", "e", "f"],
        [-92, None, True, date(2021, 9, 30), -1.5, datetime(2022, 1, 1, tzinfo=UTC)],
    ]
    written = csv_bytes(rows)
    assert written == b"a,b,c,d,e,f\r\n-92,,true,2021-09-30,-1.5,2022-01-01T00:00:00+00:00\r\n"


def test_text_is_utf8_without_a_mark():
    written = csv_bytes([["échéance"], ["d'ici fin 2021 ; « etc. »"], ['a,"b"\nc']])
    assert not written.startswith(b"\xef\xbb\xbf")
    assert written.decode() == 'échéance\r\nd\'ici fin 2021 ; « etc. »\r\n"a,""b""\nc"\r\n'


def test_half_a_surrogate_does_not_stop_a_file():
    assert csv_bytes([["\ud800"]]) == b"?\r\n"


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=2)))
def test_what_is_written_is_read_again(rows):
    read = list(csv.reader(io.StringIO(csv_bytes(rows).decode(), newline="")))
    assert read == [[spreadsheet_safe(cell) for cell in row] for row in rows]


def test_a_file_names_its_day_and_its_filters():
    day = date(2022, 2, 1)
    assert file_name("échéances", day) == "echeances_au-2022-02-01.csv"
    assert file_name("promesses", day, "MI", "late", "") == "promesses_mi-late_au-2022-02-01.csv"
    assert file_name("promesses", day, '../"\r\nSet-Cookie: a') == "promesses_set-cookie-a_au-2022-02-01.csv"
    assert len(file_name("promesses", day, "a" * 300)) < 100
