"""Events: one list of all that happened, each told once, with marks that never change, newest first or as recorded."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from commitments.criteria import CRITERIA
from commitments.defining import define
from commitments.findings import Kind, Outcome, ReadingState, State
from commitments.judging import rejudge
from commitments.models import Commitment, Verdict
from ministries.event_streams import KINDS, STREAMS
from ministries.events import Asked, count, newest, recorded
from ministries.models import Contradiction, Declaration, FalseAlarm, Moderation, Reply, Report, ScopeChange
from ministries.reconciling import catch_up
from tests.factories import (
    AgentFactory,
    CommitmentFactory,
    DeadlineFactory,
    DeclarationFactory,
    LocationFactory,
    ReadingFactory,
)
from tests.observed import observe

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

JUNE = date(2022, 6, 1)


@pytest.fixture
def story():
    """A promise to which everything happened between February 2021 and June 2022."""
    location = LocationFactory()
    deliverable, commitment = location.deliverable, location.deliverable.commitment
    DeadlineFactory(commitment=commitment)
    DeadlineFactory(
        commitment=commitment,
        raw="mi-2022",
        last_day=date(2022, 6, 30),
        announced_on=date(2021, 11, 2),
        reason="retard",
    )
    observe(location, date(2022, 1, 10))
    rejudge(today=date(2022, 1, 10))
    DeclarationFactory(
        commitment=commitment, status=Declaration.Status.DONE, declared_on=date(2022, 2, 1), note="secret"
    )
    observe(location, date(2022, 3, 1), Outcome.GONE, days=3, checks=4)
    rejudge(today=date(2022, 3, 4))
    ministry = commitment.responsibilities.get().ministry
    said = {"ministry": ministry, "by_function": "AMDAC"}
    Reply.objects.create(
        commitment=commitment, text="En cours de rétablissement.", replied_on=date(2022, 3, 8), **said
    )
    ScopeChange.objects.create(
        deliverable=deliverable,
        aspect="access",
        before="open",
        after="restricted",
        reason="données sensibles",
        changed_on=date(2022, 3, 9),
        **said,
    )
    ReadingFactory(commitment=commitment, read_on=date(2022, 4, 1), state=ReadingState.OPEN)
    observe(location, date(2022, 4, 2))
    rejudge(today=date(2022, 4, 2))
    asked = [code for code in CRITERIA[Kind.DATASET] if code != "fresh"]
    define(deliverable, asked, reason="annuel", decided_by="AMDAC", today=date(2022, 5, 1))
    now = timezone.now().replace(year=2022, month=6, day=1)
    report = Report.objects.create(
        commitment=commitment,
        kind="not_it",
        text="Une carte.",
        reported_on=date(2022, 5, 10),
        recorded_at=timezone.now(),
    )
    Moderation.objects.create(
        report=report,
        outcome="published",
        answer="Le fichier suit.",
        moderated_on=date(2022, 5, 12),
        agent=AgentFactory(),
        recorded_at=timezone.now(),
        **said,
    )
    catch_up(now)
    FalseAlarm.objects.create(
        verdict=Verdict.objects.get(state=State.GONE), marked_on=date(2022, 5, 2), by_function="DINUM", reason="panne"
    )
    return commitment


def test_every_kind_of_event_is_told_in_a_sentence_that_reads_alone(story):
    found, more = newest(Asked(JUNE))
    assert (more, count(Asked(JUNE))) == (None, len(found))
    assert {event.kind for event in found} == set(KINDS)
    for event in found:
        assert event.text.startswith(f"{story.ref} « {story.title} » — ")
        assert "secret" not in event.text
        assert event.commitment == story
    told = {event.kind: event.sentence for event in found}
    assert told["deadline_moved"] == "Échéance déplacée : d'ici fin 2021 → mi-2022 (+181 jours)"
    assert told["scope_changed"] == "Périmètre changé (accès) : ouvert → sur habilitation. données sensibles"
    assert told["definition_changed"] == (
        "Définition changée, critères retirés : est à jour selon sa fréquence. annuel"
    )
    assert told["false_alarm"] == (
        "Fausse alerte du robot : le constat « disparu, depuis le 4 mars 2022 » était une erreur. panne (DINUM)"
    )


def test_a_contradiction_that_began_and_ended_is_two_events(story):
    found, _ = newest(Asked(JUNE, kinds=["contradiction_opened", "contradiction_closed"]))
    regression = [(e.day, e.kind) for e in found if "regression" in (e.before, e.after)]
    assert regression == [
        (date(2022, 4, 1), "contradiction_closed"),
        (date(2022, 3, 4), "contradiction_opened"),
    ]
    opened = next(e for e in found if e.kind == "contradiction_opened" and e.after == "regression")
    assert opened.sentence.startswith(
        "Contradiction ouverte : constatée, puis plus disponible. Constaté le 10 janvier"
    )
    assert any(e.sentence.startswith("Bonne nouvelle : ") for e in found)
    ended = next(e for e in found if e.before == "regression")
    assert ended.sentence.startswith("Contradiction close après 28 jours (ministère corrigé) : ")


def test_ids_are_stable_and_each_is_told_once(story):
    before = {event.id for event in newest(Asked(JUNE))[0]}
    assert len(before) == count(Asked(JUNE))
    DeadlineFactory(commitment=story, raw="2023", last_day=date(2023, 12, 31), announced_on=date(2022, 5, 20))
    assert before < {event.id for event in newest(Asked(JUNE))[0]}


def test_pages_follow_each_other_whatever_is_added_meanwhile(story):
    whole = [event.id for event in newest(Asked(JUNE))[0]]
    read, mark = newest(Asked(JUNE), 3)
    DeadlineFactory(commitment=story, raw="2023", last_day=date(2023, 12, 31), announced_on=JUNE)
    ids = [event.id for event in read]
    while mark is not None:
        read, mark = newest(Asked(JUNE), 3, mark)
        ids += [event.id for event in read]
    assert ids == whole


def test_what_was_recorded_is_caught_up_by_cursor_in_its_order(story):
    whole = recorded(Asked(JUNE))
    assert [event.recorded_at for event in whole] == sorted(event.recorded_at for event in whole)
    caught = recorded(Asked(JUNE), 4)
    while page := recorded(Asked(JUNE), 4, caught[-1].at):
        caught += page
    assert [event.id for event in caught] == [event.id for event in whole]
    late = DeadlineFactory(commitment=story, raw="T1 2022", last_day=date(2022, 3, 31), announced_on=date(2021, 6, 1))
    assert f"deadline-{late.pk}" in {event.id for event in recorded(Asked(JUNE), 10, caught[-1].at)}


def test_events_are_asked_by_days_promises_and_kinds(story):
    other = CommitmentFactory()
    of_story = Asked(JUNE, commitments=Commitment.objects.filter(pk=story.pk))
    assert {e.commitment for e in newest(Asked(JUNE))[0]} == {story, other}
    assert {e.commitment for e in newest(of_story)[0]} == {story}
    assert {e.kind for e in newest(Asked(JUNE, kinds=["deadline_moved"]))[0]} == {"deadline_moved"}
    march = newest(Asked(date(2022, 3, 31), since=date(2022, 3, 1)))[0]
    assert {e.day.month for e in march} == {3}
    assert newest(Asked(JUNE, known_at=timezone.now() - timedelta(days=1)))[0] == []


def test_a_draft_has_no_event(story):
    Commitment.objects.update(visibility=Commitment.Visibility.DRAFT)
    assert newest(Asked(JUNE))[0] == recorded(Asked(JUNE)) == []


def test_a_verdict_that_only_changes_its_reasons_is_no_event(story):
    before = count(Asked(JUNE))
    last = Verdict.objects.latest("since", "id")
    Verdict.objects.create(deliverable=last.deliverable, state=last.state, since=date(2022, 5, 2), rule_version="1")
    assert count(Asked(JUNE)) == before


def test_one_query_for_the_marks_and_one_for_each_stream_met(story, django_assert_num_queries):
    assert Contradiction.objects.exists()
    for ask in (newest, recorded):
        with django_assert_num_queries(1 + len(STREAMS)):
            ask(Asked(JUNE), 50)
        with django_assert_num_queries(1 + 1):
            ask(Asked(JUNE, kinds=["verdict"]), 50)
    with django_assert_num_queries(1):
        count(Asked(JUNE))
