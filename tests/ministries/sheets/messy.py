"""The spreadsheet of a large ministry, as it comes: sixty lines, and a trap in most of them."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter

GROUP = ("Suivi de la feuille de route", "", "", "Calendrier", "", "Avancement", "", "")
HEAD = ("N°", "Action", "Direction pilote", "Échéance", "Motif", "Statut", "Commentaire", "Lien")
DIRECTIONS = ("Direction générale des impôts", "direction generale des impots", "Direction Générale des Impôts ")
DATES = (
    ("T3 2022", "3e trimestre 2022"),
    ("3e trim. 22", "3e trimestre 2022"),
    ("fin 2022", "d'ici le 31 décembre 2022"),
    ("S1 2023", "1er semestre 2023"),
    ("2021-2023", "de 2021 à 2023"),
    ("en continu", "sans échéance"),
    ("dès que possible", "sans échéance"),
    ("novembre 2021", "novembre 2021"),
    ("30/06/2023", "30 juin 2023"),
    (44805, "1er septembre 2022"),
    ("", ""),
)
STATUSES = ("Réalisé", "En cours", "à lancer", "TERMINÉ", "non démarré", "")
BAD_LINE, BAD_STATUS_LINE, TOTAL_LINE = 20, 33, 63


def lines() -> list[list[object]]:
    """Sixty lines, from line 3 of the sheet."""
    found: list[list[object]] = []
    for rank in range(1, 61):
        number = rank + 2
        title = f"Ouvrir les données du registre {rank:02d}"
        if rank == 5:
            title = "Ouvrir les donnÃ©es de l’annuaire"  # UTF-8 read as Windows-1252
        if rank == 6:
            title = "Ouvrir les données de l’état civil"  # NFD accents, a typographic apostrophe
        date: object = DATES[rank % len(DATES)][0]
        status: object = STATUSES[rank % len(STATUSES)]
        if number == BAD_LINE:
            date = "31/09/2022"
        if number == BAD_STATUS_LINE:
            status = "ça avance"
        found.append([rank, title, DIRECTIONS[rank % 3], date, "", status, f"point {rank}", ""])
    return found


def workbook(rows: list[list[object]] | None = None) -> bytes:
    """The .xlsx: a group line above the head, merged cells, a hidden line, a total at the bottom."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Suivi 2022")
        sheet.merge_range(0, 0, 0, 2, GROUP[0])
        sheet.merge_range(0, 3, 0, 4, GROUP[3])
        sheet.merge_range(0, 5, 0, 7, GROUP[5])
        sheet.write_row(1, 0, HEAD)
        rows = lines() if rows is None else rows
        for index, row in enumerate(rows):
            for column, value in enumerate(row):
                if value != "":
                    sheet.write(index + 2, column, value)
        sheet.merge_range(9, 2, 11, 2, DIRECTIONS[0])
        sheet.set_row(14, None, None, {"hidden": True})
        total = len(rows) + 2
        sheet.write(total, 1, "Total des actions")
        sheet.write_formula(total, 3, "=COUNTA(B3:B62)", None, 60)
        book.add_worksheet("Aide").write(0, 0, "mode d'emploi")
    return buffer.getvalue()
