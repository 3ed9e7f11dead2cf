"""Every page of the workspace, and the public form that feeds it, judged wide and narrow, with nothing folded away."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Route
from pytest_django.live_server_helper import LiveServer

from commitments.periods import parse
from ministries import declaring
from ministries.authoring import Author
from ministries.campaigns.holding import open_campaign
from ministries.models import Mandate, Upload
from ministries.proposing import Proposal, propose
from ministries.reports.writing import publish_report, report
from ministries.sheets import sending
from tests.e2e.browsing import Judge, an_agent, follow, opened, sign_in
from tests.factories import AgentFactory, DeclarationFactory, LocationFactory, MandateFactory, MinistryFactory
from tests.ministries.people import promise
from tests.ministries.sheets.messy import workbook

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AMDAC = "amdac@exemple.gouv.fr"
LONG = (
    "Base nationale des établissements d’enseignement supérieur et de leurs implantations, avec leur géolocalisation"
)


@pytest.fixture
def place(live_server: LiveServer, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A ministry with something of everything, and its AMDAC, who operates the site too."""
    cache.clear()
    # Nobody applies: the page that waits is one of those to be judged.
    monkeypatch.setattr(sending, "hand_over", lambda upload_id: None)
    ministry, other = MinistryFactory(name="Ministère de l’Éducation nationale"), MinistryFactory()
    agent = an_agent(AMDAC, function="AMDAC du ministère")
    MandateFactory(agent=agent, ministry=ministry)
    MandateFactory(agent=agent, ministry=None, role=Mandate.Role.OPERATOR)
    contributor = AgentFactory(function="bureau des données")
    MandateFactory(agent=contributor, ministry=ministry, role=Mandate.Role.CONTRIBUTOR)
    today = timezone.localdate()
    late = promise(ministry, last_day=today - timedelta(days=40), ref="L-01", title=LONG)
    soon = promise(ministry, last_day=today + timedelta(days=40), ref="L-02", title="Jeu bientôt dû")
    promise(other, ref="L-03")
    LocationFactory(
        deliverable=late.deliverables.get(), portal="url", url=f"https://exemple.fr/{'chemin/' * 20}jeu.csv"
    )
    DeclarationFactory(commitment=soon, declared_on=today - timedelta(days=200), comment="En recette.")
    writer = Author(agent, timezone.now())
    helper = Author(contributor, timezone.now())
    declaring.prepare(helper, late, status="in_progress", comment="Préparé", note="entre nous", seen=None)
    propose(
        writer,
        ministry,
        [
            Proposal(title=LONG, deadline=parse("fin 2028"), kind="api", status="in_progress", comment="Engagé"),
            Proposal(title="En retard déjà", deadline=parse("T1 2022"), status="in_progress"),
        ],
        announced_in="tableau",
    )
    open_campaign(
        writer,
        label="T4 2026",
        closes_on=today + timedelta(days=15),
        occasion="rim",
        held_on=today + timedelta(days=20),
        message="Merci de répondre avant la réunion.",
    )
    found = report(
        late, kind="found", url=f"https://exemple.fr/{'trouve/' * 20}", words="Il est là.", now=timezone.now()
    )
    report(soon, kind="not_it", url="", words="Une carte, sans fichier. " * 8, now=timezone.now())
    publish_report(writer, found, answer="Merci.", seen=None)
    return ministry


def still(route: Route) -> None:
    """A page that reloads itself, kept as it is while it is looked at."""
    answer = route.fetch(max_redirects=0)
    route.fulfill(response=answer, body=re.sub(r'<meta http-equiv="refresh"[^>]*>', "", answer.text()))


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_of_the_workspace_is_whole_for_all(
    browser: Browser, live_server: LiveServer, place: Any, width: int, tmp_path: Path
) -> None:
    with opened(browser, str(live_server.url), width=width) as (page, heard):
        judge = Judge(page)
        here = f"?ministere={place.code}"
        public = "/promesses/L-01/signaler/"
        judge.look("signaler", public)
        follow(page, "text=Envoyer le signalement")
        judge.look("signaler-refuse")
        judge.look("signaler-merci", f"{page.url}merci/")
        judge.look("promesse-publique", "/promesses/L-01/")
        sign_in(page, AMDAC)
        judge.look("boite", "/espace/")
        judge.look("boite-tout", f"/espace/{here}&vue=tout")
        follow(page, "text=rien de nouveau » pour tout le reste")
        judge.look("boite-refus")

        judge.look("rapide", f"/espace/reponse-rapide/{here}")
        page.fill("#texte", "L-02 presque\nX-99 en cours")
        follow(page, "text=Voir ce qui est compris")
        judge.look("rapide-refus")
        page.fill(
            "#texte", "L-02 reporté T3 2029 : marché infructueux\nL-01 en cours, obstacle budget : crédits gelés"
        )
        follow(page, "text=Voir ce qui est compris")
        judge.look("rapide-compris")

        judge.look("promesse", "/espace/promesses/L-01/")
        follow(page, "button:has-text('Publier la déclaration')")
        judge.look("promesse-refus")

        judge.look("brouillons", f"/espace/brouillons/{here}")
        follow(page, "button[name=tout]")
        judge.look("brouillons-refus")
        page.goto(f"/espace/brouillons/{here}")
        follow(page, "button[name=ecarter] >> nth=0")
        judge.look("brouillons-ecartes")

        judge.look("signalements", "/espace/signalements/")
        judge.look("signalements-publies", "/espace/signalements/?vue=publies")
        page.goto("/espace/signalements/")
        follow(page, "table >> text=Répondre")
        follow(page, "text=Publier avec cette réponse")
        judge.look("signalement-refus")

        judge.look("tableaux", f"/espace/tableaux/{here}")
        wrong = tmp_path / "image.xlsx"
        wrong.write_bytes(b"\x89PNG")
        page.set_input_files("#fichier", str(wrong))
        follow(page, "text=Lire ce fichier")
        judge.look("tableaux-refus")
        messy = tmp_path / "suivi des actions.xlsx"
        messy.write_bytes(workbook())
        page.set_input_files("#fichier", str(messy))
        follow(page, "text=Lire ce fichier")
        judge.look("colonnes")
        follow(page, "text=Voir ce qui changerait")
        preview = page.url
        for view in ("unreadable", "near", "changed", "added", "unchanged", "absent"):
            judge.look(f"apercu-{view}", f"{preview}?vue={view}")
        page.check("#sans")
        page.route(re.compile(r"/tableaux/[0-9]+/$"), still)
        follow(page, "button:has-text('Appliquer')")
        judge.look("application", preview)
        page.unroute_all()
        problems = [{"number": 3, "text": "Trop tard.", "title": LONG}]
        Upload.objects.update(state=Upload.State.PREVIEWED, problems=problems)
        judge.look("apercu-arrete", preview)
        judge.look("tableaux-envois", f"/espace/tableaux/{here}")

        judge.look("campagnes", "/espace/campagnes/")
        follow(page, "table >> text=T4 2026")
        judge.look("campagne")
        judge.look("campagne-ministere", f"{page.url}{here}")
        judge.look("remaniements", "/espace/remaniements/")
        judge.look("journal", "/espace/journal/")
        judge.look("journal-refus", "/espace/journal/?acte=voler")
        judge.look("mot-de-passe", "/connexion/mot-de-passe/")
        Mandate.objects.update(until=timezone.localdate())
        judge.look("ferme", "/espace/")
        # A form refused answers 422, and a page closed 403: the browser says so of itself.
        complaints = [said for said in heard.complaints if "the server responded with a status of 4" not in said]
        assert complaints == []
        assert heard.elsewhere == []
    assert judge.wrong == {}
