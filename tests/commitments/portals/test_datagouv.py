"""What becomes of a record, and of the portal, as a sighting."""

import asyncio
from typing import Any

import orjson
import pytest

from commitments.findings import Outcome, Sighting
from commitments.portals import Target, ask
from commitments.portals.causes import Cause
from tests.commitments.portals.helpers import DATASERVICE, DATASET, look, patience, settings
from tests.portal import faults
from tests.portal.server import Portal

FAULTS: dict[str, tuple[faults.Fault, str]] = {
    "401": (faults.status(401), "http_401"),
    "403": (faults.status(403), "http_403"),
    "429": (faults.status(429), "http_429"),
    "500": (faults.status(500), "http_5xx"),
    "502": (faults.status(502), "http_5xx"),
    "503": (faults.status(503, retry_after=2), "http_5xx"),
    "504": (faults.status(504), "http_5xx"),
    "400": (faults.status(400), "foreign_status"),
    "204": (faults.status(204, body=b""), "foreign_status"),
    "451": (faults.status(451), "http_451"),
    "unasked 304": (faults.status(304, body=b""), "foreign_status"),
    "html": (faults.html(), "html"),
    "html said json": (faults.answer(faults.PAGE), "html"),
    "html 404": (faults.status(404), "html"),
    "html 410": (faults.status(410), "html"),
    "404 of another route": (faults.answer(b'{"error": "x", "status": 404}', 404), "unexpected_shape"),
    "empty 404": (faults.answer(b"{}", 404), "unexpected_shape"),
    "empty 200": (faults.answer(b""), "not_json"),
    "truncated": (faults.truncated_json(), "not_json"),
    "wrong content type": (faults.answer(b'{"id": 1}', content_type="text/plain"), "not_json"),
    "NaN": (faults.answer(b'{"id": NaN}'), "not_json"),
    "lone surrogate": (faults.answer(b'{"id": "\\ud800"}'), "not_json"),
    "too deep": (faults.answer(b"[" * 10_000 + b"]" * 10_000), "not_json"),
    "not UTF-8": (faults.answer(b'{"id": "\xff"}'), "not_json"),
    "a list": (faults.answer(b"[]"), "unexpected_shape"),
    "null": (faults.answer(b"null"), "unexpected_shape"),
    "no id": (faults.answer(b'{"title": "x"}'), "unexpected_shape"),
    "wrong length": (faults.wrong_length(), "truncated"),
    "reset": (faults.reset(), "reset"),
    "slow": (faults.slow(), "timeout_read"),
    "bomb": (faults.bomb(20), "too_large"),
    "loop": (faults.loop(), "redirect_loop"),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("kind", [DATASET, DATASERVICE])
def test_a_portal_in_trouble_gives_no_observation(portal: Portal, name: str, kind: str) -> None:
    fault, cause = FAULTS[name]
    record = portal.catalogue.datasets.add("Jeu") if kind == DATASET else portal.catalogue.dataservices.add("API")
    portal.fail("", fault)
    sighting = look(portal.url, kind, record.id, **patience(name))
    assert (sighting.outcome, sighting.cause) == (Outcome.NO_OBSERVATION, cause)
    assert sighting.detail
    assert sighting.facts == {}
    portal.recover()
    assert look(portal.url, kind, record.id).outcome is Outcome.FOUND


def test_causes_quote_the_status(portal: Portal) -> None:
    portal.fail("", faults.status(429, retry_after=7))
    sighting = look(portal.url, DATASET, "x")
    assert sighting.detail == "le portail répond 429 : trop de requêtes"
    assert sighting.retry_after == 7
    portal.fail("", faults.status(503))
    assert look(portal.url, DATASET, "x").detail == "le portail répond 503 : il est en erreur"


def test_what_can_happen_to_a_record(portal: Portal) -> None:
    """Deleted, restored, private, archived, renamed, purged, created again: each is seen for what it is."""
    shelf = portal.catalogue.datasets
    record = shelf.add("Carte scolaire")

    def outcome(name: str = record.id) -> Outcome:
        return look(portal.url, DATASET, name).outcome

    shelf.delete(record.id)
    assert outcome() is Outcome.GONE
    shelf.restore(record.id)
    assert outcome() is Outcome.FOUND
    shelf.make_private(record.id)
    assert outcome() is Outcome.ABSENT
    shelf.make_private(record.id, private=False)
    shelf.archive(record.id)
    assert look(portal.url, DATASET, record.id).facts["archived"] == "2023-01-31"
    shelf.unarchive(record.id)
    shelf.rename(record.id, "Sectorisation des collèges")
    by_old_slug = look(portal.url, DATASET, "carte-scolaire")
    assert by_old_slug.identifier == record.id
    assert by_old_slug.facts["slug"] == "sectorisation-des-colleges"
    assert by_old_slug.url.endswith("/sectorisation-des-colleges/")
    other = shelf.add("Carte scolaire")
    # The freed slug now names another record: only the id kept tells them apart.
    assert look(portal.url, DATASET, "carte-scolaire").identifier == other.id
    assert look(portal.url, DATASET, record.id).identifier == record.id
    again = shelf.recreate(record.id)
    assert outcome() is Outcome.ABSENT
    assert look(portal.url, DATASET, "sectorisation-des-colleges").identifier == again.id


def test_an_organization_renamed_or_deleted(portal: Portal) -> None:
    ministry = portal.catalogue.add_organization("Ministère de la Relance")
    record = portal.catalogue.datasets.add("Jeu", organization=ministry)
    portal.catalogue.rename_organization(ministry.id, "Ministère de l'Industrie")
    facts = look(portal.url, DATASET, record.id).facts
    assert (facts["organization_id"], facts["organization_name"]) == (ministry.id, "Ministère de l'Industrie")
    portal.catalogue.delete_organization(ministry.id)
    assert look(portal.url, DATASET, record.id).facts["organization_id"] == ministry.id


def test_another_record_than_the_one_asked_for_is_no_observation(portal: Portal) -> None:
    asked, other = (portal.catalogue.datasets.add(title) for title in ("Demandé", "Autre"))
    portal.fail(asked.id, faults.redirect(f"/api/2/datasets/{other.id}/", 308))
    sighting = look(portal.url, DATASET, asked.id)
    assert (sighting.outcome, sighting.cause) == (Outcome.NO_OBSERVATION, "identity")


def test_another_site_is_not_believed(portal: Portal) -> None:
    """A maintenance page elsewhere may well answer 404 or 410 in JSON."""
    with Portal() as other:
        portal.fail("", faults.redirect(other.url.replace("127.0.0.1", "localhost") + "/api/2/datasets/x/"))
        chosen = settings(portal.url, other.url.replace("127.0.0.1", "localhost"))
        sighting = asyncio.run(ask([Target(1, DATASET, "x")], chosen, portal.url))[1]
        assert (sighting.outcome, sighting.cause) == (Outcome.NO_OBSERVATION, "foreign_host")


def test_an_etag_is_sent_with_the_facts_it_stood_for(portal: Portal) -> None:
    record = portal.catalogue.datasets.add("Jeu")
    found = look(portal.url, DATASET, record.id)
    portal.fail("", faults.status(304, body=b"", ETag='"v1"'))
    again = look(portal.url, DATASET, record.id, facts=found.facts, etag='"v1"')
    assert portal.seen[-1].headers["if-none-match"] == '"v1"'
    assert (again.outcome, again.facts, again.etag) == (Outcome.FOUND, found.facts, '"v1"')
    assert again.identifier == record.id
    assert look(portal.url, DATASET, record.id, etag='"v1"').cause == "foreign_status"
    assert "if-none-match" not in portal.seen[-1].headers


def test_endless_addresses_and_etags_fit_their_columns(portal: Portal) -> None:
    record = portal.catalogue.datasets.add("Jeu")
    portal.fail(record.id, faults.redirect("/elsewhere/?" + "x" * 3000))
    portal.fail("elsewhere", faults.answer(b'{"message": "x"}', 404, ETag=f'"{"x" * 3000}"'))
    sighting = look(portal.url, DATASET, record.id)
    assert (len(sighting.url), sighting.etag) == (1000, "")


def test_what_is_asked_and_kept(portal: Portal) -> None:
    record = portal.catalogue.datasets.add("Jeu", owner=True)
    sighting = look(portal.url, DATASET, record.id)
    request = portal.seen[0]
    assert request.path == f"/api/2/datasets/{record.id}/"
    assert request.headers["accept"] == "application/json"
    assert "x-api-key" not in request.headers
    assert orjson.loads(sighting.evidence)["id"] == record.id
    # A person publishes it; who it is never reaches us.
    assert sighting.facts["owned_by_person"] is True
    assert b"Lovelace" not in sighting.evidence
    assert b"description" not in sighting.evidence


def test_one_bad_target_costs_the_others_nothing(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = portal.catalogue.datasets
    good = [shelf.add(f"Jeu {n}") for n in range(30)]
    shelf[good[3].id].broken = "organization"
    portal.fail(good[5].id, faults.reset(), times=2)
    targets = [Target(record.id, DATASET, record.id) for record in good]
    targets += [
        Target("ckan", "ckan", url="https://ckan.exemple.fr/dataset/x"),
        Target("page", DATASET, url="https://exemple.fr/"),
        Target("slug", DATASET, url="https://www.data.gouv.fr/fr/datasets/jeu-7/"),
    ]
    told: list[tuple[Any, Outcome]] = []

    def tell(target: Target, sighting: Sighting) -> None:
        told.append((target.key, sighting.outcome))

    found = asyncio.run(ask(targets, settings(portal.url), portal.url, on_sighting=tell))
    assert list(found) == [target.key for target in targets]
    assert len(told) == len(targets)
    bad = {key: sighting.cause for key, sighting in found.items() if sighting.cause}
    assert bad == {
        good[3].id: Cause.HTTP_5XX,
        good[5].id: Cause.RESET,
        "ckan": Cause.UNKNOWN_PORTAL,
        "page": Cause.BAD_ADDRESS,
    }
    assert found["page"].detail == "« https://exemple.fr/ » n'est pas une page de www.data.gouv.fr"
    assert found["slug"].identifier == good[7].id


def test_a_bug_of_ours_is_no_observation_either(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    record = portal.catalogue.datasets.add("Jeu")
    monkeypatch.setattr("commitments.portals.datagouv.read", lambda *_, **__: 1 / 0)
    assert look(portal.url, DATASET, record.id).cause == "internal"


def test_a_portal_that_asks_for_a_pause_is_left_alone(portal: Portal) -> None:
    portal.fail("", faults.status(429, retry_after=600))
    targets = [Target(n, DATASET, f"jeu-{n}") for n in range(100)]
    found = asyncio.run(ask(targets, settings(portal.url), portal.url))
    causes = [sighting.cause for sighting in found.values()]
    assert portal.count() <= 4
    assert set(causes) == {"http_429", "host_backoff"}
    assert {sighting.retry_after for sighting in found.values()} == {600}


def test_nothing_to_ask() -> None:
    assert asyncio.run(ask([], settings(), "http://127.0.0.1:9")) == {}
