"""Pages of promises made for one test: what is escaped, what stays private, what banners say."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from commitments.models import Commitment, PollRun, Verdict, Version, Watch
from ministries.contradictions import Kind
from ministries.models import Contradiction
from tests.factories import (
    CommitmentFactory,
    DeadlineFactory,
    DeclarationFactory,
    DeliverableFactory,
    WatchFactory,
)


@pytest.mark.django_db
class TestFacts:
    """Promises made for one test."""

    def test_a_title_is_text(self, client: Client) -> None:
        title = "<script>alert(1)</script> « l’œuvre » & fils"
        promise = CommitmentFactory(title=title, wording=title)
        DeadlineFactory(commitment=promise, raw="<b>fin</b> 2021")
        DeliverableFactory(commitment=promise, label=title)
        for path in ("/", "/promesses/", promise.get_absolute_url(), "/recommandations/"):
            html = client.get(path).content.decode()
            assert "<script>alert" not in html
            assert "<b>fin" not in html
        assert "&lt;script&gt;" in client.get(promise.get_absolute_url()).content.decode()

    def test_a_draft_is_nowhere(self, client: Client) -> None:
        draft = CommitmentFactory(title="Brouillon secret", visibility=Commitment.Visibility.DRAFT)
        assert client.get(draft.get_absolute_url()).status_code == 404
        for path in ("/", "/promesses/", "/ministeres/", "/sante/"):
            assert "Brouillon secret" not in client.get(path).content.decode()

    def test_a_private_note_is_nowhere(self, client: Client) -> None:
        said = DeclarationFactory(comment="parole publique", note="note secrète", obstacle="")
        html = client.get(said.commitment.get_absolute_url()).content.decode()
        assert "parole publique" in html
        assert "note secrète" not in html

    def test_declared_and_observed_stay_apart(self, client: Client) -> None:
        said = DeclarationFactory(status="done")
        html = client.get(said.commitment.get_absolute_url()).content.decode()
        assert '<p class="big">réalisé</p>' in html
        assert "sans adresse" in html

    def test_an_empty_base_is_said(self, client: Client) -> None:
        html = client.get("/").content.decode()
        assert "aucune promesse n’est encore annoncée" in html
        assert client.get("/promesses/").status_code == 200

    def test_a_rate_says_none_of_them(self, client: Client) -> None:
        for _ in range(2):
            DeadlineFactory()
        assert "aucune des" in client.get("/").content.decode()


@pytest.mark.django_db
class TestBanners:
    def html(self, client: Client) -> str:
        Version.bump()
        return client.get("/").content.decode()

    def test_none_when_all_is_well(self, client: Client) -> None:
        now = timezone.now()
        WatchFactory(checked_at=now, observed_at=now, next_check_at=now + timedelta(days=1))
        assert "alerte-" not in self.html(client)

    def test_the_robot_stopped(self, client: Client) -> None:
        then = datetime(2026, 6, 3, 4, 12, tzinfo=UTC)
        WatchFactory(checked_at=then, observed_at=then, next_check_at=then + timedelta(days=1))
        html = self.html(client)
        assert 'id="alerte-stale"' in html
        assert "depuis le 3\u00a0juin\u00a02026 à\u00a006:12" in html

    def test_the_portal_is_out_of_reach(self, client: Client) -> None:
        now = timezone.now()
        then = datetime(2026, 6, 3, 4, 12, tzinfo=UTC)
        WatchFactory(
            checked_at=now,
            observed_at=then,
            failures=3,
            cause="timeout_connect",
            next_check_at=now + timedelta(hours=1),
        )
        html = self.html(client)
        assert 'id="alerte-unreachable"' in html
        assert "depuis le 3\u00a0juin\u00a02026" in html
        health = client.get("/sante/").content.decode()
        assert "le serveur n’a pas accepté la connexion à temps" in health

    def test_one_failure_among_others_is_not_an_outage(self, client: Client) -> None:
        now = timezone.now()
        for failures in (0, 1):
            WatchFactory(checked_at=now, observed_at=now, failures=failures, next_check_at=now + timedelta(hours=1))
        assert "alerte-" not in self.html(client)

    def test_another_site_that_answers_does_not_hide_an_outage(self, client: Client) -> None:
        now = timezone.now()
        WatchFactory(checked_at=now, failures=2, next_check_at=now + timedelta(hours=1))
        WatchFactory(location__portal="url", checked_at=now, observed_at=now, next_check_at=now + timedelta(hours=1))
        assert 'id="alerte-unreachable"' in self.html(client)

    def test_the_brake(self, client: Client) -> None:
        PollRun.objects.create(started_at=timezone.now(), status=PollRun.Status.SUSPENDED)
        html = self.html(client)
        assert 'id="alerte-brake"' in html
        assert "aucun constat n’a changé" in html

    def test_nothing_was_ever_asked(self, client: Client) -> None:
        assert Watch.objects.count() == 0
        assert "Le robot n’a encore rien vérifié" in self.html(client)


@pytest.mark.django_db
def test_a_contradiction_is_told_where_it_must_be_settled(client: Client) -> None:
    promise = CommitmentFactory(title="Promesse contredite")
    assert "aucune contradiction à arbitrer" in client.get("/").content.decode()
    verdict = Verdict.objects.create(
        deliverable=DeliverableFactory(commitment=promise), state="unmet", since=date(2022, 1, 1), rule_version="1"
    )
    Contradiction.objects.create(
        commitment=promise,
        kind=Kind.DONE_NOT_OBSERVED,
        opened_on=date(2022, 1, 2),
        verdict=verdict,
        text="Déclaré et non constaté.",
    )
    for path in ("/", promise.get_absolute_url()):
        html = client.get(path).content.decode()
        assert "Déclaré et non constaté." in html
        assert "2\u00a0janvier\u00a02022" in html
