"""Hosts left alone by decision: named alone, for a bounded time, with a reason; ended early once, and said."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from commitments.hosts import reserve
from commitments.models import HostException, HostExceptionEnd, Watch
from commitments.sparing import LONGEST, NotSpared, followed_at, host_name, resume, spare
from tests.factories import LocationFactory, WatchFactory

NOW = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
TODAY = date(2026, 6, 15)
WHO = {"reason": "migration annoncée", "decided_by": "opérateur", "now": NOW}
UNTIL = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("www.data.gouv.fr", "www.data.gouv.fr"),
        ("  Donnees.Exemple.FR ", "donnees.exemple.fr"),
        ("192.0.2.7", "192.0.2.7"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("données.exemple.fr", "données.exemple.fr"),
        ("interne", "interne"),
    ],
)
def test_a_host_is_named_as_the_robot_counts_it(typed, name):
    assert host_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        *("https://www.data.gouv.fr", "www.data.gouv.fr/api", "www.data.gouv.fr:443", "a@b.fr", "", "  ", "."),
        *("deux mots.fr", "exemple..fr", "-exemple.fr", "exemple.fr.", "[::1", "::1/x", "a?b", "a#b", "é" * 300),
        *("*.gouv.fr", "a\nb.fr", "_x.fr"),
    ],
)
def test_what_is_not_a_host_alone_is_refused_by_name(typed):
    with pytest.raises(NotSpared, match="n'est pas un nom de serveur") as refused:
        host_name(typed)
    assert refused.value.field == "host"
    assert typed.strip()[:80] in str(refused.value)


@pytest.mark.django_db
class TestExceptions:
    def test_it_holds_to_the_end_of_its_last_day_in_paris(self):
        made = spare("Exemple.fr", until=UNTIL, **WHO)
        assert (made.host, made.since, made.decided_by) == ("exemple.fr", NOW, "opérateur")
        assert made.until == datetime(2026, 6, 30, 22, 0, tzinfo=UTC)
        assert reserve("exemple.fr", 1, NOW, per_minute=0).why == "exception"
        assert reserve("exemple.fr", 1, made.until, per_minute=0).granted == 1

    @pytest.mark.parametrize(
        ("changed", "field", "said"),
        [
            ({"until": TODAY - timedelta(days=1)}, "until", "Le 14/06/2026 est passé"),
            ({"until": TODAY + LONGEST + timedelta(days=1)}, "until", "90 jours au plus : jusqu'au 13/09/2026"),
            ({"until": date.max}, "until", "90 jours au plus"),
            ({"until": date.min}, "until", "est passé"),
            ({"reason": " "}, "reason", "Un motif est obligatoire"),
            ({"decided_by": ""}, "decided_by", "fonction"),
            ({"host": "https://exemple.fr/x"}, "host", "« https://exemple.fr/x »"),
        ],
    )
    def test_what_means_nothing_is_refused(self, changed, field, said):
        given = {"host": "exemple.fr", "until": UNTIL, **WHO, **changed}
        with pytest.raises(NotSpared, match=said) as refused:
            spare(given.pop("host"), **given)
        assert refused.value.field == field
        assert not HostException.objects.exists()

    @pytest.mark.parametrize("until", [TODAY, TODAY + LONGEST])
    def test_the_bounds_are_within(self, until):
        assert spare("exemple.fr", until=until, **WHO).until > NOW

    def test_one_that_already_covers_it_is_enough_and_a_longer_one_adds(self):
        spare("exemple.fr", until=UNTIL, **WHO)
        with pytest.raises(NotSpared, match="déjà laissé tranquille jusqu'au 30/06/2026"):
            spare("exemple.fr", until=UNTIL, **WHO)
        spare("exemple.fr", until=UNTIL + timedelta(days=1), **WHO)
        spare("autre.fr", until=UNTIL, **WHO)
        assert HostException.objects.count() == 3

    def test_ended_early_its_addresses_are_due_at_once_and_others_wait(self):
        made = spare("exemple.fr", until=UNTIL, **WHO)
        put_off = WatchFactory(next_check_at=made.until)
        other = WatchFactory(next_check_at=NOW + timedelta(days=2))
        later = NOW + timedelta(days=1)
        ended = resume(made, reason="la migration est finie", decided_by="astreinte", now=later)
        assert (ended.ended_at, ended.decided_by) == (later, "astreinte")
        assert reserve("exemple.fr", 1, later, per_minute=0).granted == 1
        assert list(HostException.objects.in_force(later - timedelta(seconds=1))) == [made], "it held until then"
        assert Watch.objects.get(pk=put_off.pk).next_check_at == later
        assert Watch.objects.get(pk=other.pk).next_check_at == NOW + timedelta(days=2)
        assert HostException.objects.get().until == made.until, "what was decided first stays written"

    def test_it_is_ended_once_with_a_reason_and_not_after_its_day(self):
        made = spare("exemple.fr", until=UNTIL, **WHO)
        with pytest.raises(NotSpared, match="Un motif"):
            resume(made, reason="", decided_by="x", now=NOW)
        with pytest.raises(NotSpared, match="est arrivée à son terme"):
            resume(made, reason="x", decided_by="x", now=made.until)
        resume(made, reason="x", decided_by="x", now=NOW)
        with pytest.raises(NotSpared, match="déjà finie"):
            resume(made, reason="x", decided_by="x", now=NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            HostExceptionEnd.objects.create(exception=made, ended_at=NOW, reason="x", decided_by="x")

    def test_the_addresses_that_it_concerns_are_counted(self, settings):
        for url, portal in (
            ("https://exemple.fr/a", "url"),
            ("https://EXEMPLE.fr/b.git", "git"),
            ("https://exemple.fr.autre.org/", "url"),
            ("https://www.data.gouv.fr/datasets/x", "datagouv_dataset"),
        ):
            WatchFactory(location__url=url, location__portal=portal)
        LocationFactory(url="https://exemple.fr/hors-surveillance", portal="url")
        settings.DATAGOUV_URL = "https://portail.exemple"
        assert [followed_at(host) for host in ("exemple.fr", "portail.exemple", "www.data.gouv.fr")] == [2, 1, 0]
