"""A round of polling, from what is due to the verdicts: leases, stories, faults that move nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from commitments import polling
from commitments.findings import Outcome, State
from commitments.identity import Seen, Story, stories
from commitments.models import Location, Observation, PollRun, Verdict, Watch
from commitments.tasks import dispatch_due
from commitments.watching import watch_new_locations
from tests.commitments.rounds.running import run, states
from tests.factories import DeliverableFactory, LocationFactory
from tests.portal import faults

pytestmark = [pytest.mark.django_db, pytest.mark.streams, pytest.mark.usefixtures("our_portal")]
DAY = timedelta(days=1)


def test_a_record_that_holds_everything_is_kept(followed):
    _, location = followed()
    run()
    assert states(location) == [State.KEPT]
    verdict = Verdict.objects.get()
    assert verdict.observation.snapshot.opened.startswith(b"{")


def test_a_second_round_of_the_same_adds_no_row(followed):
    _, _location = followed()
    now = timezone.now()
    for day in range(3):
        run(now + day * DAY * 1.01)
    assert (Observation.objects.count(), Verdict.objects.count()) == (1, 1)
    assert Observation.objects.get().checks == 3


def test_a_slug_is_resolved_once_and_its_id_is_asked_from_then_on(portal, publisher, followed):
    record, _location = followed("Titre disputé", slug_only=True)
    now = timezone.now()
    run(now)
    assert Location.objects.get().resolved_identifier == record.id
    portal.catalogue.datasets.rename(record.id, "Autre titre")
    other = portal.catalogue.datasets.add("Titre disputé", organization=publisher)
    assert other.slug == "titre-dispute"
    run(now + 2 * DAY)
    assert Observation.objects.order_by("-last_seen_at").first().facts["id"] == record.id


def test_a_removed_record_is_gone_only_after_three_tries_over_three_days(portal, followed):
    record, location = followed()
    start = timezone.now()
    run(start)
    portal.catalogue.datasets.delete(record.id)
    told = []
    for day in range(1, 5):
        run(start + day * DAY * 1.001)
        told.append(states(location)[-1])
    assert told == [State.KEPT, State.KEPT, State.KEPT, State.GONE]


def told(location):
    """The stories of an address, oldest first."""
    seen = [Seen(Outcome(o.outcome), o.facts) for o in location.observations.order_by("first_seen_at")]
    pairs = zip([None, *seen], seen, strict=False)
    return [story.story for before, after in pairs for story in stories(before, after)]


def test_a_record_whose_address_was_taken_is_still_followed_by_its_id(portal, publisher, followed):
    record, location = followed("Slug disputé")
    now = timezone.now()
    run(now)
    portal.catalogue.datasets.rename(record.id, "Autre titre")
    other = portal.catalogue.datasets.add("Slug disputé", organization=publisher)
    run(now + 1.1 * DAY)
    assert told(location) == [Story.RENAMED, Story.ADDRESS_TAKEN]
    assert Observation.objects.latest("last_seen_at").facts["address_names"]["id"] == other.id
    assert states(location)[-1] == State.KEPT


def test_a_record_deleted_and_made_anew_is_told_and_not_followed_by_itself(portal, publisher, followed):
    record, location = followed("Jeu refait")
    now = timezone.now()
    run(now)
    portal.catalogue.datasets.delete(record.id)
    record.slug = "ancien"
    other = portal.catalogue.datasets.add("Jeu refait", organization=publisher)
    run(now + 1.1 * DAY)
    assert told(location) == [Story.DELETED, Story.RECREATED]
    assert Observation.objects.latest("last_seen_at").facts["address_names"]["id"] == other.id
    assert Location.objects.get().known_identifier == record.id


def test_a_publisher_deleted_is_told_while_its_record_stays(portal, publisher, followed):
    _, location = followed()
    now = timezone.now()
    run(now)
    portal.catalogue.delete_organization(publisher.id)
    run(now + 1.1 * DAY)
    assert told(location) == [Story.PUBLISHER_DELETED]
    assert states(location)[-1] == State.KEPT


FAULTS = {
    "busy": faults.status(429, retry_after=7200),
    "busy without a date": faults.status(429),
    "down": faults.status(503),
    "broken": faults.status(500),
    "web page": faults.html(),
    "cut": faults.truncated_json(),
    "forbidden": faults.status(403),
    "reset": faults.reset(),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_of_the_portal_is_no_observation_and_moves_no_verdict(portal, followed, fault):
    _, location = followed()
    start = timezone.now()
    run(start)
    portal.fail("", fault)
    run(start + 1.1 * DAY)
    failure = Observation.objects.get(outcome=Outcome.NO_OBSERVATION)
    assert failure.cause
    assert states(location) == [State.KEPT]
    watch = Watch.objects.get()
    assert watch.failures == 1
    assert timedelta(minutes=50) < watch.next_check_at - (start + 1.1 * DAY) <= timedelta(hours=2)
    portal.recover()
    run(start + 1.1 * DAY + timedelta(hours=2))
    assert Observation.objects.get(outcome=Outcome.FOUND).checks == 2
    assert Watch.objects.get().failures == 0


def test_a_host_is_not_asked_again_before_it_said(portal, followed):
    followed()
    start = timezone.now()
    portal.fail("", faults.status(429, retry_after=7200))
    run(start)
    portal.forget()
    run(start + timedelta(minutes=90))
    assert portal.count() == 0


def test_two_beats_at_once_ask_each_address_once(portal, followed):
    for number in range(5):
        followed(f"Jeu {number}")
    now = timezone.now()
    watch_new_locations(now)
    first, second = polling.begin(now), polling.begin(now)
    assert second is None
    polled, batches = first
    polling.poll(polled.pk, batches[0])
    polling.poll(polled.pk, batches[0])
    records = [count for path, count in portal.counts().items() if path.count("/") == 5 and "/datasets/" in path]
    assert records == [1] * 5
    assert Observation.objects.count() == 5


def test_what_a_killed_worker_held_is_due_again_when_its_lease_runs_out(portal, followed):
    followed()
    now = timezone.now()
    watch_new_locations(now)
    polled, batches = polling.begin(now)
    assert polling.claim(polled.pk, batches[0], now)
    assert polling.begin(now + polling.LEASE / 2) is None
    run(now + polling.LEASE)
    assert Observation.objects.get().checks == 1


def test_an_answer_whose_lease_was_lost_writes_nothing(followed):
    followed()
    now = timezone.now()
    watch_new_locations(now)
    polled, batches = polling.begin(now)
    (watch,) = polling.claim(polled.pk, batches[0], now)
    Watch.objects.update(lease="someone-else")
    assert polling._finish(polled.pk, [(watch, polling.Sighting(Outcome.FOUND))], now) == []
    assert not Observation.objects.exists()


def test_a_private_address_is_refused_and_said_so(settings):
    settings.DATAGOUV_URL = "http://127.0.0.1:9"
    LocationFactory(identifier="65" + "0" * 22)
    run()
    assert Observation.objects.get().cause == "refused_connection"


def test_dispatch_sends_what_is_due_in_batches(followed, monkeypatch):
    sent = []
    monkeypatch.setattr("commitments.tasks.poll_batch.delay", lambda run_id, ids: sent.append(ids))
    monkeypatch.setattr(polling, "BATCH", 2)
    for number in range(5):
        followed(f"Jeu {number}")
    dispatch_due()
    assert [len(ids) for ids in sent] == [2, 2, 1]
    dispatch_due()
    assert len(sent) == 3


@pytest.mark.parametrize("kind", Location.Portal.values)
def test_every_sort_of_address_is_put_on_the_schedule(kind):
    LocationFactory(deliverable=DeliverableFactory(), portal=kind, url="https://exemple.fr/groupe/depot")
    assert watch_new_locations(timezone.now()) == 1


def test_a_batch_costs_the_same_statements_whatever_its_size(followed, django_assert_max_num_queries):
    start = timezone.now()
    for number in range(30):
        followed(f"Jeu {number}")
    for day in range(2):
        now = start + day * 1.1 * DAY
        with time_machine.travel(now, tick=False):
            watch_new_locations(now)
            polled, batches = polling.begin(now)
            with django_assert_max_num_queries(58):
                polling.poll(polled.pk, batches[0])
    assert set(Observation.objects.values_list("checks", flat=True)) == {2}


def test_an_answer_that_the_base_cannot_hold_costs_the_others_nothing(portal, followed):
    _, sound = followed("Jeu sain")
    record, refused = followed("Jeu retors")
    now = timezone.now()
    portal.fail(record.id, faults.status(503))
    run(now)
    portal.recover()
    Watch.objects.update(next_check_at=now)
    # Within the same microsecond: an interval begins at that time already.
    run(now)
    assert Observation.objects.get(location=sound).outcome == Outcome.FOUND
    assert [o.outcome for o in refused.observations.all()] == [Outcome.NO_OBSERVATION]
    assert Watch.objects.get(location=refused).cause == "internal"
    assert [run.asked for run in PollRun.objects.all()] == [2, 2]
    run(now + 2 * DAY)
    assert refused.observations.filter(outcome=Outcome.FOUND).exists()


def asked(count, followed):
    """Addresses asked, their run not judged yet, and the moment at which it was."""
    for number in range(count):
        followed(f"Jeu {number}")
    watch_new_locations(timezone.now())
    polled, batches = polling.begin(timezone.now())
    polling.poll(polled.pk, batches[0])
    polled.refresh_from_db()
    return polled, Watch.objects.latest("observed_at").observed_at


@pytest.mark.parametrize("brake", ["judged", "dismissed"])
def test_who_waited_for_its_turn_judges_all_that_was_seen_meanwhile(followed, brake):
    polled, seen_at = asked(2, followed)
    if brake == "judged":
        polling.settle(polled, seen_at - timedelta(seconds=3))
        assert Verdict.objects.count() == 2
    else:
        polling.dismiss(seen_at - timedelta(seconds=3))
    assert not Watch.objects.unjudged().exists()


def test_what_is_seen_while_others_are_judged_stays_to_be_judged(followed, monkeypatch):
    polled, seen_at = asked(2, followed)
    one = Watch.objects.first()
    pending = polling.pending

    def while_another_batch_records(day):
        found = pending(day)
        Watch.objects.filter(pk=one.pk).update(observed_at=seen_at + timedelta(seconds=3))
        return found

    monkeypatch.setattr(polling, "pending", while_another_batch_records)
    polling.settle(polled, seen_at)
    assert Watch.objects.unjudged().get() == one
