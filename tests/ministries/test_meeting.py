"""Two who write at once, on a server: one waits for the other, and never each for the other."""

import threading
from datetime import date

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client

from commitments.findings import Outcome
from commitments.judging import rejudge
from commitments.models import Deliverable, Version
from ministries.authoring import locked, writing
from ministries.declaring import declare
from ministries.models import Contradiction, Declaration, Upload
from ministries.reconciling import catch_up, reconcile
from ministries.sheets import applying, sending
from ministries.standing import standings
from tests.factories import LocationFactory
from tests.ministries.people import NOW, house
from tests.ministries.sheets.conftest import send as send
from tests.ministries.sheets.files import delimited
from tests.observed import observe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.streams]

THEN = date(2026, 3, 5)
HEAD = ["référence", "intitulé", "échéance", "état", "commentaire", "adresse", "type"]


@pytest.fixture(name="house")
def _house(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite whoever writes is alone")
    return house()


@pytest.fixture
def beside():
    """Do something in another connection, and come back once it waits for us, or is done."""
    failed, threads = [], []

    def start(act):
        done = threading.Event()

        def run():
            try:
                act()
            except Exception as error:
                failed.append(error)
            finally:
                connection.close()
                done.set()

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        while not done.wait(0.02) and not _somebody_waits():
            pass
        return threads[-1].join

    yield start
    for thread in threads:
        thread.join()
    assert failed == []


def _somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


def test_a_ministry_declares_while_contradictions_are_looked_for(house, beside):
    _contradicted(house)
    with transaction.atomic():
        Version.bump()
        beside(lambda: catch_up(NOW))
        assert reconcile(standings(THEN), THEN).opened == 1
    assert Contradiction.objects.count() == 1


def test_who_opens_a_contradiction_does_not_wait_for_who_holds_its_promise(house, beside):
    _contradicted(house)
    with transaction.atomic():
        locked(house.commitment)
        beside(lambda: catch_up(NOW))
        assert Contradiction.objects.count() == 1


def test_the_very_first_writes_come_one_after_the_other(house, beside):
    Version.objects.all().delete()
    with transaction.atomic():
        Version.bump()
        beside(Version.bump)


def _contradicted(house):
    """The promise is declared done, and its address leads nowhere."""
    location = LocationFactory(deliverable=Deliverable.objects.get(commitment=house.commitment))
    observe(location, date(2026, 3, 1), Outcome.GONE, days=3, checks=4)
    rejudge(today=date(2026, 3, 4))
    Declaration.objects.create(
        commitment=house.commitment,
        ministry=house.ministry,
        by_function="AMDAC",
        status="done",
        declared_on=THEN,
    )


def test_a_file_with_new_lines_meets_who_declares_on_one_of_its_promises(house, send, beside, monkeypatch):
    monkeypatch.setattr(sending, "hand_over", lambda pk: None)
    upload = send(
        delimited(
            [
                HEAD,
                [house.commitment.ref, "", "", "en cours", "bien engagé", "", ""],
                ["", "Un jeu nouveau", "fin 2027", "en cours", "", "https://exemple.fr/b", "API"],
            ]
        )
    )
    sending.ask_to_apply(house.author(), upload, without_the_rest=True)
    other = house.another()
    with writing(house.author()):
        locked(house.commitment)
        beside(lambda: applying.apply(upload.pk, NOW))
        declare(house.author(), other, status="in_progress", seen=None)
    upload.refresh_from_db()
    assert upload.state in (Upload.State.APPLYING, Upload.State.APPLIED)


def test_a_page_of_answers_meets_who_declares_on_its_last_line(house, beside):
    last = house.another()
    fields = {"ligne": [house.commitment.pk, last.pk]}
    for commitment in (house.commitment, last):
        deadline = commitment.deadlines.get()
        fields |= {
            f"l{commitment.pk}-{name}": value for name, value in {"seen": "", "seen_deadline": deadline.pk}.items()
        }
    fields |= {f"l{house.commitment.pk}-status": "done", f"l{house.commitment.pk}-address": "https://exemple.fr/jeu"}
    fields[f"l{last.pk}-status"] = "in_progress"

    def answer():
        client = Client()
        client.force_login(house.agents["amdac"])
        assert client.post("/espace/", fields).status_code == 302

    with time_machine.travel(NOW), writing(house.author("operator")):
        locked(last)
        answered = beside(answer)
        Version.bump()
    answered()
    assert Declaration.objects.count() == 2
