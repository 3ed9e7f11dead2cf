"""Who may not come in, and what is not an answer: a French page that says what to do, nobody in, nothing written.

The faults are thrown by the real provider, over real sockets.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client

from bothorel.readonly import WriteWhileReading
from ministries.accounts.proconnect import binding, openid, views
from ministries.models import Agent, Mandate
from tests.factories import AgentFactory
from tests.ministries.accounts.walking import HTML, at_provider, come_back, leave, refused, signed_in

pytestmark = pytest.mark.django_db


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
def test_one_answer_sent_twice_at_once_opens_one_session(client, provider, anne, monkeypatch):
    back = at_provider(leave(client))
    both, read = Barrier(2, timeout=10), openid.DjangoIntegration.get_state_data

    def read_together(self, session, state):
        found = read(self, session, state)
        both.wait()
        return found

    monkeypatch.setattr(openid.DjangoIntegration, "get_state_data", read_together)
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
