"""The daily catalogue: asked for once, refused when it is not itself, and then the day before's is kept."""

from __future__ import annotations

import errno
import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from commitments import catalogue
from commitments.models import CatalogueState
from commitments.portals import download as downloads
from tests.commitments.catalogues import COLUMNS, CatalogueServer, as_csv
from tests.commitments.catalogues import catalogue as made

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 12, 3, 17, tzinfo=UTC)
ROWS = made(400)
SWAPPED = as_csv(ROWS).replace(b'"created_at";"last_modified";"tags"', b'"tags";"last_modified";"created_at"', 1)


@pytest.fixture
def server(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with CatalogueServer() as server:
        settings.DATAGOUV_URL = server.url
        server.files["datasets"] = as_csv(ROWS)
        yield server


def refresh(days: int = 0, **options):
    return catalogue.refresh("datasets", NOW + timedelta(days=days), **options)


def test_the_catalogue_is_read_through_its_redirection(server):
    shelf, state = refresh()
    public = [row for row in ROWS if row.archived == "False"]
    assert shelf.ids == [row.id for row in public]
    assert shelf.titles == [
        " ".join(row.title.split()) if not row.title.isprintable() else row.title for row in public
    ]
    assert (state.rows, state.refusal) == (400, "")
    assert state.dated_at == datetime(2026, 6, 12, 2, 11, tzinfo=UTC)


def test_archived_records_are_counted_but_not_searched(server):
    shelf, state = refresh()
    assert len(shelf) < state.rows


def test_the_next_day_an_unchanged_catalogue_is_not_sent_again(server):
    before, _ = refresh()
    after, state = refresh(1)
    last = server.asked[-1][1]
    assert last["if-none-match"].startswith('"')
    assert last["if-modified-since"] == "Fri, 12 Jun 2026 02:11:00 GMT"
    assert after == before
    assert state.accepted_at == NOW
    assert state.checked_at == NOW + timedelta(days=1)


def test_a_machine_that_lost_its_copy_asks_for_the_whole(server, tmp_path):
    refresh()
    (tmp_path / "catalogue" / "datasets.csv.gz").unlink()
    shelf, state = refresh(1)
    assert "if-none-match" not in server.asked[-1][1]
    assert len(shelf) > 300
    assert state.refusal == ""


def test_a_copy_that_went_bad_is_asked_for_again(server, tmp_path):
    refresh()
    kept = tmp_path / "catalogue" / "datasets.csv.gz"
    kept.write_bytes(kept.read_bytes()[:200])
    assert refresh(1)[0] is None
    assert len(refresh(2)[0]) > 300


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "il est vide"),
        (b"\r\n", "il est vide"),
        (b"\xef\xbb\xbf" + as_csv(ROWS), "BOM"),
        (as_csv(ROWS).decode().encode("utf-16"), "BOM"),
        (b"<!doctype html><title>Maintenance</title>", "page web"),
        (as_csv(ROWS, delimiter=","), "il lui manque des colonnes"),
        (as_csv(ROWS, delimiter="\t"), "il lui manque des colonnes"),
        (as_csv(ROWS, [name for name in COLUMNS if name != "slug"]), "il lui manque des colonnes : slug"),
        (as_csv(ROWS[:0]), "il n'a aucune ligne"),
        (as_csv(ROWS)[:-40], "il s'arrête au milieu d'une ligne"),
        (as_csv(ROWS[:200]), "il compte 200 lignes, trop loin des 400"),
        (as_csv([*ROWS, *made(100, seed=9)]), "il compte 500 lignes, trop loin des 400"),
        (as_csv(ROWS).replace(b'"id";"title"', b'"title";"id"', 1), "la colonne « id » ne contient pas"),
        (SWAPPED, "la colonne « created_at » ne contient pas"),
        (as_csv(ROWS).replace("é".encode(), b"\xe9"), "lisible"),
    ],
)  # fmt: skip
def test_what_is_not_the_catalogue_is_refused_and_the_day_before_is_kept(server, body, why):
    before, _ = refresh()
    server.files["datasets"] = body
    after, state = refresh(1)
    assert after == before
    assert why in state.refusal
    assert state.rows == 400
    assert state.accepted_at == NOW


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((503, {}, b"down"), "503"),
        ((429, {"Retry-After": "60"}, b""), "429"),
        ((404, {}, b""), "404"),
        ((200, {"Content-Length": "999999"}, as_csv(ROWS)), "coupée"),
        ((200, {"Content-Encoding": "gzip"}, gzip.compress(as_csv(ROWS))[:-500]), "coupée"),
        ((200, {"Content-Encoding": "br"}, b"\x00"), "compressée"),
        ((302, {"Location": "http://169.254.169.254/latest"}, b""), "réseau privé"),
        ((302, {"Location": "http://127.0.0.1:1/datasets.csv"}, b""), "réseau privé"),
        ((302, {"Location": "file:///etc/passwd"}, b""), "redirige"),
    ],
)
def test_a_fault_on_the_way_keeps_the_day_before(server, answer, why):
    before, _ = refresh()
    server.answers["datasets"] = answer
    after, state = refresh(1)
    assert after == before
    assert why in state.refusal


def test_the_refusal_is_forgotten_once_the_catalogue_is_back(server):
    refresh()
    server.answers["datasets"] = (503, {}, b"")
    refresh(1)
    del server.answers["datasets"]
    assert refresh(2)[1].refusal == ""
    assert CatalogueState.objects.get().refusal == ""


def test_an_operator_may_accept_another_length(server):
    refresh()
    server.files["datasets"] = as_csv(ROWS[:100])
    _, state = refresh(1, any_length=True)
    assert (state.rows, state.refusal) == (100, "")


def test_columns_in_another_order_and_new_ones_change_nothing(server):
    before, _ = refresh()
    server.files["datasets"] = as_csv(ROWS, COLUMNS[::-1])
    after, state = refresh(1)
    assert (after, state.refusal) == (before, "")


def test_a_few_bad_rows_are_left_out(server):
    bad = [replace(ROWS[0], id="not an id"), *ROWS[1:]]
    server.files["datasets"] = as_csv(bad) + b'"too";"short"\r\n'
    shelf, state = refresh()
    assert state.refusal == ""
    assert ROWS[0].id not in shelf.ids


def test_a_bomb_stops_at_the_bound(server, monkeypatch):
    monkeypatch.setattr(catalogue, "LARGEST", 1_000_000)
    server.answers["datasets"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 50_000_000))
    shelf, state = refresh()
    assert shelf is None
    assert "dépasse 1 Mo" in state.refusal


def test_a_full_disk_is_told_as_ours(server, monkeypatch):
    def full(self, piece):
        self.failure = OSError(errno.ENOSPC, "No space left on device")
        raise self.failure

    before, _ = refresh()
    server.files["datasets"] = as_csv(ROWS[1:])
    monkeypatch.setattr(downloads._Downloading, "_write", full)
    after, state = refresh(1)
    assert after == before
    assert "la machine n'a pas pu l'écrire" in state.refusal


def test_nothing_is_left_on_the_disk_but_the_copy(server, tmp_path):
    refresh()
    server.files["datasets"] = b""
    refresh(1)
    assert [path.name for path in (tmp_path / "catalogue").iterdir()] == ["datasets.csv.gz"]


def test_another_address_may_be_set_for_the_datasets(server, settings):
    settings.CATALOGUE_URL = f"{server.url}/static/datasets.csv"
    assert len(refresh()[0]) > 300
    assert catalogue.address("dataservices") == f"{server.url}/api/1/site/dataservices.csv"


def test_titles_lose_what_no_database_takes(server):
    server.files["datasets"] = as_csv(
        [replace(ROWS[0], title="Carte\x00 \u202escolaire", archived="False"), *ROWS[1:]]
    )
    assert refresh()[0].titles[0] == "Carte scolaire"
