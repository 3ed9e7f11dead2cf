"""What is proposed for a promise, in what order, and the reasons that a reader is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.indexing import Shelf, Wanted
from commitments.matching import AT_MOST, THRESHOLD, Proposal, match, quality
from commitments.stems import akin, plain, stem
from tests.commitments.catalogues import Row, catalogue, hexadecimal

EDUCATION = "534fff8fa3a7292c64a77f22"
MAP = Wanted(
    "map",
    "Carte scolaire des collèges",
    "les données de la carte scolaire des collèges",
    announced_on=date(2021, 2, 5),
    publishers=frozenset({EDUCATION}),
)


def row(title: str, organization: str = "Ville de Gap", organization_id: str = "", **more: str) -> Row:
    return Row(
        hexadecimal(title + organization), title, organization, organization_id or hexadecimal(organization), **more
    )


def shelf(rows: list[Row]) -> Shelf:
    return Shelf(
        [r.id for r in rows],
        [r.name for r in rows],
        [r.title for r in rows],
        [r.tags for r in rows],
        [f"https://www.data.gouv.fr/datasets/{r.name}/" for r in rows],
        [r.organization for r in rows],
        [r.organization_id for r in rows],
        [date.fromisoformat(r.created_at[:10]) for r in rows],
    )


def proposed(wanted: Wanted, rows: list[Row]) -> list[tuple[str, list[str]]]:
    """Titles and reasons, best first."""
    found = match(shelf(rows), [wanted])[wanted.key]
    return [(rows[one.place].title, [reason.text for reason in one.reasons]) for one in found]


@pytest.fixture(scope="module")
def noise() -> list[Row]:
    return [one for one in catalogue(3000, seed=3) if not one.ref]


def test_a_record_that_says_the_same_at_the_right_ministry_comes_first_with_its_reasons(noise):
    right = row("Carte scolaire des colleges publics", "Ministère de l'Éducation nationale", EDUCATION)
    (title, reasons), *_ = proposed(MAP, [*noise, right])
    assert title == right.title
    assert reasons == [
        "mots communs : carte, scolaire, collèges",
        "publié par une organisation du ministère",
        "mis en ligne après la promesse",
    ]


def test_a_record_older_than_the_promise_is_told_so(noise):
    right = row("Carte scolaire des collèges", "Ministère", EDUCATION, created_at="2018-01-05T10:00:00")
    (_, reasons), *_ = proposed(MAP, [*noise, right])
    assert "déjà en ligne avant la promesse" in reasons


def test_a_town_is_not_proposed_before_the_ministry(noise):
    town = row("Carte scolaire des collèges", "Ville de Gap")
    right = row("Carte scolaire : secteurs des collèges publics", "Ministère", EDUCATION)
    assert proposed(MAP, [*noise, town, right])[0][0] == right.title


def test_a_record_is_not_proposed_for_its_publisher_alone(noise):
    wanted = replace(MAP, publishers=frozenset({EDUCATION}))
    assert proposed(wanted, [row("Bilan comptable", "Ministère", EDUCATION)]) == []


def test_the_producer_that_the_promise_names_is_a_reason(noise):
    wanted = Wanted("bio", "Agriculture biologique par commune", producer="Agence Bio / ASP-IGN (RPG bio)")
    right = row("Surfaces, cheptels et nombre d'opérateurs bio à la commune", "Agence Bio")
    (title, reasons), *_ = proposed(wanted, [*noise, right])
    assert title == right.title
    assert "publié par « Agence Bio », que la promesse nomme comme producteur" in reasons


def test_a_record_created_again_under_the_same_title_is_proposed_first(noise):
    wanted = replace(
        MAP, lost_titles=("Zonage annuel – édition nouvelle",), excluded=frozenset({hexadecimal("former")})
    )
    again = row("Zonage annuel - Édition nouvelle", "Inconnu")
    former = replace(again, id=hexadecimal("former"))
    (title, reasons), *_ = proposed(wanted, [*noise, former, again])
    assert title == again.title
    assert reasons[0] == "même titre que la fiche disparue"
    assert all(one.id != former.id for one in _rows(wanted, [*noise, former, again]))


def _rows(wanted: Wanted, rows: list[Row]) -> list[Row]:
    return [rows[one.place] for one in match(shelf(rows), [wanted])[wanted.key]]


def test_what_was_rejected_is_never_proposed_and_another_takes_its_place():
    rows = [row(f"Carte scolaire des collèges {letter}", f"Organisme {letter}") for letter in "abcdefgh"]
    first = _rows(MAP, rows)
    second = _rows(replace(MAP, excluded=frozenset({first[0].id})), rows)
    assert len(first) == len(second) == AT_MOST
    assert first[0].id not in {one.id for one in second}


def test_the_year_that_the_promise_names_is_preferred_and_told():
    wanted = Wanted("y", "Comptes des hôpitaux 2022", announced_on=date(2021, 2, 5))
    rows = [row(f"Comptes des hôpitaux {year}", "Agence") for year in (2019, 2020, 2022)]
    (title, reasons), *_ = proposed(wanted, rows)
    assert title == "Comptes des hôpitaux 2022"
    assert "même année : 2022" in reasons


def test_an_empty_catalogue_proposes_nothing():
    assert match(Shelf(), [MAP]) == {"map": []}


def test_a_catalogue_of_one_record_is_searched():
    assert [title for title, _ in proposed(MAP, [row("Carte scolaire des collèges", "Ministère", EDUCATION)])]


@pytest.mark.parametrize("title", ["", "🚌", "...", "<b>Carte</b> scolaire", "日本語", "a" * 2000, "\u202e"])
def test_any_title_can_be_read(title):
    match(shelf([row(title), row("Carte scolaire")]), [replace(MAP, title=title), replace(MAP, key=2)])


@given(st.lists(st.text(max_size=30), max_size=12), st.text(max_size=30))
def test_five_at_most_sorted_above_the_threshold(titles, asked):
    rows = [row(title, f"Organisme {number}") for number, title in enumerate(titles)]
    found = match(shelf(rows), [Wanted("x", asked)])["x"]
    scores = [one.score for one in found]
    assert len(found) <= AT_MOST
    assert scores == sorted(scores, reverse=True)
    assert all(THRESHOLD <= score <= 1 for score in scores)
    assert len({one.place for one in found}) == len(found)


def test_the_order_of_the_catalogue_changes_nothing(noise):
    rows = [*noise[:500], row("Carte scolaire des collèges", "Ministère", EDUCATION)]
    assert [one.id for one in _rows(MAP, rows)] == [one.id for one in _rows(MAP, rows[::-1])]


@pytest.mark.parametrize(
    ("one", "other"),
    [("communales", "communal"), ("écoles", "école"), ("routière", "routier"), ("hôpitaux", "hôpital")],
)
def test_plural_and_feminine_are_the_same_word(one, other):
    assert stem(plain(one))[:5] == stem(plain(other))[:5]


def test_words_of_one_root_are_akin_and_years_are_not():
    assert akin("agricol", "agricultur")
    assert akin("bio", "biologiqu")
    assert not akin("2021", "20213")
    assert not akin("ecol", "colleg")


def test_quality_counts_each_promise_once():
    hit, miss = Proposal(1, 0.9, ()), Proposal(2, 0.8, ())
    measured = quality({"a": [1, 2], "b": [7]}, {"a": [hit, miss], "b": [miss]})
    assert (measured.precision, measured.recall) == (pytest.approx(1 / 3), 0.5)


def test_quality_of_nothing_is_not_zero():
    assert quality({}, {}).recall is None
    assert quality({"a": [1]}, {"a": []}).precision is None
