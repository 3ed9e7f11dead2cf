"""Repositories: public or not, empty or not, as git would say."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from commitments.findings import Outcome
from commitments.portals.addresses import AddressError
from commitments.portals.git import repository
from tests.commitments.portals.helpers import patience
from tests.commitments.portals.repositories import look
from tests.portal import faults, forges
from tests.portal.forges import SHA, advertised, put_repository
from tests.portal.server import Portal

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
