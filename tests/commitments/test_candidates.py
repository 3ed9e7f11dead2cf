"""Candidates from the catalogue to a person's answer, through the database."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from commitments import candidates, moved, tasks
from commitments.candidates import last_match, search
from commitments.deciding import NotDecided, Overtaken, decide
from commitments.findings import Kind, Outcome, ReadingState, Sighting, State
from commitments.locating import NotLocated, close, locate
from commitments.models import (
    Candidate,
    CatalogueState,
    Commitment,
    Decision,
    Deliverable,
    Location,
    Observation,
    Publisher,
    Reading,
    Verdict,
    Version,
    Watch,
)
from tests import factories
from tests.commitments.catalogues import CatalogueServer, Row, as_csv, catalogue, dataservices, hexadecimal

pytestmark = [pytest.mark.django_db, pytest.mark.streams]
NOW = datetime(2026, 6, 12, 3, 17, tzinfo=UTC)
TODAY = date(2026, 6, 12)
MINISTRY = "534fff8fa3a7292c64a77f22"
RIGHT = Row(hexadecimal("right"), "Zonage des palourdes sauvages", "Ministère de la Mer", MINISTRY)
NOISE = [row for row in catalogue(600) if not row.ref]


@pytest.fixture
def server(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with CatalogueServer() as server:
        settings.DATAGOUV_URL = server.url
        server.files["datasets"] = as_csv([*NOISE, RIGHT])
        server.files["dataservices"] = as_csv(dataservices(60))
        yield server


@pytest.fixture
def deliverable():
    promise = factories.CommitmentFactory(title="Zonage des palourdes", wording="le zonage des palourdes sauvages")
    Publisher.objects.create(commitment=promise, portal_id=MINISTRY)
    return factories.DeliverableFactory(commitment=promise)


@pytest.fixture
def candidate(server, deliverable):
    search(NOW)
    return Candidate.objects.pending().get(deliverable=deliverable)


def titles(deliverable: Deliverable) -> list[str]:
    return list(Candidate.objects.pending().filter(deliverable=deliverable).values_list("title", flat=True))


def answered(candidate: Candidate, answer: str, seen: Decision | None = None, **more) -> Decision:
    return decide(candidate, answer, by_function="AMDAC", now=NOW, seen=seen.pk if seen else None, **more)


# --- What is proposed -----------------------------------------------------------------------------


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


def _observed(location: Location, outcome: Outcome, day: int, **facts: str) -> None:
    moment = NOW - timedelta(days=day)
    Observation.objects.create(
        location=location, outcome=outcome, facts=facts, digest=f"{day}", first_seen_at=moment, last_seen_at=moment
    )


def test_the_record_already_followed_is_not_proposed(server, deliverable):
    factories.LocationFactory(deliverable=deliverable, identifier=RIGHT.id)
    search(NOW)
    assert titles(deliverable) == []


def test_a_record_deleted_and_created_again_under_the_same_title_is_proposed(server, deliverable):
    lost = factories.LocationFactory(deliverable=deliverable, identifier=hexadecimal("lost"))
    _observed(lost, Outcome.FOUND, 90, title="Cartographie générale (v2)", slug="cartographie-generale-v2")
    _observed(lost, Outcome.GONE, 2)
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


# --- What the method is worth ---------------------------------------------------------------------


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


# --- What people answer ---------------------------------------------------------------------------


def test_a_yes_opens_the_address_and_puts_it_on_the_schedule(candidate):
    version = Version.current()
    decision = answered(candidate, "yes", agent_id=7)
    location = Location.objects.get(deliverable=candidate.deliverable)
    assert (location.portal, location.identifier, location.since) == (candidate.portal, RIGHT.id, TODAY)
    assert "AMDAC" in location.source
    assert Watch.objects.get(location=location).next_check_at == NOW
    assert (decision.location, decision.agent_id) == (location, 7)
    assert not Candidate.objects.pending().filter(pk=candidate.pk).exists()
    assert Version.current() > version


def test_a_yes_closes_the_address_that_was_found_gone_and_no_other(candidate):
    deliverable = candidate.deliverable
    lost, alive, page = (
        factories.LocationFactory(deliverable=deliverable),
        factories.LocationFactory(deliverable=deliverable),
        factories.LocationFactory(deliverable=deliverable, portal="url", identifier="", url="https://exemple.fr/"),
    )
    _observed(lost, Outcome.FOUND, 30)
    _observed(lost, Outcome.GONE, 2)
    _observed(alive, Outcome.FOUND, 2)
    answered(candidate, "yes")
    open_ones = Location.objects.filter(deliverable=deliverable, until=None)
    assert set(open_ones.values_list("identifier", flat=True)) == {alive.identifier, page.identifier, RIGHT.id}
    lost.refresh_from_db()
    assert lost.until == TODAY


def test_a_no_is_remembered_for_ever(server, candidate, deliverable):
    answered(candidate, "no")
    for day in (1, 2, 40):
        search(NOW + timedelta(days=day))
        assert titles(deliverable) == []
    assert not Location.objects.exists()


def test_a_no_for_one_promise_says_nothing_of_another(server, candidate):
    answered(candidate, "no")
    other = factories.DeliverableFactory(commitment__title="Zonage des palourdes sauvages")
    search(NOW + timedelta(days=1))
    assert titles(other) == [RIGHT.title]


def test_a_part_is_followed_and_can_never_be_the_whole(candidate):
    decision = answered(candidate, "part", comment="la façade atlantique seulement")
    assert decision.location.until is None
    assert decision.reading.state == ReadingState.OPEN_PARTIAL
    assert "façade atlantique" in decision.reading.note
    verdict = Verdict.objects.filter(deliverable=candidate.deliverable).last()
    assert verdict.state == State.PARTIAL


def test_a_changed_mind_undoes_what_the_first_answer_did(candidate):
    part = answered(candidate, "part")
    yes = answered(candidate, "yes", part)
    assert yes.location == part.location
    assert Reading.objects.get(corrects=part.reading).state == ReadingState.NOT_VERIFIED
    no = answered(candidate, "no", yes)
    part.location.refresh_from_db()
    assert part.location.until == TODAY
    again = answered(candidate, "yes", no)
    assert again.location != part.location
    assert [one.answer for one in candidate.decisions.all()] == ["part", "yes", "no", "yes"]


def test_who_answers_after_another_is_shown_the_other_answer(candidate):
    first = answered(candidate, "no")
    with pytest.raises(Overtaken) as refused:
        answered(candidate, "yes")
    assert refused.value.last == first
    assert str(refused.value) == "Entre-temps, « non » a été répondu (AMDAC) : rien n'est enregistré."
    assert not Location.objects.exists()


@pytest.mark.parametrize(
    ("answer", "function", "why"),
    [("peut-être", "AMDAC", "n'est pas une réponse"), ("yes", "  ", "La fonction de la personne")],
)
def test_an_answer_that_means_nothing_is_refused(candidate, answer, function, why):
    with pytest.raises(NotDecided, match=why):
        decide(candidate, answer, by_function=function, now=NOW)
    assert not Decision.objects.exists()


def test_the_same_answer_twice_is_refused(candidate):
    first = answered(candidate, "no")
    with pytest.raises(NotDecided, match="déjà la réponse"):
        answered(candidate, "no", first)


def test_a_yes_to_what_somebody_else_located_meanwhile_uses_that_address(candidate):
    located = locate(
        candidate.deliverable,
        portal=candidate.portal,
        url=candidate.url,
        identifier=candidate.identifier,
        by_function="AMDAC",
        now=NOW,
    )
    assert answered(candidate, "yes").location == located


def test_nothing_is_linked_without_a_person(server, deliverable):
    search(NOW)
    search(NOW + timedelta(days=1))
    assert Candidate.objects.exists()
    assert not Location.objects.exists()
    assert not Decision.objects.exists()


# --- Addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("portal", "url"),
    [
        ("gopher", "https://exemple.fr/"),
        ("url", "ftp://exemple.fr/"),
        ("url", "https://u:p@exemple.fr/"),
        ("url", "https://exemple.fr/ a"),
        ("url", "http://[::1"),
        ("datagouv_dataset", "https://exemple.fr/datasets/x"),
        ("datagouv_dataset", "https://www.data.gouv.fr/dataservices/x"),
    ],
)
def test_what_is_no_address_is_refused_in_french(deliverable, portal, url):
    with pytest.raises(NotLocated, match=r"\.$"):
        locate(deliverable, portal=portal, url=url, by_function="AMDAC", now=NOW)
    assert not Location.objects.exists()


def test_an_address_is_opened_once_and_closed_once(deliverable):
    address = {"portal": "url", "url": "https://exemple.fr/carte", "by_function": "AMDAC", "now": NOW}
    location = locate(deliverable, **address)
    with pytest.raises(NotLocated, match="déjà suivie"):
        locate(deliverable, **address)
    with pytest.raises(NotLocated, match="que depuis le"):
        close(location, until=TODAY - timedelta(days=1))
    close(location, until=TODAY)
    with pytest.raises(NotLocated, match="déjà plus suivie"):
        close(location, until=TODAY)
    assert locate(deliverable, **address).pk != location.pk


def test_an_address_that_replaces_another_closes_it_the_same_day(deliverable):
    former = factories.LocationFactory(deliverable=deliverable)
    url = "https://www.data.gouv.fr/datasets/nouveau"
    locate(deliverable, portal="datagouv_dataset", url=url, by_function="AMDAC", now=NOW, replaces=[former])
    assert Location.objects.get(pk=former.pk).until == TODAY
    assert Location.objects.get(until=None).since == TODAY


# --- The tables' own word -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"rank": 6}, "at_most_five_candidates"),
        ({"score": 1.2}, "candidate_score_is_a_share"),
        ({"last_proposed_at": NOW - timedelta(days=1)}, "candidate_begins_before_it_ends"),
    ],
)
def test_the_table_refuses_what_no_search_gives(candidate, wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Candidate.objects.filter(pk=candidate.pk).update(**wrong)


def test_a_yes_without_address_is_refused_by_the_table(candidate):
    with pytest.raises(IntegrityError, match="only_an_accepted_candidate_has_a_location"), transaction.atomic():
        Decision.objects.create(candidate=candidate, answer="yes", by_function="AMDAC", decided_at=NOW)


def test_drafts_are_searched_like_the_others(server, deliverable):
    Commitment.objects.update(visibility="draft")
    search(NOW)
    assert titles(deliverable) == [RIGHT.title]
