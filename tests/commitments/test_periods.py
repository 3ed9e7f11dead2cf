"""Deadlines as ministries write them, and as spreadsheets spoil them."""

import calendar
import contextlib
import time
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commitments.periods import (
    LONGEST,
    MONTHS,
    Period,
    Unreadable,
    announced_as,
    display,
    in_words,
    label_of,
    parse,
    partial_day,
)
from commitments.spans import Precision

DAY, MONTH, QUARTER = Precision.DAY, Precision.MONTH, Precision.QUARTER
SEMESTER, YEAR, RANGE = Precision.SEMESTER, Precision.YEAR, Precision.RANGE

READABLE = [
    # quarters
    ("T4 2021", "2021-10-01", "2021-12-31", QUARTER),
    ("t4 2021", "2021-10-01", "2021-12-31", QUARTER),
    ("T4-2021", "2021-10-01", "2021-12-31", QUARTER),
    ("T4/2021", "2021-10-01", "2021-12-31", QUARTER),
    ("T42021", "2021-10-01", "2021-12-31", QUARTER),
    ("4T2021", "2021-10-01", "2021-12-31", QUARTER),
    ("4T 21", "2021-10-01", "2021-12-31", QUARTER),
    ("2021-T4", "2021-10-01", "2021-12-31", QUARTER),
    ("Q3 2021", "2021-07-01", "2021-09-30", QUARTER),
    ("3e trim. 22", "2022-07-01", "2022-09-30", QUARTER),
    ("1er trimestre 2022", "2022-01-01", "2022-03-31", QUARTER),
    ("1ᵉʳ trimestre 2022", "2022-01-01", "2022-03-31", QUARTER),
    ("3ème trimestre 2022", "2022-07-01", "2022-09-30", QUARTER),
    ("troisième trimestre de l'année 2022", "2022-07-01", "2022-09-30", QUARTER),
    ("fin du T3 2021", "2021-07-01", "2021-09-30", QUARTER),
    ("courant T1 2024", "2024-01-01", "2024-03-31", QUARTER),
    # semesters
    ("S1 2023", "2023-01-01", "2023-06-30", SEMESTER),
    ("1er semestre 2023", "2023-01-01", "2023-06-30", SEMESTER),
    ("SECOND SEMESTRE 2022", "2022-07-01", "2022-12-31", SEMESTER),
    # years
    ("2022", "2022-01-01", "2022-12-31", YEAR),
    ("2022.0", "2022-01-01", "2022-12-31", YEAR),
    ("courant 2022", "2022-01-01", "2022-12-31", YEAR),
    ("fin 2022", "2022-01-01", "2022-12-31", YEAR),
    ("d'ici fin 2021", "2021-01-01", "2021-12-31", YEAR),
    ("d’ici à la fin 2021", "2021-01-01", "2021-12-31", YEAR),
    ("D'ICI LA FIN DE L'ANNÉE 2021", "2021-01-01", "2021-12-31", YEAR),
    ("avant fin 2021", "2021-01-01", "2021-12-31", YEAR),
    ("avant la fin de l'année 2021", "2021-01-01", "2021-12-31", YEAR),
    ("fin d'année 2021", "2021-01-01", "2021-12-31", YEAR),
    # months
    ("novembre 2021", "2021-11-01", "2021-11-30", MONTH),
    ("nov. 2021", "2021-11-01", "2021-11-30", MONTH),
    ("nov-21", "2021-11-01", "2021-11-30", MONTH),
    ("fin novembre 2021", "2021-11-01", "2021-11-30", MONTH),
    ("fin du mois d'août 2021", "2021-08-01", "2021-08-31", MONTH),
    ("d'ici juillet 2021", "2021-07-01", "2021-07-31", MONTH),
    ("FÉVRIER 2024", "2024-02-01", "2024-02-29", MONTH),
    ("novembre 2021 (ministre, 8/9/2021)", "2021-11-01", "2021-11-30", MONTH),
    ("2022-11", "2022-11-01", "2022-11-30", MONTH),
    ("11/2022", "2022-11-01", "2022-11-30", MONTH),
    ("janvier 2022", "2022-01-01", "2022-01-31", MONTH),
    # ranges
    ("2021-2023", "2021-01-01", "2023-12-31", RANGE),
    ("2021 – 2023", "2021-01-01", "2023-12-31", RANGE),
    ("2021/2023", "2021-01-01", "2023-12-31", RANGE),
    ("2021 ou 2022", "2021-01-01", "2022-12-31", RANGE),
    ("2021 ou 2022 (calendrier trimestriel)", "2021-01-01", "2022-12-31", RANGE),
    ("de 2021 à 2023", "2021-01-01", "2023-12-31", RANGE),
    ("entre 2021 et 2023", "2021-01-01", "2023-12-31", RANGE),
    ("calendrier légal 2021-2025", "2021-01-01", "2025-12-31", RANGE),
    ("T1 et T2 2022", "2022-01-01", "2022-06-30", RANGE),
    ("T4 2021 - T1 2022", "2021-10-01", "2022-03-31", RANGE),
    ("T3-T4 2022", "2022-07-01", "2022-12-31", RANGE),
    ("de mars à juin 2022", "2022-03-01", "2022-06-30", RANGE),
    ("octobre-novembre 2022", "2022-10-01", "2022-11-30", RANGE),
    ("du 1er mars 2022 au 30 juin 2022", "2022-03-01", "2022-06-30", RANGE),
    # days
    ("31/12/2021", "2021-12-31", "2021-12-31", DAY),
    ("31/12/2021 00:00:00", "2021-12-31", "2021-12-31", DAY),
    ("8/9/21", "2021-09-08", "2021-09-08", DAY),
    ("31.12.2021", "2021-12-31", "2021-12-31", DAY),
    ("2022-02-02", "2022-02-02", "2022-02-02", DAY),
    ("2 février 2022", "2022-02-02", "2022-02-02", DAY),
    ("mercredi 2 février 2022", "2022-02-02", "2022-02-02", DAY),
    ("1er mars 2022", "2022-03-01", "2022-03-01", DAY),
    ("d'ici le 31 décembre 2021", "2021-12-31", "2021-12-31", DAY),
    ("au plus tard le 31/12/2022", "2022-12-31", "2022-12-31", DAY),
    ("29/02/2024", "2024-02-29", "2024-02-29", DAY),
    # machines
    ("44805", "2022-09-01", "2022-09-01", DAY),
    ("44805.0", "2022-09-01", "2022-09-01", DAY),
    (44805, "2022-09-01", "2022-09-01", DAY),
    (44805.75, "2022-09-01", "2022-09-01", DAY),
    (2022, "2022-01-01", "2022-12-31", YEAR),
    (2022.0, "2022-01-01", "2022-12-31", YEAR),
    ("2021-12-31T09:30:00", "2021-12-31", "2021-12-31", DAY),
    ("2021-12-30T23:00:00Z", "2021-12-31", "2021-12-31", DAY),
    ("2021-12-31 00:30:00+02:00", "2021-12-30", "2021-12-30", DAY),
    (date(2021, 12, 31), "2021-12-31", "2021-12-31", DAY),
    (datetime(2021, 12, 31, 9, 30), "2021-12-31", "2021-12-31", DAY),
    (datetime(2021, 12, 30, 23, tzinfo=UTC), "2021-12-31", "2021-12-31", DAY),
]

UNDATED = [
    *("", " ", "-", "–", "n/a", "N/A", "?", "nan", "en continu", "En continu", "dès que possible", "DES QUE POSSIBLE"),
    *("à définir", "A DÉFINIR", "permanent", "récurrent", "sans échéance", "Néant", "s.o.", "sans objet"),
    *("calendrier légal échelonné (arrêté du 28 avril 2021)", None, float("nan")),
]

UNREADABLE = [
    ("31/09/2022", "septembre 2022 va du 1er au 30"),
    ("29/02/2021", "février 2021 va du 1er au 28"),
    ("31 avril 2022", "avril 2022 va du 1er au 30"),
    ("00/01/2022", "ce jour n'existe pas"),
    ("12/31/2021", "pas de mois n° 31"),
    ("13/2022", "pas de mois n° 13"),
    ("2022-13", "pas de mois n° 13"),
    ("T5 2021", "de 1 à 4"),
    ("S3 2023", "numéro 1 ou 2"),
    ("S42 2023", "semaine"),
    ("T3", "il manque l'année"),
    ("novembre", "il manque l'année"),
    ("fin d'année", "il manque l'année"),
    ("2 février", "il manque l'année"),
    ("été 2025", "dernier jour non convenu"),
    ("début 2022", "dernier jour non convenu"),
    ("mi-2022", "dernier jour non convenu"),
    ("mi 2022", "dernier jour non convenu"),
    ("rentrée 2022", "dernier jour non convenu"),
    ("fin de l'été 2022", "dernier jour non convenu"),
    ("avant novembre 2021", "« avant » laisse douter"),
    ("avant le 31/12/2021", "« avant » laisse douter"),
    ("05-04-03", "quatre chiffres"),
    ("2023-2021", "après son début"),
    ("2021-2021", "après son début"),
    ("1er trimestre 2022 ou 2023", "écrire par exemple"),
    ("T3 2021 ; T4 2021", "écrire par exemple"),
    ("dès avril 2021", "écrire par exemple"),
    ("après 2022", "écrire par exemple"),
    ("en cours", "écrire par exemple"),
    ("(2022)", "entre parenthèses"),
    ("1789", "entre 1990 et 2100"),
    ("31/12/9999", "entre 1990 et 2100"),
    ("2021-12-31T25:00:00", "n'est pas une heure"),
    ("bientôt", "écrire par exemple"),
    ("20221231", "écrire par exemple"),
    ("12345", "ni une année ni une date"),
    ("٢٠٢٢", "écrire par exemple"),
    ("<script>2022</script>", "écrire par exemple"),
    ("x" * 201, "plus de 200 caractères"),
    (12, "ni une année ni une date"),
    (-44805, "ni une année ni une date"),
    (73051, "ni une année ni une date"),
    (float("inf"), "ni une année ni une date"),
    (2022.5, "ni une année ni une date"),
    (True, "écrire par exemple"),
    (date(1, 1, 1), "entre 1990 et 2100"),
    (datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=12))), "entre 1990 et 2100"),
]


@pytest.mark.parametrize(("raw", "first", "last", "precision"), READABLE)
def test_a_deadline_is_read_as_it_is_written(raw, first, last, precision):
    period = parse(raw)
    found = (period.first_day, period.last_day, period.precision)
    assert found == (date.fromisoformat(first), date.fromisoformat(last), precision)


@pytest.mark.parametrize("raw", [row[0] for row in READABLE if isinstance(row[0], str)])
@pytest.mark.parametrize(
    "spoil",
    [
        str.upper,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: f"\u202f{text.replace(' ', chr(0x2009) * 2)}\t",
        lambda text: f"\ufeff{text}\u200b",
        lambda text: text.replace("'", "\u2019").replace("-", "\u2011"),
        lambda text: "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)),
        lambda text: f"{text} (à confirmer)",
        lambda text: f"{text} ;",
    ],
    ids=["upper", "nfd", "nbsp", "thin", "zero-width", "typographic", "no-accent", "remark", "punctuation"],
)
def test_typing_and_typography_change_nothing(raw, spoil):
    clean, spoiled = parse(raw), parse(spoil(raw))
    assert (spoiled.first_day, spoiled.last_day, spoiled.precision) == (
        clean.first_day,
        clean.last_day,
        clean.precision,
    )


@pytest.mark.parametrize("raw", UNDATED)
def test_a_deadline_may_be_no_date_at_all(raw):
    period = parse(raw)
    assert (period.first_day, period.last_day, period.precision) == (None, None, Precision.NONE)
    assert display(period) == "sans échéance"


@pytest.mark.parametrize(("raw", "expected"), UNREADABLE)
def test_what_is_impossible_or_ambiguous_is_refused_in_french(raw, expected):
    with pytest.raises(Unreadable) as refused:
        parse(raw)
    assert expected in refused.value.expected
    assert isinstance(refused.value, ValueError)
    assert str(refused.value).startswith(f"« {refused.value.raw[:60]}")


def test_an_endless_number_is_refused_too():
    with pytest.raises(Unreadable, match="ni une année ni une date"):
        parse(10**5000)


def test_the_raw_text_is_never_touched():
    raw = "  Novembre\u00a02021 (ministre, 8/9/2021) "
    assert parse(raw).raw == raw
    assert parse(44805).raw == "44805"


@pytest.mark.parametrize(
    ("raw", "first", "last"),
    [
        ("T3", "2022-07-01", "2022-09-30"),
        ("novembre", "2022-11-01", "2022-11-30"),
        ("fin d'année", "2022-01-01", "2022-12-31"),
        ("fin juin", "2022-06-01", "2022-06-30"),
        ("2 février", "2022-02-02", "2022-02-02"),
        ("T1 2023", "2023-01-01", "2023-03-31"),
    ],
)
def test_a_column_of_one_year_completes_texts_without_a_year(raw, first, last):
    period = parse(raw, reference_year=2022)
    assert (period.first_day, period.last_day) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("T3 2021", "3e trimestre 2021"),
        ("1T 2022", "1er trimestre 2022"),
        ("S1 2023", "1er semestre 2023"),
        ("fin 2021", "d'ici le 31 décembre 2021"),
        ("nov. 2021", "novembre 2021"),
        ("1/3/2022", "1er mars 2022"),
        ("2021/2023", "de 2021 à 2023"),
        ("T1 et T2 2022", "du 1er janvier 2022 au 30 juin 2022"),
        ("en continu", "sans échéance"),
    ],
)
def test_a_period_is_displayed_in_french(raw, words):
    assert display(parse(raw)) == words


def test_every_precision_has_a_label():
    assert all(label_of(precision) for precision in Precision)


def test_a_promise_for_the_last_quarter_of_2021_seen_in_february_2022_is_32_days_late():
    last = parse("T4 2021").last_day
    assert last is not None
    assert (date(2022, 2, 1) - last).days == 32


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021-09", "2021-09-01", "2021-09-30"),
        ("2022", "2022-01-01", "2022-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-02-24", "2026-02-24", "2026-02-24"),
        (" 2021-09 ", "2021-09-01", "2021-09-30"),
    ],
)
def test_the_day_of_a_reading_may_be_a_month_or_a_year(text, first, last):
    assert partial_day(text) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "2021-13", "2021-02-30", "2021-9", "T3 2021", "09/2021", "1021", "2021-09-1"])
def test_the_day_of_a_reading_is_iso_or_refused(text):
    with pytest.raises(Unreadable):
        partial_day(text)


YEARS = st.integers(1990, 2100)


@given(st.one_of(st.text(), st.text("0123456789 /-.tqsTQS()finde'ao", max_size=30), st.integers(), st.floats()))
@example("0000-00-00")
@example("T0 0000")
@example("99/99/99")
@example("\x00")
def test_reading_never_fails_otherwise_than_by_refusing(raw):
    try:
        period = parse(raw)
    except Unreadable:
        return
    if period.precision is Precision.NONE:
        assert period.first_day is None
        assert period.last_day is None
    else:
        assert period.first_day is not None
        assert period.last_day is not None
        assert period.first_day <= period.last_day
    assert display(period)


@given(
    YEARS, st.integers(1, 4), st.sampled_from(["T{q} {y}", "T{q}-{y}", "{q}T{y}", "{y}-T{q}", "{q}e trimestre {y}"])
)
def test_a_quarter_lasts_90_to_92_days_and_is_told_again(year, quarter, form):
    period = parse(form.format(q=quarter, y=year))
    assert period.precision is QUARTER
    assert period.first_day == date(year, 3 * quarter - 2, 1)
    assert 90 <= (period.last_day - period.first_day).days + 1 <= 92
    assert parse(display(period)).last_day == period.last_day


@given(YEARS, st.integers(1, 2), st.sampled_from(["S{s} {y}", "{s}e semestre {y}", "{y} S{s}"]))
def test_a_semester_is_half_a_year(year, semester, form):
    period = parse(form.format(s=semester, y=year))
    assert (period.precision, period.last_day) == (
        SEMESTER,
        date(year, 6, 30) if semester == 1 else date(year, 12, 31),
    )


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_in_every_form(day):
    whole = Period("", day, day, DAY)
    forms = [day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}.{day.month}.{day.year}", in_words(day), display(whole)]
    assert {parse(form).last_day for form in forms} == {day}
    month = f"{MONTHS[day.month - 1]} {day.year}"
    end = date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])
    assert {parse(form).last_day for form in (month, f"{day:%m/%Y}", f"{day:%Y-%m}", f"fin {month}")} == {end}


@given(YEARS, YEARS)
def test_years_make_a_range_only_in_order(one, other):
    if one < other:
        period = parse(f"{one}-{other}")
        assert (period.first_day, period.last_day) == (date(one, 1, 1), date(other, 12, 31))
    else:
        with pytest.raises(Unreadable):
            parse(f"{one}-{other}")


@given(st.integers(36526, 73050))
def test_the_serials_of_spreadsheets_follow_the_calendar(serial):
    day = parse(serial).last_day
    assert day is not None
    assert (day - date(2000, 1, 1)).days == serial - 36526
    assert parse(str(serial)).last_day == day


@pytest.mark.parametrize("unit", ["(", "d'ici ", "fin de ", "1", "2021-", " ", "-", "T4 ", "au ", "novembre ", "((a)"])
def test_a_hostile_text_is_refused_at_once(unit):
    raw = (unit * LONGEST)[:LONGEST]
    began = time.perf_counter()
    for _ in range(20):
        with contextlib.suppress(Unreadable):
            parse(raw)
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    ("written", "announced"),
    [("44805", "1er septembre 2022"), (" 44805.5 ", "1er septembre 2022"), ("T3 2027", "T3 2027"), ("2027", "2027")],
)
def test_the_number_of_a_cell_without_format_is_announced_as_its_day(written, announced):
    assert announced_as(written) == announced
    assert parse(announced).last_day == parse(written).last_day
