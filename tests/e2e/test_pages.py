"""The site as a browser shows it: nothing wrong for axe, nothing wider than a phone, nothing fetched elsewhere."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import Judge, follow, opened, too_wide, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

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


@pytest.mark.slow
@pytest.mark.parametrize(("width", "script"), [(1280, True), (320, True), (1280, False), (320, False)])
def test_every_page(browser: Browser, site: str, width: int, script: bool) -> None:
    """axe needs timers, so « without script » is the same page whose own scripts never come."""
    with opened(browser, site, width=width) as (page, heard):
        judge = Judge(page)
        if not script:
            page.route("**/static/js/*", lambda route: route.fulfill(body="", content_type="text/javascript"))
        # Only two pages have a script: the others are the same with and without.
        for path in PAGES if script else SCRIPTED:
            judge.look(path, path, axe=width > 320 or path in JUDGED_SMALL)
    assert judge.wrong == {}
    assert heard.complaints == []
    assert heard.elsewhere == []
    assert not [url for url in heard.fetched if "plotly" in url]


@pytest.mark.slow
def test_no_page_is_too_wide_on_any_screen_between(browser: Browser, site: str) -> None:
    """Where columns stand side by side again, and have the least room."""
    wide = {}
    with opened(browser, site, width=1280) as (page, _):
        for path in PAGES:
            page.goto(path)
            # What is only laid out when it comes near hides what is too wide.
            page.evaluate("document.querySelectorAll('.later').forEach(one => { one.className = '' })")
            for width in (480, 720, 737, 840, 960, 961, 1100):
                page.set_viewport_size({"width": width, "height": 800})
                if pixels := too_wide(page):
                    wide[path, width] = pixels
    assert wide == {}


@pytest.mark.parametrize("width", [1280, pytest.param(320, marks=pytest.mark.slow)])
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
        assert page.evaluate("document.activeElement.textContent.trim()") == "Graphique interactif"


@pytest.mark.slow
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


@pytest.mark.slow
def test_in_english_the_interactive_chart_speaks_english(browser: Browser, site: str) -> None:
    with opened(browser, site, width=1280) as (page, heard):
        page.goto(f"/en/?{PAST}")
        page.get_by_role("button", name="Interactive chart").click()
        page.wait_for_selector(".main-svg")
        assert page.evaluate("document.querySelector('.js-plotly-plot')._context.locale") == "en"
        assert "promises" in page.inner_text(".js-plotly-plot")
        assert not [url for url in heard.fetched if "locale-fr" in url]
        assert heard.complaints == []


@pytest.mark.slow
def test_one_click_leads_to_the_same_page_in_the_other_language(browser: Browser, site: str) -> None:
    with opened(browser, site, width=320, script=False) as (page, _):
        page.goto(f"/promesses/?vue=echues&{PAST}")
        follow(page, page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="English"))
        assert page.url.removeprefix(site) == f"/en/promesses/?vue=echues&{PAST}"
        follow(page, page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Français"))
        assert page.url.removeprefix(site) == f"/promesses/?vue=echues&{PAST}"


@pytest.mark.slow
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
