"""No request leaves for a private address, however it is written, hidden behind a name or redirected to."""

import asyncio
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.portals.door import Door
from commitments.portals.guard import is_public
from tests.commitments.portals.helpers import PATIENT, get, names, settings
from tests.portal import faults
from tests.portal.server import Canary, Portal

PRIVATE_HOSTS = [
    "127.0.0.1",
    "127.8.8.8",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "0.0.0.0",  # noqa: S104
    "0",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fec0::1]",
    "[fd00::1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::a9fe:a9fe]",
    "[2001:db8::1]",
    "localhost",
    "127.0.0.1.",
]


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_private_hosts_are_refused_and_never_dialled(host: str) -> None:
    with Canary() as canary:
        answer = get(f"http://{host}:{canary.port}/", PATIENT)
        assert answer.cause == "refused_address"
        assert answer.detail
        assert canary.check() == 0


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_a_redirect_to_a_private_host_is_not_followed(portal: Portal, host: str) -> None:
    with Canary() as canary:
        portal.fail("/away/", faults.redirect(f"http://{host}:{canary.port}/secret"))
        answer = get(f"{portal.url}/away/", settings(portal.url))
        assert answer.cause == "refused_address"
        assert answer.hops == (f"{portal.url}/away/",)
        assert canary.check() == 0


def test_a_redirect_to_another_port_of_the_trusted_portal_is_refused(portal: Portal) -> None:
    with Canary() as canary:
        portal.fail("", faults.redirect(f"//127.0.0.1:{canary.port}/"))
        assert get(f"{portal.url}/", settings(portal.url)).cause == "refused_address"
        assert canary.check() == 0


def test_the_canary_does_sing(portal: Portal) -> None:
    """What the tests above rest on: an allowed address does reach it."""
    with Canary() as canary:
        # It takes the connection and never answers.
        get(f"http://127.0.0.1:{canary.port}/", settings(allow=frozenset({f"127.0.0.1:{canary.port}"}), read=1))
        assert canary.check() == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "exemple.fr",
        "//exemple.fr/",
        "ftp://exemple.fr/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://",
        "http:///chemin",
        "http://:80/",
        "http://robot@exemple.fr/",
        "http://robot:secret@exemple.fr/",
        "http://exemple.fr:99999/",
        "http://exemple.fr:0/",
        "http://[::1/",
        "javascript:alert(1)",
        "https://exemple.fr/" + "x" * 5000,
    ],
)
def test_what_is_not_a_web_address_is_refused(url: str) -> None:
    assert get(url, PATIENT).cause == "bad_address"


def test_a_name_that_leads_to_a_private_address_is_refused() -> None:
    with Canary() as canary:
        url = f"http://interne.example:{canary.port}/"
        assert get(url, PATIENT, lookup=names(interne_example=["127.0.0.1"])).cause == "refused_address"
        # One private address among public ones is enough.
        mixed = names(interne_example=["93.184.216.34", "127.0.0.1"])
        assert get(url, PATIENT, lookup=mixed).cause == "refused_address"
        assert canary.check() == 0


def test_a_name_is_resolved_once_and_what_was_checked_is_dialled(portal: Portal) -> None:
    """A name that turns private at its second lookup gets no second lookup."""
    asked: list[str] = []

    async def turncoat(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    async def twice() -> list[int]:
        place = f"portail.example:{portal.port}"
        async with Door(settings(allow=frozenset({place})), lookup=turncoat) as door:
            return [(await door.get(f"http://{place}/api/1/{n}/")).status for n in range(3)]

    assert asyncio.run(twice()) == [404, 404, 404]
    assert asked == ["portail.example"]


@pytest.mark.parametrize("error", [OSError("NXDOMAIN"), UnicodeError("label too long")])
def test_a_name_that_does_not_resolve(error: Exception) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        raise error

    assert get("http://inconnu.example/", PATIENT, lookup=lookup).cause == "dns"


def test_a_name_service_that_hangs_is_given_up() -> None:
    async def lookup(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    answer = get("http://lent.example/", settings(connect=0.05), lookup=lookup)
    assert answer.cause == "dns"
    assert "à temps" in answer.detail


def test_allowed_places_are_exact(portal: Portal) -> None:
    url = f"http://127.0.0.1:{portal.port}/"
    assert get(url, settings(allow=frozenset({f"127.0.0.1:{portal.port}"}))).status == 404
    assert get(url, settings(allow=frozenset({f"127.0.0.1:{portal.port + 1}"}))).cause == "refused_address"
    assert get(url, settings(f"https://127.0.0.1:{portal.port}")).cause == "refused_address"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("93.184.216.34", True),
        ("2a01:e0a::1", True),
        ("64:ff9b::5db8:d822", True),
        ("64:ff9b::a00:1", False),
        ("::5db8:d822", False),
        ("240.0.0.1", False),
        ("192.88.99.1", False),
        ("ff02::1", False),
    ],
)
def test_public_addresses(text: str, expected: bool) -> None:
    assert is_public(ipaddress.ip_address(text)) is expected


@given(st.ip_addresses())
def test_only_global_addresses_are_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if is_public(address):
        assert address.is_global
        assert not address.is_loopback
        assert not address.is_link_local


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_hidden_in_an_ipv6_one_is_no_safer(address: ipaddress.IPv4Address) -> None:
    assert not is_public(ipaddress.ip_address(f"::ffff:{address}"))
    hidden = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(address))
    assert is_public(hidden) == is_public(address)
