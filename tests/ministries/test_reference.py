"""What the reference says of ministries, and the command that loads everything."""

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase

from commitments.models import Commitment, Publisher, Revision
from commitments.reference.report import Report
from ministries.models import Ministry, Organization, Reshuffle, Responsibility, Roadmap, RoadmapAction
from ministries.reference.loading import load_all
from ministries.reference.publishers import sync_publishers
from tests.commitments.reference.editing import copy_to, drop, edit

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_to(tmp_path)


@pytest.fixture
def loaded(db: None) -> Report:
    return load_all(now=NOW)


def told(*arguments: str, **options: object) -> str:
    out = StringIO()
    call_command("load_reference", *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.mark.streams
class TestFacts(TestCase):
    """Loaded once for the class: nothing here writes."""

    @classmethod
    def setUpTestData(cls) -> None:
        load_all(now=NOW)

    def test_everything_is_there(self) -> None:
        models = (Ministry, Roadmap, Organization, Reshuffle, RoadmapAction)
        assert [model._default_manager.count() for model in models] == [15, 15, 24, 9, 33]
        assert Responsibility.objects.filter(part="lead").count() == 42
        assert Responsibility.objects.filter(part="joint").count() == 2

    def test_every_fact_keeps_its_source(self) -> None:
        for model in (Ministry, Roadmap, Organization, Reshuffle, RoadmapAction):
            assert not model._default_manager.filter(source="").exists(), model

    def test_an_address_is_made_of_the_code(self) -> None:
        assert Ministry.objects.get(code="MTE_MER").slug == "mte-mer"

    def test_some_publishers_belong_to_no_ministry(self) -> None:
        names = Organization.objects.filter(ministry=None).values_list("name_seen", flat=True)
        assert set(names) == {"ARCEP", "Caisse des Dépôts"}

    def test_the_ministry_that_promised_answers_since_the_announcement(self) -> None:
        lead, joint = Responsibility.objects.filter(commitment__ref="O-14").order_by("-part")
        assert (lead.ministry.code, joint.ministry.code) == ("MTE_MER", "MINARM")
        assert lead.since == date(2021, 2, 5)
        assert lead.until is None

    def test_inferred_ministries_are_told_apart(self) -> None:
        inferred = Responsibility.objects.filter(certainty="inferred").values_list("commitment__ref", flat=True)
        assert set(inferred) == {"O-34", "O-35"}
        assert RoadmapAction.objects.get(code="A-14").ministry_to_verify
        assert not RoadmapAction.objects.get(code="A-02").ministry_to_verify

    def test_actions_point_to_the_promises_that_they_repeat(self) -> None:
        linked = RoadmapAction.objects.exclude(commitment=None).values_list("code", "commitment__ref")
        assert dict(linked) == {"A-01": "O-09", "A-13": "O-40", "A-14": "O-41", "A-15": "O-42", "A-33": "O-43"}
        assert RoadmapAction.objects.get(code="A-13").due_on == date(2025, 12, 31)

    def test_a_vague_reshuffle_keeps_its_bounds(self) -> None:
        castex, barnier = Reshuffle.objects.get(rank=1), Reshuffle.objects.get(rank=6)
        assert (castex.first_day, castex.last_day) == (date(2020, 7, 1), date(2022, 5, 31))
        assert (barnier.first_day, barnier.last_day) == (date(2024, 9, 1), date(2024, 9, 30))


@pytest.mark.streams
class TestPublishers:
    def test_they_are_those_of_the_ministries_that_answer(self, loaded: Report) -> None:
        names = set(Publisher.objects.filter(commitment__ref="O-11").values_list("name", flat=True))
        assert "INSEE" in names
        assert len(names) == 2

    def test_nobody_is_blamed_by_a_list_that_misses_the_right_one(self, loaded: Report) -> None:
        assert not Publisher.objects.filter(commitment__ref="O-05").exists()
        assert Commitment.objects.get(ref="O-05").publishers_known is False

    def test_they_are_only_ever_added(self, loaded: Report) -> None:
        before = Publisher.objects.count()
        assert sync_publishers() == 0
        Organization.objects.filter(name_seen="ARCEP").update(ministry=Ministry.objects.get(code="MEFR"))

        added = sync_publishers()

        answered = Responsibility.objects.filter(ministry__code="MEFR", commitment__publishers_known=True)
        assert added == answered.count() > 0
        assert Publisher.objects.count() == before + added


@pytest.mark.streams
class TestChanges:
    def test_another_ministry_for_a_promise_is_a_correction_kept(self, loaded: Report, folder: Path) -> None:
        edit(folder, "openings.csv", "O-34", ministry="MENJS", ministry_certainty="stated")

        load_all(folder, now=NOW)

        lead = Responsibility.objects.get(commitment__ref="O-34")
        assert (lead.ministry.code, lead.certainty) == ("MENJS", "stated")
        kept = {(r.key, r.field): r.before for r in Revision.objects.all()}
        assert kept == {
            ("O-34/lead", "ministry"): "Ministère de l'Enseignement supérieur, de la Recherche et de l'Innovation",
            ("O-34/lead", "certainty"): "inferred",
        }
        assert not load_all(folder, now=NOW).wrote

    def test_a_promise_handed_over_since_is_left_alone(self, loaded: Report) -> None:
        first = Responsibility.objects.get(commitment__ref="O-34")
        Responsibility.objects.filter(pk=first.pk).update(until=date(2026, 11, 30))
        Responsibility.objects.create(
            commitment=first.commitment, ministry=Ministry.objects.get(code="MENJS"), since=date(2026, 11, 30)
        )
        assert sync_publishers() == 0

        assert not load_all(now=NOW).wrote

    def test_a_joint_ministry_taken_away_is_told_and_kept(self, loaded: Report, folder: Path) -> None:
        edit(folder, "openings.csv", "O-14", co_ministry="")

        report = load_all(folder, now=NOW)

        assert not report.wrote
        assert next(t.absent for t in report.tallies if t.file == "openings.csv") == ["O-14/MINARM"]
        assert Responsibility.objects.filter(commitment__ref="O-14", part="joint").exists()


class TestCommand:
    @pytest.mark.django_db
    def test_it_closes_with_a_table(self, folder: Path) -> None:
        first = told("--folder", str(folder))
        drop(folder, "citp.csv", "8")
        edit(folder, "openings.csv", "O-07", note="relue")
        second = told("--folder", str(folder))

        assert "fichier                      lignes  ajoutées  changées  inchangées  absentes" in first
        assert "openings.csv                     42        42         0           0         0" in first
        assert "openings.csv                     42         0         1          41         0" in second
        assert "citp.csv                          7         0         0           7         1" in second
        assert "Absent de citp.csv, gardé en base : 8." in second
        assert told("--folder", str(folder)).endswith("Rien n'a changé.\n")
        assert told("--folder", str(folder), verbosity=0) == ""

    def test_a_check_does_not_open_the_database(self) -> None:
        assert told("--check") == "Aucune erreur ; rien n'a été écrit.\n"

    @pytest.mark.parametrize("check", [[], ["--check"]])
    def test_a_bad_row_ends_it_with_what_is_wrong(self, folder: Path, check: list[str]) -> None:
        line = edit(folder, "deadlines.csv", "O-30", announced_on="2021-04-31")

        with pytest.raises(CommandError) as refused:
            told(*check, "--folder", str(folder))

        assert str(refused.value) == (
            f"deadlines.csv, ligne {line}, colonne « announced_on » : « 2021-04-31 » ; "
            "attendu : une date qui existe, écrite AAAA-MM-JJ\nRien n'a été chargé : 1 erreur."
        )
