"""What a repository's forge says of it: licence, archived, renamed, absent or private; and its silences."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from commitments.findings import Outcome
from commitments.portals import AskSettings, Target, ask
from commitments.portals.digests import digest
from tests.commitments.portals.helpers import settings
from tests.commitments.portals.repositories import DAY, look
from tests.portal import faults
from tests.portal.forges import message, put_github, put_gitlab, put_repository
from tests.portal.server import Portal

TOKEN = "secret-of-github"


def test_what_github_says(portal: Portal, elsewhere: Portal) -> None:
    put_github(elsewhere, "a/b", archived=True)
    facts = look(portal, put_repository(portal, "a/b"), api=elsewhere).facts
    assert {name: facts[name] for name in ("forge", "license", "archived", "last_activity", "forge_on")} == {
        "forge": "github",
        "license": "MIT",
        "archived": True,
        "last_activity": "2026-11",
        "forge_on": "2026-11-24",
    }


def test_what_gitlab_says(portal: Portal) -> None:
    put_gitlab(portal, "a/b/c")
    facts = look(portal, put_repository(portal, "a/b/c")).facts
    assert (facts["forge"], facts["license"], facts["archived"], facts["last_activity"]) == (
        "gitlab",
        "agpl-3.0",
        False,
        "2026-10",
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [(None, "none"), ({"spdx_id": "NOASSERTION"}, "NOASSERTION"), ({"spdx_id": None}, "NOASSERTION")],
)
def test_no_licence_is_told_from_one_that_the_forge_does_not_know(
    portal: Portal, elsewhere: Portal, said: Any, expected: str
) -> None:
    put_github(elsewhere, "a/b", license=said)
    assert look(portal, put_repository(portal, "a/b"), api=elsewhere).facts["license"] == expected


@pytest.mark.parametrize("answer", [faults.html(), faults.status(404), faults.answer(b"[]"), faults.status(500)])
def test_any_other_forge_gives_its_references_only(portal: Portal, answer: faults.Fault) -> None:
    portal.fail("/api/v4/", answer)
    facts = look(portal, put_repository(portal, "a/b")).facts
    assert facts["commits"] is True
    assert not {"forge", "license", "archived"} & set(facts)


def test_a_repository_renamed_for_the_api_alone_is_told_too(portal: Portal, elsewhere: Portal) -> None:
    elsewhere.put("/repos/a/b", faults.redirect("/repositories/7", 301))
    put_github(elsewhere, "new/b", at="x")
    elsewhere.put("/repositories/7", elsewhere.place("GET", "/repos/x", ""))
    assert look(portal, put_repository(portal, "a/b"), api=elsewhere).facts["renamed_to"] == "https://github.com/new/b"


def test_a_token_is_sent_to_its_forge_and_to_no_one_else(portal: Portal, elsewhere: Portal) -> None:
    with Portal() as stranger:
        put_github(stranger, "a/b")
        elsewhere.put("/repos/a/b", faults.redirect(f"{stranger.url}/repos/a/b"))
        url = put_repository(portal, "a/b")
        allow = frozenset({urlsplit(stranger.url).netloc})
        look(portal, url, api=elsewhere, token=TOKEN, heritage=True, allow=allow)
        assert [seen.headers.get("authorization") for seen in elsewhere.seen if "/repos/" in seen.path] == [
            f"Bearer {TOKEN}"
        ]
        everything = [*stranger.seen, *portal.seen, *(s for s in elsewhere.seen if "/origin/" in s.path)]
        assert len(everything) == 3
        assert not [seen for seen in everything if TOKEN in str(seen.headers)]
    assert TOKEN not in repr(AskSettings(tokens={"github.com": TOKEN}))


def test_an_unchanged_record_is_not_sent_again(portal: Portal, elsewhere: Portal) -> None:
    put_github(elsewhere, "a/b", etag='"v1"')
    url = put_repository(portal, "a/b")
    first = look(portal, url, api=elsewhere)
    assert first.etag == '"v1"'
    second = look(portal, url, api=elsewhere, facts=first.facts, etag=first.etag, day=DAY + timedelta(days=4))
    assert elsewhere.seen[-1].headers["if-none-match"] == '"v1"'
    assert (second.facts["license"], second.facts["forge_on"], second.etag) == ("MIT", "2026-11-28", '"v1"')
    assert digest(first.facts) == digest(second.facts)


REFUSALS = {
    "quota": message("API rate limit exceeded", 403, X_RateLimit_Remaining="0"),
    "too many": message("slow down", 429, Retry_After="60"),
    "down": faults.status(503),
    "page": faults.html(),
    "odd": faults.answer(b'{"full_name": 3}'),
    "legal": message("DMCA", 451),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_forge_that_says_nothing_leaves_what_was_known_for_a_month(
    portal: Portal, elsewhere: Portal, name: str
) -> None:
    put_github(elsewhere, "a/b")
    url = put_repository(portal, "a/b")
    first = look(portal, url, api=elsewhere)
    elsewhere.fail("", REFUSALS[name])
    soon = look(portal, url, api=elsewhere, facts=first.facts, day=DAY + timedelta(days=31))
    late = look(portal, url, api=elsewhere, facts=first.facts, day=DAY + timedelta(days=32))
    never = look(portal, url, api=elsewhere)
    assert digest(soon.facts) == digest(first.facts)
    assert {sighting.outcome for sighting in (soon, late, never)} == {Outcome.FOUND}
    assert not {"license", "archived"} & (set(late.facts) | set(never.facts))


def test_a_quota_used_up_is_respected_for_the_rest_of_the_batch(portal: Portal, elsewhere: Portal) -> None:
    paths = [f"a/b{n}" for n in range(8)]
    for path in paths:
        put_repository(portal, path)
        put_github(elsewhere, path, left=0)
    place = urlsplit(portal.url).netloc
    targets = [Target(path, "git", url=f"{portal.url}/{path}", probe=True) for path in paths]
    asking = AskSettings(github={place: elsewhere.url}, today=DAY)
    found = asyncio.run(ask(targets, settings(portal.url, elsewhere.url), portal.url, settings=asking))
    assert {sighting.outcome for sighting in found.values()} == {Outcome.FOUND}
    assert elsewhere.count() == 1


def test_between_two_probes_what_the_forge_said_stays(portal: Portal, elsewhere: Portal) -> None:
    put_github(elsewhere, "a/b")
    url = put_repository(portal, "a/b")
    first = look(portal, url, api=elsewhere, heritage=False)
    elsewhere.forget()
    later = look(portal, url, api=elsewhere, probe=False, facts=first.facts, etag='"v1"')
    assert elsewhere.count() == 0
    assert (digest(later.facts), later.etag) == (digest(first.facts), '"v1"')


# --- absent, private, no repository --------------------------------------------------------------------------------


def test_absent_or_private_at_github(portal: Portal, elsewhere: Portal) -> None:
    portal.put("/a/b/info/refs", faults.status(401))
    elsewhere.put("/repos/a/b", message("Not Found"))
    sighting = look(portal, f"{portal.url}/a/b", api=elsewhere, probe=False)
    assert (sighting.outcome, sighting.facts) == (Outcome.ABSENT, {"commits": None})


def test_absent_or_private_at_gitlab(portal: Portal) -> None:
    portal.put("/a/b/info/refs", faults.status(401))
    portal.fail("/api/v4/", message("404 Project Not Found"))
    assert look(portal, f"{portal.url}/a/b").outcome is Outcome.ABSENT


def test_who_are_you_alone_is_no_absence(portal: Portal, elsewhere: Portal) -> None:
    portal.put("/a/b/info/refs", faults.status(401))
    elsewhere.fail("", REFUSALS["quota"])
    sighting = look(portal, f"{portal.url}/a/b", api=elsewhere)
    assert (sighting.outcome, sighting.cause) == (Outcome.NO_OBSERVATION, "http_401")
    assert "privé, ou n'existe pas" in sighting.detail


def test_a_group_of_a_group_is_not_a_repository(portal: Portal) -> None:
    portal.put("/api/v4/projects/dgfip%2Fcadastre", message("404 Project Not Found"))
    portal.put("/api/v4/groups/dgfip%2Fcadastre", faults.answer(b'{"full_path": "dgfip/cadastre"}'))
    portal.put("/dgfip/cadastre/info/refs", faults.status(404))
    sighting = look(portal, f"{portal.url}/dgfip/cadastre")
    assert (sighting.outcome, sighting.cause) == (Outcome.NO_OBSERVATION, "not_a_repository")
    assert "groupe" in sighting.detail
