"""The facts are loaded as they are told, once."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from commitments.findings import Kind
from commitments.models import (
    Citp,
    Commitment,
    Deadline,
    Deliverable,
    Engagement,
    Location,
    Reading,
    Recommendation,
    RecommendationWording,
    Revision,
    Version,
    Watch,
)
from commitments.reference.report import Report
from ministries.reference import loading
from ministries.reference.loading import load_all

pytestmark = [pytest.mark.django_db, pytest.mark.streams]
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class TestFacts(TestCase):
    """Loaded once for the class: nothing here writes."""

    loaded: Report

    @classmethod
    def setUpTestData(cls) -> None:
        cls.loaded = load_all(now=NOW)

    def test_everything_is_there(self) -> None:
        models: list[tuple[Any, int]] = [
            *((Recommendation, 37), (RecommendationWording, 44), (Citp, 8), (Commitment, 42)),
            *((Deliverable, 43), (Deadline, 28), (Location, 27), (Reading, 30), (Revision, 0)),
        ]
        assert {model.__name__: model.objects.count() for model, _ in models} == {
            model.__name__: count for model, count in models
        }
        kinds = Engagement.objects.filter(citp__number=5).values_list("kind", flat=True)
        assert [sum(kind == one for kind in kinds) for one in ("engagement", "sub_commitment", "next_step")] == [
            12,
            6,
            3,
        ]
        assert Engagement.objects.filter(kind="engagement", text="").count() == 7
        assert {tally.file: len(tally.added) for tally in self.loaded.tallies} == {
            tally.file: tally.rows for tally in self.loaded.tallies
        }
        assert self.loaded.publishers
        assert self.loaded.verdicts

    def test_every_fact_keeps_its_source(self) -> None:
        for model in (Recommendation, RecommendationWording, Citp, Engagement, Commitment, Location):
            assert not model._default_manager.filter(source="").exists(), model
        assert not Deadline.objects.filter(source_url="").exists()
        assert not Reading.objects.filter(evidence_url="").exists()

    def test_low_confidence_is_to_verify(self) -> None:
        doubtful = {location.deliverable.commitment.ref for location in Location.objects.all() if location.to_verify}

        assert {"O-03", "O-12", "O-07"} <= doubtful
        assert "O-01" not in doubtful
        assert Commitment.objects.get(ref="O-07").to_verify
        assert Engagement.objects.get(citp__number=5, number="1").to_verify

    def test_a_promise_carries_every_date_announced_for_it(self) -> None:
        announced = {
            "O-09": ["d'ici fin 2021", "novembre 2021"],
            "O-10": ["d'ici fin 2021", "T2 2021", "T3 2021"],
            "O-15": ["T2 2021", "T3 2021"],
            "O-03": ["d'ici fin 2021"],
            "O-16": [],
        }
        for ref, raws in announced.items():
            assert [deadline.raw for deadline in Commitment.objects.get(ref=ref).deadlines.all()] == raws, ref

    def test_a_deadline_that_only_its_last_day_tells_is_a_range(self) -> None:
        deadline = Deadline.objects.get(commitment__ref="O-40")

        assert (deadline.first_day, deadline.last_day, deadline.precision) == (None, date(2025, 12, 31), "range")

    def test_a_promise_of_two_kinds_has_two_deliverables(self) -> None:
        assert [d.kind for d in Commitment.objects.get(ref="O-40").deliverables.all()] == [Kind.DATASET, Kind.API]
        assert [d.kind for d in Commitment.objects.get(ref="O-43").deliverables.all()] == [Kind.PLATFORM]
        assert Deliverable.objects.get(commitment__ref="O-30").access_promised == "restricted"
        assert Deliverable.objects.get(commitment__ref="O-32").access_promised == ""

    def test_the_openings_of_the_fifth_citp_answer_its_engagement_6(self) -> None:
        commitment = Commitment.objects.get(ref="O-30")

        assert commitment.engagement is not None
        assert (commitment.engagement.citp.number, commitment.engagement.number) == (5, "6")
        assert [r.number for r in commitment.recommendations.all()] == [4]
        assert Commitment.objects.filter(announced_in__startswith="CITP 5", engagement__number="6").count() == 14
        assert not Commitment.objects.filter(announced_in__startswith="15 feuilles").exclude(engagement=None).exists()

    def test_a_vague_day_counts_from_its_last_one(self) -> None:
        affelnet = Reading.objects.get(commitment__ref="O-10")
        research = Reading.objects.get(commitment__ref="O-43")

        assert (affelnet.read_raw, affelnet.read_on) == ("2021-09", date(2021, 9, 30))
        assert (research.opened_raw, research.opened_on) == ("2022", date(2022, 12, 31))

    def test_addresses_bear_the_day_they_were_collected_and_are_watched_where_a_portal_answers(self) -> None:
        assert set(Location.objects.values_list("since", flat=True)) == {date(2026, 11, 20)}
        on_the_portal = Location.objects.filter(portal="datagouv_dataset")
        assert on_the_portal.count() == 11
        assert not on_the_portal.filter(watch=None).exists()
        assert set(Watch.objects.values_list("next_check_at", flat=True)) == {NOW}
        assert self.loaded.watches == Watch.objects.count()


@pytest.fixture
def loaded(now: datetime) -> Report:
    return load_all(now=now)


def test_loaded_twice_nothing_is_written(loaded: Report, now: datetime) -> None:
    before = Version.current()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        again = load_all(now=now)

    assert not [query["sql"] for query in queries if query["sql"].startswith(WRITES)]
    assert not again.wrote
    assert Version.current() == before
    assert all(tally.unchanged == tally.rows and not tally.absent for tally in again.tallies)


def test_when_what_follows_fails_nothing_is_loaded(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> int:
        raise RuntimeError

    monkeypatch.setattr(loading, "rejudge", fail)

    with pytest.raises(RuntimeError):
        load_all(now=now)

    assert not Commitment.objects.exists()
    assert not Version.current()
