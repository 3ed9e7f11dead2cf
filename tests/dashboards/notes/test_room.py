"""Five hundred promises on two sheets: nothing is cut in silence."""

import pytest
from django.test import Client

from tests.dashboards.notes.composing import composed
from tests.dashboards.notes.many import DAY
from tests.factories import CommitmentFactory

pytestmark = pytest.mark.usefixtures("five_hundred")


def test_what_is_left_out_is_counted() -> None:
    made = composed(DAY)
    for section in (made.late, *made.second_page):
        assert section.count == len(section.lines) + sum(rest.count for rest in section.rests), section.key
    assert made.contradictions.rests
    assert made.late.rests


def test_each_group_left_out_leads_to_its_whole_list(client: Client) -> None:
    made = composed(DAY)
    shown = sum(line.group == "En retard" for line in made.late.lines)
    rest = made.late.rests[0]
    listed = client.get(rest.address.path, {**rest.address.params, "au": DAY.isoformat()})
    assert listed.context["count"] == shown + rest.count


def test_fifteen_ministries_are_all_in_the_table() -> None:
    assert len(composed(DAY).rows) == 15


def test_ministries_beyond_the_table_are_counted_in_the_total(db: None) -> None:
    for _ in range(12):
        CommitmentFactory()
    made = composed(DAY)
    assert made.rows_left_out == 3
    assert made.total.total == 15 * 34 + 12
