"""What ProConnect answers, wrongly signed, late or not at all: thrown by the real provider, over real sockets."""

from __future__ import annotations

import contextlib
import threading

import pytest
from django.core.cache import cache

from ministries.accounts.proconnect import transport
from tests.ministries.accounts.provider import CLIENT_ID
from tests.ministries.accounts.walking import HTML, come_back, refused

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def impatient(monkeypatch):
    """The same bounds, sooner."""
    monkeypatch.setattr(transport, "READ_SECONDS", 0.3)
    monkeypatch.setattr(transport, "WHOLE_SECONDS", 0.6)


# --- what is signed ---

WRONG = {
    "audience": {"aud": "un autre site"},
    "audiences": {"aud": ["un autre site"]},
    "issuer": {"iss": "https://ailleurs.example"},
    "no audience": {"aud": None},
    "no issuer": {"iss": None},
    "expired": {"exp": 1_700_000_000},
    "not yet": {"iat": 4_000_000_000},
}


def changed(change):
    return lambda claims: {name: value for name, value in {**claims, **change}.items() if value is not None}


@pytest.mark.parametrize("what", sorted(WRONG))
@pytest.mark.parametrize("token", ["id_token", "userinfo"])
def test_a_signed_answer_that_is_not_for_us_now(client, provider, anne, token, what):
    provider.twisted[token] = changed(WRONG[what])
    refused(client, come_back(client), "unverified")


@pytest.mark.parametrize(
    ("token", "change"),
    [
        ("id_token", {"nonce": "un autre sceau"}),
        ("id_token", {"nonce": None}),
        ("id_token", {"sub": None}),
        ("id_token", {"exp": None}),
        ("id_token", {"aud": [CLIENT_ID, "un autre"], "azp": "un autre"}),
        ("id_token", {"aud": "un autre", "azp": CLIENT_ID}),
        ("userinfo", {"sub": "quelqu'un d'autre"}),
        ("userinfo", {"sub": None}),
    ],
)
def test_a_signed_answer_about_something_else(client, provider, anne, token, change):
    provider.twisted[token] = changed(change)
    refused(client, come_back(client), "unverified")


@pytest.mark.parametrize("token", ["id_token", "userinfo"])
@pytest.mark.parametrize("how", ["stranger", "borrowed name", "shared secret", "unsigned"])
def test_a_signature_that_is_not_the_providers(client, provider, anne, token, how):
    provider.twisted[token] = lambda claims: claims
    if how == "stranger":
        provider.signing = ("RS256", [provider.stranger])
    elif how == "borrowed name":
        key = provider.stranger.__class__(**provider.stranger.serialize(private=True))
        key.kid = provider.op.keyjar.get_signing_key("RSA")[0].kid
        provider.signing = ("RS256", [key])
    elif how == "shared secret":
        provider.signing = ("HS256", provider.op.keyjar.get_signing_key("oct", CLIENT_ID))
    else:
        provider.signing = ("none", [])
    refused(client, come_back(client), "unverified")


@pytest.mark.parametrize("token", ["id_token", "userinfo"])
def test_a_shared_key_proves_nothing_even_published(client, provider, anne, token):
    [shared] = provider.op.keyjar.get_signing_key("oct", CLIENT_ID)
    published = {"kty": "oct", "k": shared.serialize(private=True)["k"], "kid": "partagée"}
    provider.twisted["jwks"] = lambda said: {"keys": [*said["keys"], published]}
    provider.twisted[token] = lambda claims: claims
    shared.kid = "partagée"
    provider.signing = ("HS256", [shared])
    try:
        refused(client, come_back(client), "unverified")
    finally:
        shared.kid = ""


def test_an_unsigned_userinfo_is_refused_even_when_it_says_the_same(client, provider, anne):
    provider.instead["userinfo"] = (
        200,
        {"Content-Type": "application/json"},
        b'{"sub": "x", "email": "anne@exemple.gouv.fr"}',
    )
    refused(client, come_back(client), "unverified")


# --- what is not an answer ---


@pytest.mark.parametrize("name", ["token", "jwks", "userinfo"])
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (HTML, "nonsense"),
        ((200, {"Content-Type": "application/json"}, b"[1, 2]"), "nonsense"),
        ((200, {"Content-Type": "application/json"}, b'{"keys": 3}'), "nonsense"),
        ((200, {"Content-Type": "application/json"}, b"\xff\xfe"), "nonsense"),
        ((200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, b"\x1f\x8b"), "nonsense"),
        ((200, {"Content-Type": "application/json"}, b'"' + b"a" * 300_000 + b'"'), "nonsense"),
        ((302, {"Location": "http://127.0.0.1:9/"}, b""), "nonsense"),
        ((500, {}, b"Traceback"), "unreachable"),
        ((503, {}, b""), "unreachable"),
    ],
)
def test_something_else_than_an_answer(client, provider, anne, name, answer, reason):
    provider.instead[name] = answer
    page = come_back(client)
    # What is read whole but says nothing of a signature can't be verified.
    unsigned = name == "userinfo" and answer[0] == 200 and len(answer[2]) < transport.WHOLE_BYTES
    refused(client, page, "unverified" if unsigned else reason)


def hang(handler):
    threading.Event().wait(1)


def drip(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    with contextlib.suppress(OSError):
        for _ in range(100):
            handler.wfile.write(b" ")
            threading.Event().wait(0.05)


def cut(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"{")


@pytest.mark.parametrize("name", ["description", "token", "jwks", "userinfo"])
@pytest.mark.parametrize("fault", [hang, drip, cut])
def test_an_answer_that_does_not_come(client, provider, anne, impatient, name, fault):
    provider.instead[name] = fault
    refused(
        client, client.get("/connexion/proconnect/") if name == "description" else come_back(client), "unreachable"
    )


def test_nobody_listens(client, provider, anne, settings):
    settings.PROCONNECT = {**settings.PROCONNECT, "url": "http://127.0.0.1:9/api/v2"}
    refused(client, client.get("/connexion/proconnect/"), "unreachable")


def test_an_outage_is_remembered_ten_seconds_and_passwords_stay(client, provider, anne):
    provider.instead["description"] = (503, {}, b"")
    for _ in range(3):
        refused(client, client.get("/connexion/proconnect/"), "unreachable")
    assert len(provider.asked("description")) == 1
    assert client.get("/connexion/").status_code == 200
    provider.instead.clear()
    # As time does.
    cache.clear()
    assert come_back(client).status_code == 302


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://ailleurs.example"},
        {"token_endpoint": None},
        {"token_endpoint": "https://ailleurs.example/token"},
        {"userinfo_endpoint": "file:///etc/passwd"},
        {"jwks_uri": 3},
        {"end_session_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_description_that_is_not_the_configured_providers(client, provider, anne, change):
    provider.twisted["description"] = changed(change)
    refused(client, client.get("/connexion/proconnect/"), "settings")
