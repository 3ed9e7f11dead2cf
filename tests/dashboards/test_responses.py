"""Who answers: silence is « 0 de N », what was not asked is blank, and the table says both in words."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from dashboards import interactive
from dashboards.responses import SHOWN_CAMPAIGNS, responses, shade
from ministries.campaigns.answering import Rate
from ministries.models import Campaign, Ministry

TODAY = date(2026, 6, 14)


def campaign(label: str, closed: bool = True) -> Any:
    return SimpleNamespace(label=label, closed=SimpleNamespace(closed_on=TODAY) if closed else None)


QUARTERS: list[Campaign] = [campaign("T2 2026", closed=False), campaign("T1 2026"), campaign("T4 2025")]
MINISTRIES = [Ministry(code="B", name="Économie"), Ministry(code="A", name="Justice"), Ministry(code="C", name="Zoo")]
RATES = [{"A": Rate(2, 2), "B": Rate(0, 7), "C": Rate(1, 4)}, {"B": Rate(3, 7)}, {"A": Rate(0, 1), "B": Rate(7, 7)}]


def test_rows_follow_the_names_and_figures_the_quarters() -> None:
    found = responses(QUARTERS, RATES, MINISTRIES, TODAY)
    assert [(m.code, rates) for m, rates in found.rows] == [
        ("B", (Rate(0, 7), Rate(3, 7), Rate(7, 7))),
        ("A", (Rate(2, 2), None, Rate(0, 1))),
        ("C", (Rate(1, 4), None, None)),
    ]
    assert found.totals == (Rate(3, 13), Rate(3, 7), Rate(7, 8))
    assert found.sentence == (
        "T2 2026 (en cours)\u00a0: sur 3\u00a0ministères interrogés, 1 a répondu à tout, 1 en partie, 1 à rien."
    )
    assert found.csv_rows()[2] == ["A", "Justice", "2", "2", "", "", "0", "1"]
    assert found.csv_rows()[-1] == ["", "Total", "3", "13", "3", "7", "7", "8"]


def test_nobody_answered_is_said_as_such() -> None:
    found = responses(QUARTERS[1:2], [{"A": Rate(0, 3), "B": Rate(0, 1)}], MINISTRIES[:2], TODAY)
    assert found.sentence == "T1 2026\u00a0: sur 2\u00a0ministères interrogés, aucun n’a répondu."
    found = responses(QUARTERS[1:2], [{"A": Rate(0, 3), "B": Rate(1, 2)}], MINISTRIES[:2], TODAY)
    assert found.sentence == (
        "T1 2026\u00a0: sur 2\u00a0ministères interrogés, aucun n’a répondu à tout, 1 en partie, 1 à rien."
    )
    for nobody in ({}, {"A": Rate(0, 0)}):
        found = responses(QUARTERS[:1], [nobody], MINISTRIES[:2], TODAY)
        assert found.sentence == "T2 2026 (en cours)\u00a0: aucun ministère n’a été interrogé."
    assert responses([], [], [], TODAY).sentence == "Aucune campagne n’était ouverte ce jour-là."


def test_time_goes_to_the_right_and_what_was_not_asked_is_blank() -> None:
    found = responses(QUARTERS, RATES, MINISTRIES, TODAY)
    assert [one.label for one in found.shown] == ["T4 2025", "T1 2026", "T2 2026"]
    _, _, cells = found.drawing()[1]
    assert [cell.rate for cell in cells] == [Rate(0, 1), None, Rate(2, 2)]
    assert [float(cell.x) for cell in cells] == sorted(float(cell.x) for cell in cells)
    (trace,) = interactive.responses(found)["traces"]
    drawn = list(zip(trace["base"], trace["y"], trace["text"], strict=True))
    assert (0, "A", "0 de 1") in drawn
    assert [one for one in drawn if one[:2] == (1, "A")] == []
    assert len(drawn) == sum(len(those) for those in RATES)


def test_older_quarters_are_left_to_the_table() -> None:
    many = [campaign(f"T{n}") for n in range(SHOWN_CAMPAIGNS + 3)]
    found = responses(many, [{"A": Rate(1, 1)} for _ in many], MINISTRIES[1:2], TODAY)
    assert [one.label for one in found.shown] == [f"T{n}" for n in reversed(range(SHOWN_CAMPAIGNS))]
    assert len(next(found.table)[1]) == len(many)
    ((_, _, cells),) = found.drawing()
    assert float(cells[-1].x) + float(found.width_drawn) <= 100


def test_a_shade_says_a_quarter_of_the_lines() -> None:
    told = {(0, 9): 0, (1, 9): 1, (2, 8): 1, (4, 8): 2, (6, 8): 3, (7, 8): 3, (8, 8): 4, (0, 0): 0}
    assert {key: shade(Rate(*key)) for key in told} == told
