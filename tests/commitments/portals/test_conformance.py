"""The loopback portal and the real portal software answer alike; where they differ, the loopback is wrong.

The real one is left out when ``BOTHOREL_TEST_PORTAL`` does not say where it is.
"""

import asyncio
import http.client
import json
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import orjson
import pytest

from commitments.findings import Facts, Outcome, Sighting
from commitments.portals.datagouv import DataGouv
from commitments.portals.digests import digest
from commitments.portals.door import Door
from tests.commitments.portals.expected import BRIEF, LISTED, LISTS, MOVING, RAW, SEEN, Listed, Raw, Seen, oid
from tests.commitments.portals.helpers import look, settings
from tests.portal.seed import seed_like_peer
from tests.portal.server import Portal

REAL = os.environ.get("BOTHOREL_TEST_PORTAL", "").rstrip("/")

MASKS = [
    "id,slug,organization{id,badges{kind}}",
    "id,nawak,organization{nope}",
    "{id}",
    "id, slug",
    "*,resources{total}",
    "id,organization{id",
    "id,organization}",
    "id,,slug",
    "id,tags{x}",
    "organization{*}",
]


@pytest.fixture(scope="module")
def loopback() -> Iterator[str]:
    with Portal() as server:
        seed_like_peer(server)
        yield server.url


@pytest.fixture(params=["loopback", pytest.param("real", marks=pytest.mark.portal)])
def url(request: pytest.FixtureRequest, loopback: str) -> str:
    return loopback if request.param == "loopback" else REAL


def send(url: str, path: str, method: str = "GET", **headers: str) -> tuple[int, http.client.HTTPMessage, str]:
    """A request as it stands: nothing is followed, added or understood."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        response = connection.getresponse()
        return response.status, response.headers, response.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("case", RAW, ids=lambda case: f"{case.method} {case.path}")
def test_raw_answers(url: str, case: Raw) -> None:
    status, headers, body = send(url, case.path, case.method)
    assert status == case.status
    if status == 308:
        assert headers["Location"] == case.holds.replace("PORT", str(urlsplit(url).port))
    elif case.method == "HEAD":
        assert body == ""
    else:
        assert case.holds in body
        assert headers["Content-Type"] == "application/json"
    assert not {"etag", "last-modified", "cache-control"} & {name.lower() for name in headers}


@pytest.mark.parametrize("case", SEEN, ids=lambda case: f"{case.kind} {case.name}")
def test_sightings(url: str, case: Seen) -> None:
    sighting = look(url, case.kind, case.name)
    assert (sighting.outcome, sighting.cause) == (case.outcome, case.cause)
    assert {name: sighting.facts[name] for name in case.facts} == case.facts
    if case.outcome is Outcome.FOUND:
        assert sighting.identifier == (case.identifier or case.name)
        assert sighting.facts["id"] == sighting.identifier


@pytest.mark.portal
@pytest.mark.parametrize("case", SEEN, ids=lambda case: f"{case.kind} {case.name}")
def test_both_give_the_same_sighting(loopback: str, case: Seen) -> None:
    ours, theirs = (look(portal, case.kind, case.name) for portal in (loopback, REAL))
    assert summary(ours, loopback) == summary(theirs, REAL)
    assert digest(lasting(ours.facts)) == digest(lasting(theirs.facts))


def summary(sighting: Sighting, url: str) -> tuple[object, ...]:
    return (
        sighting.outcome,
        sighting.cause,
        sighting.detail,
        sighting.identifier,
        sighting.url.removeprefix(url),
        lasting(sighting.facts),
    )


def lasting(facts: Facts) -> Facts:
    moving = MOVING.get(facts.get("id", ""), set())
    return {name: fact for name, fact in facts.items() if name not in moving}


@pytest.mark.portal
@pytest.mark.parametrize("mask", MASKS)
def test_both_apply_masks_alike(loopback: str, mask: str) -> None:
    answers = [send(url, "/api/2/datasets/jeu-exemplaire/", X_Fields=mask) for url in (loopback, REAL)]
    (status, _, ours), (expected, _, theirs) = answers
    assert status == expected
    if status == 400 or "*" not in mask:
        assert json.loads(ours) == json.loads(theirs)


def listed(url: str, case: Listed) -> list[tuple[Sighting, Sighting]]:
    """What the first page of an organisation's list shows, each record beside what it says when asked by itself."""

    async def once() -> list[tuple[Sighting, Sighting]]:
        async with Door(settings(url)) as door:
            portal = DataGouv(door, url)
            page = await portal.page(case.kind, case.organization, 1, [*map(oid, range(1000)), *case.shown])
            assert page is not None
            assert (page.last, page.total) == (True, len(page.shown))
            return [(seen, await portal.record(case.kind, identifier)) for identifier, seen in page.shown.items()]

    return asyncio.run(once())


@pytest.mark.parametrize("case", LISTED, ids=lambda case: f"{case.kind} {case.organization}")
def test_a_list_shows_what_is_public_and_not_archived(url: str, case: Listed) -> None:
    assert {seen.identifier for seen, _ in listed(url, case)} == case.shown


@pytest.mark.parametrize("case", LISTED, ids=lambda case: f"{case.kind} {case.organization}")
def test_a_record_read_in_a_list_is_the_one_read_by_itself(url: str, case: Listed) -> None:
    for seen, alone in listed(url, case):
        assert orjson.dumps(seen.facts) == orjson.dumps(alone.facts)
        assert (seen.outcome, seen.identifier) == (alone.outcome, alone.identifier)
        assert json.loads(seen.evidence) == json.loads(alone.evidence)


@pytest.mark.portal
@pytest.mark.parametrize("path", LISTS)
def test_both_cut_lists_alike(loopback: str, path: str) -> None:
    (status, _, ours), (expected, _, theirs) = (send(url, path, X_Fields=BRIEF) for url in (loopback, REAL))
    assert status == expected
    if status == 404:
        assert "message" in json.loads(ours).keys() & json.loads(theirs).keys()
        return
    mine, other = (json.loads(body.replace(url, "")) for body, url in ((ours, loopback), (theirs, REAL)))
    # Not their ids: records of one second come in the order in which each portal was filled.
    assert mine == other


def test_keys_and_html_are_answered_as_the_portal_does(url: str) -> None:
    status, _, body = send(url, "/api/2/datasets/jeu-exemplaire/", X_API_KEY="x")
    assert (status, json.loads(body)) == (401, {"message": "Invalid API token"})
    status, headers, _ = send(url, "/api/1/datasets/inconnu/", Accept="text/html")
    assert (status, headers["Content-Type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.parametrize(("number", "status"), [(34, 500), (44, 200)])
def test_a_broken_licence_harms_only_who_asks_for_it_a_broken_publisher_everyone(
    url: str, number: int, status: int
) -> None:
    path = f"/api/2/datasets/{oid(number)}/"
    assert send(url, path)[0] == 500
    assert send(url, path, X_Fields="id,title")[0] == status
