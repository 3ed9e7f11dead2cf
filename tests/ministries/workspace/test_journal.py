"""The journal: a ministry reads what was written for it and on what it answers for, filters it, takes it away."""

import csv
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from ministries import declaring, transferring
from ministries.authoring import Author
from ministries.models import Act, Ministry
from tests.factories import MandateFactory
from tests.ministries.people import NOW, TODAY

pytestmark = pytest.mark.django_db

PAGE, FILE = "/espace/journal/", "/espace/journal.csv"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def written(house):
    """Four acts: two by form for one ministry, one from a file, one for another ministry."""
    first = declaring.declare(
        house.author(now=NOW - timedelta(days=40)), house.commitment, status="in_progress", seen=None
    )
    declaring.nothing_new(house.author(), house.commitment, seen=first.pk)
    file = Author(house.agents["amdac"], NOW, Act.Channel.FILE, '=HYPERLINK("http://x")')
    declaring.declare(file, house.another(ref="Z-1"), status="in_progress", seen=None)
    declaring.declare(house.author("of_another_ministry"), house.third, status="in_progress", seen=None)
    return house


def come(house, who):
    client = Client()
    client.force_login(house.agents[who])
    return client


def lines(client, **asked):
    answer = client.get(FILE, asked)
    assert answer.status_code == 200
    return list(csv.DictReader(answer.content.decode().splitlines()))


@pytest.mark.parametrize(
    ("who", "count"), [("amdac", 3), ("contributor", 3), ("cabinet", 3), ("of_another_ministry", 1), ("operator", 4)]
)
def test_each_reads_the_journal_of_its_own_ministry(written, who, count):
    client = come(written, who)
    assert len(lines(client)) == count
    assert client.get(PAGE).context["found"].paginator.count == count


@pytest.mark.parametrize("who", ["former", "future", "without_mandate"])
def test_who_has_no_mandate_today_reads_none(written, who):
    for path in (PAGE, FILE):
        assert come(written, who).get(path).status_code == 403


def test_nobody_signed_in_reads_none_and_nobody_writes_there(written):
    for path in (PAGE, FILE):
        assert Client().get(path).status_code == 302
        assert come(written, "operator").post(path).status_code == 405


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"acte": "nothing_new"}, 1),
        ({"par": "file"}, 1),
        ({"promesse": "z-1"}, 1),
        ({"promesse": "inconnue"}, 0),
        ({"du": "2026-06-15"}, 2),
        ({"au": "2026-06-14"}, 1),
        ({"du": "2026-05-06", "au": "2026-05-06"}, 1),
        ({"au": "9999-12-31", "du": "0001-01-01"}, 3),
    ],
)
def test_filters_keep_what_they_say_on_the_page_and_in_the_file(written, asked, count):
    client = come(written, "amdac")
    assert len(lines(client, **asked)) == count
    assert client.get(PAGE, asked).context["found"].paginator.count == count


@pytest.mark.parametrize("asked", [{"acte": "danser"}, {"du": "31/02/2026"}, {"ministere": "AUTRE"}])
def test_a_filter_that_is_not_understood_shows_nothing(written, asked):
    client = come(written, "amdac")
    page = client.get(PAGE, asked)
    assert (page.status_code, page.context["found"].paginator.count) == (400, 0)
    assert client.get(FILE, asked).status_code == 400


def test_a_ministry_s_filter_opens_no_other_journal(written):
    other = written.other.code
    assert come(written, "amdac").get(FILE, {"ministere": other}).status_code == 400
    assert len(lines(come(written, "operator"), ministere=other)) == 1


def test_the_file_says_function_never_address_and_runs_nothing(written):
    answer = come(written, "operator").get(FILE)
    text = answer.content.decode()
    assert "@exemple" not in text
    row = next(row for row in lines(come(written, "amdac")) if row["promesse"] == "Z-1")
    assert row["formulaire ou fichier"].startswith("'=")
    assert row == {**row, "quand": "2026-06-15T12:00:00+02:00", "fonction": "fonction amdac", "par": "fichier"}
    assert re.search(r'filename="journal_2026-06-15\.csv"', answer.headers["Content-Disposition"])
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_was_written_before_a_promise_came_is_read_by_who_answers_for_it_now(written):
    to = Ministry.objects.create(code="MNV", slug="mnv", name="Ministère nouveau")
    transferring.transfer(written.author("operator"), [written.commitment], to=to, since=TODAY)
    MandateFactory(agent=written.agents["without_mandate"], ministry=to)
    rows = lines(come(written, "without_mandate"))
    assert {row["acte"] for row in rows} == {"a déclaré", "a répondu « rien de nouveau »", "a transféré la promesse"}


def test_a_day_is_a_day_of_paris(house):
    late = datetime(2026, 6, 14, 22, 30, tzinfo=UTC)
    declaring.declare(house.author(now=late), house.commitment, status="in_progress", seen=None)
    client = come(house, "amdac")
    assert len(lines(client, du="2026-06-15", au="2026-06-15")) == 1
    assert lines(client, au="2026-06-14") == []
