"""An operator holds a campaign and a reshuffle in a real browser; every page is judged, wide and narrow."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from ministries.models import Campaign, Mandate, Ministry
from ministries.standing import standings
from tests.e2e.test_pages import opened, too_wide, violations
from tests.factories import AgentFactory, MandateFactory

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "une phrase assez longue"
SHOTS = os.environ.get("BOTHOREL_TEST_SHOTS", "")


def judge(page: Page, name: str) -> None:
    """No fault for axe, nothing wider than the screen; kept as a picture when a folder is given."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS, f"{name}.png")), full_page=True)
    assert violations(page) == [], name
    assert too_wide(page) == 0, name


@pytest.mark.parametrize("width", [1280, 320])
def test_an_operator_opens_closes_and_reshuffles(browser: Browser, site: str, width: int) -> None:
    agent = AgentFactory(email="operateur@exemple.gouv.fr", function="équipe du suivi")
    agent.set_password(PASSWORD)
    agent.save()
    MandateFactory(agent=agent, ministry=None, role=Mandate.Role.OPERATOR)
    for standing in standings(timezone.localdate())[:10]:
        Mandate.objects.get_or_create(
            agent=AgentFactory(function="AMDAC"), ministry=standing.ministry, role="amdac", since="2021-01-01"
        )
    today = timezone.localdate()
    with opened(browser, site, width=width) as (page, heard):
        page.goto("/espace/campagnes/")
        page.fill("input[name=username]", agent.email)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button")
        judge(page, f"campagnes-{width}")
        page.fill("input[name=label]", "T4 2026")
        page.fill("input[name=closes_on]", (today + timedelta(days=15)).isoformat())
        page.fill("input[name=held_on]", (today + timedelta(days=20)).isoformat())
        page.click("text=Ouvrir la campagne")
        campaign = Campaign.objects.get()
        judge(page, f"campagne-{width}")
        ministry = campaign.lines.order_by("pk")[0].ministry
        page.goto(f"/espace/campagnes/{campaign.pk}/?ministere={ministry.code}")
        judge(page, f"ministere-{width}")
        page.goto("/campagnes/")
        judge(page, f"public-{width}")
        page.goto(f"/espace/campagnes/{campaign.pk}/")
        page.check("input[name=avant]")
        page.click("text=Clore et figer")
        page.goto(f"/campagnes/{campaign.pk}/")
        judge(page, f"edition-{width}")
        page.goto("/campagnes/")
        page.get_by_role("button", name="Graphique interactif").click()
        page.get_by_role("button", name="Revenir au dessin simple").wait_for()
        asked = Campaign.objects.get().lines.values("ministry").distinct().count()
        assert page.locator(".js-plotly-plot .point").count() == asked
        judge(page, f"reponses-{width}")

        page.goto("/espace/remaniements/")
        judge(page, f"remaniements-{width}")
        page.fill("input[name=code]", "MNV")
        page.fill("input[name=name]", "Ministère nouveau")
        page.fill("input[name=since]", today.isoformat())
        page.click("button:text-is('Ouvrir')")
        to = Ministry.objects.get(code="MNV")
        page.check(f"input[name=leaving][value='{ministry.pk}']")
        page.select_option("select[name=to]", str(to.pk))
        page.fill("input[name=on]", today.isoformat())
        page.click("text=Voir ce que cela ferait")
        judge(page, f"apercu-{width}")
        page.check("input[name=ends]")
        page.click("text=Appliquer")
        page.goto(ministry.get_absolute_url())
        judge(page, f"devenu-{width}")
        page.goto("/ministeres/remaniements/")
        judge(page, f"cadres-{width}")
        page.goto("/espace/journal/")
        judge(page, f"journal-{width}")
        assert page.locator("tbody tr").count() > 3
        assert heard.complaints == []
        assert heard.elsewhere == []
