"""Candidates from the catalogue: what is proposed, what is withdrawn, and what the method is worth."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from commitments import candidates, moved, tasks
from commitments.candidates import last_match, search
from commitments.findings import Kind, Outcome, Sighting, State
from commitments.models import (
    Candidate,
    CatalogueState,
    Deliverable,
    Location,
    Reading,
    Verdict,
    Watch,
)
from tests import factories
from tests.commitments.catalogues import CatalogueServer, Row, as_csv, catalogue, dataservices, hexadecimal
from tests.commitments.proposing import MINISTRY, NOISE, NOW, RIGHT, observed, titles
from tests.commitments.proposing import candidate as candidate
from tests.commitments.proposing import deliverable as deliverable
from tests.commitments.proposing import server as server

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


# --- What is proposed ------------------------------------------------------------------------------------------------


def test_a_promise_without_address_gets_its_record_with_reasons(candidate):
    assert (candidate.identifier, candidate.title) == (RIGHT.id, RIGHT.title)
    assert [reason["text"] for reason in candidate.reasons] == [
        "mots communs : zonage, palourdes, sauvages",
        "publié par une organisation du ministère",
        "mis en ligne après la promesse",
    ]
    assert not Location.objects.exists()


@pytest.mark.parametrize("state", [State.KEPT, State.PARTIAL])
def test_a_promise_kept_by_the_robot_is_not_searched(server, deliverable, state):
    _verdict(deliverable, state)
    search(NOW)
    assert titles(deliverable) == []


@pytest.mark.parametrize("state", [State.UNMET, State.GONE, State.UNKNOWN, State.UNLOCATED])
def test_a_promise_not_found_is_searched(server, deliverable, state):
    _verdict(deliverable, state)
    search(NOW)
    assert titles(deliverable) == [RIGHT.title]


def test_a_promise_that_somebody_found_open_years_ago_is_searched_again(server, deliverable):
    reading = factories.ReadingFactory(commitment=deliverable.commitment, read_on=date(2021, 9, 30))
    _verdict(deliverable, State.KEPT, reading=reading)
    search(NOW)
    assert titles(deliverable) == [RIGHT.title]


def test_what_an_address_led_to_is_neither_withdrawn_nor_doubled_by_a_search(server, deliverable):
    location = factories.LocationFactory(deliverable=deliverable, portal=Location.Portal.URL, identifier="")
    for row in (RIGHT, NOISE[0]):
        facts = {
            "moved_to": f"https://www.data.gouv.fr/datasets/{row.id}",
            "moved_to_record": {
                **{"portal": Location.Portal.DATASET, "id": row.id, "title": row.title, "created_on": None},
                **{"organization_id": MINISTRY, "organization_name": "Ministère de la Mer"},
            },
        }
        moved.propose([(Watch(location=location), Sighting(Outcome.FOUND, facts=facts))], NOW)
    search(NOW)
    found = Candidate.objects.pending().filter(deliverable=deliverable, identifier__in=[RIGHT.id, NOISE[0].id])
    assert [[reason["code"] for reason in row.reasons] for row in found] == [["adresse-deplacee"]] * 2


def _verdict(deliverable: Deliverable, state: State, reading: Reading | None = None) -> None:
    since = date(2021, 9, 30)
    Verdict.objects.create(deliverable=deliverable, state=state, since=since, rule_version="1", reading=reading)


def test_the_record_already_followed_is_not_proposed(server, deliverable):
    factories.LocationFactory(deliverable=deliverable, identifier=RIGHT.id)
    search(NOW)
    assert titles(deliverable) == []


def test_a_record_deleted_and_created_again_under_the_same_title_is_proposed(server, deliverable):
    lost = factories.LocationFactory(deliverable=deliverable, identifier=hexadecimal("lost"))
    observed(lost, Outcome.FOUND, 90, title="Cartographie générale (v2)", slug="cartographie-generale-v2")
    observed(lost, Outcome.GONE, 2)
    again = Row(hexadecimal("again"), "Cartographie générale (v2)", "Un autre compte", hexadecimal("account"))
    server.files["datasets"] = as_csv([*NOISE, again])
    search(NOW)
    (found,) = Candidate.objects.pending().filter(deliverable=deliverable)
    assert found.identifier == again.id
    assert found.reasons[0]["text"] == "même titre que la fiche disparue"


def test_an_api_is_searched_among_apis(server):
    promise = factories.CommitmentFactory(title="API BALO", wording="API BALO")
    api = factories.DeliverableFactory(commitment=promise, kind=Kind.API)
    search(NOW)
    (found,) = Candidate.objects.pending().filter(deliverable=api)
    assert (found.portal, found.title) == (Location.Portal.DATASERVICE, "API BALO")


def test_what_the_catalogue_no_longer_holds_is_withdrawn_and_may_come_back(server, candidate, deliverable):
    server.files["datasets"] = as_csv(NOISE)
    search(NOW + timedelta(days=1))
    assert titles(deliverable) == []
    server.files["datasets"] = as_csv([*NOISE, RIGHT])
    search(NOW + timedelta(days=2))
    assert Candidate.objects.pending().get(deliverable=deliverable).first_proposed_at == candidate.first_proposed_at


def test_two_searches_of_one_catalogue_give_the_same_rows(server, candidate):
    before = list(Candidate.objects.values_list("pk", "rank", "score"))
    search(NOW + timedelta(days=1))
    assert list(Candidate.objects.values_list("pk", "rank", "score")) == before


def test_a_refused_catalogue_moves_nothing_and_is_told(server, candidate):
    server.answers["datasets"] = (200, {}, b"<html>")
    run = search(NOW + timedelta(days=1))
    assert Candidate.objects.pending().filter(pk=candidate.pk).exists()
    assert run.warnings == [
        "Catalogue des jeux de données refusé : le portail répond par une page web au lieu du catalogue ; "
        "celui du 12/06/2026 est gardé."
    ]


def test_a_missing_catalogue_of_apis_does_not_stop_that_of_datasets(server, deliverable):
    server.answers["dataservices"] = (503, {}, b"")
    run = search(NOW)
    assert titles(deliverable) == [RIGHT.title]
    assert "aucun autre n'est gardé" in run.warnings[0]


def test_without_any_catalogue_there_is_no_search(server, deliverable):
    server.answers |= dict.fromkeys(("datasets", "dataservices"), (503, {}, b""))
    assert search(NOW) is None
    assert last_match() is None
    assert "503" in CatalogueState.objects.get(section="datasets").refusal


def test_two_beats_make_one_search(server, deliverable):
    CatalogueState.objects.create(section="datasets", claimed_until=NOW + timedelta(minutes=5))
    assert search(NOW) is None
    assert search(NOW + timedelta(minutes=6)) is not None


def test_queries_do_not_grow_with_promises(server, deliverable, django_assert_max_num_queries):
    for number in range(30):
        one = factories.DeliverableFactory(commitment__title=f"Zonage numéro {number}")
        factories.LocationFactory(deliverable=one)
    with django_assert_max_num_queries(45):
        search(NOW)


# --- What the method is worth ----------------------------------------------------------------------------------------


def test_the_search_is_measured_on_the_known_addresses_of_the_reference(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    call_command("load_reference", stdout=io.StringIO())
    out = io.StringIO()
    with CatalogueServer() as server:
        settings.DATAGOUV_URL = server.url
        server.files["datasets"] = as_csv(catalogue(8000))
        server.files["dataservices"] = as_csv(dataservices(200))
        call_command("match_candidates", stdout=out, stderr=io.StringIO())
    run = last_match()
    assert run.truth == 11
    assert run.recall >= 0.8
    assert run.precision >= 0.3
    assert f"rappel à 5 : {run.recall:.2f}, sur 11 promesses" in out.getvalue()
    proposed = set(Candidate.objects.pending().values_list("deliverable__commitment__ref", "title"))
    # The pages of api.gouv.fr moved to the portal: their new records are proposed.
    assert {("O-20", "API BALO"), ("O-27", "API Statut étudiant boursier")} <= proposed


def test_without_known_addresses_nothing_is_measured(server, deliverable):
    run = search(NOW)
    assert (run.truth, run.recall, run.precision) == (0, None, None)


def test_the_command_says_why_it_could_not_search(server):
    server.answers |= dict.fromkeys(("datasets", "dataservices"), (503, {}, b""))
    with pytest.raises(CommandError, match="le portail répond 503"):
        call_command("match_candidates")


@pytest.mark.parametrize(("age", "hour", "expected"), [(24, 4, True), (24, 14, False), (10, 4, False), (31, 14, True)])
def test_the_search_is_made_at_night_or_once_a_night_was_missed(server, age, hour, expected):
    now = datetime(2026, 6, 12, hour - 2, 0, tzinfo=UTC)
    search(now - timedelta(hours=age))
    assert candidates.due(now) is expected


def test_the_task_searches_when_nothing_was_ever_searched(server, deliverable):
    tasks.match_candidates()
    assert titles(deliverable) == [RIGHT.title]
