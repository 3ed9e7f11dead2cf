"""What the note says: the public figures, nothing cut in silence, the worst first."""

from datetime import date

import pytest
from django.test import Client

from dashboards import figures
from dashboards.notes.content import COLUMNS, share
from dashboards.notes.lines import Line, clip, portfolio
from ministries.models import Ministry
from ministries.standing import standings
from ministries.timeliness import LABELS
from tests.dashboards.notes.composing import composed

DAYS = (date(2021, 6, 30), date(2022, 2, 1), date(2023, 2, 1))


def test_every_class_of_delay_has_its_column() -> None:
    assert {str(code) for code, _ in COLUMNS} == set(LABELS)


@pytest.mark.usefixtures("reference")
class TestFigures:
    @pytest.mark.parametrize("day", DAYS)
    def test_each_cell_is_the_length_of_the_public_list(self, client: Client, day: date) -> None:
        made = composed(day)
        for (code, _), value in zip(COLUMNS, made.total.values, strict=True):
            assert client.get("/promesses/", {"echeance": str(code), "au": day.isoformat()}).context["count"] == value
        row = max(made.rows, key=lambda row: row.total)
        for (code, _), value in zip(COLUMNS, row.values, strict=True):
            asked = {"echeance": str(code), "ministere": row.ministry.code, "au": day.isoformat()}
            assert client.get("/promesses/", asked).context["count"] == value

    @pytest.mark.parametrize("day", DAYS)
    def test_columns_add_up_to_the_promises_and_ministries_to_the_whole(self, day: date) -> None:
        made = composed(day)
        assert all(sum(row.values) == row.total for row in (*made.rows, made.total))
        assert sum(row.total for row in made.rows) == made.total.total == len(standings(day))

    @pytest.mark.parametrize("day", DAYS)
    def test_home_note_and_api_tell_the_same(self, client: Client, day: date) -> None:
        asked = {"au": day.isoformat()}
        home, page = client.get("/", asked), client.get("/note/", asked)
        assert list(home.context["counters"]) == list(page.context["note"].counters)
        late = next(count.value for count in page.context["note"].counters if count.key == "late")
        listed = client.get("/api/v1/commitments/", {**asked, "echeance": "late"}).json()
        assert listed["count"] == late

    def test_the_sentence_is_the_one_of_the_home_page(self, client: Client) -> None:
        made = composed(date(2022, 2, 1))
        summary = figures.summary(standings(date(2022, 2, 1)))
        assert str(summary.due.value) in made.sentence
        assert str(summary.kept.value) in made.sentence

    def test_a_late_promise_tells_first_date_postponements_days_and_reason(self) -> None:
        late = {line.title.split()[0]: line.text for line in composed(date(2022, 2, 1)).late.lines}
        assert (
            late["O-15"].replace("\u00a0", " ").startswith("en retard de 124 jours, 216 jours après la première date")
        )
        assert "première date T2 2021" in late["O-15"]
        assert "1 report ; sans motif" in late["O-15"].replace("\u00a0", " ")

    def test_the_oldest_first_date_comes_first(self) -> None:
        made = composed(date(2022, 2, 1))
        found = {s.ref: s for s in standings(date(2022, 2, 1))}
        late = [found[line.title.split()[0]] for line in made.late.lines if line.group == "En retard"]
        firsts = [s.promised.first.last_day for s in late if s.promised.first and s.promised.first.last_day]
        assert len(firsts) > 1
        assert firsts == sorted(firsts)

    def test_dates_moved_since_the_last_meeting_only(self) -> None:
        moved = composed(date(2021, 12, 1), since=date(2021, 6, 30)).moved
        assert "O-10" in {line.title.split()[0] for line in moved.lines}
        assert composed(date(2021, 12, 1), since=date(2021, 12, 1)).moved.count == 0


class TestWords:
    def test_room_is_shared_one_line_each_in_turn(self) -> None:
        short, long = Line("a", "b"), Line("a" * 100, "b" * 100)
        assert share(6, [[short] * 10, [long] * 10, []]) == [2, 2, 0]
        assert share(0, [[short]]) == [0]
        assert share(100, [[short] * 3]) == [3]

    @pytest.mark.parametrize(("text", "longest"), [("un deux trois quatre", 12), ("a" * 50, 12), ("court", 12)])
    def test_a_text_cut_is_seen_to_be(self, text: str, longest: int) -> None:
        cut = clip(text, longest)
        assert len(cut) <= longest
        assert cut == text or cut.endswith("…")

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("Ministère de l'Intérieur", "Intérieur"),
            ("Ministère des Armées", "Armées"),
            ("Ministère de la Justice", "Justice"),
            ("Services du Premier ministre", "Services du Premier ministre"),
        ],
    )
    def test_a_ministry_is_named_by_what_it_is_in_charge_of(self, name: str, said: str) -> None:
        assert portfolio(Ministry(name=name)) == said
