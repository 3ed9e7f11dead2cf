"""The note, dates and changes in a browser: judged by axe, as wide as a phone, printed on two sheets."""

from __future__ import annotations

import io

import pypdf
import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import Judge, follow, opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAST = "au=2022-02-01"
PAGES = (f"/note/?{PAST}", f"/changements/?du=2021-06-01&{PAST}", "/echeances/?au=2021-06-01", "/changements/?du=hier")


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 320])
def test_every_page(browser: Browser, site: str, width: int) -> None:
    with opened(browser, site, width=width) as (page, heard):
        judge = Judge(page)
        for path in PAGES:
            judge.look(path, path)
    assert judge.wrong == {}
    assert heard.complaints == []
    assert heard.elsewhere == []


def test_from_home_the_note_is_one_touch_away_on_a_phone(browser: Browser, site: str) -> None:
    with opened(browser, site, width=390, script=False) as (page, _):
        page.goto(f"/?{PAST}")
        follow(page, page.locator(".checked").get_by_role("link", name="lire"))
        page.wait_for_url("**/note/?au=2022-02-01")
        assert "promesses échues" in page.inner_text(".sentence")
        assert page.get_by_role("link", name="PDF, deux pages").is_visible()


def test_the_browser_prints_two_sheets(browser: Browser, site: str) -> None:
    with opened(browser, site, width=1280) as (page, _):
        page.goto(f"/note/?{PAST}")
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        assert len(printed.pages) == 2
        text = " ".join(printed.pages[1].extract_text().split())
        assert "connu_au=" in text
        assert "Accueil" not in text
