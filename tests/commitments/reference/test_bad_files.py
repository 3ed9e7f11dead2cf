"""A whole file is bad, or several things are: all of it is told at once, and nothing is loaded."""

from datetime import datetime
from pathlib import Path

import pytest

from commitments.reference.problems import BadReference, Problem
from ministries.reference.loading import load_all, read_all
from tests.commitments.reference.editing import edit, rewrite

FILE = "deadlines.csv"


def refusal(folder: Path, now: datetime) -> BadReference:
    with pytest.raises(BadReference) as refused:
        load_all(folder, now=now)
    return refused.value


def replace(folder: Path, old: bytes, new: bytes) -> None:
    """Change the bytes of the file of deadlines once."""
    raw = (folder / FILE).read_bytes()
    assert old in raw
    (folder / FILE).write_bytes(raw.replace(old, new, 1))


def test_the_real_files_have_no_problem() -> None:
    promised, answering = read_all()

    assert len(promised.openings) == 42
    assert len(answering.ministries) == 15


def test_a_missing_column_is_named(folder: Path, now: datetime) -> None:
    replace(folder, b"due_on", b"echeance")

    assert [str(problem) for problem in refusal(folder, now).problems] == [
        f"{FILE}, ligne 1, colonne « due_on » : rien ; attendu : cette colonne",
        f"{FILE}, ligne 1, colonne « echeance » : « echeance » ; attendu : seulement les colonnes "
        "ref, raw, due_on, announced_on, announced_in, source, note",
    ]


def test_a_column_given_twice_is_named(folder: Path, now: datetime) -> None:
    replace(folder, b"ref,raw", b"ref,raw,raw")

    assert (
        str(refusal(folder, now))
        == f"{FILE}, ligne 1, colonne « raw » : « raw » ; attendu : cette colonne une seule fois"
    )


def test_a_file_that_is_not_utf8_is_refused_with_its_line(folder: Path, now: datetime) -> None:
    replace(folder, b"Liste des 63 ouvertures (29/04/2021),https", b"Liste publi\xe9e,https")

    assert str(refusal(folder, now)) == f"{FILE}, ligne 13 : « octet 0xe9 » ; attendu : un texte en UTF-8"


def test_a_row_with_a_cell_too_many_is_told_alone(folder: Path, now: datetime) -> None:
    path = folder / "openings.csv"
    path.write_text(path.read_text().replace("\nO-07,", "\nO-07,en trop,"))

    assert str(refusal(folder, now)) == "openings.csv, ligne 8 : « 23 cellules » ; attendu : 22 cellules"


def test_a_quote_never_closed_is_told(folder: Path, now: datetime) -> None:
    replace(folder, b"novembre 2021", b'"novembre 2021')

    assert "attendu : un CSV bien formé" in str(refusal(folder, now))


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_is_told(folder: Path, now: datetime, content: bytes) -> None:
    (folder / FILE).write_bytes(content)

    assert f"{FILE}, ligne 1 : rien ; attendu : une ligne d'en-têtes : ref, raw" in str(refusal(folder, now))


def test_a_missing_file_is_told_without_blaming_those_that_refer_to_it(folder: Path, now: datetime) -> None:
    (folder / "openings.csv").unlink()

    assert str(refusal(folder, now)) == "openings.csv : rien ; attendu : un fichier lisible de ce nom"


def test_lines_are_those_of_the_file_even_after_a_cell_of_several_lines(folder: Path, now: datetime) -> None:
    edit(folder, FILE, "O-01", note="une note\nsur trois\nlignes")
    line = edit(folder, FILE, "O-30", announced_on="hier")

    assert f"{FILE}, ligne {line + 2}, colonne « announced_on » : « hier »" in str(refusal(folder, now))


def test_every_problem_of_every_file_is_told_at_once(folder: Path, now: datetime) -> None:
    edit(folder, FILE, "O-30", announced_on="hier", source="")
    edit(folder, "citp.csv", "5", held_on="demain")
    edit(folder, "ministries.csv", "MI", name="")

    problems = refusal(folder, now).problems

    assert [(problem.file, problem.column) for problem in problems] == [
        ("citp.csv", "held_on"),
        (FILE, "announced_on"),
        (FILE, "source"),
        ("ministries.csv", "name"),
    ]


def test_fifty_problems_are_shown_and_the_others_counted(folder: Path, now: datetime) -> None:
    rewrite(folder, "openings.csv", lambda rows: [{**row, "announced_on": "x", "open_ended": "x"} for row in rows])

    refused = refusal(folder, now)

    assert len(refused.problems) == 84
    assert len(str(refused).splitlines()) == 51
    assert str(refused).endswith("\net 34 autres")


def test_bom_windows_lines_blank_lines_and_another_order_of_columns_are_accepted(folder: Path) -> None:
    rewrite(folder, FILE, lambda rows: [dict(reversed(row.items())) for row in rows])
    text = (folder / FILE).read_text()
    (folder / FILE).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() + b"\r\n,,,,,,\r\n\r\n")

    assert read_all(folder)[0].deadlines == read_all()[0].deadlines


def test_a_problem_without_line_nor_column_names_only_its_file() -> None:
    assert str(Problem("citp.csv", 0, "", "", "un fichier")) == "citp.csv : rien ; attendu : un fichier"
