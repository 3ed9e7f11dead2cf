"""Signing in with ProConnect in a real browser, at a real OpenID provider, and out of both; no JavaScript needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.e2e.browsing import Judge, follow, opened
from tests.factories import AgentFactory, MandateFactory, MinistryFactory
from tests.ministries.accounts.provider import Provider

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def provider(live_server: LiveServer, settings: Any, transactional_db: None) -> Iterator[Provider]:
    cache.clear()
    with Provider() as provider:
        settings.SITE_URL = str(live_server.url)
        settings.PROCONNECT = provider.register(str(live_server.url))
        provider.users["anne"] = {"email": "Anne@Exemple.gouv.fr"}
        provider.users["paul"] = {"email": "paul@exemple.gouv.fr"}
        agent = AgentFactory(email="anne@exemple.gouv.fr", function="AMDAC")
        MandateFactory(agent=agent, ministry=MinistryFactory(name="Ministère d’Anne"))
        yield provider
    cache.clear()


def to_the_form(page: Page) -> None:
    follow(page, page.get_by_role("link", name="S’identifier avec ProConnect"))
    page.wait_for_selector("h1:has-text('ProConnect')")


def identify(page: Page, who: str) -> None:
    page.get_by_label("Identifiant").fill(who)
    follow(page, page.get_by_role("button", name="Continuer"))


@pytest.mark.parametrize("script", [True, False])
def test_in_and_out_of_both(browser: Browser, live_server: LiveServer, provider: Provider, script: bool) -> None:
    site = str(live_server.url)
    with opened(browser, site, width=1280, script=script) as (page, heard):
        page.goto("/espace/journal/")
        to_the_form(page)
        identify(page, "anne")
        page.wait_for_url(f"{site}/espace/journal/")
        page.goto("/espace/")
        assert page.inner_text("h1") == "À répondre"
        follow(page, page.get_by_role("button", name="Se déconnecter"))
        page.wait_for_url(re.compile(f"^{site}/connexion/sortie/retour/"))
        assert page.inner_text("h1") == "Vous êtes déconnecté"
        page.goto("/espace/")
        # ProConnect asks again: its own session is over.
        to_the_form(page)
        assert heard.complaints == []
        assert {url.split("?")[0] for url in heard.elsewhere} == {
            f"{provider.url}/authorize",
            f"{provider.url}/verify",
            f"{provider.url}/session/end",
        }


def test_while_proconnect_remembers_one_click_is_enough(
    browser: Browser, live_server: LiveServer, provider: Provider
) -> None:
    site = str(live_server.url)
    with opened(browser, site, width=1280) as (page, heard):
        page.goto("/connexion/")
        to_the_form(page)
        identify(page, "anne")
        page.wait_for_url(f"{site}/espace/")
        session = {"name": "sessionid", "domain": "localhost"}
        page.context.clear_cookies(**session)
        page.goto("/connexion/")
        follow(page, page.get_by_role("link", name="S’identifier avec ProConnect"))
        page.wait_for_url(f"{site}/espace/")
        assert heard.complaints == []


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_is_whole_and_a_wrong_identity_may_be_changed(
    browser: Browser, live_server: LiveServer, provider: Provider, width: int
) -> None:
    site = str(live_server.url)
    with opened(browser, site, width=width) as (page, heard):
        judge = Judge(page)
        page.goto("/connexion/")
        judge.look("the door")
        to_the_form(page)
        follow(page, page.get_by_role("button", name="Refuser"))
        page.wait_for_selector("h1:has-text('Connexion interrompue')")
        judge.look("no")
        follow(page, page.get_by_role("link", name="Recommencer avec ProConnect"))
        identify(page, "paul")
        page.wait_for_selector("h1:has-text('Aucun compte à cette adresse')")
        judge.look("unknown")
        # ProConnect knows Paul by now, and asks all the same.
        follow(page, page.get_by_role("link", name="Recommencer avec une autre identité"))
        identify(page, "anne")
        page.wait_for_url(f"{site}/espace/")
        provider.instead["end_session"] = (503, {"Content-Type": "text/html"}, b"<h1>Maintenance</h1>")
        follow(page, page.get_by_role("button", name="Se déconnecter"))
        # ProConnect is down: here the session is over all the same.
        page.wait_for_selector("h1:has-text('Maintenance')")
        page.goto("/espace/")
        page.wait_for_url(f"{site}/connexion/?next=/espace/")
        provider.instead.clear()
        page.goto("/connexion/proconnect/")
        page.wait_for_url(f"{site}/espace/")
        follow(page, page.get_by_role("button", name="Se déconnecter"))
        page.wait_for_url(re.compile(f"^{site}/connexion/sortie/retour/"))
        judge.look("out")
        assert [said for said in heard.complaints if "status of 503" not in said] == []
    assert judge.wrong == {}
