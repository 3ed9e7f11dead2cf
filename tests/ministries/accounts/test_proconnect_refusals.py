"""What goes wrong between ProConnect and here: a French page that says what to do, nobody in, nothing written.

The faults are thrown by the real provider, over real sockets.
"""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client

from bothorel.readonly import WriteWhileReading
from ministries.accounts.proconnect import binding, openid, transport, views
from ministries.accounts.proconnect.refusals import REASONS
from ministries.models import Agent, Mandate
from tests.factories import AgentFactory
from tests.ministries.accounts.provider import CLIENT_ID
from tests.ministries.accounts.walking import at_provider, come_back, leave, signed_in

pytestmark = pytest.mark.django_db

HTML = (200, {"Content-Type": "text/html"}, b"<!doctype html><title>Maintenance</title>")


@pytest.fixture
def impatient(monkeypatch):
    """The same bounds, sooner."""
    monkeypatch.setattr(transport, "READ_SECONDS", 0.3)
    monkeypatch.setattr(transport, "WHOLE_SECONDS", 0.6)


def refused(client, answer, name):
    """Check that the page is this refusal's, whole, and that nobody is in nor bound."""
    reason = REASONS[name]
    html = answer.content.decode()
    assert (answer.status_code, name) == (reason.status, name), html
    assert f"<h1>{reason.title}</h1>" in html
    assert reason.says in html
    assert reason.do in html
    assert "/connexion/proconnect/" in html
    assert "no-store" in answer.headers["Cache-Control"]
    assert not signed_in(client)
    assert not Agent.objects.exclude(proconnect_sub=None).exists()
    return html


# --- who comes ---


def test_an_unknown_address_makes_no_account(client, provider, anne, settings):
    settings.CONTACT = "equipe@ouverture.example"
    provider.users["anne"]["email"] = "paul@exemple.gouv.fr"
    html = refused(client, come_back(client), "unknown")
    assert "paul@exemple.gouv.fr" in html
    assert "equipe@ouverture.example" in html
    assert "/connexion/proconnect/?autre=1" in html
    assert "prompt=login" in leave(client, "/connexion/proconnect/?autre=1")
    assert Agent.objects.get() == anne


def test_an_address_is_shown_as_text(client, provider, anne):
    provider.users["anne"]["email"] = "<script>alert(1)</script>@exemple.gouv.fr"
    assert "<script>alert" not in refused(client, come_back(client), "unknown")


def test_a_closed_account_stays_closed(client, provider, anne):
    Agent.objects.update(is_active=False)
    refused(client, come_back(client), "closed")


@pytest.mark.parametrize("said", [False, "false", None, 0])
def test_an_address_that_is_not_verified_opens_nothing(client, provider, anne, said):
    provider.twisted["userinfo"] = lambda claims: {**claims, "email_verified": said}
    refused(client, come_back(client), "email_unverified")


@pytest.mark.parametrize("email", [None, "", ["anne@exemple.gouv.fr"], {"a": 1}])
def test_no_address_opens_nothing(client, provider, anne, email):
    provider.twisted["userinfo"] = lambda claims: {**claims, "email": email}
    refused(client, come_back(client), "no_email")


def test_two_accounts_that_differ_by_a_capital_are_nobodys(client, provider, anne):
    AgentFactory(email="ANNE@exemple.gouv.fr")
    refused(client, come_back(client), "unknown")


def test_another_identity_of_the_same_address_is_refused_until_the_operator_unbinds(client, provider, anne):
    come_back(client)
    first = Agent.objects.get().proconnect_sub
    provider.users["double"] = {"email": "anne@exemple.gouv.fr"}
    other = Client()
    answer = come_back(other, "double")
    assert answer.status_code == 403
    assert "déjà lié à une autre identité" in answer.content.decode()
    assert not signed_in(other)
    assert Agent.objects.get().proconnect_sub == first
    Agent.objects.update(proconnect_sub=None)
    assert come_back(other, "double").status_code == 302
    assert Agent.objects.get().proconnect_sub not in (first, None)


def test_the_operator_unbinds_in_the_administration(admin_client, provider, anne):
    Agent.objects.filter(pk=anne.pk).update(proconnect_sub="une-identité")
    path = f"/admin/ministries/agent/{anne.pk}/change/"
    assert "Identité ProConnect" in admin_client.get(path).content.decode()
    form = {"email": anne.email, "proconnect_sub": "", "function": "AMDAC", "is_active": "on"}
    assert admin_client.post(path, form).status_code == 302
    anne.refresh_from_db()
    assert anne.proconnect_sub is None


def test_of_two_identities_at_once_one_is_bound(provider, anne):
    """Both read an account that is nobody's; the second write changes nothing."""
    seen = Agent.objects.get()
    one, two = (openid.Identity(subject, "anne@exemple.gouv.fr", True, "", "") for subject in ("première", "seconde"))
    assert binding.agent_of(one) == seen
    binding._bind(seen, two)
    with pytest.raises(binding.Refusal, match="another"):
        binding.agent_of(two)
    assert Agent.objects.get().proconnect_sub == "première"


# --- the way back ---


def test_who_says_no_is_told_so(client, provider, anne):
    refused(client, come_back(client, said="no"), "denied")


@pytest.mark.parametrize("error", ["server_error", "temporarily_unavailable", "<script>alert(1)</script>"])
def test_another_error_of_the_provider(client, provider, anne, error, caplog):
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    answer = client.get(f"/connexion/proconnect/retour/?{urlencode({'error': error, 'state': state})}")
    assert "<script>" not in refused(client, answer, "provider")
    assert "<script>" not in caplog.text


@pytest.mark.parametrize("change", ["", "state=&code=x", "state=forged&code=x", "code=x", "error=access_denied"])
def test_an_answer_to_nothing_is_stale(client, provider, anne, change):
    leave(client)
    refused(client, client.get(f"/connexion/proconnect/retour/?{change}"), "stale")
    assert provider.asked("token") == []


def test_an_answer_in_another_browser_is_stale(client, provider, anne):
    back = at_provider(leave(client))
    thief = Client()
    refused(thief, thief.get(back), "stale")


def test_an_answer_serves_once(client, provider, anne):
    back = at_provider(leave(client))
    provider.instead["token"] = HTML
    refused(client, client.get(back), "nonsense")
    provider.instead.clear()
    # Even after an answer of 500 or more, whose session Django does not keep by itself; and when the cache forgot.
    cache.clear()
    refused(client, client.get(back), "stale")


def test_what_was_asked_is_good_for_ten_minutes(provider, anne):
    with time_machine.travel("2026-06-15T08:00:00Z", tick=False) as clock:
        client = Client()
        there = leave(client)
        clock.shift(timedelta(minutes=10, seconds=1))
        refused(client, client.get(at_provider(there)), "stale")


def test_a_code_is_good_for_thirty_seconds(provider, anne):
    with time_machine.travel("2026-06-15T08:00:00Z", tick=False) as clock:
        client = Client()
        back = at_provider(leave(client))
        clock.shift(timedelta(seconds=31))
        refused(client, client.get(back), "code")


def test_a_code_that_another_used_is_no_longer_good(client, provider, anne):
    thief = Client()
    back = at_provider(leave(client))
    code = parse_qs(urlsplit(back).query)["code"][0]
    state = parse_qs(urlsplit(leave(thief)).query)["state"][0]
    # A code that was stolen: the thief's own proof (PKCE) is not the one that it was asked with.
    answer = thief.get(f"/connexion/proconnect/retour/?{urlencode({'state': state, 'code': code})}")
    refused(thief, answer, "code")


def test_an_answer_of_another_issuer(client, provider, anne):
    back = at_provider(leave(client))
    changed = back.replace(urlencode({"iss": provider.url}), urlencode({"iss": "https://ailleurs.example"}))
    assert changed != back
    refused(client, client.get(changed), "unverified")


def test_a_wrong_secret_is_the_operators_business(client, provider, anne, settings):
    settings.PROCONNECT = {**settings.PROCONNECT, "client_secret": "périmé"}
    refused(client, come_back(client), "client")


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


# --- what is written by this GET, and nothing else ---


def test_a_stumble_of_the_base_does_not_answer_twice(client, provider, anne, monkeypatch):
    back = at_provider(leave(client))

    def stumbling(identity):
        raise OperationalError("database is locked")

    monkeypatch.setattr(views, "agent_of", stumbling)
    with pytest.raises(OperationalError):
        client.get(back)
    assert len(provider.asked("token")) == 1


@pytest.mark.parametrize(
    "writing",
    [
        lambda: Agent.objects.create(email="nouveau@exemple.gouv.fr"),
        lambda: Agent.objects.update(is_staff=True),
        lambda: Agent.objects.update(email="x@y.fr", proconnect_sub="z"),
        lambda: Mandate.objects.all().delete(),
    ],
)
def test_the_way_back_writes_two_columns_of_an_account_and_no_more(client, provider, anne, monkeypatch, writing):
    monkeypatch.setattr(views, "agent_of", lambda identity: writing())
    with pytest.raises(WriteWhileReading):
        come_back(client)


def test_the_two_columns_are_written_there_only(client, provider, anne, monkeypatch):
    monkeypatch.setattr(openid, "ask", lambda *_, **__: Agent.objects.update(proconnect_sub="x"))
    with pytest.raises(WriteWhileReading):
        client.get("/connexion/proconnect/")


@pytest.mark.django_db(transaction=True)
def test_one_answer_sent_twice_at_once_opens_one_session(client, provider, anne):
    back = at_provider(leave(client))
    cookies = client.cookies.output(header="").strip()

    def send(_):
        twin = Client()
        twin.cookies.load(cookies)
        try:
            return twin.get(back).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(send, range(2)))
    assert answers == [302, 400]
    assert len(provider.asked("token")) == 1
