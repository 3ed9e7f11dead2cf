"""What a promise's page says of its evidence: records kept, stories, files tried, definitions, candidates."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from commitments.defining import define
from commitments.findings import Outcome, Sighting
from commitments.judging import rejudge
from commitments.models import Candidate, Commitment, Deliverable, Location, Observation, Snapshot, Verdict
from commitments.recording import snapshot
from dashboards.pages.evidence import confirmations, sentences
from dashboards.pages.words import typography
from ministries.false_alarms import mark_false_alarm
from tests.dashboards.pages.reading import read
from tests.factories import DeadlineFactory, DeliverableFactory, LocationFactory
from tests.observed import observe

BODY = b'{"title": "Jeu promis"}'


@pytest.fixture
def location(db: None) -> Location:
    deliverable = DeliverableFactory()
    DeadlineFactory(commitment=deliverable.commitment)
    return LocationFactory(deliverable=deliverable)


def page(client: Client, location: Location, **asked: str) -> str:
    promise = location.deliverable.commitment
    response = client.get(promise.get_absolute_url(), asked)
    assert response.status_code == 200
    return str(response.content.decode())


def keep(observation: Observation, body: bytes = BODY) -> Snapshot:
    sighting = Sighting(Outcome.FOUND, url="https://www.data.gouv.fr/api/2/datasets/x/", evidence=body)
    kept = snapshot(observation, sighting, observation.first_seen_at)
    kept.save()
    return kept


class TestTheRecordKept:
    def test_its_fingerprint_is_on_the_page_and_is_that_of_what_is_downloaded(
        self, client: Client, location: Location
    ) -> None:
        observation = observe(location, date(2022, 3, 1))
        kept = keep(observation)
        rejudge([location.deliverable], today=date(2022, 3, 1))
        html = page(client, location, au="2022-03-02")
        assert kept.sha256 in html
        address = f"/preuves/{observation.pk}/"
        assert address in read(html).links
        response = client.get(address)
        assert response["Content-Type"] == "application/gzip"
        assert response["Content-Disposition"].startswith("attachment; filename=")
        opened = gzip.decompress(response.content)
        assert opened == BODY
        assert hashlib.sha256(opened).hexdigest() == kept.sha256

    def test_it_never_changes(self, client: Client, location: Location) -> None:
        observation = observe(location, date(2022, 3, 1))
        kept = keep(observation)
        response = client.get(f"/preuves/{observation.pk}/")
        assert "immutable" in response["Cache-Control"]
        assert response["ETag"] == f'"{kept.sha256}"'
        again = client.get(f"/preuves/{observation.pk}/", headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_the_api_gives_its_address_and_fingerprint(self, client: Client, location: Location) -> None:
        kept = keep(observe(location, date(2022, 3, 1)))
        observe(location, date(2022, 3, 9), frequency="daily")
        with_record, without = client.get("/api/v1/observations/").json()["results"]
        assert with_record["evidence"]["sha256"] == kept.sha256
        assert with_record["evidence"]["url"].endswith(f"/preuves/{kept.observation_id}/")
        assert without["evidence"] is None
        assert kept.sha256 in client.get("/api/v1/observations.csv").content.decode()

    def test_a_verdict_whose_record_was_not_kept_offers_none(self, client: Client, location: Location) -> None:
        observation = observe(location, date(2022, 3, 1))
        rejudge([location.deliverable], today=date(2022, 3, 1))
        assert "/preuves/" not in page(client, location, au="2022-03-02")
        assert client.get(f"/preuves/{observation.pk}/").status_code == 404

    def test_that_of_a_draft_is_nobodys(self, client: Client, location: Location) -> None:
        observation = observe(location, date(2022, 3, 1))
        keep(observation)
        Commitment.objects.update(visibility=Commitment.Visibility.DRAFT)
        assert client.get(f"/preuves/{observation.pk}/").status_code == 404

    def test_it_is_only_read(self, client: Client, location: Location) -> None:
        keep(observe(location, date(2022, 3, 1)))
        assert client.post("/preuves/1/").status_code == 405
        assert client.get("/preuves/0/").status_code == 404


class TestStories:
    def test_a_record_renamed_then_deleted(self, client: Client, location: Location) -> None:
        observe(location, date(2022, 3, 1), days=9, checks=10, title="Ancien nom")
        observe(location, date(2022, 3, 11), days=9, checks=10, title="Nouveau nom")
        observe(location, date(2022, 3, 21), Outcome.GONE, checks=2)
        html = page(client, location, au="2022-04-01")
        assert "« Ancien nom » est devenu « Nouveau nom »".replace("« ", "«\u00a0").replace(" »", "\u00a0»") in html
        assert "La fiche a été supprimée du portail (réponse 410)." in html
        assert "est devenu" not in page(client, location, au="2022-03-05")

    def test_two_findings_out_of_three(self, client: Client, location: Location) -> None:
        observe(location, date(2022, 3, 21), Outcome.ABSENT, days=1, checks=2)
        assert "2\u00a0constats sur 3, absence à confirmer" in page(client, location, au="2022-04-01")

    def test_three_findings_out_of_three(self, location: Location) -> None:
        seen = observe(location, date(2022, 3, 21), Outcome.ABSENT, days=3, checks=4)
        assert confirmations(seen) == "3\u00a0constats sur 3, absence confirmée"

    def test_what_was_set_aside_tells_no_story(self, client: Client, location: Location) -> None:
        observe(location, date(2022, 3, 1), title="Ancien nom")
        wrong = observe(location, date(2022, 3, 2), title="Nom d’une panne")
        wrong.dismissed_at = datetime(2022, 3, 3, tzinfo=UTC)
        wrong.save()
        html = page(client, location, au="2022-04-01")
        assert "est devenu" not in html
        assert "Écartée par un opérateur" in html
        assert "est devenu" in page(client, location, au="2022-03-02"), "nobody knew yet"

    def test_an_interval_that_goes_on_tells_nothing_of_the_days_after(
        self, client: Client, location: Location
    ) -> None:
        observe(location, date(2022, 3, 1), days=30, checks=31)
        html = page(client, location, au="2022-03-05")
        assert "inchangé au 5\u00a0mars\u00a02022" in html
        assert "31\u00a0mars\u00a02022" not in html


class TestSentences:
    @pytest.mark.parametrize(
        ("facts", "said"),
        [
            (
                {"probes": {"tried": 5, "total": 37, "answered": 4, "failed": ["a.csv"], "failing": [], "unknown": 0}},
                "5\u00a0fichiers essayés sur 37 : 4 répondent, 1 ne répond pas (« a.csv »).",
            ),
            ({"probes": {"tried": 1, "total": 1, "answered": 1}}, "1\u00a0fichier essayé : 1 répond."),
            (
                {"commits": True, "default_branch": "main", "refs": 3},
                "Dépôt public qui contient du code, branche principale « main », 3\u00a0branches ou étiquettes.",
            ),
            ({"commits": False}, "Dépôt public, mais vide : aucun code n'y a été déposé."),
            (
                {"forge": "gitlab", "license": "none", "archived": True, "last_activity": "2024-08"},
                "D'après la forge GitLab : aucune licence, dépôt archivé, dernière activité en août\u00a02024.",
            ),
            (
                {"archived_at_swh": False},
                "Software Heritage n'en conserve pas de copie (pour information : aucun critère n'en dépend).",
            ),
            (
                {"documentation": {"fetched": True, "openapi": "3.0.3", "paths": 12, "title": "API Jeu"}},
                "Documentation lue par le robot : OpenAPI 3.0.3, « API Jeu », 12\u00a0chemins décrits.",
            ),
            (
                {"documentation": {"fetched": False, "page": True}},
                "Une page de documentation répond, mais l'adresse destinée aux machines ne donne pas d'OpenAPI.",
            ),
            (
                {"documentation": {"fetched": None, "state": "unknown"}},
                "La documentation n'a pas pu être lue : rien n'en est conclu.",
            ),
        ],
    )
    def test_facts_are_told_in_words(self, facts: dict[str, object], said: str) -> None:
        assert sentences(facts) == (typography(said),)

    @pytest.mark.parametrize("odd", [None, 3, "x", [], {}, {"tried": "5"}, {"tried": 5, "failed": 3, "total": True}])
    def test_odd_facts_never_raise(self, odd: object) -> None:
        for name in ("probes", "documentation", "forge", "license", "commits", "last_activity", "archived_at_swh"):
            assert isinstance(sentences({name: odd}), tuple)

    def test_they_are_on_the_page(self, client: Client, location: Location) -> None:
        observe(location, date(2022, 3, 1), probes={"tried": 5, "total": 37, "answered": 5})
        assert "5\u00a0fichiers essayés sur 37" in page(client, location, au="2022-03-02")


class TestWhatPeopleDid:
    def test_a_definition_softened_after_the_deadline(self, client: Client, location: Location) -> None:
        criteria = ["exists", "public", "not_archived", "access", "has_files", "files_answer", "coverage"]
        define(
            location.deliverable, criteria, reason="Fichiers très lourds.", decided_by="DINUM", today=date(2022, 2, 1)
        )
        html = page(client, location, au="2022-03-01")
        assert "adoucie après l’échéance" in html
        assert "Fichiers très lourds." in html
        assert "est à jour selon sa fréquence" in html
        assert "adoucie" not in page(client, location, au="2022-01-01")

    def test_a_false_alarm(self, client: Client, location: Location) -> None:
        observation = observe(location, date(2022, 3, 21), Outcome.ABSENT, days=4, checks=5)
        verdict = Verdict.objects.create(
            deliverable=location.deliverable,
            state="unmet",
            since=date(2022, 3, 24),
            observation=observation,
            rule_version="1",
        )
        mark_false_alarm(verdict, reason="Le portail migrait.", by_function="DINUM", today=date(2022, 4, 2))
        html = page(client, location, au="2022-04-03")
        assert "Fausse alerte du robot" in html
        assert "Le portail migrait." in html
        assert "(constat écarté depuis)" in html
        assert "Fausse alerte du robot" not in page(client, location, au="2022-04-01")

    def test_candidates_wait_for_a_person(self, client: Client, location: Location) -> None:
        candidate(location.deliverable, datetime(2022, 3, 1, 4, tzinfo=UTC))
        html = page(client, location, au="2022-03-02")
        assert "à confirmer par une personne" in html.lower().replace("pistes ", "")
        assert "Le titre reprend les mots de la promesse." in html
        assert "Jeu voisin" not in page(client, location, au="2022-02-27")

    def test_candidates_withdrawn_are_gone(self, client: Client, location: Location) -> None:
        one = candidate(location.deliverable, datetime(2022, 3, 1, 4, tzinfo=UTC))
        one.withdrawn_at = one.first_proposed_at + timedelta(days=9)
        one.save()
        assert "Jeu voisin" in page(client, location, au="2022-03-05")
        assert "Jeu voisin" not in page(client, location, au="2022-03-15")


def candidate(deliverable: Deliverable, proposed: datetime) -> Candidate:
    return Candidate.objects.create(
        deliverable=deliverable,
        portal=Location.Portal.DATASET,
        identifier="5" * 24,
        url="https://www.data.gouv.fr/datasets/voisin",
        title="Jeu voisin",
        score=0.8,
        rank=1,
        reasons=json.loads('[{"code": "title", "text": "Le titre reprend les mots de la promesse."}]'),
        method_version="1",
        first_proposed_at=proposed,
        last_proposed_at=proposed,
    )
