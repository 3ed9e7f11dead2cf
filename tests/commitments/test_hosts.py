"""Politeness that outlives a batch: quotas, pauses asked for, pauses earned, exceptions decided by people."""

from datetime import UTC, datetime, timedelta

import pytest

from commitments.findings import Outcome, Sighting
from commitments.hosts import Leave, account, host_of, learn, reserve, resting, shares
from commitments.models import Host, HostException

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

NOW = datetime(2026, 6, 1, 6, tzinfo=UTC)
NAME = "www.exemple.gouv.fr"
FOUND = Sighting(Outcome.FOUND)


def told(*sightings, now=NOW):
    learn([(NAME, sighting) for sighting in sightings], now)


def granted(now=NOW, wanted=10, per_minute=0):
    return reserve(NAME, wanted, now, per_minute=per_minute).granted


def test_all_workers_together_stay_below_the_quota():
    assert [granted(wanted=60, per_minute=100) for _ in range(3)] == [60, 40, 0]
    assert granted(NOW + timedelta(seconds=61), wanted=60, per_minute=100) == 60


def test_what_is_over_the_quota_comes_back_with_the_next_minute():
    leave = reserve(NAME, 10, NOW, per_minute=4)
    assert leave == Leave(4, NOW + timedelta(minutes=1), "quota")


def test_a_clock_moved_back_an_hour_blocks_nobody():
    granted(wanted=100, per_minute=100)
    assert granted(NOW - timedelta(hours=1), per_minute=100) == 10


@pytest.mark.parametrize(("retry_after", "pause"), [(7200, 7200), (None, 3600)])
def test_a_429_pauses_its_host_as_long_as_it_asks_or_an_hour(retry_after, pause):
    told(FOUND, Sighting.none("http_429", retry_after=retry_after))
    assert granted(NOW + timedelta(seconds=pause - 1)) == 0
    assert granted(NOW + timedelta(seconds=pause)) == 10


def test_a_pause_is_never_shortened_by_a_shorter_one():
    told(Sighting.none("http_429", retry_after=7200))
    told(Sighting.none("http_429", retry_after=5))
    assert granted(NOW + timedelta(seconds=7199)) == 0


def test_twenty_failures_in_a_row_earn_a_pause_that_doubles():
    told(*[Sighting.none("timeout_read")] * 20)
    assert Host.objects.get().paused_until == NOW + timedelta(minutes=10)
    later = NOW + timedelta(minutes=10)
    told(*[Sighting.none("http_5xx")] * 20, now=later)
    assert Host.objects.get().paused_until == later + timedelta(minutes=20)


def test_one_answer_forgives():
    told(*[Sighting.none("reset")] * 19)
    told(Sighting(Outcome.ABSENT))
    told(Sighting.none("reset"))
    assert (Host.objects.get().failures, granted()) == (1, 10)


def test_a_refused_address_is_not_its_hosts_failure():
    told(*[Sighting.none("refused_address")] * 30)
    assert granted() == 10


def test_an_exception_is_kept_until_its_last_moment():
    end = NOW + timedelta(days=30)
    HostException.objects.create(host=NAME, reason="migration annoncée", since=NOW, until=end, decided_by="DINUM")
    assert reserve(NAME, 1, NOW, per_minute=0) == Leave(0, end, "exception")
    assert granted(end) == 10


def test_each_address_gets_its_share_and_the_others_their_hour():
    leaves = shares({1: NAME, 2: NAME, 3: "autre.fr"}, NOW, per_minute=1)
    assert [leaves[key].granted for key in (1, 2, 3)] == [1, 0, 1]


def counted(reserved, sent, now=NOW, per_minute=10):
    account({NAME: reserved} if reserved else {}, {NAME: sent} if sent else {}, now, per_minute=per_minute)


def test_requests_beyond_the_quota_are_paid_by_the_minutes_that_follow():
    granted(wanted=1, per_minute=10)
    counted(1, 25)
    assert reserve(NAME, 4, NOW, per_minute=10) == Leave(0, NOW + timedelta(minutes=2), "quota")
    assert granted(NOW + timedelta(seconds=119), per_minute=10) == 0
    assert granted(NOW + timedelta(minutes=2), per_minute=10) == 5


def test_requests_that_were_not_needed_are_given_back():
    granted(wanted=10, per_minute=10)
    counted(10, 2)
    assert granted(per_minute=10) == 8


def test_a_host_met_on_the_way_is_counted_as_the_others():
    counted(0, 12)
    assert granted(per_minute=10) == 0
    assert resting(NOW, per_minute=10) == {NAME: 60}
    assert resting(NOW + timedelta(minutes=1), per_minute=10) == {}


def test_without_a_quota_nothing_is_counted():
    counted(0, 12, per_minute=0)
    assert not Host.objects.exists()
    assert resting(NOW, per_minute=0) == {}


def test_hosts_paused_or_left_alone_rest():
    told(Sighting.none("http_429", retry_after=7200))
    end = NOW + timedelta(days=1)
    HostException.objects.create(host="autre.fr", reason="migration", since=NOW, until=end, decided_by="DINUM")
    assert resting(NOW, per_minute=10) == {NAME: 7200, "autre.fr": 86400}
    assert resting(end, per_minute=10) == {}


@pytest.mark.parametrize(("url", "host"), [("https://A.fr:8443/x", "a.fr"), ("", ""), ("http://[::1", "")])
def test_the_host_of_an_address(url, host):
    assert host_of(url) == host
