"""Spreadsheets in a browser: sent, looked at, applied; nobody else's, nothing too large, no script needed."""

import re
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from commitments.models import Commitment
from ministries.models import Declaration, Mandate, Upload
from ministries.sheets import applying, bounds, sending
from tests.factories import MandateFactory
from tests.ministries.people import WHO
from tests.ministries.sheets import messy
from tests.ministries.sheets.files import delimited

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

URL = "/espace/tableaux/"
IMPORTERS = ("amdac", "operator")


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch):
    monkeypatch.setattr(sending, "hand_over", lambda pk: None)


def one_line(house, **cells):
    given = {"référence": house.commitment.ref, "état": "en cours", **cells}
    return delimited([list(given), list(given.values())])


def send(client, house, data, name="suivi.csv"):
    return client.post(URL, {"ministere": house.ministry.code, "fichier": SimpleUploadedFile(name, data)})


def previewed(client, house, data, name="suivi.csv"):
    """Send, take the columns as proposed, and say where the preview is."""
    page = client.get(send(client, house, data, name).url)
    fields = {f"colonne-{one.index}": one.field for one in page.context["columns"] if one.field}
    return client.post(f"{page.wsgi_request.path}colonnes/", fields).url


def test_a_file_goes_from_the_disk_to_the_public_page(house, come):
    client = come("amdac")
    where = previewed(client, house, one_line(house, commentaire="bien engagé"))
    page = client.get(where).content.decode()
    assert "bien engagé" in page
    assert "Rien n’est encore écrit" in page
    assert not Declaration.objects.exists()
    client.post(f"{where}appliquer/")
    waiting = client.get(where).content.decode()
    assert '<meta http-equiv="refresh"' in waiting
    assert "<progress" in waiting
    assert applying.apply(Upload.objects.get().pk)
    assert client.get(where).context["upload"].state == "applied"
    assert Declaration.objects.get().comment == "bien engagé"


def test_the_messy_sheet_shows_every_trap_on_its_page(house, come):
    client = come("amdac")
    where = previewed(client, house, messy.workbook(), "suivi.xlsx")
    page = client.get(where).content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    assert "« 31/09/2022 »" in page
    assert "ligne 20, colonne D" in page
    assert "ligne de total" in page
    refused = client.post(f"{where}appliquer/")
    assert refused.status_code == 422
    client.post(f"{where}appliquer/", {"sans-le-reste": "1"})
    applying.apply(Upload.objects.get().pk)
    assert Commitment.objects.filter(visibility="draft").count() == 58


def test_a_near_title_is_settled_by_a_choice(house, come):
    client = come("amdac")
    data = delimited([["action", "état"], [f"{house.commitment.title} bis", "en cours"]])
    where = previewed(client, house, data)
    assert client.get(where).context["shown"] == "near"
    client.post(f"{where}trancher/", {"ligne-2": house.commitment.ref})
    assert client.get(where).context["shown"] == "changed"


def test_a_file_that_is_none_is_refused_on_the_page_and_kept_nowhere(house, come):
    answer = send(come("amdac"), house, b"%PDF-1.7")
    assert answer.status_code == 422
    assert "un PDF" in answer.content.decode()
    assert not Upload.objects.exists()


def test_more_than_ten_megabytes_are_read_away_and_refused_with_a_sentence(house, come):
    answer = send(come("amdac"), house, b"a;b\n" * (bounds.LARGEST_FILE // 4 + 1))
    assert answer.status_code == 422
    assert "10 Mo" in answer.content.decode()
    assert not Upload.objects.exists()


# Pages go by today's date, on which the mandate of « future » has begun.
@pytest.mark.parametrize("who", ["anonymous", *(who for who in WHO if who not in (*IMPORTERS, "future"))])
def test_who_may_not_import_reaches_no_page_and_writes_nothing(house, come, who):
    where = previewed(come("amdac"), house, one_line(house))
    client = come(who)
    before = Upload.objects.values().get()
    # Another ministry's AMDAC may import for their own ministry, never for this one.
    assert send(client, house, one_line(house)).status_code in (302, 403, 404)
    assert client.get(where).status_code in (302, 403, 404)
    for step in ("colonnes", "trancher", "appliquer", "abandonner"):
        assert client.post(f"{where}{step}/").status_code in (302, 403, 404)
    assert Upload.objects.values().get() == before


def test_an_export_is_for_who_may_read_private_notes(house, come):
    url = f"{reverse('workspace-sheet-export', args=['csv'])}?ministere={house.ministry.code}"
    for who in ("amdac", "contributor", "cabinet", "operator"):
        answer = come(who).get(url)
        assert answer.status_code == 200
        assert house.commitment.ref in answer.content.decode("utf-8-sig")
    assert come("anonymous").get(url).status_code == 302
    assert come("of_another_ministry").get(url).status_code == 404
    assert come("former").get(url).status_code == 403


def test_another_ministry_s_file_is_found_by_no_number(house, come):
    MandateFactory(agent=house.agents["former"], ministry=house.other, role=Mandate.Role.AMDAC)
    where = previewed(come("amdac"), house, one_line(house))
    assert come("former").get(where).status_code == 404


def test_a_forged_form_is_refused(house):
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.agents["amdac"], backend="django.contrib.auth.backends.ModelBackend")
    assert send(client, house, one_line(house)).status_code == 403


def test_markup_in_a_cell_is_shown_as_text(house, come):
    client = come("amdac")
    data = delimited([["action", "état"], ["<script>alert(1)</script>", "en cours"]])
    where = previewed(client, house, data, "<b>.csv")
    page = client.get(where).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_two_columns_for_one_thing_and_none_for_the_title_are_told(house, come):
    client = come("amdac")
    where = send(client, house, one_line(house)).url
    assert client.post(f"{where}colonnes/", {"colonne-0": "status", "colonne-1": "status"}).status_code == 422
    assert client.post(f"{where}colonnes/", {"colonne-0": "status"}).status_code == 422
    assert client.post(f"{where}colonnes/", {"colonne-99": "title"}).status_code == 422


class Gigabyte:
    """A form with a file of one gigabyte, made as it is read: nobody holds it but who should not."""

    SIZE = 1_000_000_000

    def __init__(self, token):
        edge = "bord"
        fields = {"csrfmiddlewaretoken": token}
        said = "".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        head = 'Content-Disposition: form-data; name="fichier"; filename="a.xlsx"\r\nContent-Type: text/csv\r\n\r\n'
        self.type = f"multipart/form-data; boundary={edge}"
        self.parts = [f"{said}--{edge}\r\n{head}".encode(), f"\r\n--{edge}--\r\n".encode()]
        self.length = sum(map(len, self.parts)) + self.SIZE
        self.given = 0

    def read(self, size=-1):
        size = min(size if size >= 0 else 1_000_000, 1_000_000, self.length - self.given)
        begin, end = self.given, self.given + size
        first = len(self.parts[0])
        if begin < first:
            body = self.parts[0][begin : min(end, first)]
        elif begin < first + self.SIZE:
            body = b"a" * (min(end, first + self.SIZE) - begin)
        else:
            body = self.parts[1][begin - first - self.SIZE : end - first - self.SIZE]
        self.given += len(body)
        return body

    readline = read


@pytest.mark.slow
def test_a_gigabyte_is_read_away_in_little_memory_and_refused_with_a_sentence(house, come):
    client = come("amdac")
    page = client.get(URL)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]
    stream = Gigabyte(token)
    tracemalloc.start()
    said = {"wsgi.input": stream, "CONTENT_LENGTH": str(stream.length), "CONTENT_TYPE": stream.type}
    answer = client.generic("POST", URL, **said)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status_code == 422
    assert answer.context["error"] == bounds.TOO_LARGE
    assert peak < 100_000_000
    # Read to its end: a browser that is still sending would show a broken connection and no sentence.
    assert stream.given == stream.length
    assert not Upload.objects.exists()
