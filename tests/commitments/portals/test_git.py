"""Repositories: public or not, empty or not, as git would say; then what their forge says of them."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from commitments.findings import Facts, Outcome, Sighting
from commitments.portals import AskSettings, Target, ask
from commitments.portals.addresses import AddressError
from commitments.portals.digests import digest
from commitments.portals.git import repository
from tests.commitments.portals.helpers import names, patience, settings
from tests.portal import faults, forges
from tests.portal.forges import SHA, advertised, message, put_github, put_gitlab, put_repository
from tests.portal.server import Portal

DAY = date(2026, 11, 24)
TOKEN = "secret-of-github"


@pytest.fixture
def elsewhere() -> Iterator[Portal]:
    """A second place: the forge's API, the archive, or a stranger."""
    with Portal() as server:
        yield server


def look(
    forge: Portal,
    url: str,
    *,
    api: Portal | None = None,
    probe: bool = True,
    heritage: bool = False,
    facts: Facts | None = None,
    etag: str = "",
    day: date = DAY,
    token: str = "",
    **changes: Any,
) -> Sighting:
    """One sighting of a repository; ``api`` makes its place a GitHub."""
    place = urlsplit(forge.url).netloc
    asking = AskSettings(
        github={place: api.url} if api else {},
        tokens={place: token} if token else {},
        heritage=(api or forge).url,
        today=day,
    )
    target = Target("only", "git", url=url, facts=facts or {}, etag=etag, probe=probe, heritage=heritage)
    trusted = [forge.url, *([api.url] if api else [])]
    door = settings(*trusted, **changes)
    return asyncio.run(ask([target], door, forge.url, settings=asking, lookup=names()))["only"]


# --- addresses ----------------------------------------------------------------------------------------------------

ADDRESSES = {
    "https://github.com/etalab/x": "https://github.com/etalab/x",
    " https://github.com/etalab/x.git/ ": "https://github.com/etalab/x",
    "https://GitHub.com/etalab/x?tab=readme#top": "https://github.com/etalab/x",
    "https://github.com/etalab/x/tree/main/src": "https://github.com/etalab/x",
    "https://gitlab.adullact.net/dgfip/cadastre/x": "https://gitlab.adullact.net/dgfip/cadastre/x",
    "https://gitlab.com/a/b/c/-/tree/main": "https://gitlab.com/a/b/c",
    "https://git.exemple.fr:8443/a/b": "https://git.exemple.fr:8443/a/b",
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_an_address_is_cut_to_its_repository(url: str) -> None:
    assert repository(url).url == ADDRESSES[url]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://gitlab.adullact.net/dgfip", "groupe ou d'un compte"),
        ("https://github.com/etalab/", "groupe ou d'un compte"),
        ("https://github.com/", "n'est pas l'adresse d'un dépôt"),
        ("ssh://git@github.com/etalab/x", "n'est pas l'adresse https d'un dépôt"),
        ("git@github.com:etalab/x.git", "n'est pas l'adresse https d'un dépôt"),
        ("ext::sh -c true", "n'est pas l'adresse https d'un dépôt"),
        ("file:///etc/passwd", "n'est pas l'adresse https d'un dépôt"),
        ("https://nom:secret@github.com/etalab/x", "n'est pas l'adresse https d'un dépôt"),
        ("https://github.com/etalab/../x", "n'est pas l'adresse d'un dépôt"),
        ("https://github.com/etalab/--upload-pack=x y", "n'est pas l'adresse d'un dépôt"),
        ("https://[::1/a/b", "n'est pas une adresse web"),
    ],
)
def test_what_is_no_repository_says_so(url: str, why: str) -> None:
    with pytest.raises(AddressError, match=why):
        repository(url)


def test_only_https_is_asked_but_where_the_operator_says(portal: Portal) -> None:
    sighting = look(portal, "http://exemple.fr/a/b")
    assert (sighting.cause, "seul https" in sighting.detail) == ("bad_address", True)


# --- references ---------------------------------------------------------------------------------------------------


def test_a_repository_with_something_in_it(portal: Portal) -> None:
    sighting = look(portal, put_repository(portal, "a/b"), probe=False)
    assert sighting.outcome is Outcome.FOUND
    assert sighting.facts == {
        "commits": True,
        "default_branch": "main",
        "head": SHA,
        "refs": 2,
        "renamed_to": None,
        "archived_at_swh": None,
    }


def test_an_empty_repository(portal: Portal) -> None:
    facts = look(portal, put_repository(portal, "a/b", {}), probe=False).facts
    assert (facts["commits"], facts["head"], facts["refs"]) == (False, None, 0)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("commits", [0, 1])
def test_we_read_what_git_writes_as_git_reads_it(portal: Portal, tmp_path: Path, commits: int) -> None:
    def git(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "x",
            "GIT_AUTHOR_EMAIL": "x@example.org",
            "GIT_COMMITTER_NAME": "x",
            "GIT_COMMITTER_EMAIL": "x@example.org",
        }
        return subprocess.run(["git", *arguments], env=environment, cwd=tmp_path, capture_output=True, check=check)

    git("init", "-q", "-b", "principale", "work")
    for _ in range(commits):
        git("-C", "work", "commit", "-q", "--allow-empty", "-m", "x")
        git("-C", "work", "tag", "-a", "v1", "-m", "x")
    written = git("upload-pack", "--stateless-rpc", "--http-backend-info-refs", "work").stdout
    url = put_repository(portal, "a/b", forges.line("# service=git-upload-pack\n") + b"0000" + written)
    facts = look(portal, url, probe=False).facts
    told = git("ls-remote", "--exit-code", url, check=False)
    assert told.returncode == (0 if commits else 2)
    references = dict(reversed(row.split("\t")) for row in told.stdout.decode().splitlines())
    assert facts["commits"] is bool(commits)
    assert facts["head"] == references.get("HEAD")
    assert facts["refs"] == len([name for name in references if name != "HEAD" and not name.endswith("^{}")])
    if commits:  # of an empty repository, git may or may not say which branch it waits for
        assert facts["default_branch"] == "principale"


ANSWERS: dict[str, tuple[faults.Fault, Outcome, str]] = {
    "404": (faults.status(404), Outcome.ABSENT, ""),
    "410": (faults.status(410), Outcome.GONE, ""),
    "401": (faults.status(401), Outcome.NO_OBSERVATION, "http_401"),
    "403": (faults.status(403), Outcome.NO_OBSERVATION, "http_403"),
    "429": (faults.status(429), Outcome.NO_OBSERVATION, "http_429"),
    "451": (faults.status(451), Outcome.NO_OBSERVATION, "http_451"),
    "500": (faults.status(500), Outcome.NO_OBSERVATION, "http_5xx"),
    "page": (faults.html(), Outcome.NO_OBSERVATION, "not_a_repository"),
    "page in disguise": (
        faults.answer(faults.PAGE, content_type=forges.ADVERTISEMENT),
        Outcome.NO_OBSERVATION,
        "not_a_repository",
    ),
    "refused in words": (
        faults.answer(
            forges.line("# service=git-upload-pack\n") + b"0000" + forges.line("ERR no"),
            content_type=forges.ADVERTISEMENT,
        ),
        Outcome.NO_OBSERVATION,
        "not_a_repository",
    ),
    "cut": (
        faults.answer(advertised(forges.REFS)[:-20], content_type=forges.ADVERTISEMENT),
        Outcome.NO_OBSERVATION,
        "not_a_repository",
    ),
    "no length": (
        faults.answer(b"zzzz", content_type=forges.ADVERTISEMENT),
        Outcome.NO_OBSERVATION,
        "not_a_repository",
    ),
    "empty": (faults.answer(b"", content_type=forges.ADVERTISEMENT), Outcome.NO_OBSERVATION, "not_a_repository"),
    "slow": (faults.slow(), Outcome.NO_OBSERVATION, "timeout_read"),
    "reset": (faults.reset(), Outcome.NO_OBSERVATION, "reset"),
    "private": (faults.redirect("http://10.0.0.1/a/b"), Outcome.NO_OBSERVATION, "refused_address"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_not_a_list_of_references(portal: Portal, name: str) -> None:
    answer, outcome, cause = ANSWERS[name]
    portal.put("/a/b/info/refs", answer)
    sighting = look(portal, f"{portal.url}/a/b", probe=False, **patience(name))
    assert (sighting.outcome, sighting.cause) == (outcome, cause)
    assert bool(sighting.detail) == bool(cause)


def test_a_list_too_long_is_cut_and_not_counted(portal: Portal) -> None:
    many = forges.REFS | {f"refs/heads/branche-{n}": SHA for n in range(6000)}
    facts = look(portal, put_repository(portal, "a/b", many), probe=False).facts
    assert (facts["commits"], facts["refs"]) == (True, None)


def test_a_renamed_repository_is_followed_and_told(portal: Portal) -> None:
    put_repository(portal, "new/b.git")
    portal.put("/old/b/info/refs", faults.redirect("/new/b.git/info/refs?service=git-upload-pack", 301))
    assert look(portal, f"{portal.url}/old/b", probe=False).facts["renamed_to"] == f"{portal.url}/new/b"
    portal.put("/new/b/info/refs", faults.redirect("/new/b.git/info/refs?service=git-upload-pack", 301))
    assert look(portal, f"{portal.url}/new/b", probe=False).facts["renamed_to"] is None


# --- forges -------------------------------------------------------------------------------------------------------


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


# --- Software Heritage ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "before", "expected"),
    [
        (faults.answer(b'{"url": "x"}'), None, True),
        (message("Origin not found"), True, False),
        (faults.status(429), True, True),
        (faults.status(503), None, None),
        (faults.html(), False, False),
    ],
)
def test_an_archived_copy_is_told_for_information(
    portal: Portal, elsewhere: Portal, answer: faults.Fault, before: bool | None, expected: bool | None
) -> None:
    url = put_repository(portal, "a/b")
    put_github(elsewhere, "a/b")
    elsewhere.fail("/origin/", answer)
    known = {"commits": True, "archived_at_swh": before}
    assert look(portal, url, api=elsewhere, heritage=True, facts=known).facts["archived_at_swh"] is expected
    assert elsewhere.seen[-1].path == f"/api/1/origin/{url}/get/"
