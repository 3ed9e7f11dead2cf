"""An operator holds a campaign and a reshuffle in a real browser; every page is judged, wide and narrow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from ministries.models import Campaign, Mandate, Ministry
from ministries.standing import standings
from tests.e2e.browsing import PASSWORD, Judge, an_agent, follow, opened
from tests.factories import AgentFactory, MandateFactory

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 320])
def test_an_operator_opens_closes_and_reshuffles(browser: Browser, site: str, width: int) -> None:
    agent = an_agent("operateur@exemple.gouv.fr", function="équipe du suivi")
    MandateFactory(agent=agent, ministry=None, role=Mandate.Role.OPERATOR)
    for standing in standings(timezone.localdate())[:10]:
        Mandate.objects.get_or_create(
            agent=AgentFactory(function="AMDAC"), ministry=standing.ministry, role="amdac", since="2021-01-01"
        )
    today = timezone.localdate()
    with opened(browser, site, width=width) as (page, heard):
        judge = Judge(page)
        page.goto("/espace/campagnes/")
        page.fill("input[name=username]", agent.email)
        page.fill("input[name=password]", PASSWORD)
        follow(page, "main button")
        judge.look("campagnes")
        page.fill("input[name=label]", "T4 2026")
        page.fill("input[name=closes_on]", (today + timedelta(days=15)).isoformat())
        page.fill("input[name=held_on]", (today + timedelta(days=20)).isoformat())
        follow(page, "text=Ouvrir la campagne")
        campaign = Campaign.objects.get()
        judge.look("campagne")
        ministry = campaign.lines.order_by("pk")[0].ministry
        judge.look("ministere", f"/espace/campagnes/{campaign.pk}/?ministere={ministry.code}")
        judge.look("public", "/campagnes/")
        page.goto(f"/espace/campagnes/{campaign.pk}/")
        page.check("input[name=avant]")
        follow(page, "text=Clore et figer")
        judge.look("edition", f"/campagnes/{campaign.pk}/")
        page.goto("/campagnes/")
        page.get_by_role("button", name="Graphique interactif").click()
        page.get_by_role("button", name="Revenir au dessin simple").wait_for()
        asked = Campaign.objects.get().lines.values("ministry").distinct().count()
        assert page.locator(".js-plotly-plot .point").count() == asked
        judge.look("reponses")

        judge.look("remaniements", "/espace/remaniements/")
        page.fill("input[name=code]", "MNV")
        page.fill("input[name=name]", "Ministère nouveau")
        page.fill("input[name=since]", today.isoformat())
        follow(page, "button:text-is('Ouvrir')")
        to = Ministry.objects.get(code="MNV")
        page.check(f"input[name=leaving][value='{ministry.pk}']")
        page.select_option("select[name=to]", str(to.pk))
        page.fill("input[name=on]", today.isoformat())
        follow(page, "text=Voir ce que cela ferait")
        judge.look("apercu")
        page.check("input[name=ends]")
        follow(page, "text=Appliquer")
        judge.look("devenu", ministry.get_absolute_url())
        judge.look("cadres", "/ministeres/remaniements/")
        judge.look("journal", "/espace/journal/")
        assert page.locator("tbody tr").count() > 3
        assert judge.wrong == {}
        assert heard.complaints == []
        assert heard.elsewhere == []
