"""A publisher's list answers for its records when it pays, and costs nothing when it is wrong."""

import asyncio
import math
from collections import Counter
from collections.abc import Collection
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.findings import Outcome, Sighting
from commitments.portals import Target, ask
from commitments.portals.addresses import DATASERVICE, DATASET
from commitments.portals.datagouv import PAGE, Page
from commitments.portals.listing import PAYS, expected, shown
from tests.commitments.portals.helpers import settings
from tests.portal import faults
from tests.portal.catalogue import Organization, Record
from tests.portal.server import Portal

LISTS = {DATASET: "/api/2/datasets/", DATASERVICE: "/api/1/dataservices/"}


def publish(portal: Portal, publisher: Organization, count: int, kind: str = DATASET) -> list[Record]:
    add: Any = portal.catalogue.datasets.add if kind == DATASET else portal.catalogue.dataservices.add
    return [add(f"Jeu {number}", organization=publisher, access_type="restricted") for number in range(count)]


def target(record: Record, kind: str = DATASET, **fields: Any) -> Target:
    known = {"id": record.id, "organization_id": record.organization.id if record.organization else None}
    return Target(record.id, kind, record.id, facts=known, **fields)


def seen(portal: Portal, targets: list[Target]) -> dict[Any, Sighting]:
    portal.forget()
    return dict(asyncio.run(ask(targets, settings(portal.url), portal.url)))


def singles(portal: Portal, kind: str = DATASET) -> int:
    """Requests for one record."""
    return sum(path.startswith(LISTS[kind]) and path != LISTS[kind] for path in portal.counts().elements())


def pages(portal: Portal, kind: str = DATASET) -> int:
    return portal.counts()[LISTS[kind]]


@pytest.mark.parametrize("kind", [DATASET, DATASERVICE])
def test_one_page_answers_for_a_hundred_records(portal: Portal, publisher: Organization, kind: str) -> None:
    records = publish(portal, publisher, 100, kind)
    alone = {record.id: seen(portal, [target(record, kind)])[record.id] for record in records[:3]}
    found = seen(portal, [target(record, kind) for record in records])
    assert (pages(portal, kind), singles(portal, kind)) == (1, 0)
    assert {sighting.outcome for sighting in found.values()} == {Outcome.FOUND}
    for identifier, sighting in alone.items():
        assert orjson.dumps(found[identifier].facts) == orjson.dumps(sighting.facts)
        assert orjson.loads(found[identifier].evidence) == orjson.loads(sighting.evidence)
        assert found[identifier].url.startswith(f"{portal.url}{LISTS[kind]}?organization={publisher.id}&page=1&")


def test_only_what_the_list_does_not_show_is_asked_by_itself(portal: Portal, publisher: Organization) -> None:
    records = publish(portal, publisher, 10)
    portal.catalogue.datasets.archive(records[0].id)
    portal.catalogue.datasets.make_private(records[1].id)
    portal.catalogue.datasets.delete(records[2].id)
    other = portal.catalogue.add_organization("Autre ministère")
    targets = [target(record) for record in records]
    records[3].organization = other
    found = seen(portal, targets)
    assert (pages(portal), singles(portal)) == (1, 4)
    outcomes = [found[record.id].outcome for record in records]
    assert outcomes == [Outcome.FOUND, Outcome.ABSENT, Outcome.GONE] + [Outcome.FOUND] * 7
    assert found[records[0].id].facts["archived"] == "2023-01-31"
    assert found[records[3].id].facts["organization_id"] == other.id


def test_two_addresses_of_one_record_are_both_answered(portal: Portal, publisher: Organization) -> None:
    records = publish(portal, publisher, 3)
    again = Target("again", DATASET, records[0].id.upper(), facts={"organization_id": publisher.id})
    found = seen(portal, [*map(target, records), again])
    assert (len(found), singles(portal)) == (4, 0)
    assert found["again"] == found[records[0].id]


@pytest.mark.parametrize("count", range(1, PAYS))
def test_a_list_is_not_read_for_so_few(portal: Portal, publisher: Organization, count: int) -> None:
    seen(portal, [target(record) for record in publish(portal, publisher, count)])
    assert (pages(portal), singles(portal)) == (0, count)


def test_slugs_and_records_never_seen_are_asked_by_themselves(portal: Portal, publisher: Organization) -> None:
    records = publish(portal, publisher, 3)
    slugs = [Target(record.slug, DATASET, record.slug, facts={"organization_id": publisher.id}) for record in records]
    new = [Target(record.id, DATASET, record.id) for record in records]
    assert len(seen(portal, [*slugs, *new])) == 6
    assert (pages(portal), singles(portal)) == (0, 6)


def test_a_few_among_thousands_are_not_looked_for(portal: Portal, publisher: Organization) -> None:
    records = publish(portal, publisher, 1000)
    found = seen(portal, [target(record) for record in records[:PAYS]])
    assert {sighting.outcome for sighting in found.values()} == {Outcome.FOUND}
    assert (pages(portal), singles(portal)) == (1, PAYS)


def test_pages_are_turned_until_all_are_found_or_it_pays_no_more(portal: Portal, publisher: Organization) -> None:
    records = publish(portal, publisher, 3 * PAGE)
    seen(portal, [target(record) for record in records[PAGE : 2 * PAGE]])
    assert (pages(portal), singles(portal)) == (2, 0)


FAULTS = {
    "web page": faults.html(),
    "error": faults.status(500),
    "forbidden": faults.status(403),
    "busy": faults.status(429),
    "cut": faults.truncated_json(),
    "reset": faults.reset(),
    "a list": faults.answer(b"[]"),
    "no row": faults.answer(b'{"data": null, "total": 3}'),
    "odd rows": faults.answer(b'{"data": [null, 3, {"id": 4}], "total": "x", "next_page": 3}'),
    "elsewhere": faults.redirect("http://localhost:1/"),
    "endless": faults.answer(b'{"data": [], "next_page": "/again/"}'),
    "said to be text": faults.answer(b'{"data": []}', content_type="text/plain"),
    "past the end": faults.answer(b'{"message": "not found"}', 404),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_list_that_is_wrong_costs_no_record_its_turn(
    portal: Portal, publisher: Organization, fault: faults.Fault
) -> None:
    records = publish(portal, publisher, 5)
    portal.put(LISTS[DATASET], fault)
    found = seen(portal, [target(record) for record in records])
    assert [found[record.id].outcome for record in records] == [Outcome.FOUND] * 5
    assert singles(portal) == 5
    assert pages(portal) <= 1 + 5 // PAYS


def test_a_pause_asked_for_by_a_list_is_kept(portal: Portal, publisher: Organization) -> None:
    records = publish(portal, publisher, 5)
    portal.put(LISTS[DATASET], faults.status(429, retry_after=600))
    found = seen(portal, [target(record) for record in records])
    assert {(sighting.cause, sighting.retry_after) for sighting in found.values()} == {("host_backoff", 600)}
    assert portal.count() == 1


def test_an_unforeseen_failure_on_a_list_costs_nothing(
    portal: Portal, publisher: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commitments.portals.datagouv.read_page", lambda *_, **__: 1 / 0)
    found = seen(portal, [target(record) for record in publish(portal, publisher, 3)])
    assert {sighting.outcome for sighting in found.values()} == {Outcome.FOUND}


class Shelf:
    """A list of so many records, that counts the pages asked."""

    def __init__(self, ids: list[str]) -> None:
        self.ids, self.asked = ids, Counter[int]()

    async def page(self, kind: str, organization: str, number: int, wanted: Collection[str]) -> Page:
        self.asked[number] += 1
        rows = self.ids[(number - 1) * PAGE : number * PAGE]
        return Page(
            {row: Sighting(Outcome.FOUND, identifier=row) for row in rows if row in wanted},
            len(self.ids),
            number * PAGE >= len(self.ids),
        )


@given(total=st.integers(0, 2000), wanted=st.sets(st.integers(0, 2500), max_size=120))
def test_pages_never_cost_more_than_what_they_may_save(total: int, wanted: set[int]) -> None:
    shelf: Any = Shelf([str(number) for number in range(total)])
    asked = {str(number) for number in wanted}
    found = asyncio.run(shown(shelf, DATASET, "any", asked))
    assert found.keys() <= asked & set(shelf.ids)
    assert all(sighting.identifier == identifier for identifier, sighting in found.items())
    assert max(shelf.asked.values(), default=1) == 1
    # The first page is a bet; each of the others could be expected to show several.
    assert sum(shelf.asked.values()) <= 1 + math.ceil(len(asked) / PAYS)


def test_what_a_page_is_expected_to_show() -> None:
    assert [expected(3, 0), expected(3, PAGE), expected(3, 3 * PAGE), expected(50, 5000)] == [3, 3, 1, 1]
