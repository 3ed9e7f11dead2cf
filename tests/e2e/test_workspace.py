"""The AMDAC's ten minutes in a real browser: forty lines, the keyboard alone, and no JavaScript needed."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from commitments.models import Commitment
from ministries.authoring import Author
from ministries.campaigns.answering import rates
from ministries.campaigns.holding import open_campaign
from ministries.models import Declaration
from tests.e2e.browsing import Judge, an_agent, follow, opened, sign_in
from tests.factories import AgentFactory, DeclarationFactory, MandateFactory, MinistryFactory
from tests.ministries.people import promise

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AMDAC = "amdac@exemple.gouv.fr"
LINES = 40


@pytest.fixture
def promises(live_server: LiveServer, transactional_db: None) -> list[Commitment]:
    """A ministry with forty lines that wait, each declared long ago; ten of them late and explained."""
    ministry = MinistryFactory(name="Ministère aux quarante promesses")
    agent = an_agent(AMDAC, function="AMDAC")
    MandateFactory(agent=agent, ministry=ministry)
    today = timezone.localdate()
    made = []
    for number in range(LINES):
        late = number < 10
        commitment = promise(
            ministry,
            last_day=today - timedelta(days=30 - number) if late else date(today.year + 2, 12, 31),
            ref=f"K-{number:02d}",
            title=f"Jeu de données numéro {number:02d}",
        )
        why = {"obstacle_kind": "law", "obstacle": "décret attendu"} if late else {}
        DeclarationFactory(commitment=commitment, declared_on=today - timedelta(days=200), **why)
        made.append(commitment)
    return made


class Keyboard:
    """A person without a mouse. ``keys`` counts every key pressed; ``texts``, what is typed in a field: one each time.

    ``acts``: what is answered or sent, the walk between fields left out.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.acts, self.keys, self.texts = page, 0, 0, 0

    @property
    def interactions(self) -> int:
        """Every key, and every text as one."""
        return self.keys + self.texts

    def key(self, name: str) -> None:
        self.page.keyboard.press(name)
        self.keys += 1

    def text(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.texts += 1

    def walk_to(self, selector: str) -> None:
        """Tab until the field is reached; one that can't be reached so is a failure."""
        for _ in range(400):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.key("Tab")
        raise AssertionError(f"{selector} is out of the keyboard's reach")

    def skip_to_content(self) -> None:
        """The first link of every page."""
        self.key("Tab")
        assert self.page.evaluate("document.activeElement.matches('.skip')")
        self.key("Enter")

    def choose(self, selector: str, letters: str) -> None:
        self.walk_to(selector)
        self.text(letters)
        self.acts += 1

    write = choose

    def press(self, selector: str) -> None:
        self.walk_to(selector)
        self.key("Enter")
        self.acts += 1


@pytest.mark.parametrize("script", [True, False])
def test_forty_lines_are_answered_by_keyboard_in_sixty_acts(
    browser: Browser, live_server: LiveServer, promises: list[Commitment], script: bool
) -> None:
    with opened(browser, str(live_server.url), width=1280, script=script) as (page, heard):
        sign_in(page, AMDAC)
        keyboard = Keyboard(page)
        keyboard.walk_to("#reste")
        keyboard.key("Space")
        keyboard.acts += 1
        for commitment in promises[:10]:
            keyboard.choose(f"#id_l{commitment.pk}-status", "en")
        for commitment in promises[10:12]:
            keyboard.press(f"tr:has(#id_l{commitment.pk}-status) summary")
            keyboard.write(f"#id_l{commitment.pk}-raw", f"T3 {timezone.localdate().year + 3}")
            keyboard.write(f"#id_l{commitment.pk}-reason", "marché infructueux")
        # Enter in a field sends the whole form: no need to walk to its end.
        keyboard.key("Enter")
        keyboard.acts += 1
        page.wait_for_selector("[role=status]")
        said = page.inner_text("[role=status]").replace("\xa0", " ")
        assert heard.complaints == []
    assert "10 déclarations enregistrées" in said
    assert "2 reports enregistrés" in said
    assert "28 fois « rien de nouveau »" in said
    assert keyboard.acts <= 60, keyboard.acts
    # The walk through the plain form, line after line; the quick answer below holds in sixty with it.
    assert keyboard.interactions <= 3 * LINES, keyboard.interactions
    assert Declaration.objects.filter(nothing_new=1).count() == LINES - 12
    assert sum(one.deadlines.count() for one in promises) == LINES + 2


@pytest.mark.parametrize("script", [True, False])
def test_a_campaign_of_forty_lines_is_answered_in_sixty_keys_all_counted(
    browser: Browser, live_server: LiveServer, promises: list[Commitment], script: bool
) -> None:
    """From the campaign's page, by keyboard alone, the twelve lines anywhere among the forty."""
    agent = AgentFactory(function="équipe du suivi")
    MandateFactory(agent=agent, ministry=None, role="operator")
    today = timezone.localdate()
    campaign = open_campaign(
        Author(agent, timezone.now()),
        label="T4 2026",
        closes_on=today + timedelta(days=15),
        occasion="rim",
        held_on=today + timedelta(days=20),
    )
    said = [f"{one.ref} en cours : point fait" for one in promises[1:40:4]]
    said += [f"{promises[at].ref} reporté T3 {today.year + 3} : marché infructueux" for at in (12, 38)]
    with opened(browser, str(live_server.url), width=1280, script=script) as (page, heard):
        sign_in(page, AMDAC)
        page.goto(f"/espace/campagnes/{campaign.pk}/")
        keyboard = Keyboard(page)
        keyboard.skip_to_content()
        keyboard.press("main a[href^='/espace/reponse-rapide/']")
        page.wait_for_selector("#texte:focus")
        for rank, words in enumerate(said):
            if rank:
                keyboard.key("Enter")
            # A date and its reason are two texts, as in two fields.
            keyboard.texts += "reporté" in words
            keyboard.text(words)
        keyboard.walk_to("#reste")
        keyboard.key("Space")
        keyboard.press("form button")
        page.wait_for_selector("form[action^='/espace/'] button:focus")
        assert page.locator("main tbody").first.locator("tr").count() == len(said)
        keyboard.key("Enter")
        page.wait_for_url(re.compile(r"/espace/\?ministere="))
        done = page.inner_text("[role=status]").replace("\xa0", " ")
        assert heard.complaints == []
    assert "10 déclarations enregistrées" in done
    assert "2 reports enregistrés" in done
    assert "28 fois « rien de nouveau »" in done
    print(f"interactions: {keyboard.interactions} ({keyboard.keys} keys, {keyboard.texts} texts)")
    assert keyboard.interactions <= 60, (keyboard.keys, keyboard.texts)
    assert Declaration.objects.filter(nothing_new=1).count() == LINES - 12
    assert sum(one.deadlines.count() for one in promises) == LINES + 2
    # Paris may have passed midnight since the campaign was opened.
    (rate,) = rates(campaign, timezone.localdate()).values()
    assert rate.answered == rate.asked


@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_of_the_workspace_are_whole_for_all(
    browser: Browser, live_server: LiveServer, promises: list[Commitment], width: int
) -> None:
    with opened(browser, str(live_server.url), width=width) as (page, heard):
        judge = Judge(page)
        for path in ("/connexion/", "/connexion/oubli/"):
            judge.look(path, path)
        sign_in(page, AMDAC)
        for path in ("/espace/", "/espace/promesses/K-01/", "/espace/journal/", "/connexion/mot-de-passe/"):
            judge.look(path, path)
        assert heard.complaints == []
        assert heard.elsewhere == []
    assert judge.wrong == {}


def test_two_browsers_on_one_promise_lose_nothing(
    browser: Browser, live_server: LiveServer, promises: list[Commitment]
) -> None:
    site, path = str(live_server.url), "/espace/promesses/K-20/"
    with opened(browser, site, width=1280) as (one, _), opened(browser, site, width=1280) as (two, _):
        for page in (one, two):
            sign_in(page, AMDAC)
            page.goto(path)
            page.select_option("#id_status", "in_progress")
        one.fill("#id_comment", "la phrase de l'un")
        two.fill("#id_comment", "la phrase de l'autre")
        follow(one, one.get_by_role("button", name="Publier la déclaration"))
        one.wait_for_selector("[role=status]")
        follow(two, two.get_by_role("button", name="Publier la déclaration"))
        two.wait_for_selector("[role=alert]")
        assert "la phrase de l'un" in two.inner_text("main")
        assert two.input_value("#id_comment") == "la phrase de l'autre"
        assert Declaration.objects.filter(commitment__ref="K-20").count() == 2
        follow(two, two.get_by_role("button", name="Publier la déclaration"))
        two.wait_for_selector("[role=status]")
    said = Declaration.objects.filter(commitment__ref="K-20").order_by("pk").values_list("comment", flat=True)
    assert [re.sub("^$", "-", one) for one in said] == ["-", "la phrase de l'un", "la phrase de l'autre"]
