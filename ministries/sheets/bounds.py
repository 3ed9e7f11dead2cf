"""What a file may not be, checked before anything opens it: size, kind by content, declared and real sizes, macros.

Pure but for the bytes given. Each refusal is one French sentence. Runs in the child process of ``opening``: it
imports nothing of Django.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
LARGEST_OPENED = 100 * MEGABYTE
HIGHEST_RATIO = 200
MOST_ENTRIES = 2_000
MOST_SHEETS = 50
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CELLS = 400_000
LONGEST_CELL = 32_767
_PIECE = 256 * 1024
_RATIO_COUNTS_FROM = 10 * MEGABYTE

TOO_LARGE = "Ce fichier pèse plus de 10 Mo : n'y gardez que le tableau des promesses."
TOO_MUCH_INSIDE = "Ce fichier, une fois ouvert, dépasserait 100 Mo : il n'est pas ouvert."
TOO_DENSE = (
    "Ce fichier s'ouvrirait en plus de deux cents fois sa taille, ce qu'aucun tableau ne fait : il n'est pas ouvert."
)
TOO_MANY_ROWS = (
    "Ce tableau a plus de 20 000 lignes, lignes vides mises en forme comprises : "
    "supprimez ce qui suit le tableau, ou envoyez-le en plusieurs fois."
)
TOO_MANY_COLUMNS = "Ce tableau a plus de 200 colonnes : n'y gardez que celles des promesses."
TOO_MANY_CELLS = "Ce tableau a plus de 400 000 cases remplies : n'y gardez que les colonnes des promesses."
TOO_MANY_SHEETS = "Ce classeur a plus de 50 feuilles : n'y gardez que celle des promesses."
CELL_TOO_LONG = "{place} : ce texte a plus de 32 767 caractères, ce qu'aucun tableur n'écrit."
EMPTY = "Ce fichier est vide."
DAMAGED = "Ce fichier est abîmé ou incomplet : ouvrez-le dans votre tableur et enregistrez-le de nouveau."
LIES = "Ce fichier annonce des tailles qui ne sont pas les siennes : il n'est pas ouvert."
MACROS = "Ce classeur contient des macros : enregistrez-le en .xlsx ou .ods, sans macro."
ENCRYPTED = "Ce fichier est protégé par un mot de passe : enregistrez-le sans protection."
ENTITIES = "Ce fichier contient des déclarations XML (DOCTYPE) qu'aucun tableur n'écrit : il n'est pas ouvert."
OLD_XLS = "Ce fichier est un ancien classeur .xls : enregistrez-le en .xlsx, en .ods ou en .csv."
NOT_A_SHEET = "Ce fichier est {what}, pas un tableau : envoyez un fichier .xlsx, .ods ou .csv."
BINARY = "Ce fichier contient des octets nuls : ce n'est ni un classeur ni un texte."


class RefusedFile(Exception):
    """A file that is not read at all: the message is a French sentence."""


def kind_of(data: bytes) -> str:
    """« xlsx », « ods » or « csv », by content and never by name. Raises RefusedFile."""
    if not data.strip():
        raise RefusedFile(EMPTY)
    if len(data) > LARGEST_FILE:
        raise RefusedFile(TOO_LARGE)
    if data.startswith(b"PK"):
        return _kind_of_archive(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise RefusedFile(ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in data else OLD_XLS)
    for start, what in _OTHERS:
        if data.lstrip()[: len(start)].lower() == start:
            raise RefusedFile(NOT_A_SHEET.format(what=what))
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RefusedFile(BINARY)
    return "csv"


_OTHERS = (
    (b"%pdf", "un PDF"),
    (b"<!doctype html", "une page web"),
    (b"<html", "une page web"),
    (b"<?xml", "un document XML"),
    (b"{\\rtf", "un document texte"),
    (b"\x89png", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"gif8", "une image"),
    (b"\x1f\x8b", "une archive"),
    (b"7z\xbc\xaf", "une archive"),
    (b"rar!", "une archive"),
)


def _kind_of_archive(data: bytes) -> str:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, UnicodeDecodeError):
        raise RefusedFile(DAMAGED) from None
    with archive:
        entries = archive.infolist()
        _declared(entries, len(data))
        names = [entry.filename for entry in entries]
        lowered = [name.lower() for name in names]
        if any("vbaproject" in name or name.startswith(("basic/", "scripts/")) for name in lowered):
            raise RefusedFile(MACROS)
        if "xl/workbook.xml" in lowered:
            kind = "xlsx"
        elif "content.xml" in names and _small(archive, "mimetype", names).startswith(
            b"application/vnd.oasis.opendocument.spreadsheet"
        ):
            kind = "ods"
        else:
            raise RefusedFile(NOT_A_SHEET.format(what=_what(lowered)))
        if b"macroEnabled" in _small(archive, "[Content_Types].xml", names):
            raise RefusedFile(MACROS)
        if b"encryption-data" in _small(archive, "META-INF/manifest.xml", names):
            raise RefusedFile(ENCRYPTED)
        for entry in entries:
            _read_whole(archive, entry, kind)
    return kind


def _declared(entries: list[zipfile.ZipInfo], size: int) -> None:
    """The directory alone: enough to turn down an honest bomb in a millisecond."""
    if len(entries) > MOST_ENTRIES:
        sheets = sum(entry.filename.startswith("xl/worksheets/") for entry in entries)
        raise RefusedFile(TOO_MANY_SHEETS if sheets > MOST_SHEETS else TOO_MUCH_INSIDE)
    if sum(entry.filename.startswith("xl/worksheets/sheet") for entry in entries) > MOST_SHEETS:
        raise RefusedFile(TOO_MANY_SHEETS)
    if len({entry.filename for entry in entries}) != len(entries):
        raise RefusedFile(DAMAGED)
    if any(entry.flag_bits & 1 for entry in entries):
        raise RefusedFile(ENCRYPTED)
    opened = sum(entry.file_size for entry in entries)
    if opened > LARGEST_OPENED:
        raise RefusedFile(TOO_MUCH_INSIDE)
    if opened > _RATIO_COUNTS_FROM and opened > HIGHEST_RATIO * size:
        raise RefusedFile(TOO_DENSE)


def _small(archive: zipfile.ZipFile, name: str, names: list[str]) -> bytes:
    if name not in names:
        return b""
    try:
        with archive.open(name) as entry:
            return entry.read(MEGABYTE)
    except _BROKEN:
        raise RefusedFile(DAMAGED) from None


def _read_whole(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, kind: str) -> None:
    """Open it piece by piece, since a directory may lie; look for what no spreadsheet writes, and count the rows."""
    row = b"<row" if kind == "xlsx" else b"<table:table-row"
    counted = entry.filename.startswith("xl/worksheets/") or entry.filename == "content.xml"
    markup = entry.filename.lower().endswith((".xml", ".rels", ".vml", ".rdf"))
    read, rows, tail = 0, 0, b""
    for piece in pieces(archive, entry.filename):
        read += len(piece)
        if markup:
            text = tail + piece
            if _DECLARATION.search(text.replace(b"\0", b"")):
                raise RefusedFile(ENTITIES)
            if counted:
                rows += text.count(row) - tail.count(row)
                if rows > MOST_ROWS + 100:
                    raise RefusedFile(TOO_MANY_ROWS)
            tail = text[-32:]
    if read != entry.file_size:
        raise RefusedFile(LIES)


_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError, EOFError, RuntimeError, NotImplementedError)


def pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """An entry, piece by piece, never more than it declared. Raises RefusedFile."""
    import zlib

    try:
        with archive.open(name) as entry:
            while piece := entry.read(_PIECE):
                yield piece
    except zipfile.BadZipFile as error:
        # The checksum is of what is really there: it fails when the declared size is not the real one.
        raise RefusedFile(LIES if "CRC" in str(error) else DAMAGED) from None
    except (*_BROKEN, zlib.error):
        raise RefusedFile(DAMAGED) from None


def _what(names: list[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "un document texte"
    if any(name.startswith("ppt/") for name in names):
        return "une présentation"
    if "xl/workbook.bin" in names:
        return "un classeur binaire .xlsb"
    if "content.xml" in names:
        return "un autre document de bureautique"
    return "une archive"
