"""A changed row adds history; a row taken away is told and kept."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from commitments.models import (
    Commitment,
    Deadline,
    Deliverable,
    Location,
    Reading,
    Recommendation,
    Revision,
    Verdict,
    Version,
    Watch,
)
from commitments.reference.report import Report, Tally
from ministries.reference import loading
from ministries.reference.loading import load_all
from tests.commitments.reference.editing import drop, edit, rewrite

pytestmark = [pytest.mark.django_db, pytest.mark.streams]
LATER = datetime(2026, 12, 15, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def loaded(now: datetime, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Report:
    """The facts, without their verdicts unless the test is about them: they take half of the time."""
    if "judged" not in request.function.__name__:
        monkeypatch.setattr(loading, "rejudge", lambda **_: 0)
    return load_all(now=now)


def tally_of(report: Report, file: str) -> Tally:
    return next(tally for tally in report.tallies if tally.file == file)


def reload_twice(folder: Path) -> Report:
    """Load the changed files; again, they must change nothing."""
    report = load_all(folder, now=LATER)
    version = Version.current()
    assert not load_all(folder, now=LATER).wrote
    assert Version.current() == version
    return report


def test_a_changed_deadline_adds_one_that_corrects_it(folder: Path) -> None:
    before = Deadline.objects.get(commitment__ref="O-30")
    edit(folder, "deadlines.csv", "O-30", raw="T4 2021", due_on="2021-12-31")

    report = reload_twice(folder)

    after = Deadline.objects.get(commitment__ref="O-30", corrected_by=None)
    assert (after.raw, after.last_day, after.corrects) == ("T4 2021", date(2021, 12, 31), before)
    before.refresh_from_db()
    assert before.raw == "T3 2021"
    assert tally_of(report, "deadlines.csv").changed == {after.reference_key}
    assert Version.current() >= 2


def test_of_two_dates_announced_alike_the_one_that_changed_is_corrected(folder: Path) -> None:
    edit(
        folder, "deadlines.csv", "O-10", announced_on="2021-04-29", announced_in="Liste des 63 ouvertures (29/04/2021)"
    )
    load_all(folder, now=LATER)
    edit(folder, "deadlines.csv", "O-10", raw="fin 2021")

    reload_twice(folder)

    current = Deadline.objects.filter(commitment__ref="O-10", corrected_by=None, announced_on="2021-04-29")
    assert sorted(current.values_list("raw", flat=True)) == ["T2 2021", "fin 2021"]
    edit(folder, "deadlines.csv", "O-10", raw="d'ici fin 2021")
    reload_twice(folder)
    assert sorted(current.values_list("raw", flat=True)) == ["T2 2021", "d'ici fin 2021"]


def test_a_date_that_an_agent_announced_is_not_the_files_business(folder: Path) -> None:
    commitment = Commitment.objects.get(ref="O-30")
    theirs = Deadline.objects.create(
        commitment=commitment,
        raw="T1 2027",
        first_day=date(2027, 1, 1),
        last_day=date(2027, 3, 31),
        precision="quarter",
        announced_on=date(2026, 12, 2),
        announced_in="report du ministère",
    )

    assert not load_all(folder, now=LATER).wrote
    edit(folder, "deadlines.csv", "O-30", note="relue")
    report = reload_twice(folder)

    assert not Deadline.objects.filter(corrects=theirs).exists()
    assert tally_of(report, "deadlines.csv").absent == []


def test_a_correction_follows_the_one_that_an_agent_made(folder: Path) -> None:
    first = Reading.objects.get(commitment__ref="O-30")
    theirs = Reading.objects.create(
        commitment=first.commitment, read_raw="2023-01-04", read_on=date(2023, 1, 4), state="not_open", corrects=first
    )

    assert not load_all(folder, now=LATER).wrote
    edit(folder, "readings.csv", "O-30", read_on="2023-01-05")
    reload_twice(folder)

    assert Reading.objects.get(commitment__ref="O-30", corrected_by=None).corrects == theirs


def test_a_changed_reading_is_judged_again(folder: Path) -> None:
    edit(folder, "readings.csv", "O-30", state="open", label="ouvert")
    verdicts = Verdict.objects.count()

    report = reload_twice(folder)

    assert Reading.objects.get(commitment__ref="O-30", corrected_by=None).state == "open"
    assert Verdict.objects.count() == verdicts + report.verdicts


def test_a_changed_wording_keeps_the_former_one(folder: Path) -> None:
    before = Commitment.objects.get(ref="O-07")
    edit(folder, "openings.csv", "O-07", wording="les données de trafic routier en temps réel")

    report = reload_twice(folder)

    revision = Revision.objects.get()
    assert (revision.table, revision.key, revision.field) == ("openings.csv", "O-07", "wording")
    assert (revision.before, revision.after) == (before.wording, "les données de trafic routier en temps réel")
    after = Commitment.objects.get(ref="O-07")
    assert after.wording == revision.after
    assert "trafic" in after.search_text
    assert tally_of(report, "openings.csv").changed == {"O-07"}
    assert tally_of(report, "openings.csv").unchanged == 41


@pytest.mark.parametrize(
    ("file", "key", "column", "value", "field", "before", "after"),
    [
        ("recommendations.csv", "12", "in_presentation", "no", "in_presentation", "oui", "non"),
        (
            "recommendation_wordings.csv",
            "S22",
            "recommendations",
            "20",
            "recommendations",
            "Recommandation n° 20 ; Recommandation n° 21",
            "Recommandation n° 20",
        ),
        ("citp.csv", "8", "held_on", "2024-04-24", "held_on", "2024-04-23", "2024-04-24"),
        ("engagements.csv", "5", "text", "Retrouvé.", "text", "", "Retrouvé."),
        ("openings.csv", "O-30", "engagement", "", "engagement", "5e CITP, engagement 6", ""),
        (
            "openings.csv",
            "O-30",
            "engagement",
            "5/6.2",
            "engagement",
            "5e CITP, engagement 6",
            "5e CITP, engagement 6.2",
        ),
        ("openings.csv", "O-30", "access_promised", "open", "access_promised", "restricted", "open"),
        ("locations.csv", "O-01", "note", "relue", "note", "", "relue"),
        ("locations.csv", "O-01", "since", "2026-11-19", "since", "2026-11-20", "2026-11-19"),
        (
            "locations.csv",
            "O-02",
            "identifier",
            "60e678fececb26f4352c4f6b",
            "identifier",
            "",
            "60e678fececb26f4352c4f6b",
        ),
    ],
)
def test_a_better_description_keeps_the_former_one(
    folder: Path, file: str, key: str, column: str, value: str, field: str, before: str, after: str
) -> None:
    edit(folder, file, key, **{column: value})

    reload_twice(folder)

    revision = Revision.objects.get()
    assert (revision.table, revision.field, revision.before, revision.after) == (file, field, before, after)


def test_a_kind_more_is_a_deliverable_more_and_a_kind_less_stays(folder: Path) -> None:
    edit(folder, "openings.csv", "O-30", kinds="dataset;api")
    edit(folder, "openings.csv", "O-40", kinds="api")

    report = reload_twice(folder)

    assert {(d.rank, d.kind) for d in Deliverable.objects.filter(commitment__ref="O-30")} == {
        (1, "api"),
        (2, "dataset"),
    }
    assert Deliverable.objects.filter(commitment__ref="O-40").count() == 2
    assert tally_of(report, "openings.csv").absent == ["O-40/dataset"]


def test_another_address_closes_the_former_one_and_is_watched(folder: Path) -> None:
    before = Location.objects.get(deliverable__commitment__ref="O-01")
    edit(
        folder,
        "locations.csv",
        "O-01",
        identifier="60e678fececb26f4352c4f6b",
        url="https://www.data.gouv.fr/datasets/x",
    )

    report = reload_twice(folder)

    before.refresh_from_db()
    after = Location.objects.get(deliverable__commitment__ref="O-01", until=None)
    assert (before.until, after.since) == (date(2026, 12, 15), date(2026, 12, 15))
    assert after.identifier == "60e678fececb26f4352c4f6b"
    assert Watch.objects.get(location=after).next_check_at == LATER
    assert report.watches == 1
    assert not Revision.objects.exists()


def test_another_identifier_at_the_same_address_is_another_place(folder: Path) -> None:
    edit(folder, "locations.csv", "O-01", identifier="60e678fececb26f4352c4f6b")

    reload_twice(folder)

    assert Location.objects.filter(deliverable__commitment__ref="O-01").count() == 2


def test_an_address_that_an_agent_closed_is_not_opened_again(folder: Path) -> None:
    Location.objects.filter(deliverable__commitment__ref="O-01").update(until=date(2026, 12, 2))

    assert not load_all(folder, now=LATER).wrote

    assert not Location.objects.filter(deliverable__commitment__ref="O-01", until=None).exists()


def test_an_address_that_an_agent_gave_first_is_theirs_still(folder: Path) -> None:
    held = Location.objects.create(
        deliverable=Deliverable.objects.get(commitment__ref="O-30"),
        portal="url",
        url="https://api.example.fr/vehicule",
        since=date(2026, 12, 2),
    )
    rewrite(
        folder,
        "locations.csv",
        lambda rows: [
            *rows,
            {**rows[0], "ref": "O-30", "kind": "api", "portal": "url", "identifier": "", "url": held.url},
        ],
    )

    load_all(folder, now=LATER)

    assert Location.objects.get(deliverable__commitment__ref="O-30") == held
    assert not tally_of(load_all(folder, now=LATER), "locations.csv").added


def test_what_the_files_no_longer_hold_is_told_and_kept(folder: Path) -> None:
    drop(folder, "deadlines.csv", "O-30")
    drop(folder, "readings.csv", "O-30")
    drop(folder, "locations.csv", "O-01")
    drop(folder, "recommendation_wordings.csv", "S37")

    report = load_all(folder, now=LATER)

    assert not report.wrote
    assert {tally.file: len(tally.absent) for tally in report.tallies if tally.absent} == {
        "deadlines.csv": 1,
        "readings.csv": 1,
        "locations.csv": 1,
        "recommendation_wordings.csv": 1,
    }
    assert Deadline.objects.filter(commitment__ref="O-30").exists()


def test_a_row_more_is_added(folder: Path) -> None:
    rewrite(folder, "recommendations.csv", lambda rows: [*rows, {**rows[-1], "number": "38"}])

    report = reload_twice(folder)

    assert tally_of(report, "recommendations.csv").added == {"38"}
    assert Recommendation.objects.count() == 38
