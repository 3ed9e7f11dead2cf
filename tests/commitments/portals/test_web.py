"""Plain addresses: they answer or not, under a title; nothing more is claimed of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from commitments.findings import Outcome, Sighting
from commitments.portals import Target, ask
from commitments.portals.digests import digest
from tests.commitments.portals.helpers import names, patience, settings
from tests.portal import faults
from tests.portal.server import Portal

PAGE = "<!doctype html><html><head><title>{}</title></head><body>" + "x" * 200 + "</body></html>"


def page(title: str, code: int = 200, content_type: str = "text/html; charset=utf-8") -> faults.Fault:
    return faults.answer(PAGE.format(title).encode(), code, content_type)


def look(portal: Portal, url: str, base: str = "", **changes: Any) -> Sighting:
    targets = [Target("only", "url", url=url)]
    asking = ask(targets, settings(portal.url, **changes), base or portal.url, lookup=names(carte_exemple=["8.8.8.8"]))
    return asyncio.run(asking)["only"]


ANSWERS: dict[str, tuple[faults.Fault, Outcome, str]] = {
    "page": (page("Carte"), Outcome.FOUND, ""),
    "file": (faults.answer(b"%PDF-1.7", content_type="application/pdf"), Outcome.FOUND, ""),
    "endless": (faults.endless(), Outcome.FOUND, ""),
    "404 page": (page("Rien", 404), Outcome.ABSENT, ""),
    "404 json": (faults.answer(b'{"message": "no"}', 404), Outcome.ABSENT, ""),
    "410 page": (page("Parti", 410), Outcome.GONE, ""),
    "forbidden": (page("Non", 403), Outcome.NO_OBSERVATION, "http_403"),
    "busy": (faults.status(429, retry_after=60), Outcome.NO_OBSERVATION, "http_429"),
    "down": (faults.status(503), Outcome.NO_OBSERVATION, "http_5xx"),
    "legal": (faults.status(451), Outcome.NO_OBSERVATION, "http_451"),
    "firewall": (page("Request Rejected"), Outcome.NO_OBSERVATION, "blocking_page"),
    "firewall without title": (
        faults.answer(b"<html>Access denied</html>", content_type="text/html"),
        Outcome.NO_OBSERVATION,
        "blocking_page",
    ),
    "maintenance": (faults.html(), Outcome.NO_OBSERVATION, "blocking_page"),
    "soft 404": (page("Erreur 404 - Page introuvable"), Outcome.NO_OBSERVATION, "blocking_page"),
    "slow": (faults.slow(), Outcome.NO_OBSERVATION, "timeout_read"),
    "reset": (faults.reset(), Outcome.NO_OBSERVATION, "reset"),
    "loop": (faults.loop(), Outcome.NO_OBSERVATION, "redirect_loop"),
    "private": (faults.redirect("http://169.254.169.254/"), Outcome.NO_OBSERVATION, "refused_address"),
    "home": (faults.redirect("/"), Outcome.NO_OBSERVATION, "redirected_home"),
    "french home": (faults.redirect("/fr/"), Outcome.NO_OBSERVATION, "redirected_home"),
    "elsewhere": (faults.redirect("/carte/nouvelle"), Outcome.FOUND, ""),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_a_page_shows(portal: Portal, name: str) -> None:
    answer, outcome, cause = ANSWERS[name]
    url = portal.put("/carte/ancienne", answer)
    for path in ("/", "/fr/", "/carte/nouvelle"):
        portal.put(path, page("Accueil"))
    sighting = look(portal, url, **patience(name))
    assert (sighting.outcome, sighting.cause) == (outcome, cause)
    assert bool(sighting.detail) == bool(cause)
    assert "fiche" not in sighting.detail


def test_a_title_is_read_whatever_its_clothes(portal: Portal) -> None:
    titles = {
        "/utf8": (page("Carte &amp;\n  r&eacute;seaux"), "Carte & réseaux"),
        "/latin": (
            faults.answer(PAGE.format("Réseaux").encode("latin-1"), content_type="text/html; charset=iso-8859-1"),
            "Réseaux",
        ),
        "/meta": (
            faults.answer(b'<html><meta charset="latin1"><title>R\xe9seaux</title>', content_type="text/html"),
            "Réseaux",
        ),
        "/lie": (
            faults.answer("<html><title>Réseaux</title>".encode(), content_type="text/html; charset=zip"),
            "Réseaux",
        ),
        "/broken": (faults.answer(b"<html><title>R\xff</title>", content_type="text/html"), "R\ufffd"),
        "/none": (faults.answer(b"<html>rien", content_type="text/html"), None),
        "/markup": (page("<script>alert(1)</script>"), "<script>alert(1)</script>"),
        "/long": (page("a" * 9000), "a" * 300),
        "/pdf": (faults.answer(b"<title>x</title>", content_type="application/pdf"), None),
    }
    for path, (answer, expected) in titles.items():
        assert look(portal, portal.put(path, answer)).facts["title"] == expected, path


def test_the_end_of_the_redirects_is_told(portal: Portal) -> None:
    start = portal.put("/a/b", faults.redirect("/c/d?session=1"))
    portal.put("/c/d", page("Carte"))
    facts = look(portal, start).facts
    assert facts == {
        "reachable": True,
        "title": "Carte",
        "content_type": "text/html",
        "final_url": f"{portal.url}/c/d?session=1",
        "final_host": "127.0.0.1",
        "moved_to": None,
    }
    portal.put("/a/b", faults.redirect("/c/d?session=2"))
    portal.put("/c/d", page("Carte du 3 juin"))
    assert digest(look(portal, start).facts) == digest(facts)


@pytest.mark.parametrize(
    ("to", "moved"),
    [
        ("/dataservices/api-balo", True),
        ("/fr/datasets/carte", True),
        ("/dataservices/search", False),
        ("/reuses/carte", False),
    ],
)
def test_an_address_that_leads_to_a_record_proposes_it(portal: Portal, to: str, moved: bool) -> None:
    start = portal.put("/les-api/api-balo", faults.redirect(f"{to}?utm=1"))
    portal.put(to, page("API"))
    assert look(portal, start).facts["moved_to"] == (f"{portal.url}{to}" if moved else None)


def test_a_record_s_page_asked_directly_has_not_moved(portal: Portal) -> None:
    assert look(portal, portal.put("/dataservices/api-balo", page("API"))).facts["moved_to"] is None


@pytest.mark.parametrize("url", ["", "ftp://exemple.fr/", "http://", "javascript:alert(1)", "http://u:p@exemple.fr/"])
def test_what_is_no_web_address_is_not_asked(portal: Portal, url: str) -> None:
    assert look(portal, url).cause == "bad_address"
