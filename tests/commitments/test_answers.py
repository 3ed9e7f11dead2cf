"""What people answer to a candidate, through the database: addresses, refusals, and the tables' own word."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from commitments.candidates import search
from commitments.deciding import NotDecided, Overtaken, decide
from commitments.findings import Outcome, ReadingState, State
from commitments.locating import NotLocated, close, locate
from commitments.models import (
    Candidate,
    Commitment,
    Decision,
    Location,
    Reading,
    Verdict,
    Version,
    Watch,
)
from tests import factories
from tests.commitments.proposing import NOW, RIGHT, observed, titles
from tests.commitments.proposing import candidate as candidate
from tests.commitments.proposing import deliverable as deliverable
from tests.commitments.proposing import server as server

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

TODAY = date(2026, 6, 12)


def answered(candidate: Candidate, answer: str, seen: Decision | None = None, **more) -> Decision:
    return decide(candidate, answer, by_function="AMDAC", now=NOW, seen=seen.pk if seen else None, **more)


# --- What people answer ----------------------------------------------------------------------------------------------


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
    observed(lost, Outcome.FOUND, 30)
    observed(lost, Outcome.GONE, 2)
    observed(alive, Outcome.FOUND, 2)
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


# --- Addresses -------------------------------------------------------------------------------------------------------


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


# --- The tables' own word --------------------------------------------------------------------------------------------


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
