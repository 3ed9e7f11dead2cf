"""Facts out of records: whatever JSON holds, a sighting comes out and nothing is raised."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.findings import Outcome
from commitments.portals import records
from commitments.portals.datagouv import read
from commitments.portals.digests import digest
from commitments.portals.door import Answer

ID = "650000000000000000000001"
DATASET: dict[str, Any] = {
    "id": ID,
    "slug": "jeu",
    "title": "Jeu",
    "organization": {"id": "534fff8da3a7292c64a77eee", "name": "MTE", "badges": [{"kind": "b"}, {"kind": "a"}]},
    "owner": None,
    "archived": None,
    "harvest": None,
    "access_type": "open",
    "license": "lov2",
    "frequency": "annual",
    "last_update": "2021-09-02T10:20:30.678000+00:00",
    "internal": {"created_at_internal": "2021-09-01T08:00:00+00:00"},
    "resources": {"total": 2},
    "quality": {"all_resources_available": True},
    "badges": [{"kind": "hvd"}],
    "page": "https://www.data.gouv.fr/datasets/jeu",
}
DATASERVICE: dict[str, Any] = {
    "id": ID,
    "slug": "api",
    "title": "API",
    "license": None,
    "base_api_url": "https://api.exemple.fr/",
    "created_at": "2023-06-01",
}


def facts(**changes: Any) -> dict[str, Any]:
    found = records.dataset(DATASET | changes)
    assert found
    return found


def test_the_facts_of_a_dataset() -> None:
    assert facts() == {
        "id": ID,
        "slug": "jeu",
        "title": "Jeu",
        "organization_id": "534fff8da3a7292c64a77eee",
        "organization_name": "MTE",
        "organization_badges": ["a", "b"],
        "owned_by_person": False,
        "access_type": "open",
        "license": "lov2",
        "badges": ["hvd"],
        "archived": None,
        "archived_reason": None,
        "frequency": "annual",
        "last_update": "2021-09-02T10:20:30+00:00",
        "created_at_internal": "2021-09-01",
        "resources_total": 2,
        "resources_unavailable": False,
        "page": "https://www.data.gouv.fr/datasets/jeu",
    }


def test_the_facts_of_a_dataservice() -> None:
    found = records.dataservice(DATASERVICE)
    assert found
    assert found["license"] == "notspecified"
    assert found["created_at_internal"] == "2023-06-01"
    assert found["base_api_url"] == "https://api.exemple.fr/"
    assert found["machine_documentation_url"] is None


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2021-09-02T10:20:30", "2021-09-02T10:20:30+00:00"),
        ("2021-09-02", "2021-09-02T00:00:00+00:00"),
        ("2023-06-04 10:25:23.022766+02", "2023-06-04T08:25:23+00:00"),
        ("2021-09-02T10:20:30Z", "2021-09-02T10:20:30+00:00"),
        ("2099-12-31T00:00:00+00:00", "2099-12-31T00:00:00+00:00"),
        ("0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00+00:00"),
        ("0001-01-01T00:00:00+02:00", None),  # before the year 1 in UTC
        ("10000-01-01", None),
        ("hier", None),
        ("", None),
        (None, None),
        (0, None),
        (1e300, None),
        (["2021-09-02"], None),
    ],
)
def test_dates_are_read_leniently(written: object, read_as: str | None) -> None:
    assert facts(last_update=written)["last_update"] == read_as


@pytest.mark.parametrize(
    ("changes", "key", "expected"),
    [
        ({"quality": {"all_resources_available": False}}, "resources_unavailable", True),
        ({"quality": {}}, "resources_unavailable", None),
        ({"quality": None}, "resources_unavailable", None),
        ({"quality": {"all_resources_available": "yes"}}, "resources_unavailable", None),
        ({"resources": [{}, {}, {}]}, "resources_total", 3),
        ({"resources": None}, "resources_total", None),
        ({"resources": {"total": True}}, "resources_total", None),
        ({"resources": {"total": -1}}, "resources_total", None),
        ({"resources": {"total": 10**30}}, "resources_total", None),
        ({"organization": None}, "organization_id", None),
        ({"owner": {}}, "owned_by_person", True),
        ({"license": None}, "license", "notspecified"),
        ({"frequency": "tousLesMardis"}, "frequency", "tousLesMardis"),
        ({"frequency": None}, "frequency", "unknown"),
        ({"badges": ["hvd", {"kind": None}, 3, {"kind": "hvd"}]}, "badges", ["hvd"]),
        ({"title": "a\0<b>"}, "title", "a<b>"),
        ({"title": "\ud800"}, "title", "?"),
        ({"title": "x" * 5000}, "title", "x" * 2000),
        ({"page": "javascript:alert(1)"}, "page", None),
        ({"archived": "2023-01-31T12:00:00+00:00"}, "archived", "2023-01-31"),
        ({"harvest": {"archived_reason": "not-on-remote"}}, "archived_reason", "not-on-remote"),
    ],
)
def test_odd_values(changes: dict[str, Any], key: str, expected: object) -> None:
    assert facts(**changes)[key] == expected


@pytest.mark.parametrize("broken", [{"id": None}, {"id": "x"}, {"id": ID + "\n"}, {"title": None}, {"title": ""}])
def test_what_is_not_a_record(broken: dict[str, Any]) -> None:
    assert records.dataset(DATASET | broken) is None


@pytest.mark.parametrize("missing", ["license", "resources"])
def test_a_record_of_another_kind_is_not_taken_for_a_dataset(missing: str) -> None:
    assert records.dataset({name: value for name, value in DATASET.items() if name != missing}) is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.sampled_from([ID, "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
ODD_DATASET = st.fixed_dictionaries({}, optional=dict.fromkeys(DATASET, ANYTHING)).map(lambda odd: DATASET | odd)
ODD_DATASERVICE = st.fixed_dictionaries({}, optional=dict.fromkeys(DATASERVICE, ANYTHING)).map(
    lambda odd: DATASERVICE | odd
)


@given(ANYTHING | ODD_DATASET | ODD_DATASERVICE)
def test_any_value_gives_facts_or_none(value: object) -> None:
    for reader in (records.dataset, records.dataservice):
        found = reader(value)
        if found is not None:
            assert orjson.loads(orjson.dumps(found)) == found
            assert "\\u0000" not in json.dumps(found)
            assert len(digest(found)) == 64


STATUSES = st.sampled_from([200, 204, 301, 304, 400, 401, 403, 404, 405, 410, 418, 429, 451, 500, 503, 599])
KINDS = st.sampled_from(["application/json", "text/html", "text/plain", "", "application/problem+json; charset=x"])
BODIES = st.binary(max_size=50) | (ANYTHING | ODD_DATASET).map(lambda value: json.dumps(value).encode())


@given(STATUSES, KINDS, BODIES, st.sampled_from([ID, "jeu"]))
def test_any_answer_gives_a_sighting(status: int, kind: str, body: bytes, asked: str) -> None:
    url = f"http://portal.example/api/2/datasets/{asked}/"
    answer = Answer(status=status, headers={"content-type": kind}, body=body, url=url)
    sighting = read(answer, asked, records.dataset, base_url="http://portal.example")
    assert (sighting.outcome is Outcome.NO_OBSERVATION) == bool(sighting.cause)
    assert (sighting.outcome is Outcome.FOUND) == bool(sighting.facts)
    if sighting.outcome.definitive:
        assert status == {Outcome.FOUND: 200, Outcome.GONE: 410, Outcome.ABSENT: 404}[sighting.outcome]


@given(st.permutations(list(DATASET)))
def test_the_digest_does_not_depend_on_the_order_of_keys(order: list[str]) -> None:
    assert digest({name: DATASET[name] for name in order}) == digest(DATASET)


def test_the_digest_forgets_what_always_moves_and_nothing_else() -> None:
    base = digest(facts())
    assert digest(facts() | {"metrics": {"views": 3}, "score": 0.1}) == base
    for name in facts():
        assert digest(facts() | {name: "autre"}) != base, name
