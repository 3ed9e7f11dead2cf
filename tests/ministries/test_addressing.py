"""Human findings, addresses and checks: one promise's are never another's."""

from datetime import timedelta

import pytest

from commitments.models import Watch
from ministries import addressing
from ministries.authoring import Refused
from ministries.permissions import NotMandated
from ministries.standing import standing
from tests.factories import LocationFactory
from tests.ministries.people import NOW, TODAY, promise

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


def test_a_human_finding_is_judged_at_once(house):
    addressing.read(house.author("operator"), house.commitment, state="not_open", evidence_url="https://exemple.fr/x")
    assert standing(house.commitment.ref, TODAY).observed.state == "unmet"
    for values in ({"evidence_url": ""}, {"state": "not_verified"}, {"read_on": TODAY + timedelta(days=1)}):
        with pytest.raises(Refused):
            addressing.read(
                house.author("operator"),
                house.commitment,
                **{"state": "open", "evidence_url": "https://exemple.fr/x", **values},
            )


def test_an_address_of_another_promise_is_neither_replaced_nor_closed(house):
    stranger = LocationFactory(deliverable=promise(house.other).deliverables.get())
    with pytest.raises(Refused):
        addressing.locate(
            house.author(), house.commitment.deliverables.get(), url="https://exemple.fr/a", replaces=[stranger]
        )
    with pytest.raises(NotMandated):
        addressing.unlocate(house.author(), stranger)
    stranger.refresh_from_db()
    assert stranger.until is None


@pytest.mark.parametrize(
    ("url", "kind", "portal"),
    [
        ("https://www.data.gouv.fr/datasets/jeu/", "dataset", "datagouv_dataset"),
        ("https://www.data.gouv.fr/fr/datasets/jeu/", "dataset", "datagouv_dataset"),
        ("https://www.data.gouv.fr/dataservices/api/", "api", "datagouv_dataservice"),
        ("https://github.com/etat/code", "source_code", "git"),
        ("https://github.com/etat/code", "document", "url"),
        ("https://exemple.fr/datasets/jeu", "dataset", "url"),
        ("http://[::1", "dataset", "url"),
    ],
)
def test_an_address_says_its_portal(url, kind, portal):
    assert addressing.portal_of(url, kind) == portal


def test_a_check_is_asked_once_in_ten_minutes_and_by_who_may(house, monkeypatch):
    sent = []
    monkeypatch.setattr("commitments.tasks.poll_batch.delay", lambda run, batch: sent.append(batch))
    location = LocationFactory(deliverable=house.commitment.deliverables.get())
    for who in ("cabinet", "former", "of_another_ministry"):
        with pytest.raises(NotMandated):
            addressing.check_now(house.author(who), location)
    assert addressing.check_now(house.author("contributor"), location)
    assert sent == [[location.watch.pk]]
    with pytest.raises(Refused, match="déjà en cours"):
        addressing.check_now(house.author(), location)
    Watch.objects.update(lease="", lease_until=None, checked_at=NOW - timedelta(minutes=3))
    with pytest.raises(Refused, match="il y a 3 min"):
        addressing.check_now(house.author(), location)
    Watch.objects.update(checked_at=NOW - timedelta(minutes=11))
    assert addressing.check_now(house.author(), location)


def test_twenty_checks_an_hour_are_enough(house, monkeypatch):
    monkeypatch.setattr("commitments.tasks.poll_batch.delay", lambda run, batch: None)
    location = LocationFactory(deliverable=house.commitment.deliverables.get())
    for _ in range(addressing.CHECKS_AN_HOUR):
        addressing.check_now(house.author(), location)
        Watch.objects.update(lease="", lease_until=None)
    with pytest.raises(Refused, match="20 vérifications"):
        addressing.check_now(house.author(), location)
    assert addressing.check_now(house.author(now=NOW + timedelta(hours=1, minutes=1)), location)
