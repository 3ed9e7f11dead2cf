"""A reader's browser: what it hears while pages are read, how it follows a link, and what is wrong with a page."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request

from ministries.models import Agent
from tests.factories import AgentFactory

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
PASSWORD = "une phrase assez longue"
SHOTS = os.environ.get("BOTHOREL_TEST_SHOTS", "")


@dataclass
class Heard:
    """What the browser complained about, and what it asked of other sites."""

    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)


@contextmanager
def opened(browser: Browser, site: str, *, width: int, script: bool = True) -> Iterator[tuple[Page, Heard]]:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=script, locale="fr-FR", base_url=site
    )
    page, heard = context.new_page(), Heard()

    def listen(message: ConsoleMessage) -> None:
        # The browser itself reports pages that answer 400 and 404 on purpose.
        if message.type in ("error", "warning") and "the server responded with a status of 40" not in message.text:
            heard.complaints.append(message.text)

    def asked(request: Request) -> None:
        heard.fetched.append(request.url)
        if not request.url.startswith((site, "data:")):
            heard.elsewhere.append(request.url)

    page.on("console", listen)
    page.on("pageerror", lambda error: heard.complaints.append(str(error)))
    page.on("request", asked)
    try:
        yield page, heard
    finally:
        context.close()


def follow(page: Page, control: str | Locator, *, key: str = "") -> None:
    """Clicks the control, or presses the key on it, and waits for the page that comes.

    The browser returns as soon as the click is made: what is read just after may be the page that goes,
    and an address opened just after may overtake the form.
    """
    one = page.locator(control).first if isinstance(control, str) else control
    with page.expect_navigation():
        one.press(key) if key else one.click()


def an_agent(email: str, *, function: str) -> Agent:
    """Somebody who can sign in."""
    agent: Agent = AgentFactory(email=email, function=function)
    agent.set_password(PASSWORD)
    agent.save()
    return agent


def sign_in(page: Page, email: str) -> None:
    page.goto("/espace/")
    page.fill("#id_username", email)
    page.fill("#id_password", PASSWORD)
    follow(page, "#id_password", key="Enter")
    page.wait_for_url(re.compile(r"^http://[^/]+/espace/$"))


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and its own good practices."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false, iframes: false})")
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found["violations"]]


def too_wide(page: Page) -> int:
    """By how many pixels the page is wider than its screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


class Judge:
    """Looks at each page once, everything unfolded; what is wrong is gathered by name.

    With a folder in ``BOTHOREL_TEST_SHOTS``, keeps a picture of each.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: dict[str, list[str]] = {}
        self.seen: list[str] = []

    def look(self, name: str, path: str = "", *, axe: bool = True) -> None:
        assert name not in self.seen, name
        self.seen.append(name)
        if path:
            self.page.goto(path)
        self.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        if SHOTS:
            width = (self.page.viewport_size or {}).get("width")
            file = re.sub(r"\W+", "-", name).strip("-") or "accueil"
            self.page.screenshot(path=str(Path(SHOTS, f"{file}-{width}.png")), full_page=True)
        found = violations(self.page) if axe else []
        if wide := too_wide(self.page):
            found.append(f"{wide} px too wide")
        if found:
            self.wrong[name] = found
