"""The catalogue of the interface's English: compiled where it lies, and what it must hold.

French is the source: a message is its French words. Only ``django.po`` is committed. What Django reads is made of it
at start, when it is not there or older; neither gettext nor a step of installation is needed.
"""

from __future__ import annotations

import io
import logging
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation.template import templatize

logger = logging.getLogger(__name__)

LOCALE = Path(settings.BASE_DIR, "locale")
SOURCE = LOCALE / "en" / "LC_MESSAGES" / "django.po"
IN_FRENCH = ("accounts", "mails", "notes", "reports", "workspace")
"""Folders of templates whose pages exist in French only."""
FORMS = re.compile(r'\|pluriel(?:_seul)?:"([^"]+)"')
"""One thing and several, in the argument of a filter: translated by it, hence unknown to Django's own extraction."""
HEADER = rb"""# The English of the interface: `make messages` adds what is new, a translator fills what is empty.
msgid ""
msgstr ""
"Language: en\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""
"""What a reader of catalogues needs to know, and nothing that changes with the hour."""


def read(path: Path = SOURCE) -> Catalog:
    """What is translated. Raises babel's PoFileError for a file that is not a catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def write(catalogue: Catalog, path: Path = SOURCE) -> None:
    """In the order of words, without line numbers nor dates: a template that moves changes nothing here."""
    with path.open("wb") as file:
        file.write(HEADER)
        write_po(
            file, catalogue, width=119, sort_output=True, no_location=True, ignore_obsolete=True, omit_header=True
        )


def compile_once(source: Path = SOURCE) -> Path:
    """What Django reads, made anew when the source is newer. Several processes may start at once.

    Raises ImproperlyConfigured when it has never been made and the folder may not be written.
    """
    made = source.with_suffix(".mo")
    if made.exists() and made.stat().st_mtime >= source.stat().st_mtime:
        return made
    translated = read(source)
    try:
        handle, name = tempfile.mkstemp(dir=source.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                write_mo(file, translated)
            Path(name).chmod(0o644)
            Path(name).replace(made)
        finally:
            # Still there when the disk was full: each start would leave one more.
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        if not made.exists():
            raise ImproperlyConfigured(
                f"{made} ne peut pas être écrit ({error.strerror}) : lancez une fois "
                "« manage.py check » avec un compte qui peut écrire dans ce dossier."
            ) from error
        logger.warning("%s is older than its source and can't be written: %s", made, error)
    return made


def messages() -> Iterator[str]:
    """Every French message of pages: in templates, in the code that writes pages, and in the rules' own tables."""
    from dashboards.pages.vocabulary import vocabulary

    templates = Path(settings.BASE_DIR, "templates")
    for path in sorted(templates.rglob("*.html")):
        if path.relative_to(templates).parts[0] in IN_FRENCH:
            continue
        text = path.read_text()
        yield from FORMS.findall(text)
        # What is left is read as Python, to which the indentation of a page means nothing.
        yield from _marked(re.sub(r"^\s+", "", templatize(text), flags=re.MULTILINE))
    for path in sorted(Path(settings.BASE_DIR, "dashboards").rglob("*.py")):
        yield from _marked(path.read_text())
    yield from vocabulary()


def _marked(code: str) -> Iterator[str]:
    for _, message, _, _ in extract("python", io.BytesIO(code.encode()), {"_": None, "gettext": None, "N_": None}):
        yield message if isinstance(message, str) else message[0]


def wanted() -> Catalog:
    """The catalogue as it must be, without any translation."""
    catalogue = Catalog(locale="en", charset="utf-8", project="Bothorel", fuzzy=False)
    for message in messages():
        if message:
            catalogue.add(message)
    return catalogue
