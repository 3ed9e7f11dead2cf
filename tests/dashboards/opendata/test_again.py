"""What is exported may be read again: nothing changes when nothing was changed, and one cell makes one change."""

import csv
import io
from datetime import date

import pytest

from commitments.models import Commitment
from dashboards.files import csv_bytes
from ministries.models import Ministry
from ministries.sheets import reading
from ministries.sheets.columns import Field
from ministries.sheets.preview import preview
from ministries.sheets.tables import find
from tests.dashboards.opendata.conftest import body

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 1)
COLUMNS = {
    Field.REF: "ref",
    Field.TITLE: "title",
    Field.DEADLINE: "promised_current_raw",
    Field.STATUS: "declared_status",
}
"""Those that ``/donnees/`` says are read again."""


def compared(lines: list[list[str]], code: str):
    """What the spreadsheet import sees in a ministry's lines of ``promesses.csv``."""
    header, *rows = lines
    own = [row for row in rows if row[header.index("ministry_code")] == code]
    table = find(reading.read(csv_bytes([header, *own])))
    columns = {name: table.headers.index(column) for name, column in COLUMNS.items()}
    return own, preview(table, columns, Ministry.objects.get(code=code), today=TODAY)


@pytest.fixture
def lines(reference, client):
    text = body(client.get(f"/donnees/promesses.csv?au={TODAY}")).decode()
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("code", ["MI", "MEFR", "MTE_MER"])
def test_promises_read_again_change_nothing(lines, code):
    own, seen = compared(lines, code)
    assert len(own) > 1
    assert seen.counts() == {**dict.fromkeys(seen.counts(), 0), "unchanged": len(own)}


def test_one_date_changed_is_one_change(lines):
    header = lines[0]
    line = next(row for row in lines[1:] if row[header.index("ministry_code")] == "MI")
    line[header.index("promised_current_raw")] = "31/12/2027"
    own, seen = compared(lines, "MI")
    counts = seen.counts()
    assert counts["unchanged"] == len(own) - 1
    assert sum(counts.values()) == len(own)


def test_promises_and_deadlines_hold_what_the_base_holds(reference, rows):
    """Every public promise with its wording, and every date with its words, its days, its source and its reason."""
    told = {row["ref"]: row for row in rows("promesses.csv")}
    dates: dict[str, list[dict[str, str]]] = {}
    for row in rows("echeances.csv"):
        dates.setdefault(row["commitment"], []).append(row)
    found = Commitment.objects.public().prefetch_related("deadlines")
    assert len(found) == len(told) == 42
    for promise in found:
        row = told[promise.ref]
        assert (row["title"], row["wording"], row["announced_in"], row["source"]) == (
            promise.title,
            promise.wording,
            promise.announced_in,
            promise.source,
        )
        kept = sorted(promise.deadlines.filter(corrected_by=None), key=lambda one: (one.announced_on, one.pk))
        again = dates.get(promise.ref, [])
        assert [(one["raw"], one["last_day"], one["precision"], one["reason"]) for one in again] == [
            (one.raw, one.last_day.isoformat() if one.last_day else "", one.precision, one.reason) for one in kept
        ]
        if kept:
            assert (row["promised_first_raw"], row["promised_current_raw"]) == (kept[0].raw, kept[-1].raw)
