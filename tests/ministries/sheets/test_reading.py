"""What is read of a file, whatever wrote it."""

import pytest

from ministries.sheets import reading
from ministries.sheets.cells import neutral, plain, repaired
from ministries.sheets.columns import Field, guess, recognise, remembered
from ministries.sheets.tables import NoTable, find
from tests.ministries.sheets import files, messy
from tests.ministries.sheets.files import HEAD, delimited, edited, xlsx

ROWS = [HEAD, ["T-1", "Données de l’état civil", "T3 2027", "en cours", "à l’été ; « bientôt »"]]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "mac_roman"])
def test_a_csv_reads_the_same_whatever_its_encoding_and_separator(separator, encoding):
    table = find(reading.read(delimited(ROWS, separator, encoding)))
    assert list(table.headers) == HEAD
    assert list(table.rows[0].cells) == ROWS[1]


def test_two_encodings_in_one_file_are_read_line_by_line_and_said():
    data = delimited(ROWS, encoding="utf-8") + "T-2;Été;;;".encode("cp1252")
    table = find(reading.read(data))
    assert [row.cells[1] for row in table.rows] == [ROWS[1][1], "Été"]
    assert "mêle deux encodages" in table.warnings[0]


def test_a_lone_quote_is_text_and_said():
    table = find(reading.read('référence;intitulé\nT-1;"Cadastre\nT-2;Sirene\n'.encode()))
    assert [row.cells[1] for row in table.rows] == ['"Cadastre', "Sirene"]
    assert "guillemet" in table.warnings[0]


def test_accents_apart_from_their_letters_hard_spaces_and_invisible_signs_are_made_plain():
    assert reading.clean("e\u0301tat\u00a0civil\u200b \u200fdu\u202fjour") == "état civil du jour"
    assert reading.clean("une\r\nautre  ligne") == "une\nautre ligne"


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("DonnÃ©es de lâ€™annuaire", "Données de l’annuaire"),
        ("donnÃ©es de l’annuaire", "données de l’annuaire"),
        ("Âge", "Âge"),
        ("NOËL À L’ÎLE", "NOËL À L’ÎLE"),
        ("CŒUR", "CŒUR"),
    ],
)
def test_broken_accents_are_repaired_and_whole_ones_left(broken, whole):
    assert repaired(broken) == whole


@pytest.mark.parametrize("text", ["=A1", "+33", "-1", "@x", "'=A1", "''=A1", "＝A1", "l'été", "'tis", "", "\t=1"])
def test_what_an_export_neutralises_comes_back_whole(text):
    assert plain(neutral(text)) == text
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "＝"))


def test_numbers_days_and_serials_read_as_they_show():
    table = find(reading.read(xlsx([HEAD, [12, "Cadastre", 44805, True, 2.5]])))
    assert table.rows[0].cells == ("12", "Cadastre", "44805", "vrai", "2.5")


def test_a_formula_never_computed_and_an_error_are_told_with_their_place():
    data = xlsx([HEAD, ["T-1", "Cadastre", "=1+1", "x", ""]])
    cell = b'<c r="C2"><f>1+1</f><v></v></c><c r="D2" t="e"><f>A0</f><v>#REF!</v></c></row>'

    def formula(name, content):
        if not name.endswith("sheet1.xml"):
            return content
        start = content.index(b'<c r="C2"')
        return content[:start] + cell + content[content.index(b"</row>", start) + 6 :]

    table = find(reading.read(edited(data, formula)))
    assert table.rows[0].unread == ((2, "formule sans valeur enregistrée"), (3, "#REF!"))


def test_the_messy_sheet_has_one_table_under_two_lines_of_head():
    table = find(reading.read(messy.workbook()))
    assert table.head == (1, 2)
    assert [one.field for one in guess(table.headers)] == [
        *(Field.REF, Field.TITLE, Field.DIRECTION, Field.DEADLINE, Field.REASON),
        *(Field.STATUS, Field.COMMENT, Field.ADDRESS),
    ]
    assert len(table.rows) == 60
    assert [(one.number, one.why) for one in table.left_out] == [(messy.TOTAL_LINE, "ligne de total")]
    said = " ".join(table.warnings)
    assert all(word in said for word in ("« Aide »", "deux lignes (1 et 2)", "C10:C12", "masquée (15)"))


def test_two_lines_of_head_that_name_different_things_are_joined():
    table = find(
        reading.read(
            delimited(
                [
                    ["Référence", "Action", "Suivi", "", ""],
                    ["", "", "Échéance", "État", "Commentaire"],
                    ["T-1", "Cadastre", "T3 2027", "en cours", ""],
                ]
            )
        )
    )
    assert table.head == (1, 2)
    assert [one.field for one in guess(table.headers)] == [
        *(Field.REF, Field.TITLE, Field.DEADLINE, Field.STATUS, Field.COMMENT)
    ]


def test_a_title_above_the_head_is_left_out_and_said():
    table = find(reading.read(delimited([["Suivi au 12 mars"], [], *ROWS])))
    assert table.head == (3,)
    assert table.left_out[0].why == "au-dessus de l'en-tête"


def test_an_open_document_with_repeated_cells_reads_like_any_other():
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    table = find(reading.read(files.ods(files.ods_rows(ROWS) + empty)))
    assert list(table.rows[0].cells) == ROWS[1]


def test_a_sheet_that_names_nothing_of_ours_is_refused():
    with pytest.raises(NoTable, match="intitulé"):
        find(reading.read(b"a;b\n1;2\n"))


@pytest.mark.parametrize(
    ("head", "field", "sure"),
    [
        ("Référence", Field.REF, 1.0),
        ("N°", Field.REF, 1.0),
        ("Intitulé de l’action", Field.TITLE, 1.0),
        ("ÉCHÉANCE (révisée)", Field.DEADLINE, 1.0),
        ("Statut au 12 mars", Field.STATUS, 0.8),
        ("Commentairs", Field.COMMENT, 0.6),
        ("Points de blocage", Field.OBSTACLE, 1.0),
        ("Lien data.gouv.fr", Field.ADDRESS, 1.0),
        ("Direction pilote", Field.DIRECTION, 1.0),
        ("Type", Field.KIND, 1.0),
    ],
)
def test_heads_are_known_by_their_words(head, field, sure):
    assert recognise(head)[:2] == (field, sure)


@pytest.mark.parametrize("head", ["Échéance initiale", "Budget", "", "xyz", "situation au"])
def test_what_is_not_ours_is_left_alone(head):
    assert recognise(head) is None


def test_a_ministry_s_last_columns_are_taken_before_guesses():
    heads = ["Code", "Chose promise", "Quand", "Statut"]
    memory = {"chose promise": "title", "quand": "deadline", "statut": ""}
    assert {one.field: one.column for one in remembered(heads, memory)} == {
        Field.REF: 0,
        Field.TITLE: 1,
        Field.DEADLINE: 2,
    }
