"""The site as a browser shows it: nothing wrong for axe, nothing wider than a phone, nothing fetched elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
PAST = "au=2022-02-01"
PAGES = (
    "/",
    f"/?{PAST}",
    "/promesses/",
    f"/promesses/?vue=echues&{PAST}",
    "/promesses/?constat=bon",
    f"/promesses/O-10-affelnet-lycee-code/?{PAST}",
    f"/promesses/O-30-api-historique-d-un-vehicule/?{PAST}",
    f"/ministeres/?{PAST}",
    f"/ministeres/menjs/?{PAST}",
    "/ministeres/remaniements/",
    "/campagnes/",
    "/recommandations/",
    "/recommandations/34/",
    "/contradictions/",
    "/citp/5/",
    "/methode/",
    "/sante/",
    "/donnees/",
    "/api/",
    "/accessibilite/",
    "/mentions-legales/",
    "/introuvable",
    "/en/",
    f"/en/promesses/O-10-affelnet-lycee-code/?{PAST}",
    f"/en/promesses/?vue=echues&{PAST}",
    "/en/methode/",
)

# On a phone axe looks at the pages whose layout changes; every page is measured.
JUDGED_SMALL = ("/", f"/?{PAST}", *PAGES[3:9], "/sante/", "/en/")
SCRIPTED = ("/", f"/?{PAST}", f"/ministeres/?{PAST}")


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


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and its own good practices."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false, iframes: false})")
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found["violations"]]


def too_wide(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize(("width", "script"), [(1280, True), (320, True), (1280, False), (320, False)])
def test_every_page(browser: Browser, site: str, width: int, script: bool) -> None:
    """axe needs timers, so « without script » is the same page whose own scripts never come."""
    wrong: dict[str, list[str]] = {}
    with opened(browser, site, width=width) as (page, heard):
        if not script:
            page.route("**/static/js/*", lambda route: route.fulfill(body="", content_type="text/javascript"))
        # Only two pages have a script: the others are the same with and without.
        for path in PAGES if script else SCRIPTED:
            page.goto(path)
            found = violations(page) if width > 320 or path in JUDGED_SMALL else []
            if overflow := too_wide(page):
                found.append(f"{overflow} px too wide")
            if found:
                wrong[path] = found
    assert wrong == {}
    assert heard.complaints == []
    assert heard.elsewhere == []
    assert not [url for url in heard.fetched if "plotly" in url]


@pytest.mark.parametrize("width", [1280, 320])
def test_the_interactive_chart_takes_the_place_of_the_bars(browser: Browser, site: str, width: int) -> None:
    with opened(browser, site, width=width) as (page, heard):
        page.goto(f"/?{PAST}")
        legend = page.locator("figure .legend li").all_inner_texts()
        page.get_by_role("button", name="Graphique interactif").click()
        page.wait_for_selector(".main-svg")
        assert page.locator("svg.bars").count() == 0
        assert page.evaluate("getComputedStyle(document.querySelector('.main-svg')).position") == "absolute"
        assert "plotly.com" not in page.inner_html("figure")
        assert page.locator(".modebar-btn").count() == 0
        assert page.evaluate("document.querySelector('.js-plotly-plot')._context.showSendToCloud") is False
        assert page.evaluate("document.querySelector('.js-plotly-plot')._context.plotlyServerURL") == ""
        assert page.evaluate("document.querySelector('.js-plotly-plot')._context.locale") == "fr"
        assert page.locator("#tableau-ministeres").is_visible()
        # The legend keeps its words; each one shows or hides its own bars, by keyboard too.
        assert page.locator("figure .legend li").all_inner_texts() == legend
        page.locator(".legend button").first.press("Enter")
        assert page.evaluate("document.querySelector('.js-plotly-plot').data[0].visible") is False
        assert page.locator(".legend button").first.get_attribute("aria-pressed") == "false"
        assert violations(page) == []
        assert too_wide(page) == 0
        assert heard.complaints == []
        assert heard.elsewhere == []
        page.get_by_role("button", name="Revenir au dessin simple").press("Enter")
        assert page.locator("svg.bars").is_visible()
        assert page.locator(".js-plotly-plot").count() == page.locator(".legend button").count() == 0
        assert page.evaluate("document.activeElement.textContent") == "Graphique interactif"


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize(
    ("path", "marks"),
    [
        (f"/ministeres/?{PAST}", 3),
        ("/echeances/?au=2021-11-01", 1),
        (f"/promesses/O-10-affelnet-lycee-code/?{PAST}", 1),
    ],
)
def test_every_chart_has_its_interactive_drawing(
    browser: Browser, site: str, path: str, marks: int, width: int
) -> None:
    with opened(browser, site, width=width) as (page, heard):
        page.goto(path)
        buttons = page.get_by_role("button", name="Graphique interactif")
        assert buttons.count() == marks
        for n in range(marks):
            buttons.first.click()
            page.get_by_role("button", name="Revenir au dessin simple").nth(n).wait_for()
        assert page.locator(".js-plotly-plot").count() == marks
        drawn = "plots => plots.map(one => one.querySelectorAll('.point, .js-line').length)"
        assert min(page.locator(".js-plotly-plot").evaluate_all(drawn)) > 0
        assert violations(page) == []
        assert too_wide(page) == 0
        assert heard.complaints == []
        assert heard.elsewhere == []


def test_in_english_the_interactive_chart_speaks_english(browser: Browser, site: str) -> None:
    with opened(browser, site, width=1280) as (page, heard):
        page.goto(f"/en/?{PAST}")
        page.get_by_role("button", name="Interactive chart").click()
        page.wait_for_selector(".main-svg")
        assert page.evaluate("document.querySelector('.js-plotly-plot')._context.locale") == "en"
        assert "promises" in page.inner_text(".js-plotly-plot")
        assert not [url for url in heard.fetched if "locale-fr" in url]
        assert heard.complaints == []


def test_one_click_leads_to_the_same_page_in_the_other_language(browser: Browser, site: str) -> None:
    with opened(browser, site, width=320, script=False) as (page, _):
        page.goto(f"/promesses/?vue=echues&{PAST}")
        page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="English").click()
        assert page.url.removeprefix(site) == f"/en/promesses/?vue=echues&{PAST}"
        page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Français").click()
        assert page.url.removeprefix(site) == f"/promesses/?vue=echues&{PAST}"


def test_the_chart_that_cannot_be_fetched_leaves_the_bars(browser: Browser, site: str) -> None:
    with opened(browser, site, width=1280) as (page, _):
        page.route("**/vendor/plotly/*", lambda route: route.abort())
        page.goto("/")
        page.get_by_role("button", name="Graphique interactif").click()
        page.get_by_role("button", name="réessayer").wait_for()
        assert page.locator("svg.bars").is_visible()


def test_without_script_no_button_is_promised(browser: Browser, site: str) -> None:
    with opened(browser, site, width=1280, script=False) as (page, _):
        page.goto("/")
        assert not page.get_by_role("button", name="Graphique interactif").is_visible()
        assert page.locator("svg.bars").is_visible()
        assert page.locator("#tableau-ministeres").is_visible()


def test_by_keyboard_from_home_to_a_promise(browser: Browser, site: str) -> None:
    with opened(browser, site, width=1280) as (page, heard):
        page.goto(f"/?{PAST}")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "contenu"
        for _ in range(40):
            page.keyboard.press("Tab")
            ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert ring == "solid", page.evaluate("document.activeElement.outerHTML")
            if page.evaluate("document.activeElement.matches('.lines a')"):
                break
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/promesses/O-\d+-.*au=2022-02-01"))
        assert page.locator("h1").count() == 1
        assert heard.complaints == []


def test_the_first_screen_holds_what_matters(browser: Browser, site: str) -> None:
    with opened(browser, site, width=1366) as (page, _):
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto("/")
        for selector in (".lede", ".counters", "#a-regarder", ".lines li", "svg.bars"):
            box = page.locator(selector).first.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= 768, selector
    with opened(browser, site, width=390) as (page, _):
        page.goto("/")
        order = [page.locator(s).first.bounding_box()["y"] for s in (".lede", ".counters", "#a-regarder", ".bars")]  # type: ignore[index]
        assert order == sorted(order)


def test_print_keeps_the_table_and_drops_the_controls(browser: Browser, site: str) -> None:
    with opened(browser, site, width=800) as (page, _):
        page.goto("/")
        page.emulate_media(media="print")
        assert page.locator("#tableau-ministeres").is_visible()
        for selector in (".menu", ".day", "svg.bars", ".tools"):
            assert not page.locator(selector).first.is_visible(), selector
        assert page.get_by_text("méthode version").first.is_visible()
