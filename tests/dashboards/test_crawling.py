"""From the home page, every address and every file that any page offers answers, for today and for a past day."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client

from tests.dashboards.pages.reading import read

pytestmark = pytest.mark.slow

MOST = 1500
A_SORT = re.compile(r"[OA]-\d+[^/]*|\d+|(?<=/ministeres/)[\w-]+(?=/)")
"""What makes two addresses of the same sort: one promise stands for all, whatever its reference."""
OF_EACH_SORT = 2


def sort_of(link: str) -> str:
    parts = urlsplit(link)
    return A_SORT.sub("*", parts.path) + "?" + "&".join(sorted(parse_qs(parts.query)))


def is_page(content_type: str) -> bool:
    return content_type.startswith("text/html")


@pytest.mark.django_db
@pytest.mark.parametrize("start", ["/", "/?au=2022-02-01", "/en/?au=2022-02-01"])
def test_every_link_of_every_page_answers(client: Client, start: str) -> None:
    call_command("load_reference", verbosity=0)
    waiting, asked, sorts = deque([(start, "")]), {start}, dict[str, int]()
    broken, files = [], set()
    while waiting and len(asked) <= MOST:
        link, whence = waiting.popleft()
        response = client.get(link, follow=True)
        if response.status_code != 200:
            broken.append((whence, link, response.status_code))
            continue
        if not is_page(response["Content-Type"]):
            files.add(urlsplit(link).path.rpartition(".")[2])
            continue
        if link.startswith(("/api/", "/connexion/", "/espace/")):
            continue
        page = read(response.content.decode())
        for target in page.internal:
            address = target.split("#")[0]
            # Each language is walked by itself; what exists once, with the French pages.
            if address.startswith("/en/") != start.startswith("/en/"):
                continue
            sort = sort_of(address)
            if address and address not in asked and sorts.get(sort, 0) < OF_EACH_SORT:
                sorts[sort] = sorts.get(sort, 0) + 1
                asked.add(address)
                waiting.append((address, link))
    assert broken == []
    assert not waiting, f"more than {MOST} addresses: some were never tried"
    assert start.startswith("/en/") or {"csv", "atom", "ics"} <= files
