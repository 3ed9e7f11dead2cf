"""All that a first visit of the home page loads, compressed, is under 150 KB: page, styles, scripts, fonts, icons."""

import gzip
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.test import Client

MOST = 150_000
LOADED = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"[^>]*>')
NAVIGATION = re.compile(r'rel="(?:alternate|canonical|license|search|prev|next|expect)"')
STYLES = re.compile(r"<style>(.*?)</style>", re.DOTALL)
IN_STYLES = re.compile(r'url\(["\']?([^"\')]+)["\']?\)|@import\s+["\']([^"\']+)')


def weight(body: bytes) -> int:
    return len(gzip.compress(body, 6))


def file(address: str) -> Path:
    """The file that an address of ours names; raises for one of another site, which nothing may load."""
    assert address.startswith(settings.STATIC_URL), f"{address} is loaded from elsewhere"
    name = address.removeprefix(settings.STATIC_URL).partition("?")[0]
    return next(path for folder in settings.STATICFILES_DIRS if (path := Path(folder, name)).is_file())


def in_styles(text: str, address: str) -> set[str]:
    named = {one or two for one, two in IN_STYLES.findall(text)}
    return {urljoin(address, one) for one in named if not one.startswith(("data:", "#"))}


@pytest.mark.usefixtures("reference")
def test_a_first_visit_is_light(client: Client) -> None:
    page = client.get("/").content
    written = page.decode()
    tags = [match for match in LOADED.finditer(written) if not NAVIGATION.search(match[0])]
    loaded = {match[1] for match in tags}
    styles = STYLES.findall(written)
    assert styles, "the styles are written in the page"
    for text in styles:
        loaded |= in_styles(text, "/")
    for address in [one for one in loaded if one.endswith(".css")]:
        loaded |= in_styles(file(address).read_text(), address)
    weights = {address: weight(file(address).read_bytes()) for address in loaded} | {"/": weight(page)}
    assert sum(weights.values()) < MOST, weights
