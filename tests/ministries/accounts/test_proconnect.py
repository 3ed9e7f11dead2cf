"""In by ProConnect and out of it, through a real OpenID provider on loopback."""

from __future__ import annotations

import logging
import re
import time
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from axes.models import AccessAttempt
from django.conf import settings as conf
from django.test import Client

from ministries.accounts.proconnect.openid import ASKED_AT_ONCE
from ministries.models import Agent
from tests.factories import AgentFactory
from tests.ministries.accounts.walking import at_provider, come_back, leave, signed_in
from tests.reading import text

pytestmark = pytest.mark.django_db

PASSWORD = "une phrase assez longue"


def test_without_configuration_there_is_no_door(client, settings):
    settings.PROCONNECT = {}
    assert "ProConnect" not in client.get("/connexion/").content.decode()
    for path in ("/connexion/proconnect/", "/connexion/proconnect/retour/", "/connexion/sortie/retour/"):
        assert client.get(path).status_code == 404


def test_the_door_says_where_it_leads(client, provider):
    html = text(client.get("/connexion/?next=/espace/journal/"))
    assert 'href="/connexion/proconnect/?next=%2Fespace%2Fjournal%2F">S’identifier avec ProConnect</a>' in html
    assert "Qu’est-ce que ProConnect" in html
    assert 'name="password"' in html


def test_what_is_asked_is_what_proconnect_takes(client, provider):
    there = urlsplit(leave(client))
    asked = {name: value for name, [value] in parse_qs(there.query).items()}
    assert f"{there.scheme}://{there.netloc}{there.path}" == f"{provider.url}/authorize"
    assert min(len(asked.pop(name)) for name in ("state", "nonce", "code_challenge")) >= 32
    assert asked == {
        "response_type": "code",
        "client_id": "bothorel",
        "redirect_uri": "http://testserver/connexion/proconnect/retour/",
        "scope": "openid email",
        "code_challenge_method": "S256",
    }


def test_a_provider_that_knows_no_proof_is_sent_none(client, provider):
    provider.twisted["description"] = lambda said: {**said, "code_challenge_methods_supported": None}
    assert "code_challenge" not in leave(client)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_an_agent_comes_in_by_an_address_and_is_known_from_then_on(client, provider, anne, algorithm):
    provider.register("http://testserver", algorithm)
    answer = come_back(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/espace/")
    assert client.session["_auth_user_id"] == str(anne.pk)
    anne.refresh_from_db()
    assert anne.proconnect_sub
    assert anne.last_login is not None
    # The address may change on either side: the identity does not.
    anne.email = "anne.martin@exemple.gouv.fr"
    anne.save()
    provider.users["anne"]["email"] = "a.martin@ailleurs.gouv.fr"
    again = Client()
    assert come_back(again).status_code == 302
    assert again.session["_auth_user_id"] == str(anne.pk)
    assert Agent.objects.count() == 1


@pytest.mark.parametrize("token", ["id_token", "userinfo"])
def test_clocks_may_be_half_a_minute_apart(client, provider, anne, token):
    provider.twisted[token] = lambda claims: {**claims, "iat": int(time.time()) + 30}
    assert come_back(client).status_code == 302


def test_rights_come_from_mandates_alone(client, provider, anne):
    anne.mandates.all().delete()
    provider.users["anne"] |= {"roles": ["operator"], "is_staff": True}
    come_back(client)
    assert "Aucun mandat en cours" in client.get("/espace/").content.decode()
    anne.refresh_from_db()
    assert not anne.is_staff


def test_who_has_no_password_comes_in_by_proconnect_only(client, provider, anne):
    for password in ("", "!", anne.password):
        client.post("/connexion/", {"username": anne.email, "password": password})
        assert not signed_in(client)
    come_back(client)
    assert signed_in(client)


@pytest.mark.parametrize(
    ("next_", "goes"),
    [
        ("/espace/journal/", "/espace/journal/"),
        ("https://ailleurs.example/", "/espace/"),
        ("//ailleurs.example/", "/espace/"),
        ("\\\\ailleurs.example", "/espace/"),
        ("javascript:alert(1)", "/espace/"),
    ],
)
def test_it_never_leads_to_another_site(client, provider, anne, next_, goes):
    assert come_back(client, path=f"/connexion/proconnect/?next={next_}").headers["Location"] == goes


def test_the_session_given_before_is_not_the_one_after(client, provider, anne):
    back = at_provider(leave(client))
    before = client.session.session_key
    client.get(back)
    assert signed_in(client)
    assert client.session.session_key != before
    stranger = Client()
    stranger.cookies[conf.SESSION_COOKIE_NAME] = before
    assert not signed_in(stranger)
    # Nothing of what was asked is left behind.
    assert not [key for key, _ in client.session.items() if key.startswith("_state_")]


def test_another_persons_session_is_not_taken_over(client, provider, anne):
    other = AgentFactory()
    client.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["draft"] = "à l'autre"
    session.save()
    come_back(client)
    assert client.session["_auth_user_id"] == str(anne.pk)
    assert "draft" not in client.session


def test_many_asked_at_once_do_not_grow_the_session(client, provider):
    for _ in range(ASKED_AT_ONCE + 3):
        last = leave(client)
    pending = [key for key, _ in client.session.items() if key.startswith("_state_")]
    assert len(pending) == ASKED_AT_ONCE
    assert parse_qs(urlsplit(last).query)["state"][0] in pending[-1]


def test_two_tabs_may_be_open(client, provider, anne):
    first, second = leave(client), leave(client)
    assert client.get(at_provider(first)).status_code == 302
    assert client.get(at_provider(second)).status_code == 302


def test_the_description_is_asked_once_and_the_keys_each_time(client, provider, anne):
    for _ in range(3):
        come_back(client)
    assert len(provider.asked("description")) == 1
    assert len(provider.asked("jwks")) == 3


def test_new_keys_are_taken_at_once(client, provider, anne):
    come_back(client)
    provider.rotate()
    again = Client()
    assert come_back(again).headers["Location"] == "/espace/"
    assert signed_in(again)


def test_the_lock_of_passwords_is_neither_met_nor_lifted(provider, anne):
    anne.set_password(PASSWORD)
    anne.save()
    client = Client()
    for _ in range(5):
        locked = client.post("/connexion/", {"username": anne.email, "password": "faux"})
    assert locked.status_code == 429
    assert come_back(Client()).status_code == 302
    assert AccessAttempt.objects.get().failures_since_start == 5
    assert client.post("/connexion/", {"username": anne.email, "password": PASSWORD}).status_code == 429


def test_a_refusal_counts_for_no_failure(client, provider, anne):
    for _ in range(6):
        come_back(client, said="no")
    assert not AccessAttempt.objects.exists()


def test_the_right_password_still_forgets_the_wrong_ones(client, anne):
    anne.set_password(PASSWORD)
    anne.save()
    client.post("/connexion/", {"username": anne.email, "password": "faux"})
    assert AccessAttempt.objects.count() == 1
    assert client.post("/connexion/", {"username": anne.email, "password": PASSWORD}).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_a_session_ends_with_the_account_and_with_the_configuration(client, provider, anne, settings):
    come_back(client)
    assert client.get("/espace/").status_code == 200
    known, settings.PROCONNECT = settings.PROCONNECT, {}
    assert client.get("/espace/").status_code == 302
    settings.PROCONNECT = known
    come_back(client)
    anne.is_active = False
    anne.save()
    assert client.get("/espace/").status_code == 302


def leaving(client):
    answer = client.post("/connexion/sortie/")
    assert not signed_in(client)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    return unescape(re.search('http-equiv="refresh" content="0;url=([^"]+)"', answer.content.decode())[1])


def test_signing_out_ends_both_sessions(client, provider, anne):
    web = requests.Session()
    come_back(client, web=web)
    # ProConnect still knows this browser: no form, straight back.
    assert web.get(leave(Client()), allow_redirects=False).status_code == 302
    answer = web.get(leaving(client), allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (
        303,
        "http://testserver/connexion/sortie/retour/",
    )
    [asked] = provider.asked("end_session")
    assert sorted(asked) == ["id_token_hint", "post_logout_redirect_uri", "state"]
    assert len(asked["state"]) >= 32
    back = client.get(answer.headers["Location"].removeprefix("http://testserver"))
    assert "Vous êtes déconnecté" in back.content.decode()
    assert web.get(leave(Client()), allow_redirects=False).status_code == 200, "the form again"


@pytest.mark.parametrize("state", ["", "?state=forged", "?state=%C3%A9"])
def test_a_way_out_that_nobody_asked_for_signs_nobody_out(client, provider, anne, state):
    come_back(client)
    assert client.get(f"/connexion/sortie/retour/{state}").headers["Location"] == "/"
    assert signed_in(client)


def test_signing_out_here_waits_for_nobody(client, provider, anne):
    come_back(client)
    heard = len(provider.heard)
    provider.instead = dict.fromkeys(("description", "jwks", "end_session"), (503, {}, b""))
    leaving(client)
    assert len(provider.heard) == heard


def test_a_provider_without_a_way_out(client, provider, anne):
    provider.twisted["description"] = lambda said: {k: v for k, v in said.items() if k != "end_session_endpoint"}
    come_back(client)
    assert client.post("/connexion/sortie/").headers["Location"] == "/"
    assert not signed_in(client)


def test_who_came_by_a_password_leaves_by_the_same_door(client, provider, anne):
    anne.set_password(PASSWORD)
    anne.save()
    client.post("/connexion/", {"username": anne.email, "password": PASSWORD})
    assert client.post("/connexion/sortie/").headers["Location"] == "/"


def test_logs_hold_no_token_no_code_no_secret_and_no_address(client, provider, anne, caplog):
    caplog.set_level(logging.INFO)
    back = at_provider(leave(client))
    client.get(back)
    held = client.session["proconnect"]["id_token"]
    client.get(back)
    provider.twisted["userinfo"] = lambda said: {**said, "aud": "autre"}
    come_back(Client())
    provider.twisted.clear()
    provider.users["anne"]["email"] = "inconnue@exemple.gouv.fr"
    Agent.objects.update(proconnect_sub=None)
    come_back(Client())
    ours = [record for record in caplog.records if not record.name.startswith("idpyoidc")]
    said = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in ours)
    assert "stale" in said
    assert "unverified" in said
    assert "unknown" in said
    code = parse_qs(urlsplit(back).query)["code"][0]
    for secret in (held, code, conf.PROCONNECT["client_secret"], "eyJ", "inconnue@", "anne@"):
        assert secret not in said


@pytest.mark.parametrize("path", ["/connexion/proconnect/", "/connexion/proconnect/retour/?state=x&code=y"])
@pytest.mark.parametrize("method", ["head", "post", "options"])
def test_only_a_visit_asks_or_answers(client, provider, path, method):
    assert getattr(client, method)(path).status_code == 405
