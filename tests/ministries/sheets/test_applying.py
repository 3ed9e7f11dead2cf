"""A file is applied whole or not at all, once; nobody's words are overwritten."""

import multiprocessing
import os
import signal
import zipfile
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connections

from commitments.models import Commitment, Version
from ministries import declaring, tasks
from ministries.authoring import Refused
from ministries.models import Act, Declaration, Upload
from ministries.permissions import NotMandated
from ministries.postponing import postpone
from ministries.sheets import applying, reading, sending, writing
from ministries.sheets.applying import LEASE
from ministries.sheets.tables import find
from tests.factories import LocationFactory
from tests.ministries.people import NOW, WHO
from tests.ministries.sheets.lines import file, streams

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


def test_a_file_writes_through_the_functions_that_forms_use(house, send, apply):
    ref = house.commitment.ref
    before = Version.current()
    upload = apply(
        send(
            file(
                [ref, "", "T3 2027", "décret attendu", "réalisé", "en ligne", "", "https://exemple.fr/jeu"],
                ["", "Un jeu nouveau", "fin 2027", "", "en cours", "bien engagé", "", "https://exemple.fr/b", "API"],
            )
        )
    )
    assert upload.state == "applied"
    said = house.commitment.declarations.get()
    assert (said.status, said.comment, said.by_function) == ("done", "en ligne", "fonction amdac")
    assert [d.raw for d in house.commitment.deadlines.order_by("id")] == ["fin 2026", "T3 2027"]
    new = Commitment.objects.get(title="Un jeu nouveau")
    assert (new.visibility, new.deadlines.get().raw, new.deliverables.get().kind) == ("draft", "fin 2027", "api")
    assert (new.drafts.get().status, new.drafts.get().comment) == ("in_progress", "bien engagé")
    assert set(Act.objects.values_list("verb", "channel", "source")) == {
        (verb, "file", "suivi.xlsx") for verb in ("postpone", "locate", "declare", "propose")
    }
    assert Version.current() > before


def test_a_date_kept_as_a_number_is_announced_as_its_day_and_is_no_change_next_time(house, send, apply):
    ref = house.commitment.ref
    rows = file([ref, "", "46600", "décret attendu"], ["", "Un jeu nouveau", "46600"])
    apply(send(rows))
    day = "1er août 2027"
    assert [d.raw for d in house.commitment.deadlines.order_by("id")] == ["fin 2026", day]
    assert Commitment.objects.get(title="Un jeu nouveau").deadlines.get().raw == day
    assert send(rows).counts["unchanged"] == 2


def test_a_line_taken_out_is_marked_and_stays(house, send, apply):
    gone = house.another()
    apply(send(file([house.commitment.ref, "", "", "", "en cours"])))
    assert sending.absent_from_last(house.ministry) == [gone]
    assert Commitment.objects.filter(pk=gone.pk).exists()
    apply(send(file([house.commitment.ref, "", "", "", "en cours"], [gone.ref, "", "", "", "en cours"])))
    assert sending.absent_from_last(house.ministry) == []


def test_the_same_file_again_changes_nothing(house, send, apply):
    data = file([house.commitment.ref, "", "", "", "en cours", "bien"], ["", "Un jeu nouveau", "fin 2027"])
    apply(send(data))
    before = streams()
    again = send(data)
    assert (again.counts["unchanged"], sending.nothing_to_write(again)) == (2, True)
    apply(again)
    assert streams() == before


def test_lines_left_out_are_confirmed_first(house, send):
    upload = send(file([house.commitment.ref, "", "", "", "n'importe quoi"]))
    with pytest.raises(Refused, match="cochez"):
        sending.ask_to_apply(house.author(), upload)


def test_somebody_else_s_words_since_the_preview_are_a_conflict_and_nothing_is_written(house, send, apply):
    other = house.another()
    upload = send(file(*([one.ref, "", "", "", "en cours"] for one in (house.commitment, other))))
    declaring.declare(house.author(), other, status="not_started", seen=None)
    before = streams()
    upload = apply(upload)
    assert (upload.state, streams()) == ("previewed", before)
    (problem,) = upload.problems
    assert (problem["number"], problem["ref"], "depuis l'aperçu" in problem["text"]) == (3, other.ref, True)


def test_a_date_moved_since_the_preview_is_a_conflict_too(house, send, apply):
    upload = send(file([house.commitment.ref, "", "", "", "en cours"]))
    seen = house.commitment.deadlines.get().pk
    postpone(house.author(), house.commitment, raw="T1 2028", reason="x", seen=seen)
    assert apply(upload).state == "previewed"


def test_a_mandate_that_ended_since_writes_nothing(house, send, apply):
    upload = send(file([house.commitment.ref, "", "", "", "en cours"]))
    before = streams()
    sending.ask_to_apply(house.author(), upload)
    house.agents["amdac"].mandates.update(until=NOW.date())
    assert applying.apply(upload.pk, NOW) is False
    upload.refresh_from_db()
    assert (upload.state, streams()) == ("previewed", before)
    assert "mandat" in upload.problems[0]["text"]


@pytest.mark.parametrize("who", [who for who in WHO if who not in ("amdac", "operator")])
def test_who_has_no_mandate_to_import_sends_previews_and_applies_nothing(house, send, who):
    data = file([house.commitment.ref, "", "", "", "en cours"])
    upload = send(data)
    author = house.author(who)
    for attempt in (
        lambda: sending.send(author, house.ministry, data=data, file_name="a.csv"),
        lambda: sending.show(author, upload, {}),
        lambda: sending.ask_to_apply(author, upload),
        lambda: sending.drop(author, upload),
    ):
        with pytest.raises(NotMandated):
            attempt()
    assert Upload.objects.get().state == "previewed"


def test_two_workers_write_once(house, send, apply):
    upload = apply(send(file(["", "Un jeu nouveau", "fin 2027"])))
    assert applying.apply(upload.pk, NOW + LEASE * 2) is False
    assert Commitment.objects.filter(title="Un jeu nouveau").count() == 1


def test_a_held_file_is_left_to_who_holds_it_and_handed_over_afterwards(house, send, monkeypatch):
    sent = []
    monkeypatch.setattr(sending, "hand_over", sent.append)
    upload = send(file(["", "Un jeu nouveau", "fin 2027"]))
    sending.ask_to_apply(house.author(), upload)
    Upload.objects.update(lease_until=NOW + LEASE)
    assert applying.apply(upload.pk, NOW) is False
    assert sending.resume(NOW) == 0
    assert sending.resume(NOW + LEASE + timedelta(seconds=1)) == 1
    assert sent == [upload.pk, upload.pk]


def test_a_file_that_kills_its_workers_is_given_up(house, send, monkeypatch):
    monkeypatch.setattr(sending, "hand_over", lambda pk: None)
    upload = send(file(["", "Un jeu nouveau", "fin 2027"]))
    sending.ask_to_apply(house.author(), upload)
    Upload.objects.update(attempts=applying.MOST_ATTEMPTS)
    assert applying.apply(upload.pk, NOW) is False
    upload.refresh_from_db()
    assert (upload.state, "plusieurs fois" in upload.problems[0]["text"]) == ("previewed", True)


def _killed_in_the_middle(upload_id: int) -> None:
    done = applying._one
    seen = []

    def one(*args):
        seen.append(done(*args))
        if len(seen) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return seen[-1]

    applying._one = one
    applying.apply(upload_id, NOW)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_does_all(send, house, monkeypatch):
    monkeypatch.setattr(sending, "hand_over", lambda pk: None)
    rows = [[house.another().ref, "", "T3 2027", "décret attendu", "en cours"] for _ in range(6)]
    upload = send(file(*rows, ["", "Un jeu nouveau", "fin 2027"]))
    sending.ask_to_apply(house.author(), upload)
    before = streams()
    connections.close_all()
    worker = multiprocessing.get_context("fork").Process(target=_killed_in_the_middle, args=(upload.pk,))
    worker.start()
    worker.join(60)
    assert worker.exitcode == -signal.SIGKILL
    upload.refresh_from_db()
    assert (upload.state, streams()) == ("applying", before)
    assert list(Upload.objects.stranded(NOW + LEASE + timedelta(seconds=1))) == [upload]
    assert applying.apply(upload.pk, NOW + LEASE + timedelta(seconds=1)) is True
    assert Declaration.objects.count() == 6
    assert Commitment.objects.filter(visibility="draft").count() == 1


def test_the_tasks_are_known_to_the_queue_and_the_clock(settings):
    assert tasks.apply_upload.name == "ministries.tasks.apply_upload"
    assert tasks.resume_uploads.name in {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()}


def _rich(house) -> None:
    """Lines with everything that a file must carry: obstacles, notes, addresses, signs, drafts, a late one."""
    LocationFactory(deliverable=house.commitment.deliverables.get(), url="https://exemple.fr/jeu")
    declaring.declare(
        house.author(),
        house.commitment,
        status="in_progress",
        seen=None,
        comment="=SOMME(A1)\nà l’été ; « bientôt »",
        note="+33 entre nous",
        obstacle_kind="law",
        obstacle="-décret",
    )
    house.another(title="=cmd|' /C calc'!A0")
    house.another(title='Jeu « à guillemets " » ; virgule, œ')
    closed = house.another()
    declaring.abandon(house.author(), closed, reason="plus lieu d'être", seen=None)


@pytest.mark.parametrize("suffix", list(writing.FORMATS))
def test_an_export_read_again_changes_nothing_and_one_cell_changes_one_line(house, send, apply, suffix):
    _rich(house)
    apply(send(file(["", "Un brouillon", "fin 2027", "", "en cours", "engagé"])))
    data = writing.write(house.ministry, date(2026, 6, 15), suffix)
    upload = send(data, f"promesses.{suffix}")
    assert upload.counts == {"added": 0, "changed": 0, "unchanged": 5, "near": 0, "unreadable": 0, "absent": 0}
    edited = _with_one_cell(house, suffix, data)
    assert send(edited, f"promesses.{suffix}").counts == {
        **upload.counts,
        "changed": 1,
        "unchanged": 4,
    }


def _with_one_cell(house, suffix, data):
    table = find(reading.read(data))
    rows = [list(table.headers), *(list(row.cells) for row in table.rows)]
    target = next(row for row in rows if row[0] == house.commitment.ref)
    target[rows[0].index("commentaire public")] = "autre chose"
    return {"csv": writing._csv, "xlsx": writing._xlsx, "ods": writing._ods}[suffix](rows, [])


@pytest.mark.parametrize("suffix", list(writing.FORMATS))
def test_no_cell_of_an_export_begins_like_a_formula(house, suffix):
    _rich(house)
    data = writing.write(house.ministry, date(2026, 6, 15), suffix)
    cells = [cell for sheet in reading.read(data).sheets for row in sheet.rows for cell in row]
    assert any(cell.startswith("'=cmd") for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    if suffix == "xlsx":
        assert b"<f>" not in zipfile.ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml")
