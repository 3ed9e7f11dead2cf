"""What readers report: received from anyone, seen by the ministry alone, public once answered."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Location, Version, Watch
from dashboards.api.caching import KEPT
from ministries.authoring import Refused, StaleForm
from ministries.models import Act, Moderation, Report
from ministries.permissions import NotMandated
from ministries.reports import limiting
from ministries.reports.writing import (
    MOST_UNREAD,
    locate_reported,
    publish_report,
    report,
    set_report_aside,
)
from tests.ministries.people import NOW, TODAY, WHO
from tests.ministries.workspace.conftest import come as come
from tests.ministries.workspace.reading import public_addresses
from tests.reading import text

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

SECRET = "le fichier traîne sur un vieux serveur"
LINK = "https://exemple.fr/fichier-trouve.csv"
ANSWER = "merci, nous vérifions"


@pytest.fixture(autouse=True)
def today():
    # The clock stands still and versions begin again with each test: what another was answered looks true here.
    KEPT.clear()
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield
    cache.clear()


def said(house, **fields):
    values = {"kind": "found", "url": LINK, "words": SECRET, "now": NOW, **fields}
    return report(house.commitment, **values)


def at(commitment):
    return f"{commitment.get_absolute_url()}signaler/"


def sent(client, house, **fields):
    return client.post(at(house.commitment), {"kind": "found", "url": LINK, "text": SECRET, **fields})


# --- the public form ---


def test_anyone_reports_from_a_page_that_asks_nothing_of_them(house, client):
    page = client.get(at(house.commitment))
    assert page.status_code == 200
    assert set(page.cookies) <= {"csrftoken"}
    assert "no-store" in page.headers["Cache-Control"]
    assert re.search(r'type="(email|tel)"', page.content.decode()) is None
    before = Version.current()
    answer = sent(client, house)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{at(house.commitment)}merci/"
    assert "reçu" in text(client.get(answer.headers["Location"]))
    row = Report.objects.get()
    assert (row.kind, row.url, row.text, row.reported_on) == ("found", LINK, SECRET, TODAY)
    assert {field.name for field in Report._meta.fields} == {
        *("id", "commitment", "kind", "url", "text", "reported_on", "recorded_at")
    }
    # Nothing public changed: what is kept of the pages stays true.
    assert Version.current() == before
    assert not Location.objects.exists()
    assert not Watch.objects.exists()


def test_the_promise_s_own_page_stays_without_cookie_and_in_caches(house, client):
    Version.bump()
    page = client.get(house.commitment.get_absolute_url())
    assert at(house.commitment) in page.content.decode()
    assert not page.cookies
    assert "public" in page.headers["Cache-Control"]
    assert page.headers["ETag"]


def test_a_short_or_old_address_leads_to_the_one(house, client):
    answer = client.get(f"/promesses/{house.commitment.ref.lower()}/signaler/")
    assert (answer.status_code, answer.headers["Location"]) == (301, at(house.commitment))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": ""}, "Choisissez ce que vous signalez"),
        ({"kind": "autre"}, "valide"),
        ({"url": ""}, "Donnez l’adresse"),
        ({"kind": "other", "url": "", "text": " "}, "Dites en quelques mots"),
        ({"url": "javascript:alert(1)"}, "n&#x27;est pas une adresse publique"),
        ({"url": "ftp://exemple.fr/x"}, "n&#x27;est pas une adresse publique"),
        ({"url": "https://moi:secret@exemple.fr/"}, "n&#x27;est pas une adresse publique"),
        ({"url": "https://intranet/jeu"}, "n&#x27;est pas une adresse publique"),
        ({"url": "http://localhost:8000/"}, "n&#x27;est pas une adresse publique"),
        ({"url": "https://10.1.2.3/jeu"}, "n&#x27;est pas une adresse publique"),
        ({"url": "https://[::1]/"}, "n&#x27;est pas une adresse publique"),
        ({"url": "https://2130706433/"}, "n&#x27;est pas une adresse publique"),
        ({"text": "a" * 1501}, "1500 caractères au plus"),
        ({"text": "a\x01b"}, "caractère invisible"),
    ],
)
def test_what_can_not_be_kept_is_said_and_what_was_typed_stays(house, client, fields, sentence):
    answer = sent(client, house, **fields)
    assert answer.status_code == 422
    assert sentence in text(answer).replace("n’est", "n&#x27;est")
    assert not Report.objects.exists()
    if "text" not in fields:
        assert SECRET in text(answer)


def test_a_form_without_its_token_is_refused(house):
    assert sent(Client(enforce_csrf_checks=True), house).status_code == 403


def test_a_machine_that_fills_the_hidden_field_is_thanked_and_not_heard(house, client):
    assert sent(client, house, site_web="https://spam.example").status_code == 302
    assert not Report.objects.exists()


def test_one_place_writes_five_times_an_hour_and_no_address_is_kept(house, client):
    answers = [sent(client, house, text=f"message {n}").status_code for n in range(limiting.AN_HOUR + 2)]
    assert answers == [302] * limiting.AN_HOUR + [429, 429]
    refused = sent(client, house, text="encore")
    assert refused.headers["Retry-After"] == "3600"
    assert "encore" in text(refused)
    assert sent(Client(REMOTE_ADDR="192.0.2.7"), house, text="d'ailleurs").status_code == 302
    assert not any("127.0.0.1" in key or "192.0.2.7" in key for key in cache._cache)
    assert limiting.place("192.0.2.7", NOW) != limiting.place("192.0.2.7", NOW + timedelta(days=1))
    assert limiting.place("192.0.2.7", NOW) != limiting.place("192.0.2.8", NOW)


def test_a_cache_that_is_down_lets_people_write(house, client, monkeypatch):
    def down(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(cache, "add", down)
    assert sent(client, house).status_code == 302


def test_a_promise_holds_so_many_unread_and_the_same_one_once(house):
    assert said(house) == said(house)
    for n in range(MOST_UNREAD - 1):
        said(house, words=f"message {n}")
    with pytest.raises(Refused, match="Trop de signalements"):
        said(house, words="de trop")
    set_report_aside(house.author(), Report.objects.first(), reason="vu", seen=None)
    said(house, words="de nouveau possible")


@pytest.mark.parametrize("visibility", ["draft", "discarded"])
def test_a_promise_that_is_not_public_is_not_there(house, client, visibility):
    hidden = house.another(visibility=visibility)
    assert client.get(at(hidden)).status_code == 404
    assert client.post(at(hidden), {"kind": "other", "text": "x"}).status_code == 404
    with pytest.raises(Refused):
        report(hidden, kind="other", url="", words="x", now=NOW)


# --- moderating ---

WRITES = {
    "publish": lambda author, row: publish_report(author, row, answer=ANSWER, seen=None),
    "set aside": lambda author, row: set_report_aside(author, row, reason="hors sujet", seen=None),
    "locate": lambda author, row: locate_reported(author, row, row.commitment.deliverables.get()),
}


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("who", [who for who in WHO if who not in ("amdac", "operator")])
def test_who_is_no_amdac_there_moderates_nothing(house, who, name):
    row = said(house)
    with pytest.raises(NotMandated):
        WRITES[name](house.author(who), row)
    assert (Moderation.objects.count(), Location.objects.count(), Act.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("who", ["amdac", "operator"])
def test_an_amdac_does_in_the_journal_and_moves_the_version(house, who, name):
    row, before = said(house), Version.current()
    WRITES[name](house.author(who), row)
    assert Version.current() > before
    act = Act.objects.get()
    assert (act.by_function, act.commitment) == (f"fonction {who}", house.commitment)


def test_it_is_him_follows_the_address_given(house):
    row = said(house)
    WRITES["locate"](house.author(), row)
    assert Location.objects.get().url == LINK
    with pytest.raises(Refused, match="pas celui de cette promesse"):
        locate_reported(house.author(), row, house.third.deliverables.get())
    with pytest.raises(Refused, match="ne donne pas d'adresse"):
        locate_reported(house.author(), said(house, kind="other", url=""), house.commitment.deliverables.get())


def test_an_answer_and_a_reason_are_needed_and_two_at_once_come_one_after_the_other(house):
    row = said(house)
    for write, words in ((publish_report, {"answer": " "}), (set_report_aside, {"reason": ""})):
        with pytest.raises(Refused):
            write(house.author(), row, seen=None, **words)
    first = publish_report(house.author(), row, answer=ANSWER, seen=None)
    with pytest.raises(StaleForm):
        set_report_aside(house.author(), row, reason="x", seen=None)
    with pytest.raises(Refused, match="déjà fait"):
        publish_report(house.author(), row, answer=ANSWER, seen=first.pk)
    again = set_report_aside(house.author(), row, reason="x", seen=first.pk)
    assert list(row.moderations.all()) == [first, again]
    with pytest.raises(IntegrityError), transaction.atomic():
        Moderation.objects.create(
            report=row,
            outcome="published",
            answer="x",
            moderated_on=TODAY,
            ministry=house.ministry,
            agent=house.agents["amdac"],
            by_function="x",
            recorded_at=NOW,
        )


# --- in public: never before, whole after, no more when taken back ---


def heard(house, client):
    said = {}
    own = [house.commitment.get_absolute_url(), f"{house.commitment.get_absolute_url()}changements.atom"]
    for path in {*public_addresses(house), *own, at(house.commitment)}:
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said[path] = (answer.status_code, body.decode(errors="replace").replace("\xa0", " "))
    return said


def shown(house, client, words):
    return {path for path, (code, said) in heard(house, client).items() if code == 200 and words in said}


@pytest.mark.slow
def test_a_report_is_in_no_public_output_until_it_is_published_with_its_answer(house, client):
    row, dropped = said(house), said(house, words="grossièreté notoire", kind="other", url="")
    set_report_aside(house.author(), dropped, reason="motif tout à fait interne", seen=None)
    before = heard(house, client)
    assert len([path for path, (code, _) in before.items() if code == 200]) > 40
    for path, (_, words) in before.items():
        for secret in (SECRET, LINK, "grossièreté notoire", "motif tout à fait interne"):
            assert secret not in words, (path, secret)
    first = publish_report(house.author(), row, answer=ANSWER, seen=None)
    public = shown(house, client, SECRET)
    page = house.commitment.get_absolute_url()
    assert {page, f"{page}changements.atom", "/changements.atom", "/api/v1/events/"} <= public
    assert {page, f"{page}changements.atom", "/api/v1/events/"} <= shown(house, client, ANSWER)
    html = text(client.get(page))
    assert "Signalement, je l’ai trouvé, reçu le 15 juin 2026" in html
    assert f"Réponse de fonction amdac, {house.ministry.name} : {ANSWER}" in html
    assert f'href="{LINK}" rel="nofollow"' in html
    set_report_aside(house.author(), row, reason="données personnelles", seen=first.pk)
    assert shown(house, client, SECRET) == set()


def test_a_report_is_an_event_with_its_place_in_the_cursor(house, client):
    rows = [said(house, words=f"message {n}") for n in range(3)]
    for row in rows:
        publish_report(house.author(), row, answer=ANSWER, seen=None)
    first = client.get(f"/api/v1/events/?page_size=2&promesse={house.commitment.ref}").json()
    assert [one["kind"] for one in first["results"]] == ["reported"] * 2
    second = client.get(first["next"]).json()
    assert second["results"][0]["kind"] == "reported"
    assert second["results"][0]["sentence"].endswith(f"message 0. Réponse du ministère : {ANSWER}")


def test_a_past_day_does_not_know_of_it(house, client):
    publish_report(house.author(), said(house), answer=ANSWER, seen=None)
    page = house.commitment.get_absolute_url()
    assert SECRET in text(client.get(page))
    assert SECRET not in text(client.get(f"{page}?au=2026-06-14"))


# --- the workspace ---


def test_each_reader_of_the_ministry_reads_it_and_no_other(house, come):
    row = said(house)
    for who in ("amdac", "contributor", "cabinet", "operator"):
        assert "1 signalement de lecteur attend" in text(come(who).get("/espace/"))
        assert SECRET in text(come(who).get("/espace/signalements/"))
        page = text(come(who).get(f"/espace/signalements/{row.pk}/"))
        assert SECRET in page
        assert ("Publier avec cette réponse" in page) == (who in ("amdac", "operator"))
    other = come("of_another_ministry")
    assert SECRET not in text(other.get("/espace/signalements/"))
    assert other.get(f"/espace/signalements/{row.pk}/").status_code == 404


def test_an_amdac_answers_by_the_form(house, come):
    row, client = said(house), come("amdac")
    path = f"/espace/signalements/{row.pk}/"
    assert client.post(path, {"acte": "publier", "answer": " "}).status_code == 422
    assert client.post(path, {"acte": "cestlui"}).status_code == 302
    assert Location.objects.get().url == LINK
    assert client.post(path, {"acte": "publier", "answer": ANSWER}).status_code == 302
    assert row.moderations.get().answer == ANSWER
    assert SECRET in text(client.get("/espace/signalements/?vue=publies"))
    stale = client.post(path, {"acte": "ecarter", "answer": "trop tard"})
    assert stale.status_code == 422
    assert ANSWER in text(stale)
    assert "trop tard" in text(stale)
    assert client.post(path, {"acte": "autre"}).status_code == 404


@pytest.mark.parametrize("who", ["contributor", "cabinet", "of_another_ministry", "former", "anonymous"])
@pytest.mark.parametrize("act", ["publier", "ecarter", "cestlui"])
def test_nobody_else_answers_by_the_form(house, come, who, act):
    row = said(house)
    answer = come(who).post(f"/espace/signalements/{row.pk}/", {"acte": act, "answer": ANSWER})
    assert answer.status_code in (302, 403, 404)
    assert (Moderation.objects.count(), Location.objects.count()) == (0, 0)


def test_markup_in_a_report_is_text_everywhere(house, come, client):
    row = said(house, words="<script>alert(1)</script>")
    inside = come("amdac").get(f"/espace/signalements/{row.pk}/").content.decode()
    publish_report(house.author(), row, answer="<img src=x onerror=alert(1)>", seen=None)
    page = house.commitment.get_absolute_url()
    outside = client.get(page).content.decode()
    for said_ in (inside, outside, client.get(f"{page}changements.atom").content.decode()):
        assert "<script>alert" not in said_
        assert "<img src=x" not in said_


def test_the_list_costs_the_same_however_long(house, come):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert come("amdac").get("/espace/signalements/").status_code == 200
        return len(found)

    said(house)
    one = queries()
    for number in range(9):
        said(house, words=f"encore {number}")
    assert queries() == one
