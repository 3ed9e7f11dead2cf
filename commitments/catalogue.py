"""The portal's daily catalogues: fetched to disk, let through a gate, and kept as the few columns that are read.

What is refused changes nothing: the copy of the day before stays, and its state says why.
"""

from __future__ import annotations

import csv
import gzip
import logging
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

from commitments.indexing import Shelf
from commitments.models import CatalogueState
from commitments.polling import door_settings
from commitments.portals import causes
from commitments.portals.door import Answer
from commitments.portals.download import download

log = logging.getLogger(__name__)

Section = CatalogueState.Section

LARGEST = 700_000_000
"""Bytes, opened: the catalogue of 2026 has some 200 millions."""
CHUNK = 5_000
NEEDED = ("id", "title", "slug", "url", "organization", "organization_id", "created_at", "archived")
OPTIONAL = ("tags",)
DRIFT = 0.20
"""How far the number of rows may be from the accepted copy's."""
TOLERATED = 0.01
"""The share of rows that may be ill-formed: more is a file whose columns are not what their names say."""
IDENTIFIER = re.compile(r"[0-9a-f]{24}")
FIRST = 4096


class Rejected(Exception):
    """A file that is not the catalogue, with the French sentence that says why."""


def address(section: str) -> str:
    """Where a catalogue is asked for; CATALOGUE_URL stands for that of the datasets only."""
    if section == Section.DATASETS and settings.CATALOGUE_URL:
        return str(settings.CATALOGUE_URL)
    return f"{settings.DATAGOUV_URL}/api/1/site/{section}.csv"


def refresh(section: str, now: datetime, *, any_length: bool = False) -> tuple[Shelf | None, CatalogueState]:
    """The catalogue as it is now, else the last accepted copy (or None), and its state, whose refusal says why.

    ``any_length`` takes a number of rows far from the last one, on an operator's word.
    """
    state, _ = CatalogueState.objects.get_or_create(section=section)
    shelf, refusal = None, ""
    try:
        shelf = _fetch(state, now, any_length)
    except Rejected as rejected:
        refusal = str(rejected)
    except OSError as error:
        log.exception("the catalogue could not be written")
        refusal = f"la machine n'a pas pu l'écrire ({error.strerror})"
    state.refusal, state.checked_at = refusal, now
    state.save()
    return (shelf if shelf is not None else _kept(section)), state


def folder() -> Path:
    """Where copies are kept: the product's own folder, or a temporary one where that is not ours to write."""
    for parent in (Path(settings.VAR_DIR), Path(tempfile.gettempdir()) / "bothorel"):
        path = parent / "catalogue"
        with suppress(OSError):
            path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=path):
                return path
    raise OSError(30, "aucun dossier accessible en écriture")


def _fetch(state: CatalogueState, now: datetime, any_length: bool) -> Shelf | None:
    """The new copy, or None when the one that is kept is still the right one."""
    url = address(state.section)
    known = state.url == url and _path(state.section).exists()
    conditional = {"If-Modified-Since": state.last_modified} if known and state.last_modified else {}
    outside = door_settings(settings.DATAGOUV_URL)
    outside = replace(outside, trusted=outside.trusted | {url})
    with tempfile.NamedTemporaryFile(dir=folder(), suffix=".part") as part:
        path = Path(part.name)
        answer = download(url, path, outside, max_bytes=LARGEST, etag=state.etag if known else "", headers=conditional)
        if answer.cause:
            raise Rejected(answer.detail)
        if answer.status == 304 and known:
            return None
        if answer.status != 200:
            raise Rejected(causes.of_status(answer.status)[1])
        shelf, rows = read(path)
    if state.rows and not any_length and abs(rows - state.rows) > DRIFT * state.rows:
        raise Rejected(f"il compte {rows} lignes, trop loin des {state.rows} du dernier accepté")
    _keep(state.section, shelf)
    _accept(state, url, answer, rows, now)
    return shelf


def _accept(state: CatalogueState, url: str, answer: Answer, rows: int, now: datetime) -> None:
    state.url, state.rows, state.accepted_at = url, rows, now
    state.etag = answer.headers.get("etag", "")[:200]
    state.last_modified = answer.headers.get("last-modified", "")[:80]
    state.dated_at = _dated(state.last_modified) or now


def read(path: Path) -> tuple[Shelf, int]:
    """The records of a catalogue that are public and not archived, and how many rows it has in all.

    Raises Rejected for what is not a whole, well-formed catalogue.
    """
    columns = _header(path)
    import pandas
    from pandas.errors import EmptyDataError, ParserError

    shelf, rows, bad = Shelf(), 0, dict.fromkeys(("id", "organization_id", "url", "created_at"), 0)
    wanted = [name for name in (*NEEDED, *OPTIONAL) if name in columns]
    try:
        with pandas.read_csv(
            path, sep=";", dtype=str, usecols=wanted, chunksize=CHUNK, keep_default_na=False,
            encoding="utf-8", on_bad_lines="skip",
        ) as chunks:  # fmt: skip
            for chunk in chunks:
                rows += len(chunk)
                # A row short of its last columns gives holes.
                for record in chunk.fillna("").to_dict("records"):
                    _shelve(record, shelf, bad)
    except (ParserError, EmptyDataError, UnicodeDecodeError, ValueError, MemoryError) as error:
        log.warning("unreadable catalogue: %s", error)
        raise Rejected("il n'est pas lisible jusqu'au bout") from error
    if not rows:
        raise Rejected("il n'a aucune ligne")
    for name, count in bad.items():
        if count > max(TOLERATED * rows, 1):
            raise Rejected(f"la colonne « {name} » ne contient pas ce que son nom annonce ({count} lignes sur {rows})")
    return shelf, rows


def _header(path: Path) -> list[str]:
    """The names of the columns; refuses what can be told from the file's two ends."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        first = stream.read(FIRST)
        stream.seek(max(size - 1, 0))
        last = stream.read(1)
    if not first.strip():
        raise Rejected("il est vide")
    if first.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise Rejected("il commence par une marque d'encodage (BOM) que le portail n'écrit pas")
    if first.lstrip().startswith(b"<"):
        raise Rejected("le portail répond par une page web au lieu du catalogue")
    try:
        columns = next(csv.reader([first.split(b"\n")[0].decode("utf-8").rstrip("\r")], delimiter=";"))
    except (UnicodeDecodeError, csv.Error, StopIteration):
        raise Rejected("sa première ligne n'est pas lisible") from None
    if missing := [name for name in NEEDED if name not in columns]:
        raise Rejected(f"il lui manque des colonnes : {', '.join(missing)}")
    if last != b"\n":
        raise Rejected("il s'arrête au milieu d'une ligne")
    return columns


def _shelve(record: Mapping[str, str], shelf: Shelf, bad: dict[str, int]) -> None:
    if not IDENTIFIER.fullmatch(record["id"]):
        bad["id"] += 1
        return
    bad["url"] += not record["url"].startswith(("http://", "https://"))
    bad["organization_id"] += bool(record["organization_id"] and not IDENTIFIER.fullmatch(record["organization_id"]))
    created = _day(record["created_at"])
    bad["created_at"] += created is None
    if record["archived"].strip().lower() not in ("false", ""):
        return
    shelf.ids.append(record["id"])
    shelf.slugs.append(record["slug"])
    shelf.titles.append(_clean(record["title"]))
    shelf.tags.append(record.get("tags", ""))
    shelf.urls.append(record["url"])
    shelf.organizations.append(_clean(record["organization"]))
    shelf.organization_ids.append(record["organization_id"])
    shelf.created_on.append(created)


def _clean(text: str) -> str:
    """Without what no title holds and no database takes: NUL and other control characters."""
    return text if text.isprintable() else " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _dated(last_modified: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(last_modified)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _path(section: str) -> Path:
    return folder() / f"{section}.csv.gz"


def _keep(section: str, shelf: Shelf) -> None:
    """Replace the kept copy at once: a reader finds the old one whole, or the new one whole."""
    names = [column.name for column in fields(shelf)]
    with tempfile.NamedTemporaryFile(dir=folder(), suffix=".part", delete=False) as part:
        path = Path(part.name)
    try:
        with gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=3) as stream:
            writer = csv.writer(stream)
            writer.writerow(names)
            writer.writerows(zip(*(getattr(shelf, name) for name in names), strict=True))
        path.replace(_path(section))
    finally:
        path.unlink(missing_ok=True)


def _kept(section: str) -> Shelf | None:
    """The last accepted copy, or None when this machine has none that can be read."""
    shelf = Shelf()
    columns = [getattr(shelf, column.name) for column in fields(shelf)]
    try:
        with gzip.open(_path(section), "rt", encoding="utf-8", newline="") as stream:
            rows = csv.reader(stream)
            next(rows)
            for *texts, created in rows:
                for column, text in zip(columns, [*texts, _day(created)], strict=True):
                    column.append(text)
    except FileNotFoundError:
        return None
    except (OSError, EOFError, ValueError, StopIteration, csv.Error):
        log.exception("the kept catalogue cannot be read: it will be asked whole")
        _path(section).unlink(missing_ok=True)
        return None
    return shelf
