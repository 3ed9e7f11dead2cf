"""Atom feeds, read by feedparser: whole, stable, each entry reads alone."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment, Deadline, Version
from dashboards.api.caching import KEPT
from ministries.event_streams import KINDS
from tests.dashboards.pages.reading import read
from tests.factories import CommitmentFactory, DeclarationFactory

FEEDS = (
    "/changements.atom",
    "/changements.atom?au=2022-02-01",
    "/changements.atom?ministere=MENJS&type=source_code",
    "/changements.atom?q=affelnet&vue=echues&au=2022-02-01",
    "/ministeres/menjs/changements.atom",
    "/citp/5/engagements/6/changements.atom",
    "/promesses/O-10/changements.atom",
    "/promesses/O-10-affelnet-lycee-code/changements.atom",
    "/changements.atom?genre=deadline_moved",
    "/changements.atom?du=2021-06-30&au=2021-12-31",
)


@pytest.fixture(autouse=True)
def reference(reference_loaded: None, db: None) -> Iterator[None]:
    """Answers are kept by version; the versions of rolled back transactions come again."""
    KEPT.clear()
    yield
    KEPT.clear()


def feed(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    parsed = feedparser.parse(response.content)
    assert parsed.bozo == 0, parsed.get("bozo_exception")
    return parsed


@pytest.mark.parametrize("address", FEEDS)
def test_every_feed_is_valid_and_tells_of_itself(client: Client, address: str) -> None:
    parsed = feed(client, address)
    links = {link.rel: link.href for link in parsed.feed.links}
    assert links["self"].startswith("http://127.0.0.1:8000" + address.split("?")[0])
    assert client.get(links["self"].removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert client.get(links["alternate"].removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert parsed.feed.id.startswith("tag:")
    assert parsed.feed.author == "Bothorel"
    assert parsed.feed.updated
    assert parsed.entries
    ids = [entry.id for entry in parsed.entries]
    assert len(set(ids)) == len(ids)
    for entry in parsed.entries:
        assert entry.id.startswith("tag:127.0.0.1,2026:")
        assert entry.updated_parsed
        assert entry.published_parsed
        assert entry.title
        assert entry.summary


def test_the_newest_comes_first_and_each_reads_alone(client: Client) -> None:
    parsed = feed(client, "/changements.atom")
    days = [entry.published for entry in parsed.entries]
    assert days == sorted(days, reverse=True)
    for entry in parsed.entries:
        ref = entry.title.split()[0]
        assert Commitment.objects.get(ref=ref).get_absolute_url() in entry.link
        assert "Ministère" in entry.summary or "Services" in entry.summary


def test_a_date_that_moved_is_an_entry(client: Client) -> None:
    parsed = feed(client, "/promesses/O-10/changements.atom?genre=deadline_moved")
    titles = [entry.title.replace("\u00a0", " ") for entry in parsed.entries]
    assert any("T2 2021 → T3 2021 (+92 jours)" in title for title in titles)


def test_ids_stay_and_what_is_written_comes_first(client: Client) -> None:
    before = [entry.id for entry in feed(client, "/changements.atom").entries]
    promise = Commitment.objects.get(ref="O-10")
    Deadline.objects.create(
        commitment=promise,
        raw="T4 2027",
        first_day=date(2027, 10, 1),
        last_day=date(2027, 12, 31),
        precision="quarter",
        announced_on=date(2026, 11, 1),
        announced_in="déclaration",
    )
    Version.bump()
    after = feed(client, "/changements.atom").entries
    assert "T4 2027" in after[0].title
    assert [entry.id for entry in after[1:]] == before[: len(after) - 1]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_of_event_is_followed_alone(client: Client, kind: str) -> None:
    parsed = feed(client, f"/changements.atom?genre={kind}&au=2022-02-01")
    assert {entry.tags[0].term for entry in parsed.entries} <= {kind}


def test_a_list_s_feed_tells_of_its_promises_only(client: Client) -> None:
    listed = client.get("/promesses/", {"constat": "kept", "au": "2022-02-01"}).context["found"]
    refs = {standing.ref for standing in listed}
    parsed = feed(client, "/changements.atom?constat=kept&au=2022-02-01")
    assert {entry.title.split()[0] for entry in parsed.entries} == refs


def test_the_feed_of_a_ministry_is_that_of_its_filter(client: Client) -> None:
    one, other = (feed(client, a) for a in ("/ministeres/menjs/changements.atom", "/changements.atom?ministere=MENJS"))
    assert [entry.id for entry in one.entries] == [entry.id for entry in other.entries]
    assert one.feed.id != other.feed.id


def test_a_day_compared_from_is_not_news(client: Client) -> None:
    parsed = feed(client, "/changements.atom?du=2021-09-30&au=2021-12-31")
    assert all("2021-09-30" < entry.published[:10] <= "2021-12-31" for entry in parsed.entries)


def test_what_is_private_is_in_no_feed(client: Client) -> None:
    draft = CommitmentFactory(visibility=Commitment.Visibility.DRAFT, title="Secret")
    DeclarationFactory(commitment=Commitment.objects.get(ref="O-10"), note="entre nous", comment="public")
    DeclarationFactory(commitment=draft)
    Version.bump()
    body = client.get("/changements.atom").content.decode()
    assert "Secret" not in body
    assert "entre nous" not in body
    assert client.get(f"/promesses/{draft.ref}/changements.atom").status_code == 404


def test_what_would_break_xml_is_told_all_the_same(client: Client) -> None:
    CommitmentFactory(ref="X-1", title="A & B <c>\x0b « d »", announced_on=date(2026, 11, 1))
    Version.bump()
    entry = feed(client, "/changements.atom?q=A+%26+B").entries[0]
    assert "A & B <c>" in entry.title


def test_an_unchanged_feed_costs_one_read(client: Client) -> None:
    Version.bump()
    first = client.get("/changements.atom")
    with CaptureQueriesContext(connection) as queries:
        again = client.get("/changements.atom", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, len(queries)) == (304, b"", 1)
    Version.bump()
    assert client.get("/changements.atom", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_nothing_happened_is_a_feed_that_does_not_change(client: Client) -> None:
    Version.bump()
    one = client.get("/changements.atom?q=zzzz").content
    KEPT.clear()
    assert client.get("/changements.atom?q=zzzz").content == one
    assert feedparser.parse(one).bozo == 0


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/changements.atom?genre=tout", "valeurs possibles"),
        ("/changements.atom?du=hier", "AAAA-MM-JJ"),
        ("/changements.atom?constat=bon", "valeurs possibles"),
        ("/ministeres/menjs/changements.atom?ministere=MI", "paramètre inconnu"),
        ("/promesses/O-10/changements.atom?constat=kept", "paramètre inconnu"),
        ("/changements.atom?genre=verdict&genre=reading", "une seule valeur"),
    ],
)
def test_what_is_not_understood_is_said(client: Client, address: str, told: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert told in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/ministeres/rien/changements.atom",
        "/promesses/O-999/changements.atom",
        "/citp/5/engagements/99/changements.atom",
    ],
)
def test_what_does_not_exist_is_404(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "page", ["/", "/promesses/?constat=kept&au=2022-02-01", "/ministeres/menjs/", "/changements/", "/echeances/"]
)
def test_pages_lead_to_their_feed_and_files(client: Client, page: str) -> None:
    html = client.get(page).content.decode()
    files = [link for link in read(html).internal if link.split("?")[0].endswith((".atom", ".ics", ".csv", ".odt"))]
    assert any(".atom" in link for link in files)
    assert {link: code for link in files if (code := client.get(link).status_code) != 200} == {}
