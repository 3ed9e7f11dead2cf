"""Whole stories on a phone, from the home page, with and without script."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browsing import follow, opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 360
BOTH = pytest.mark.parametrize(
    "script", [pytest.param(True, id="script", marks=pytest.mark.slow), pytest.param(False, id="no script")]
)


def on_the_day(page: Page, day: str) -> None:
    """From the home page, with its own form."""
    page.goto("/")
    page.fill("#au", day)
    follow(page, page.get_by_role("button", name="Voir"))
    page.wait_for_url(f"**/?au={day}")


def counted(page: Page) -> int:
    return int(re.findall(r"\d+", page.inner_text(".count"))[0])


@BOTH
def test_story_1_the_meeting_is_tomorrow_at_nine(browser: Browser, site: str, script: bool) -> None:
    """The note in one touch, what is late in one, a late promise in two: nothing to learn, nothing to sign."""
    with opened(browser, site, width=PHONE, script=script) as (page, heard):
        on_the_day(page, "2022-02-01")
        said = page.inner_text(".lede")
        assert "promesses échues" in said
        follow(page, page.locator(".checked").get_by_role("link", name="lire"))
        page.wait_for_url("**/note/?au=2022-02-01")
        assert page.inner_text(".sentence").split() == said.split()
        for head in ("Promesses", "Tenues à l’heure", "En retard", "Échues, non vérifiées", "Sans date"):
            assert head in " ".join(str(page.locator("thead").first.text_content()).split()), head
        late = page.locator("li").filter(has_text="première date")
        assert late.count() > 0
        for line in late.all_inner_texts():
            assert re.search(r"jours?", line)
            assert re.search(r"reports?", line)
        assert "état au" in page.inner_text("main")

        page.goto("/?au=2022-02-01")
        follow(page, page.locator(".c-late a"))
        late_ones = counted(page)
        assert page.locator(".promises tbody tr").count() == late_ones > 0
        follow(page, page.locator(".promises tbody th a").first)
        assert "en retard de" in page.inner_text(".three")
        assert "prévu" in page.inner_text(".three")
        assert heard.complaints == []
        assert heard.elsewhere == []


@BOTH
def test_story_3_what_was_due_for_the_end_of_2021_and_is_not_there(browser: Browser, site: str, script: bool) -> None:
    """On the first day when the end of 2021 is past: the list, its file, and how to cite it."""
    with opened(browser, site, width=PHONE, script=script) as (page, heard):
        on_the_day(page, "2022-01-01")
        due = int(re.findall(r"\d+", page.locator(".lede a").last.inner_text())[0])
        follow(page, page.locator(".lede a").last)
        assert counted(page) == due == page.locator(".promises tbody tr").count()
        rows = page.locator(".promises tbody tr").all_inner_texts()
        assert any("O-10" in row for row in rows)
        for row in rows:  # the first date, what is observed and when: always said
            assert re.search(r"prévu|sans échéance", row), row
            assert re.search(r"vérifié|constat", row), row
        refs = [re.findall(r"O-\d+", row)[0] for row in rows]

        address = page.locator(".tools").get_by_role("link", name="CSV", exact=True).get_attribute("href")
        file = page.request.get(str(address))
        assert file.ok
        listed = list(csv.DictReader(io.StringIO(file.text())))
        assert [row["ref"] for row in listed] == refs
        assert all(row["promised_first_last_day"] for row in listed)

        cited = page.locator(".cite")
        assert "situation au 1er janvier 2022" in re.sub(r"\s", " ", cited.inner_text())
        permanent = cited.get_by_role("link")
        assert "au=2022-01-01" in permanent.inner_text()
        follow(page, permanent)
        assert [re.findall(r"O-\d+", row)[0] for row in page.locator(".promises tbody tr").all_inner_texts()] == refs

        page.goto("/")  # where nothing was asked, the address cited has its day all the same
        follow(page, page.get_by_role("link", name="Promesses", exact=True).first)
        assert re.search(r"au=\d{4}-\d\d-\d\d", page.locator(".cite a").inner_text())
        assert heard.complaints == []
        assert heard.elsewhere == []
