"""Coming in: locked after failures, nobody told who exists, sessions that end, no way out to another site."""

import re
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from kombu.exceptions import OperationalError

from bothorel import environment
from ministries.accounts import sending, tasks
from tests.factories import AgentFactory, MandateFactory

pytestmark = pytest.mark.django_db

PASSWORD = "une phrase assez longue"


@pytest.fixture
def agent():
    cache.clear()
    agent = AgentFactory(email="amdac@exemple.gouv.fr")
    agent.set_password(PASSWORD)
    agent.save()
    MandateFactory(agent=agent)
    return agent


def sign_in(client, email="amdac@exemple.gouv.fr", password=PASSWORD, **more):
    return client.post("/connexion/", {"username": email, "password": password, **more})


def signed_in(client):
    return "_auth_user_id" in client.session


def test_an_agent_signs_in_and_out(client, agent):
    assert client.get("/connexion/").status_code == 200
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/espace/")
    assert signed_in(client)
    assert client.get("/connexion/sortie/").status_code == 405
    assert signed_in(client)
    client.post("/connexion/sortie/")
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("next_", "goes"),
    [
        ("/espace/promesses/O-30/", "/espace/promesses/O-30/"),
        ("https://ailleurs.example/", "/espace/"),
        ("//ailleurs.example/", "/espace/"),
        ("///ailleurs.example", "/espace/"),
        ("\\\\ailleurs.example", "/espace/"),
        ("http:ailleurs.example", "/espace/"),
        ("javascript:alert(1)", "/espace/"),
    ],
)
def test_signing_in_never_leads_to_another_site(client, agent, next_, goes):
    assert sign_in(client, next=next_).headers["Location"] == goes


def test_the_session_given_before_is_not_the_one_after(client, agent):
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    sign_in(client)
    assert client.session.session_key != before
    assert client.cookies[settings.SESSION_COOKIE_NAME]["httponly"]
    assert client.cookies[settings.SESSION_COOKIE_NAME]["samesite"] == "Lax"
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not signed_in(stranger)


def test_a_session_ends_after_twelve_hours(agent):
    with time_machine.travel("2026-06-15T08:00:00Z", tick=False) as clock:
        client = Client()
        sign_in(client)
        clock.shift(timedelta(hours=11, minutes=59))
        assert signed_in(client)
        clock.shift(timedelta(minutes=2))
        assert not signed_in(client)


def test_a_closed_account_loses_its_session_at_once(client, agent):
    sign_in(client)
    agent.is_active = False
    agent.save()
    assert client.get("/connexion/mot-de-passe/").status_code == 302


def test_an_account_unknown_closed_or_misspelt_is_answered_alike(client, agent):
    AgentFactory(email="clos@exemple.gouv.fr", is_active=False)
    said = set()
    for email in ("amdac@exemple.gouv.fr", "inconnu@exemple.gouv.fr", "clos@exemple.gouv.fr"):
        html = sign_in(client, email, "faux").content.decode()
        assert "incorrect" in html
        said.add(re.sub(r'value="[^"]*"', "", html))
    assert len(said) == 1


def test_five_failures_close_that_door_for_a_quarter_of_an_hour_and_no_other(agent):
    other = AgentFactory(email="autre@exemple.gouv.fr")
    other.set_password(PASSWORD)
    other.save()
    with time_machine.travel("2026-06-15T08:00:00Z", tick=False) as clock:
        client = Client()
        for attempt in range(5):
            # Capitals do not open another count.
            answer = sign_in(client, "AMDAC@exemple.gouv.fr" if attempt % 2 else "amdac@exemple.gouv.fr", "faux")
        assert answer.status_code == 429
        assert "quart d’heure" in answer.content.decode()
        assert sign_in(client).status_code == 429
        elsewhere = Client(REMOTE_ADDR="192.0.2.7")
        assert sign_in(elsewhere).status_code == 302
        assert sign_in(Client(), "autre@exemple.gouv.fr").status_code == 302
        clock.shift(timedelta(minutes=16))
        assert sign_in(client).status_code == 302


def test_an_unknown_account_is_locked_like_another(client, agent):
    for _ in range(5):
        answer = sign_in(client, "inconnu@exemple.gouv.fr", "faux")
    assert answer.status_code == 429


def test_what_is_kept_of_a_failure_is_no_password(client, agent):
    sign_in(client, password="presque le bon")
    row = AccessAttempt.objects.get()
    assert "presque" not in str(vars(row))


def test_the_place_is_the_one_that_our_proxy_saw(agent, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    for attempt in range(5):
        forged = f"203.0.113.{attempt}, 192.0.2.9"
        answer = sign_in(Client(headers={"x-forwarded-for": forged}), password="faux")
    assert answer.status_code == 429


def test_the_admin_is_behind_the_same_lock(client, agent):
    for _ in range(5):
        answer = client.post("/admin/login/", {"username": agent.email, "password": "faux"})
    assert answer.status_code == 429


def test_a_forged_form_is_refused(agent):
    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


def test_these_pages_are_framed_by_nobody_and_kept_by_no_cache(client, agent):
    for path in ("/connexion/", "/connexion/oubli/"):
        headers = client.get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert "no-store" in headers["Cache-Control"]


# --- forgotten ---


@pytest.fixture
def posted(settings, monkeypatch):
    """The queue, read at once; a mail server is configured."""
    settings.MAIL = {"host": "127.0.0.1"}
    settings.SITE_URL = "https://suivi.example"
    asked = []
    monkeypatch.setattr(tasks.send_link, "delay", asked.append)
    return asked


def test_the_frame_of_the_page_is_the_sites(client, settings):
    settings.STATE_BRAND, settings.SITE_URL = True, "https://suivi.example"
    html = client.get("/connexion/").content.decode()
    assert '<link rel="canonical" href="https://suivi.example/connexion/">' in html
    assert "Méthode (version 1" in html
    assert "fr-header" in html


def test_sessions_that_are_over_are_forgotten(agent):
    with time_machine.travel("2026-06-15T08:00:00Z", tick=False) as clock:
        sign_in(Client())
        clock.shift(timedelta(hours=11))
        sign_in(Client())
        tasks.forget_sessions()
        assert Session.objects.count() == 2
        clock.shift(timedelta(hours=2))
        tasks.forget_sessions()
        assert Session.objects.count() == 1


def test_the_same_is_answered_whether_the_account_exists_or_not(client, agent, posted):
    answers = [client.post("/connexion/oubli/", {"email": e}) for e in (agent.email, "inconnu@exemple.gouv.fr")]
    assert {(a.status_code, a.headers["Location"]) for a in answers} == {(302, "/connexion/oubli/envoye/")}
    assert posted == [agent.email, "inconnu@exemple.gouv.fr"]


def test_the_link_is_good_once_for_an_hour_and_closes_the_other_sessions(client, agent, posted):
    elsewhere = Client()
    sign_in(elsewhere)
    sending.send_link(agent.email.upper())
    sending.send_link("inconnu@exemple.gouv.fr")
    [message] = mail.outbox
    assert message.to == [agent.email]
    link = re.search(r"https://suivi\.example(/connexion/choisir/\S+)", message.body)[1]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    chosen = {"new_password1": "cheval correct agrafe", "new_password2": "cheval correct agrafe"}
    assert client.post(form, chosen).headers["Location"] == "/connexion/choisi/"
    assert client.get("/connexion/choisi/").status_code == 200
    assert "n’est plus bon" in client.get(link, follow=True).content.decode()
    assert sign_in(client, password="cheval correct agrafe").status_code == 302
    assert elsewhere.get("/connexion/mot-de-passe/").status_code == 302


def test_an_old_link_is_no_longer_good(client, agent, posted):
    with time_machine.travel("2026-06-15T08:00:00Z", tick=False) as clock:
        sending.send_link(agent.email)
        link = re.search(r"(/connexion/choisir/\S+)", mail.outbox[0].body)[1]
        clock.shift(timedelta(minutes=61))
        assert "n’est plus bon" in client.get(link, follow=True).content.decode()


def test_an_account_without_a_password_begins_by_the_link_and_a_closed_one_does_not(agent, posted):
    AgentFactory(email="neuf@exemple.gouv.fr").set_unusable_password()
    AgentFactory(email="clos@exemple.gouv.fr", is_active=False)
    sending.send_link("neuf@exemple.gouv.fr")
    sending.send_link("clos@exemple.gouv.fr")
    assert [message.to for message in mail.outbox] == [["neuf@exemple.gouv.fr"]]


def test_links_are_asked_for_ten_times_an_hour_at_most(client, agent, posted):
    answers = [client.post("/connexion/oubli/", {"email": agent.email}).status_code for _ in range(12)]
    assert answers == [302] * 10 + [200] * 2
    assert len(posted) == 10


def test_without_mail_or_without_a_queue_the_page_says_so(client, agent, posted, monkeypatch, settings):
    def down(email):
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.send_link, "delay", down)
    assert "momentanément impossible" in client.post("/connexion/oubli/", {"email": agent.email}).content.decode()
    settings.MAIL = {}
    assert "Aucun serveur de courrier" in client.post("/connexion/oubli/", {"email": agent.email}).content.decode()


def test_a_password_is_changed_by_who_knows_the_former(client, agent):
    sign_in(client)
    asked = {"new_password1": "cheval correct agrafe", "new_password2": "cheval correct agrafe"}
    assert client.post("/connexion/mot-de-passe/", {"old_password": "faux", **asked}).status_code == 200
    assert client.post("/connexion/mot-de-passe/", {"old_password": PASSWORD, **asked}).status_code == 302
    assert client.get("/connexion/mot-de-passe/change/").status_code == 200


def test_a_short_password_is_refused_in_french(client, agent):
    sign_in(client)
    html = client.post(
        "/connexion/mot-de-passe/", {"old_password": PASSWORD, "new_password1": "court", "new_password2": "court"}
    ).content.decode()
    assert "12 caractères" in html


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("", {}),
        ("smtp://courrier.example", ("courrier.example", 25, "", "", False, False)),
        ("smtp+starttls://moi:s%40cret@courrier.example", ("courrier.example", 587, "moi", "s@cret", True, False)),
        ("smtps://moi:x@courrier.example:4650", ("courrier.example", 4650, "moi", "x", False, True)),
    ],
)
def test_the_mail_server_is_read_from_its_address(monkeypatch, url, read):
    monkeypatch.setenv("EMAIL_URL", url)
    found = environment.mail()
    assert (tuple(found.values()) if found else found) == read
