"""The operator's desk in a real browser: whole for all, by keyboard, and without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from commitments.criteria import CRITERIA
from commitments.findings import Kind
from commitments.judging import rejudge
from commitments.models import BrakeAnswer, Commitment, Definition, Deliverable, Host, HostException, Reading
from ministries import operating
from ministries.authoring import Author
from ministries.models import FalseAlarm
from tests.brakes import pull
from tests.e2e.browsing import Judge, an_agent, follow, opened, sign_in
from tests.factories import LocationFactory, MandateFactory, MinistryFactory
from tests.ministries.people import promise
from tests.observed import observe

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPERATOR = "operateur@exemple.gouv.fr"


@pytest.fixture
def desk(live_server: LiveServer, transactional_db: None) -> Commitment:
    """A brake that is pulled, a host in pause, one left alone, and a late promise that the robot finds restricted."""
    now = timezone.now()
    today = timezone.localdate()
    agent = an_agent(OPERATOR, function="équipe du numérique")
    MandateFactory(agent=agent, ministry=None, role="operator")
    ministry = MinistryFactory(name="Ministère des pages entières")
    pull(now, ministry=ministry)
    Host.objects.create(
        name="un-serveur-au-nom-vraiment-tres-long.donnees.exemple.gouv.fr",
        failures=23,
        paused_until=now + timedelta(hours=2),
        cause="timeout_read",
    )
    who = Author(agent, now)
    operating.spare(who, host="ancien.exemple.fr", reason="migration annoncée", until=today + timedelta(days=9))
    commitment = promise(ministry, ref="K-01", title="Jeu de données à juger", last_day=today - timedelta(days=30))
    location = LocationFactory(deliverable=commitment.deliverables.get())
    observe(location, today - timedelta(days=2), access_type="restricted")
    rejudge([location.deliverable], today=today - timedelta(days=2))
    criteria = [code for code in CRITERIA[Kind.DATASET] if code != "fresh"]
    operating.define(who, location.deliverable, criteria, reason="fichier annuel", seen=None)
    return commitment


PATHS = ("/espace/robot/", "/espace/promesses/K-01/constats/", "/espace/promesses/K-01/definition/")


@pytest.mark.parametrize("width", [1280, 320])
def test_the_operators_pages_are_whole_for_all(
    browser: Browser, live_server: LiveServer, desk: Commitment, width: int
) -> None:
    with opened(browser, str(live_server.url), width=width) as (page, heard):
        judge = Judge(page)
        sign_in(page, OPERATOR)
        for path in (*PATHS, "/espace/promesses/K-01/"):
            judge.look(path, path)
        # The same with what a refusal adds.
        page.goto(PATHS[0])
        follow(page, "text=Laisser tranquille >> nth=-1")
        judge.look("refused")
        assert page.locator(".error").count() > 0
        page.goto(PATHS[2])
        page.uncheck("input[value=publisher]")
        follow(page, "text=Voir ce qui changerait")
        judge.look("previewed")
        assert "adoucissement après l’échéance" in page.inner_text("main")
        assert [said for said in heard.complaints if "422" not in said] == []
        assert heard.elsewhere == []
    assert judge.wrong == {}


def test_an_operator_does_the_whole_round_without_javascript(
    browser: Browser, live_server: LiveServer, desk: Commitment
) -> None:
    with opened(browser, str(live_server.url), width=1280, script=False) as (page, heard):
        sign_in(page, OPERATOR)
        follow(page, page.locator("nav[aria-label=Espace]").get_by_role("link", name="Robot", exact=True))
        page.fill("#frein_reason", "Le portail était en panne.")
        follow(page, page.get_by_role("button", name="Écarter : rien ne change"), key="Enter")
        page.wait_for_selector("[role=status]")
        page.fill("#ecart_host", "donnees.exemple.fr")
        page.fill("#ecart_until", (timezone.localdate() + timedelta(days=5)).isoformat())
        page.fill("#ecart_reason", "Maintenance.")
        follow(page, page.get_by_role("button", name="Laisser tranquille"), key="Enter")
        page.wait_for_selector("[role=status]")
        page.locator("article", has_text="ancien.exemple.fr").locator("summary").press("Enter")
        page.locator("article", has_text="ancien.exemple.fr").locator("textarea").fill("Migration finie.")
        follow(page, page.get_by_role("button", name="Interroger de nouveau ancien.exemple.fr"), key="Enter")
        page.wait_for_selector("[role=status]")
        page.goto("/espace/promesses/K-01/")
        follow(page, "text=Constats humains et fausses alertes")
        page.select_option("#id_state", "open_partial")
        page.fill("#id_evidence_url", "https://exemple.fr/preuve")
        page.fill("#id_coverage", "88 départements sur 101")
        follow(page, page.get_by_role("button", name="Noter ce constat"), key="Enter")
        page.wait_for_selector("[role=status]")
        last = page.locator("#negatifs ~ article").first
        last.locator("summary").press("Enter")
        last.locator("textarea").fill("Le portail migrait.")
        follow(page, last.get_by_role("button", name="Signaler comme fausse alerte"), key="Enter")
        page.wait_for_selector("[role=status]")
        page.goto(PATHS[2])
        page.uncheck("input[value=publisher]")
        part = Deliverable.objects.get(commitment=desk).pk
        page.fill(f"#d{part}_reason", "Éditeur changé par décret.")
        follow(page, page.get_by_role("button", name="Voir ce qui changerait"), key="Enter")
        follow(page, page.get_by_role("button", name="Enregistrer ce changement"), key="Enter")
        page.wait_for_selector("[role=status]")
        assert heard.complaints == []
    assert BrakeAnswer.objects.get().answer == "dismissed"
    assert HostException.objects.in_force(timezone.now()).get().host == "donnees.exemple.fr"
    assert Reading.objects.get().coverage == "88 départements sur 101"
    assert FalseAlarm.objects.get().reason == "Le portail migrait."
    assert Definition.objects.order_by("pk").last().softened_late
