"""Contradictions: each kind begins on evidence, ends with its cause, and is never deleted. Unknown does neither."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.findings import Outcome, ReadingState, State
from commitments.judging import rejudge
from commitments.models import Commitment, Observation, Verdict, Version
from ministries import tasks
from ministries.contradictions import KINDS, Cause, Kind, contradictions, doubtful
from ministries.false_alarms import AlarmRefused, Alarms, false_alarms, mark_false_alarm
from ministries.models import Contradiction, ContradictionEnd, Declaration, FalseAlarm
from ministries.reconciling import Written, catch_up, news, reconcile, replay
from ministries.standing import standing, standings
from tests.factories import (
    DeadlineFactory,
    DeclarationFactory,
    DeliverableFactory,
    LocationFactory,
    ReadingFactory,
)
from tests.observed import observe

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

MARCH = date(2022, 3, 1)
Status = Declaration.Status


@pytest.fixture
def location():
    """A dataset promised open for the end of 2021, and its address."""
    location = LocationFactory()
    DeadlineFactory(commitment=location.deliverable.commitment)
    return location


def seen(location, day, outcome=Outcome.FOUND, **facts):
    """The robot sees this on ``day``, confirmed, and judges it."""
    began = day - timedelta(days=3 if outcome is not Outcome.FOUND else 0)
    observe(location, began, outcome, days=(day - began).days, checks=4, **facts)
    rejudge(today=day)


def declare(location, status, day):
    return DeclarationFactory(commitment=location.deliverable.commitment, status=status, declared_on=day)


def shown(location, day):
    """What the rules find, by kind."""
    return {one.kind: one for one in contradictions(standing(location.deliverable.commitment.ref, day))}


def look(day):
    """Write what begins and ends on a day."""
    return reconcile(standings(day), day)


def told(as_of=None):
    """Every contradiction with its end, oldest first."""
    rows = Contradiction.objects.all() if as_of is None else Contradiction.objects.open_on(as_of)
    return [(c.kind, c.opened_on, (c.end.ended_on, c.end.cause) if c.end else None) for c in rows]


# --- each kind ------------------------------------------------------------------------------------


def test_what_is_declared_done_and_not_there_is_a_contradiction(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, date(2022, 1, 15))
    found = shown(location, MARCH)
    assert set(found) == {Kind.DONE_NOT_OBSERVED}
    assert found[Kind.DONE_NOT_OBSERVED].since == MARCH
    assert found[Kind.DONE_NOT_OBSERVED].text == (
        "Déclarée réalisée le 15 janvier 2022. Non constaté depuis le 1er mars 2022 (jeu de données) : "
        "Supprimé du portail (réponse 410)."
    )


def test_a_record_without_any_file_is_not_there_either(location):
    seen(location, MARCH, resources_total=0)
    declare(location, Status.DONE, MARCH)
    assert "Aucun fichier." in shown(location, MARCH)[Kind.DONE_NOT_OBSERVED].text


def test_a_licence_that_is_not_open_does_not_contradict_done(location):
    seen(location, MARCH, license="notspecified")
    declare(location, Status.DONE, MARCH)
    assert shown(location, MARCH) == {}


@pytest.mark.parametrize("status", [None, Status.NOT_STARTED, Status.IN_PROGRESS])
def test_what_is_there_and_not_declared_is_good_news(location, status):
    seen(location, MARCH)
    if status:
        declare(location, status, date(2022, 3, 4))
    found = shown(location, date(2022, 3, 5))
    assert set(found) == {Kind.OBSERVED_NOT_DECLARED}
    assert KINDS[Kind.OBSERVED_NOT_DECLARED].good_news
    assert found[Kind.OBSERVED_NOT_DECLARED].since == (date(2022, 3, 4) if status else MARCH)


def test_declared_done_and_there_contradicts_nothing(location):
    seen(location, MARCH)
    declare(location, Status.DONE, MARCH)
    assert shown(location, MARCH) == {}


@pytest.mark.parametrize(
    "facts", [{"resources_total": 0}, {"archived": "2022-02-20"}, {"resources_unavailable": True}]
)
def test_what_was_there_and_can_be_had_no_more_is_a_regression(location, facts):
    seen(location, date(2022, 1, 10))
    assert shown(location, date(2022, 1, 10)).keys() == {Kind.OBSERVED_NOT_DECLARED}
    seen(location, MARCH, **facts)
    found = shown(location, MARCH)
    assert set(found) == {Kind.REGRESSION}
    assert found[Kind.REGRESSION].since == MARCH
    assert found[Kind.REGRESSION].text.startswith(
        "Constaté le 10 janvier 2022, plus disponible depuis le 1er mars 2022 (jeu de données) : "
    )


def test_what_was_never_there_does_not_regress(location):
    seen(location, MARCH, Outcome.ABSENT)
    assert shown(location, MARCH) == {}


def test_promised_open_and_found_restricted_counts_from_the_first_day_it_was_found_so(location):
    seen(location, MARCH, access_type="restricted")
    seen(location, date(2022, 3, 3), access_type="restricted", archived="2022-03-02")
    found = shown(location, date(2022, 3, 3))
    assert found[Kind.RESTRICTED].since == MARCH
    assert found[Kind.RESTRICTED].text.endswith("Promis ouvert, accès restreint.")


def test_what_announces_a_frequency_and_is_not_updated_is_stale(location):
    seen(location, MARCH, frequency="monthly", last_update="2021-06-01T00:00:00+00:00")
    assert set(shown(location, MARCH)) == {Kind.STALE}


def test_abandoned_and_yet_there(location):
    seen(location, MARCH)
    declare(location, Status.ABANDONED, MARCH)
    found = shown(location, MARCH)
    assert set(found) == {Kind.ABANDONED_BUT_KEPT}
    assert found[Kind.ABANDONED_BUT_KEPT].text == (
        "Déclarée abandonnée le 1er mars 2022, et pourtant constatée en ligne le 1er mars 2022."
    )


@pytest.mark.parametrize("status", [Status.ABANDONED, Status.REPLACED])
def test_what_is_given_up_in_daylight_is_not_accused_of_being_gone(location, status):
    seen(location, date(2022, 1, 10))
    seen(location, MARCH, Outcome.GONE)
    declare(location, status, MARCH)
    assert shown(location, MARCH) == {}


def test_one_missing_deliverable_of_two_is_enough(location):
    commitment = location.deliverable.commitment
    other = LocationFactory(deliverable=DeliverableFactory(commitment=commitment))
    seen(location, MARCH)
    seen(other, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    found = shown(location, MARCH)[Kind.DONE_NOT_OBSERVED]
    assert found.deliverable_id == other.deliverable_id


def test_every_kind_says_what_it_is_and_which_way_it_goes():
    assert set(KINDS) == set(Kind)
    assert [kind for kind, meaning in KINDS.items() if meaning.good_news] == [
        Kind.OBSERVED_NOT_DECLARED,
        Kind.ABANDONED_BUT_KEPT,
    ]
    assert all(meaning.sentence.endswith(".") for meaning in KINDS.values())


# --- unknown --------------------------------------------------------------------------------------


def test_unknown_opens_nothing(location):
    declare(location, Status.DONE, MARCH)
    observe(location, MARCH, Outcome.ABSENT, days=1, checks=2)
    rejudge(today=date(2022, 3, 2))
    assert standing(location.deliverable.commitment.ref, date(2022, 3, 2)).observed.state == State.UNKNOWN
    assert shown(location, date(2022, 3, 2)) == {}
    assert look(date(2022, 3, 2)) == Written()


def test_unknown_closes_nothing_but_is_told(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    look(MARCH)
    later = date(2022, 3, 20)
    assert look(later) == Written()
    situation = standing(location.deliverable.commitment.ref, later)
    assert [c.kind for c in situation.contradictions] == [Kind.DONE_NOT_OBSERVED]
    row = situation.contradictions[0]
    assert doubtful(situation, row)
    assert not doubtful(standing(situation.ref, MARCH), row)


# --- begun and ended ------------------------------------------------------------------------------


def test_a_contradiction_begins_the_day_both_sides_were_true_and_keeps_its_evidence(location):
    seen(location, MARCH, Outcome.GONE)
    said = declare(location, Status.DONE, date(2022, 3, 5))
    assert look(date(2022, 3, 6)) == Written(opened=1)
    row = Contradiction.objects.get()
    assert (row.opened_on, row.declaration, row.verdict) == (date(2022, 3, 5), said, Verdict.objects.get())
    assert row.deadline.raw == "d'ici fin 2021"
    assert row.days_on(date(2022, 3, 15)) == 10


def test_looking_twice_writes_once(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    assert look(MARCH) == Written(opened=1)
    version = Version.current()
    assert look(MARCH) == Written()
    assert Version.current() == version


def test_it_ends_when_the_world_changes(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    look(MARCH)
    seen(location, date(2022, 4, 1))
    assert look(date(2022, 4, 1)) == Written(closed=1)
    row = Contradiction.objects.get()
    end = row.end
    assert row.lasted == 31
    assert (end.ended_on, end.cause, end.text) == (
        date(2022, 4, 1),
        Cause.MINISTRY,
        "Depuis le 1er avril 2022, constaté (jeu de données) : Constaté à l'adresse indiquée. "
        "À vérifier : a des fichiers qui répondent. À vérifier : vient d'un éditeur connu. "
        "À vérifier : couvre ce qui a été promis.",
    )


def test_it_ends_when_the_declaration_changes(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    look(MARCH)
    said = declare(location, Status.IN_PROGRESS, date(2022, 3, 4))
    look(date(2022, 3, 4))
    end = Contradiction.objects.get().end
    assert (end.cause, end.declaration, end.text) == (Cause.MINISTRY, said, "Déclarée « en cours » le 4 mars 2022.")


def test_a_declaration_ends_it_even_when_the_robot_does_not_know_any_more(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    look(MARCH)
    declare(location, Status.IN_PROGRESS, date(2022, 4, 4))
    assert look(date(2022, 4, 4)) == Written(closed=1)


def test_it_may_begin_again_and_both_times_stay(location):
    seen(location, date(2022, 1, 10))
    for gone, back in ((MARCH, date(2022, 4, 1)), (date(2022, 5, 1), date(2022, 6, 1))):
        seen(location, gone, Outcome.GONE)
        look(gone)
        seen(location, back)
        look(back)
    assert [row for row in told() if row[0] == Kind.REGRESSION] == [
        (Kind.REGRESSION, MARCH, (date(2022, 4, 1), Cause.MINISTRY)),
        (Kind.REGRESSION, date(2022, 5, 1), (date(2022, 6, 1), Cause.MINISTRY)),
    ]


def test_the_database_refuses_two_open_contradictions_of_a_kind(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    look(MARCH)
    row = Contradiction.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_past_day_shows_what_was_open_that_day(location):
    seen(location, MARCH, Outcome.GONE)
    declare(location, Status.DONE, MARCH)
    look(MARCH)
    seen(location, date(2022, 4, 1))
    look(date(2022, 4, 1))
    ref = location.deliverable.commitment.ref
    shown = {day: len(standing(ref, day).contradictions) for day in (date(2022, 2, 28), MARCH, date(2022, 3, 31))}
    assert shown == {date(2022, 2, 28): 0, MARCH: 1, date(2022, 3, 31): 1}
    assert standing(ref, date(2022, 4, 1)).contradictions == ()


# --- our own mistakes -----------------------------------------------------------------------------


def alarm(verdict, day=date(2022, 3, 9)):
    return mark_false_alarm(verdict, reason="le portail était en panne", by_function="opérateur", today=day)


def test_a_false_alarm_ends_what_it_caused_as_the_robots_mistake(location):
    seen(location, date(2022, 1, 10))
    seen(location, MARCH, Outcome.GONE)
    look(MARCH)
    alarm(Verdict.objects.get(state=State.GONE))
    assert told()[-1] == (Kind.REGRESSION, MARCH, (date(2022, 3, 9), Cause.ROBOT))
    assert look(date(2022, 3, 10)) == Written()


def test_a_false_alarm_told_afterwards_corrects_the_cause_and_keeps_the_former(location):
    seen(location, date(2022, 1, 10))
    seen(location, MARCH, Outcome.GONE)
    look(MARCH)
    seen(location, date(2022, 3, 8))
    look(date(2022, 3, 8))
    alarm(Verdict.objects.get(state=State.GONE))
    row = Contradiction.objects.get(kind=Kind.REGRESSION)
    assert [(e.cause, e.ended_on) for e in row.ends.order_by("id")] == [
        (Cause.MINISTRY, date(2022, 3, 8)),
        (Cause.ROBOT, date(2022, 3, 8)),
    ]
    assert row.end.cause == Cause.ROBOT


def test_what_regresses_after_a_corrected_cause_is_opened_again(location):
    seen(location, date(2022, 1, 10))
    seen(location, MARCH, Outcome.GONE)
    look(MARCH)
    seen(location, date(2022, 3, 8))
    look(date(2022, 3, 8))
    alarm(Verdict.objects.get(state=State.GONE))
    seen(location, date(2022, 5, 1), Outcome.GONE)
    look(date(2022, 5, 1))
    assert told()[-1] == (Kind.REGRESSION, date(2022, 5, 1), None)


def test_an_observation_that_was_dismissed_ends_it_as_the_robots_mistake(location):
    seen(location, date(2022, 1, 10))
    seen(location, MARCH, Outcome.GONE)
    look(MARCH)
    Observation.objects.filter(outcome=Outcome.GONE).update(dismissed_at=datetime(2022, 3, 5, tzinfo=UTC))
    assert look(date(2022, 3, 5)) == Written(closed=1)
    assert told()[-1] == (Kind.REGRESSION, MARCH, (date(2022, 3, 5), Cause.ROBOT))


def test_a_reading_that_was_corrected_ends_it_as_a_mistaken_finding_on_the_day_it_was_owned():
    commitment = DeliverableFactory().commitment
    wrong = ReadingFactory(commitment=commitment, state=ReadingState.NOT_OPEN, read_on=MARCH)
    DeclarationFactory(commitment=commitment, status=Status.DONE, declared_on=MARCH)
    rejudge(today=MARCH)
    look(MARCH)
    ReadingFactory(commitment=commitment, state=ReadingState.OPEN, read_on=MARCH, corrects=wrong)
    today = date(2022, 4, 1)
    rejudge(today=today)
    assert replay({MARCH: {commitment.pk}}, today) == Written()
    look(today)
    assert told() == [(Kind.DONE_NOT_OBSERVED, MARCH, (today, Cause.FINDING))]


@pytest.mark.parametrize(
    ("state", "said"), [(State.KEPT, "Seul un constat négatif"), (State.UNMET, "Ce constat vient d'une personne")]
)
def test_only_a_negative_verdict_of_the_robot_is_a_false_alarm(location, state, said):
    if state == State.KEPT:
        seen(location, MARCH)
    else:
        ReadingFactory(commitment=location.deliverable.commitment, state=ReadingState.NOT_OPEN, read_on=MARCH)
        rejudge(today=MARCH)
    with pytest.raises(AlarmRefused, match=said):
        alarm(Verdict.objects.get())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": " "}, "Un motif"),
        ({"by_function": ""}, "Un motif"),
        ({"today": date(2022, 2, 1)}, "postérieur"),
    ],
)
def test_a_false_alarm_needs_a_reason_a_function_and_a_day(location, changed, said):
    seen(location, MARCH, Outcome.GONE)
    given = {"reason": "panne", "by_function": "opérateur", "today": MARCH, **changed}
    with pytest.raises(AlarmRefused, match=said):
        mark_false_alarm(Verdict.objects.get(), **given)


def test_false_alarms_are_counted_among_the_robots_negative_verdicts(location):
    seen(location, date(2022, 1, 10))
    seen(location, MARCH, Outcome.GONE)
    seen(LocationFactory(), MARCH, Outcome.ABSENT)
    assert false_alarms(MARCH) == Alarms(marked=0, negative=2, dismissed=0)
    alarm(Verdict.objects.get(state=State.GONE))
    with pytest.raises(AlarmRefused, match="déjà"):
        alarm(Verdict.objects.get(state=State.GONE))
    assert false_alarms(date(2022, 3, 9)) == Alarms(marked=1, negative=2, dismissed=0)
    assert false_alarms(date(2022, 3, 8)).marked == 0
    assert FalseAlarm.objects.count() == 1


def test_what_was_set_aside_of_a_draft_is_not_counted_in_public(location):
    hidden = LocationFactory(deliverable__commitment__visibility=Commitment.Visibility.DRAFT)
    for one in (location, hidden):
        observe(one, MARCH, Outcome.GONE)
    Observation.objects.update(dismissed_at=datetime(2022, 3, 5, tzinfo=UTC))
    assert false_alarms(date(2022, 3, 9)) == Alarms(marked=0, negative=0, dismissed=1)


# --- catching up ----------------------------------------------------------------------------------


@pytest.fixture
def history(location):
    """Kept in January, gone in March, back in April: nobody looked for contradictions meanwhile."""
    seen(location, date(2022, 1, 10))
    seen(location, MARCH, Outcome.GONE)
    seen(location, date(2022, 4, 1))
    return location


def at(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_what_happened_on_past_days_begins_and_ends_on_those_days(history):
    assert catch_up(at(date(2022, 4, 2))) == Written(opened=3, closed=2)
    assert told() == [
        (Kind.OBSERVED_NOT_DECLARED, date(2022, 1, 10), (MARCH, Cause.CHANGED)),
        (Kind.REGRESSION, MARCH, (date(2022, 4, 1), Cause.MINISTRY)),
        (Kind.OBSERVED_NOT_DECLARED, date(2022, 4, 1), None),
    ]
    before = told()
    assert replay(news(None), date(2022, 4, 2)) == Written()
    assert told() == before


def test_a_declaration_dated_before_it_was_written_counts_from_its_day(location):
    seen(location, MARCH, Outcome.GONE)
    catch_up(at(date(2022, 3, 20)))
    declare(location, Status.DONE, date(2022, 3, 4))
    Version.bump()
    catch_up(at(date(2022, 3, 20)))
    assert told() == [(Kind.DONE_NOT_OBSERVED, date(2022, 3, 4), None)]


def test_nothing_new_costs_two_small_reads(history, django_assert_num_queries):
    now = at(date(2022, 4, 2))
    while catch_up(now):
        pass
    assert catch_up(now) is None
    with django_assert_num_queries(2):
        assert catch_up(now) is None


def test_only_the_promises_of_which_something_is_new_are_looked_at(history, monkeypatch):
    now = timezone.now()
    while catch_up(now) is not None:
        pass
    Verdict.objects.update(recorded_at=now - timedelta(days=3))
    other = LocationFactory()
    seen(other, timezone.localdate())
    looked = []
    monkeypatch.setattr(
        "ministries.reconciling.standings",
        lambda day, commitments: looked.append(list(commitments)) or standings(day, commitments=commitments),
    )
    assert catch_up(now) == Written(opened=1)
    assert looked == [[other.deliverable.commitment]]


def test_the_task_writes_what_is_there_to_be_written(location):
    seen(location, timezone.localdate())
    tasks.reconcile()
    assert [kind for kind, *_ in told()] == [Kind.OBSERVED_NOT_DECLARED]


def test_drafts_contradict_nothing(location):
    Commitment.objects.update(visibility=Commitment.Visibility.DRAFT)
    seen(location, MARCH)
    catch_up(at(MARCH))
    assert told() == []


def test_the_reference_gets_its_contradictions_on_the_days_of_its_readings():
    call_command("load_reference", verbosity=0)
    opened = dict(Contradiction.objects.values_list("commitment__ref", "opened_on"))
    assert (opened["O-16"], opened["O-14"], len(opened)) == (date(2021, 9, 30), date(2021, 12, 8), 19)
    assert len(standing("O-16", date(2021, 9, 30)).contradictions) == 1
    assert standing("O-16", date(2021, 9, 29)).contradictions == ()
    assert not ContradictionEnd.objects.exists()


def test_reconciling_costs_the_same_queries_whatever_the_number_of_promises():
    for _ in range(8):
        seen(LocationFactory(), MARCH)
    found = standings(MARCH)
    costs = []
    for part in (found[:1], found[1:2], found[2:]):
        with CaptureQueriesContext(connection) as queries:
            assert reconcile(part, MARCH) == Written(opened=len(part))
        costs.append(len(queries))
    assert costs[1] == costs[2] <= 9
