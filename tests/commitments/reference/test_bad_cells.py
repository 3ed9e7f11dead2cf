"""One cell is bad: its file, line, column, value and what is expected are told, and the database is not even opened.

No test here may reach the database: pytest-django refuses it to whoever is not marked.
"""

from datetime import datetime
from pathlib import Path

import pytest

from commitments.reference.problems import BadReference
from ministries.reference.loading import load_all
from tests.commitments.reference.editing import edit, line_of, rows_of

A_DAY = "une date qui existe, écrite AAAA-MM-JJ"
HEX = "24 chiffres hexadécimaux en minuscules"
ADDRESS = "une adresse http ou https complète, sans espace"

BAD_CELLS = [
    ("recommendations.csv", "4", "number", "0", "un nombre entier de 1 à 999"),
    ("recommendations.csv", "5", "number", "²", "un nombre entier de 1 à 999"),
    ("recommendations.csv", "12", "title", "", "un texte"),
    ("recommendations.csv", "12", "theme", "x" * 201, "200 caractères au plus (il y en a 201)"),
    ("recommendations.csv", "12", "in_presentation", "oui", "l'une des valeurs yes, no"),
    ("recommendations.csv", "12", "source", "", "un texte"),
    ("recommendations.csv", "12", "source", "lu sur https://", "une source dont les adresses sont complètes"),
    ("recommendation_wordings.csv", "S07", "code", "7", "un repère comme S07 ou S11a"),
    ("recommendation_wordings.csv", "S07", "recommendations", "38", "un repère de recommendations.csv"),
    ("recommendation_wordings.csv", "S07", "recommendations", "", "au moins un numéro de recommandation"),
    ("recommendation_wordings.csv", "S22", "recommendations", "20;20", "chaque valeur une seule fois"),
    ("citp.csv", "5", "held_on", "2021-02-30", A_DAY),
    ("citp.csv", "5", "held_on", "05/02/2021", A_DAY),
    ("citp.csv", "5", "held_on", "20210205", A_DAY),
    ("citp.csv", "5", "held_on", "0021-02-05", A_DAY),
    ("citp.csv", "5", "held_on", "", A_DAY),
    ("citp.csv", "5", "engagements_count", "-3", "un nombre entier de 1 à 999"),
    ("engagements.csv", "5", "citp", "9", "un repère de citp.csv"),
    ("engagements.csv", "5", "kind", "promise", "l'une des valeurs engagement, sub_commitment, next_step"),
    ("engagements.csv", "5", "number", "six", "un numéro comme 6 ou 6.2"),
    ("engagements.csv", "5", "about_data", "peut-être", "l'une des valeurs yes, no ou rien"),
    ("openings.csv", "O-43", "ref", "promesse", "une référence comme O-07"),
    ("openings.csv", "O-07", "title", "x" * 301, "300 caractères au plus (il y en a 301)"),
    ("openings.csv", "O-07", "wording", "les données\x00", "un texte sans caractère de contrôle"),
    (
        "openings.csv",
        "O-16",
        "kinds",
        "donnees",
        "une ou plusieurs des valeurs dataset, api, source_code, document, platform",
    ),
    ("openings.csv", "O-16", "kinds", "", "une ou plusieurs des valeurs dataset"),
    ("openings.csv", "O-07", "open_ended", "", "l'une des valeurs yes, no"),
    ("openings.csv", "O-07", "ministry", "MTES", "un repère de ministries.csv"),
    ("openings.csv", "O-07", "ministry", "", "un repère de ministries.csv"),
    ("openings.csv", "O-07", "co_ministry", "MTES", "un repère de ministries.csv"),
    ("openings.csv", "O-07", "co_ministry", "MTE_MER", "un autre ministère que celui de « ministry »"),
    ("openings.csv", "O-07", "ministry_certainty", "sûr", "l'une des valeurs stated, inferred"),
    ("openings.csv", "O-07", "announced_on", "2021-09-31", A_DAY),
    ("openings.csv", "O-07", "engagement", "5/13", "un repère de engagements.csv (citp/numéro)"),
    ("openings.csv", "O-07", "recommendations", "38", "un repère de recommendations.csv"),
    (
        "openings.csv",
        "O-07",
        "access_promised",
        "closed",
        "l'une des valeurs open, open_with_account, restricted ou rien",
    ),
    ("deadlines.csv", "O-07", "ref", "O-39", "un repère de openings.csv"),
    ("deadlines.csv", "O-07", "ref", "", "un repère de openings.csv"),
    ("deadlines.csv", "O-30", "due_on", "2021-09-29", "2021-09-30, dernier jour de « T3 2021 »"),
    ("deadlines.csv", "O-30", "due_on", "2021-09-31", A_DAY),
    ("deadlines.csv", "O-30", "announced_on", "", A_DAY),
    ("deadlines.csv", "O-30", "source", "", "un texte"),
    ("locations.csv", "O-01", "ref", "O-99", "un repère de openings.csv"),
    ("locations.csv", "O-01", "kind", "api", "une nature promise par O-01 : dataset"),
    (
        "locations.csv",
        "O-01",
        "portal",
        "airtable",
        "l'une des valeurs datagouv_dataset, datagouv_dataservice, git, url",
    ),
    ("locations.csv", "O-01", "identifier", "60E678FECECB26F4352C4F6A", HEX),
    ("locations.csv", "O-01", "identifier", "60e678fececb26f4352c4f6", HEX),
    (
        "locations.csv",
        "O-09",
        "identifier",
        "60e678fececb26f4352c4f6a",
        "rien : seul data.gouv.fr donne un identifiant",
    ),
    ("locations.csv", "O-01", "url", "www.data.gouv.fr/datasets/carte", ADDRESS),
    ("locations.csv", "O-01", "url", "https://www.data.gouv.fr/carte scolaire", ADDRESS),
    ("locations.csv", "O-01", "url", "ftp://www.data.gouv.fr/carte", ADDRESS),
    ("locations.csv", "O-01", "url", "https://[::1", ADDRESS),
    ("locations.csv", "O-01", "url", "", ADDRESS),
    ("locations.csv", "O-01", "since", "", A_DAY),
    ("readings.csv", "O-30", "ref", "O-39", "un repère de openings.csv"),
    ("readings.csv", "O-30", "read_on", "2021-13", "un jour, un mois ou une année qui existe"),
    ("readings.csv", "O-30", "state", "ouvert", "l'une des valeurs open, open_partial, open_restricted, not_open"),
    ("readings.csv", "O-30", "opened_on", "hier", "un jour, un mois ou une année qui existe"),
    ("readings.csv", "O-30", "evidence", "", "un texte"),
    ("organizations.csv", "534fff58a3a7292c64a77cf6", "portal_id", "arcep", HEX),
    ("organizations.csv", "534fff58a3a7292c64a77cf6", "ministry", "ARCEP", "un repère de ministries.csv"),
    ("organizations.csv", "534fff58a3a7292c64a77cf6", "name_seen", "", "un texte"),
    ("reshuffles.csv", "3", "rank", "trois", "un nombre entier de 1 à 999"),
    ("reshuffles.csv", "6", "date", "septembre 2024", "un jour, un mois ou une année qui existe"),
    ("reshuffles.csv", "1", "date", "2022-05/2020-07", "un jour, un mois ou une année qui existe"),
    ("roadmaps.csv", "MI", "ministry", "", "un repère de ministries.csv"),
    ("roadmaps.csv", "MI", "url", "feuillederoute_mi.pdf", ADDRESS),
    ("roadmaps.csv", "MI", "published_on", "2021-27-09", A_DAY),
    ("roadmap_actions.csv", "A-07", "code", "7", "un repère comme A-07"),
    ("roadmap_actions.csv", "A-07", "ministry", "DINUM", "un repère de ministries.csv"),
    ("roadmap_actions.csv", "A-07", "status_code", "late", "l'une des valeurs unknown, in_progress, partly, done"),
    ("roadmap_actions.csv", "A-07", "opening", "O-39", "un repère de openings.csv"),
    ("roadmap_actions.csv", "A-32", "due_on", "2021-12-30", "2021-12-31, dernier jour de « fin 2021 »"),
]


@pytest.mark.parametrize(("file", "key", "column", "value", "expected"), BAD_CELLS)
def test_a_bad_cell_is_told_whole_and_nothing_is_loaded(
    folder: Path, now: datetime, file: str, key: str, column: str, value: str, expected: str
) -> None:
    line = edit(folder, file, key, **{column: value})

    with pytest.raises(BadReference) as refused:
        load_all(folder, now=now)

    found = [problem for problem in refused.value.problems if (problem.file, problem.line) == (file, line)]
    told = next(str(problem) for problem in found if problem.column == column)
    shown = f"« {value[:80]}{'…' if len(value) > 80 else ''} »" if value else "rien"
    assert told.startswith(f"{file}, ligne {line}, colonne « {column} » : {shown} ; attendu : {expected}")


@pytest.mark.parametrize(
    ("file", "key", "column", "twin"),
    [
        ("recommendations.csv", "12", "number", "4"),
        ("recommendation_wordings.csv", "S07", "code", "S01"),
        ("citp.csv", "7", "number", "5"),
        ("openings.csv", "O-43", "ref", "O-01"),
        ("ministries.csv", "MTFP", "code", "SPM"),
        ("organizations.csv", "534fff58a3a7292c64a77cf6", "portal_id", "534fffa5a3a7292c64a7809e"),
        ("reshuffles.csv", "9", "rank", "1"),
        ("roadmap_actions.csv", "A-33", "code", "A-01"),
    ],
)
def test_a_key_given_twice_is_refused_with_both_lines(
    folder: Path, now: datetime, file: str, key: str, column: str, twin: str
) -> None:
    first = line_of(folder, file, twin)
    line = edit(folder, file, key, **{column: twin})

    with pytest.raises(BadReference) as refused:
        load_all(folder, now=now)

    expected = f"{file}, ligne {line}, colonne « {column} » : « {twin} » ; attendu : une valeur qui ne figure pas déjà"
    assert any(str(problem) == f"{expected} ligne {first}" for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("file", "key", "cells", "expected"),
    [
        ("engagements.csv", "5", {"rank": "2"}, "ligne 3, .* ligne 2 avec les mêmes citp"),
        ("engagements.csv", "5", {"number": "2"}, "ligne 3, .* ligne 2 avec les mêmes citp"),
        ("roadmaps.csv", "MI", {"ministry": "SPM"}, "ligne 2 avec les mêmes ministry"),
        ("roadmaps.csv", "MI", {"number": "1"}, "ligne 2 avec les mêmes version"),
    ],
)
def test_a_key_of_two_columns_given_twice_is_refused(
    folder: Path, now: datetime, file: str, key: str, cells: dict[str, str], expected: str
) -> None:
    edit(folder, file, key, **cells)

    with pytest.raises(BadReference, match=expected):
        load_all(folder, now=now)


def test_a_deadline_that_cannot_be_read_needs_its_last_day(folder: Path, now: datetime) -> None:
    line = edit(folder, "deadlines.csv", "O-30", raw="mi-2021", due_on="")

    with pytest.raises(BadReference) as refused:
        load_all(folder, now=now)

    assert str(refused.value).startswith(
        f"deadlines.csv, ligne {line}, colonne « raw » : « mi-2021 » ; "
        "attendu : une échéance qui se lit, ou un jour dans « due_on »"
    )


def test_a_next_step_bears_no_number(folder: Path, now: datetime) -> None:
    step = next(row for row in rows_of(folder, "engagements.csv") if row["kind"] == "next_step")
    assert step["number"] == ""

    edit(folder, "engagements.csv", "5", kind="next_step", number="1")

    with pytest.raises(BadReference, match="une suite annoncée ne porte pas de numéro"):
        load_all(folder, now=now)
