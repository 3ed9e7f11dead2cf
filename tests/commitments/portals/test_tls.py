"""Certificates are always checked, against the name asked for; https never falls back to http."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commitments.portals.door import Answer
from tests.commitments.portals.helpers import get, names, settings
from tests.portal import faults
from tests.portal.server import Portal

CERTIFICATES = Path(__file__).resolve().parents[2] / "portal" / "certificates"
AUTHORITY = str(CERTIFICATES / "authority.pem")


@pytest.fixture
def secure_portal() -> Iterator[Portal]:
    with Portal(CERTIFICATES / "valid.pem") as server:
        server.fail("", faults.answer(b"{}"))
        yield server


def securely(portal: Portal, host: str = "portail.example", *trusted: str, ca_bundle: str = AUTHORITY) -> Answer:
    place = f"{host}:{portal.port}"
    chosen = settings(*trusted, allow=frozenset({place}), ca_bundle=ca_bundle)
    lookup = names(portail_example=["127.0.0.1"], autre_example=["127.0.0.1"])
    return get(f"https://{place}/", chosen, lookup=lookup)


def test_the_operator_s_own_authority_is_trusted(secure_portal: Portal) -> None:
    """The address is pinned, yet the name is the one that the certificate must bear."""
    assert securely(secure_portal).status == 200


def test_an_unknown_authority_is_refused(secure_portal: Portal) -> None:
    assert securely(secure_portal, ca_bundle="").cause == "tls"
    assert secure_portal.count() == 0


def test_another_name_is_refused(secure_portal: Portal) -> None:
    assert securely(secure_portal, "autre.example").cause == "tls"
    assert secure_portal.count() == 0


def test_an_expired_certificate_is_refused() -> None:
    with Portal(CERTIFICATES / "expired.pem") as server:
        assert securely(server).cause == "tls"


def test_a_server_that_speaks_no_tls(portal: Portal) -> None:
    assert securely(portal).cause == "tls"


def test_a_downgrade_to_http_is_refused(secure_portal: Portal, portal: Portal) -> None:
    portal.fail("", faults.answer(b"{}"))
    secure_portal.fail("", faults.redirect(f"{portal.url}/"))
    answer = securely(secure_portal)
    assert answer.cause == "bad_redirect"
    assert "https vers http" in answer.detail
    assert portal.count() == 0
    # Unless the operator has named that very place.
    assert securely(secure_portal, "portail.example", portal.url).status == 200
