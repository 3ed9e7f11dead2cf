"""A dataset's files: which ones are tried, what is believed, what is remembered; never a false « injoignable »."""

from __future__ import annotations

import asyncio
import os
from datetime import date, timedelta
from typing import Any

import pytest

from commitments.findings import Outcome, Sighting
from commitments.portals import AskSettings, Target, ask
from commitments.portals.digests import digest
from commitments.portals.door import Answer
from commitments.portals.memory import State, Told, after
from commitments.portals.probing import File, read_list, sample
from tests.commitments.portals.expected import oid
from tests.commitments.portals.helpers import DATASET, names, patience, settings
from tests.portal import faults
from tests.portal.catalogue import Dataset
from tests.portal.seed import seed_like_peer
from tests.portal.server import Canary, Portal

REAL = os.environ.get("BOTHOREL_TEST_PORTAL", "").rstrip("/")
DAY = date(2026, 11, 24)
HTML = faults.html()
CSV = faults.answer(b"a;b\n1;2\n", content_type="text/csv")
TINY = faults.answer(b"<html>Request Rejected</html>", content_type="text/html")


def probe(url: str, name: str, *, day: date = DAY, facts: Any = None, **changes: Any) -> Sighting:
    """One sighting of a dataset and of its files, on a day."""
    target = Target("only", DATASET, name, facts=facts or {}, probe=True)
    asking = ask(
        [target],
        settings(url, **changes),
        url,
        settings=AskSettings(today=day),
        lookup=names(public_example=["8.8.8.8"]),
    )
    return asyncio.run(asking)["only"]


@pytest.fixture
def dataset(portal: Portal) -> Dataset:
    return portal.catalogue.datasets.add("Jeu", resources=[{"url": "BASE/f.csv", "title": "f.csv"}])


def one(portal: Portal, dataset: Dataset, **options: Any) -> tuple[str, str]:
    """State and cause of its only file."""
    (row,) = probe(portal.url, dataset.id, **options).facts["probes"]["files"]
    return row["state"], row["cause"]


GETS = {
    "a file": (CSV, "answers", ""),
    "an empty list": (faults.answer(b"[]"), "answers", ""),
    "missing": (faults.status(404), "failing", ""),
    "gone": (faults.status(410), "failing", ""),
    "who are you": (faults.status(401), "unknown", "http_401"),
    "forbidden": (faults.status(403), "unknown", "http_403"),
    "too many": (faults.status(429), "unknown", "http_429"),
    "error": (faults.status(500), "unknown", "http_5xx"),
    "down": (faults.status(503), "unknown", "http_5xx"),
    "a firewall's page": (TINY, "unknown", "html"),
    "a login page": (faults.answer(b"<!doctype html>" + b" " * 9000, content_type="text/html"), "unknown", "html"),
    "a page said to be csv": (
        faults.answer(b"<html><body>non</body></html>", content_type="text/csv"),
        "unknown",
        "html",
    ),
    "cut": (faults.wrong_length(), "unknown", "truncated"),
    "reset": (faults.reset(), "unknown", "reset"),
    "slow": (faults.slow(), "unknown", "timeout_read"),
    "loop": (faults.loop(), "unknown", "redirect_loop"),
    "endless": (faults.endless(), "answers", ""),
    "private": (faults.redirect("http://10.0.0.1/f.csv"), "unknown", "refused_address"),
}


@pytest.mark.parametrize("name", GETS)
def test_what_a_first_try_says(portal: Portal, dataset: Dataset, name: str) -> None:
    answer, state, cause = GETS[name]
    portal.put("/f.csv", answer)
    assert one(portal, dataset, **patience(name)) == (state, cause)


HEADS = {
    # HEAD, GET → state; how many GETs
    "405 then 200": (faults.status(405), CSV, "answers", 1),
    "200 then 404": (CSV, faults.status(404), "failing", 1),
    "404 then 200": (faults.status(404), CSV, "answers", 1),
    "403 then 200": (faults.status(403), CSV, "answers", 1),
    "500 then 200": (faults.status(500), CSV, "answers", 1),
    "slow then 200": (faults.slow(), CSV, "answers", 1),
    "429 is not insisted upon": (faults.status(429), CSV, "unknown", 0),
}


@pytest.mark.parametrize("name", HEADS)
def test_get_is_what_counts(portal: Portal, dataset: Dataset, name: str) -> None:
    head, get, state, gets = HEADS[name]
    portal.put("/f.csv", get, head=head)
    assert one(portal, dataset, **patience(name))[0] == state
    assert sum(seen.method == "GET" and seen.path == "/f.csv" for seen in portal.seen) == gets


def test_a_nice_head_is_enough_for_a_file_that_answered_before(portal: Portal, dataset: Dataset) -> None:
    portal.put("/f.csv", CSV)
    first = probe(portal.url, dataset.id)
    portal.forget()
    probe(portal.url, dataset.id, facts=first.facts, day=DAY + timedelta(days=1))
    assert [seen.method for seen in portal.seen if seen.path == "/f.csv"] == ["HEAD"]


@pytest.mark.parametrize("head", [TINY, faults.answer(b"", content_type="text/csv"), faults.status(500)])
def test_a_head_that_is_not_nice_is_followed_by_a_get(portal: Portal, dataset: Dataset, head: faults.Fault) -> None:
    portal.put("/f.csv", CSV)
    first = probe(portal.url, dataset.id)
    portal.put("/f.csv", faults.status(404), head=head)
    assert one(portal, dataset, facts=first.facts)[0] == "failing"


def test_a_file_is_said_unreachable_on_the_second_day(portal: Portal, dataset: Dataset) -> None:
    portal.put("/f.csv", faults.status(404))
    first = probe(portal.url, dataset.id)
    again = probe(portal.url, dataset.id, facts=first.facts)
    second = probe(portal.url, dataset.id, facts=first.facts, day=DAY + timedelta(days=1))
    assert [s.facts["probes"]["failing"] for s in (first, again, second)] == [["f.csv"], ["f.csv"], []]
    assert second.facts["probes"]["failed"] == ["f.csv"]
    assert digest(first.facts) == digest(again.facts) != digest(second.facts)


def test_a_missed_try_changes_nothing_for_a_week(portal: Portal, dataset: Dataset) -> None:
    portal.put("/f.csv", CSV)
    first = probe(portal.url, dataset.id)
    portal.put("/f.csv", faults.status(403))
    missed = probe(portal.url, dataset.id, facts=first.facts, day=DAY + timedelta(days=7))
    late = probe(portal.url, dataset.id, facts=first.facts, day=DAY + timedelta(days=8))
    assert digest(missed.facts) == digest(first.facts)
    assert (late.facts["probes"]["answered"], late.facts["probes"]["unknown"]) == (0, 1)


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("ftp://ftp.exemple.fr/f.zip", "bad_address"),
        ("fichier.csv", "bad_address"),
        ("http:///f.csv", "bad_address"),
        ("", "bad_address"),
        ("http://[::1/f.csv", "bad_address"),
        ("https://données-mortes.exemple/f.csv", "dns"),
        ("http://169.254.169.254/latest/meta-data", "refused_address"),
        ("http://192.168.1.1/f.csv", "refused_address"),
        ("http://2130706433/f.csv", "refused_address"),
    ],
)
def test_an_address_that_leads_nowhere_is_no_observation(portal: Portal, url: str, cause: str) -> None:
    dataset = portal.catalogue.datasets.add("Jeu", resources=[{"url": url}])
    assert one(portal, dataset) == ("unknown", cause)


def test_a_file_on_a_private_address_is_never_asked(portal: Portal) -> None:
    with Canary() as canary:
        dataset = portal.catalogue.datasets.add("Jeu", resources=[{"url": f"http://127.0.0.1:{canary.port}/f.csv"}])
        assert one(portal, dataset) == ("unknown", "refused_address")
        assert canary.check() == 0


def test_spaces_and_accents_in_an_address_are_encoded(portal: Portal) -> None:
    portal.put("/un%20fichier%20%C3%A9.csv", CSV)
    dataset = portal.catalogue.datasets.add("Jeu", resources=[{"url": " BASE/un fichier é.csv "}])
    portal.fail("/un fichier", faults.status(404))
    assert one(portal, dataset) == ("answers", "")


def test_the_sample_is_bounded_and_the_same_every_day(portal: Portal) -> None:
    many = portal.catalogue.datasets.add("Jeu", resources=[{"type": "documentation"}, *[{}] * 37])
    first, second = (probe(portal.url, many.id).facts["probes"] for _ in range(2))
    assert (first["tried"], first["total"], first["answered"]) == (5, 37, 5)
    assert first == second
    assert portal.count("/resources/") == 2


def test_a_file_added_to_the_list_leaves_the_sample_as_it_was() -> None:
    files = [File(f"id-{n}", f"f{n}", "", "csv") for n in range(40)]
    before = sample(files, 5)
    after_ = sample([files[0], File("new", "new", "", "csv"), *reversed(files[1:])], 5)
    assert len(set(before) - set(after_)) <= 1


def test_without_any_main_file_nothing_is_tried(portal: Portal) -> None:
    dataset = portal.catalogue.datasets.add("Jeu", resources=[{"type": "api"}])
    assert probe(portal.url, dataset.id).facts["probes"]["tried"] == 0


BAD_LISTS = {
    "down": faults.status(500),
    "busy": faults.status(429),
    "web page": faults.html(),
    "not a list": faults.answer(b"{}"),
    "null": faults.answer(b"null"),
    "cut": faults.truncated_json(),
}


@pytest.mark.parametrize("name", BAD_LISTS)
def test_a_list_that_cannot_be_read_repeats_what_was_known(portal: Portal, dataset: Dataset, name: str) -> None:
    portal.put("/f.csv", CSV)
    first = probe(portal.url, dataset.id)
    portal.fail("/resources/", BAD_LISTS[name])
    assert probe(portal.url, dataset.id, facts=first.facts).facts == first.facts
    sighting = probe(portal.url, dataset.id)
    assert sighting.outcome is Outcome.FOUND
    assert "probes" not in sighting.facts


@pytest.mark.parametrize("row", ["null", "1", "{}", '{"id": 3}', '{"id": ""}', "[]"])
def test_odd_rows_of_a_list_are_left_out(row: str) -> None:
    answer = Answer(200, body=b'{"data": [{"id": "x", "url": null, "title": ["a"], "format": 1}, %s]}' % row.encode())
    assert read_list(answer) == ([File("x", "x", "", "")], 1)


def test_what_was_not_asked_for_is_not_done_and_what_was_known_stays(portal: Portal, dataset: Dataset) -> None:
    portal.put("/f.csv", CSV)
    first = probe(portal.url, dataset.id)
    portal.forget()
    target = Target("only", DATASET, dataset.id, facts=first.facts)
    later = asyncio.run(ask([target], settings(portal.url), portal.url))["only"]
    assert portal.count() == 1
    assert digest(later.facts) == digest(first.facts)


def test_a_server_of_files_that_complains_costs_no_record_its_turn(portal: Portal) -> None:
    busy = {"url": "BASE/peer-files/too-many.csv"}
    shelf = [portal.catalogue.datasets.add(f"Jeu {n}", resources=[busy] * 3) for n in range(20)]
    targets = [Target(record.id, DATASET, record.id, probe=True) for record in shelf]
    found = asyncio.run(ask(targets, settings(portal.url), portal.url))
    assert {sighting.outcome for sighting in found.values()} == {Outcome.FOUND}


def test_no_probe_begins_after_its_time(portal: Portal, dataset: Dataset) -> None:
    target = Target("only", DATASET, dataset.id, probe=True)
    late = AskSettings(seconds=-1)
    sighting = asyncio.run(ask([target], settings(portal.url), portal.url, settings=late))["only"]
    assert "probes" not in sighting.facts
    assert portal.count("f.csv") == 0


# --- memory -------------------------------------------------------------------------------------------------------

YESTERDAY = DAY - timedelta(days=1)
MEMORY = [
    (State.ANSWERS, Told(), Told(State.ANSWERS, DAY)),
    (State.ANSWERS, Told(State.FAILED, YESTERDAY), Told(State.ANSWERS, DAY)),
    (State.FAILED, Told(), Told(State.FAILING, DAY)),
    (State.FAILED, Told(State.ANSWERS, YESTERDAY), Told(State.FAILING, DAY)),
    (State.FAILED, Told(State.FAILING, DAY), Told(State.FAILING, DAY)),
    (State.FAILED, Told(State.FAILING, YESTERDAY), Told(State.FAILED, DAY)),
    (State.FAILED, Told(State.FAILED, YESTERDAY), Told(State.FAILED, YESTERDAY)),
    (State.FAILED, Told(State.FAILED, DAY - timedelta(days=4)), Told(State.FAILED, DAY)),
    (State.ANSWERS, Told(State.ANSWERS, DAY - timedelta(days=3)), Told(State.ANSWERS, DAY - timedelta(days=3))),
    (State.ANSWERS, Told(State.ANSWERS, DAY - timedelta(days=4)), Told(State.ANSWERS, DAY)),
    (State.FAILED, Told(State.FAILING, DAY - timedelta(days=8)), Told(State.FAILING, DAY)),
    (State.UNKNOWN, Told(State.FAILING, YESTERDAY), Told(State.FAILING, YESTERDAY)),
    (State.UNKNOWN, Told(State.ANSWERS, DAY - timedelta(days=8)), Told()),
    (State.UNKNOWN, Told(State.ANSWERS, DAY + timedelta(days=1)), Told()),  # the clock went back
]


@pytest.mark.parametrize(("now", "before", "expected"), MEMORY)
def test_one_failure_is_not_believed_and_a_missed_try_forgets_nothing_at_once(
    now: State, before: Told, expected: Told
) -> None:
    assert after(now, before, DAY) == expected


@pytest.mark.parametrize("stored", [None, "x", {}, {"state": "x", "on": "2026-11-24"}, {"state": "answers", "on": 3}])
def test_odd_memories_are_no_memory(stored: object) -> None:
    assert Told.read(stored) == Told()


# --- as the seeded peer serves them ---------------------------------------------------------------------------------


@pytest.fixture(params=["loopback", pytest.param("real", marks=pytest.mark.portal)])
def url(request: pytest.FixtureRequest, portal: Portal) -> str:
    seed_like_peer(portal)
    return portal.url if request.param == "loopback" else REAL


def by_name(sighting: Sighting) -> dict[str, tuple[str, str]]:
    return {row["name"].partition("-")[2]: (row["state"], row["cause"]) for row in sighting.facts["probes"]["files"]}


def test_the_files_of_record_22(url: str) -> None:
    sighting = probe(url, oid(22), read=1, total=2)
    # The real one is slow for twenty seconds, then answers: which is no observation either.
    assert by_name(sighting) == {
        "22-0.csv": ("failing", ""),
        "22-1.csv": ("answers", ""),
        "22-2.csv": ("unknown", "timeout_read"),
    }
    assert sighting.facts["probes"]["total"] == 3


def test_the_odd_files_of_record_26(url: str) -> None:
    sighting = probe(url, oid(26))
    found = by_name(sighting)
    expected = {
        "26-0.csv": ("unknown", "dns"),
        "26-1.csv": ("unknown", "bad_address"),
        "26-2.csv": ("answers", ""),
        "26-3.csv": ("answers", ""),
        "26-4.csv": ("unknown", "html"),
        "26-5.csv": ("unknown", "http_429"),
    }
    backoff = ("unknown", "host_backoff")  # for what comes after the file that asks for a pause
    assert len(found) == 5
    assert all(state in (expected[name], backoff) for name, state in found.items())
    assert (sighting.facts["probes"]["failed"], sighting.facts["probes"]["failing"]) == ([], [])
    assert sighting.facts["probes"]["total"] == 6
