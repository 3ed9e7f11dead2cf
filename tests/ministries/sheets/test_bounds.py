"""What is refused, with one sentence, quickly and in little memory, before anything is written."""

import subprocess
import sys
import tracemalloc

import pytest

from ministries.sheets import bounds, reading
from ministries.sheets.bounds import RefusedFile
from tests.ministries.sheets import files
from tests.ministries.sheets.files import HEAD, archive, bomb, edited, same, xlsx

GOOD = xlsx([HEAD, ["T-1", "Cadastre", "T3 2027", "en cours", ""]])
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><worksheet/>"""
XXE = (
    b"""<?xml version="1.0"?><!DOCTYPE foo [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><worksheet>&xxe;</worksheet>"""
)


def with_sheet(content):
    return edited(GOOD, lambda name, old: content if name.endswith("sheet1.xml") else old)


REFUSED = {
    "an honest bomb of 300 MB": (lambda: bomb(300_000_000), bounds.TOO_MUCH_INSIDE),
    "a small bomb of 60 MB": (lambda: bomb(60_000_000), bounds.TOO_DENSE),
    "a bomb whose directory lies": (files.liar, bounds.LIES),
    "billion laughs": (lambda: with_sheet(LAUGHS), bounds.ENTITIES),
    "an external entity": (lambda: with_sheet(XXE), bounds.ENTITIES),
    "an external entity in UTF-16": (lambda: with_sheet(XXE.decode().encode("utf-16")), bounds.ENTITIES),
    "an entity in docProps": (
        lambda: edited(GOOD, lambda name, old: XXE if name == "docProps/core.xml" else old),
        bounds.ENTITIES,
    ),
    "macros": (lambda: edited(GOOD, same, **{"xl/vbaProject.bin": b"x"}), bounds.MACROS),
    "a macro workbook renamed": (
        lambda: edited(
            GOOD,
            lambda name, old: (
                old.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")
                if name == "[Content_Types].xml"
                else old
            ),
        ),
        bounds.MACROS,
    ),
    "a password": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        bounds.ENCRYPTED,
    ),
    "an old .xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, bounds.OLD_XLS),
    "half a workbook": (lambda: GOOD[: len(GOOD) // 2], bounds.DAMAGED),
    "a workbook with a broken entry": (lambda: GOOD[:200] + b"\xff" * 40 + GOOD[240:], None),
    "a text document": (lambda: archive(**{"word/document.xml": b"<w/>"}), "un document texte"),
    "a PDF": (lambda: b"%PDF-1.7\n", "un PDF"),
    "a web page": (lambda: b"<!DOCTYPE html><html></html>", "une page web"),
    "null bytes": (lambda: b"a;b\n\0\0;c\n", bounds.BINARY),
    "nothing": (lambda: b"  \n", bounds.EMPTY),
    "too many bytes": (lambda: b"a;b\n" * 3_000_000, bounds.TOO_LARGE),
    "a million of lines": (lambda: b"a;b\n" * 1_000_000, bounds.TOO_MANY_ROWS),
    "a million of lines in a workbook": (
        lambda: with_sheet(
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            + b"".join(b"<row><c><v>%d</v></c></row>" % (n * 7919 % 999_983) for n in range(1_000_000))
            + b"</sheetData></worksheet>"
        ),
        bounds.TOO_MANY_ROWS,
    ),
    "16,384 columns": (lambda: (";".join("a" * 16_384) + "\n").encode(), bounds.TOO_MANY_COLUMNS),
    "10,000 sheets": (
        lambda: edited(GOOD, same, **{f"xl/worksheets/sheet{n}.xml": b"<a/>" for n in range(2, 10_000)}),
        bounds.TOO_MANY_SHEETS,
    ),
    "a cell at the other end of the sheet": (
        lambda: with_sheet(
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
            b"</sheetData></worksheet>"
        ),
        None,
    ),
    "a cell repeated two billion times": (
        lambda: files.ods(
            '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
            'table:number-columns-repeated="2000" office:value-type="string"><text:p>a</text:p></table:table-cell>'
            "</table:table-row>"
        ),
        None,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_a_sentence(name):
    make, sentence = REFUSED[name]
    with pytest.raises(RefusedFile) as refused:
        reading.read(make())
    if sentence:
        assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.slow
def test_the_child_never_holds_400_megabytes():
    """The dearest of them all, in processes of their own: the most that any child held."""
    script = (
        "import resource\n"
        "from tests.ministries.sheets.test_bounds import REFUSED, reading, RefusedFile\n"
        "for make, _ in REFUSED.values():\n"
        "    try: reading.read(make())\n"
        "    except RefusedFile: pass\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 400 * 1024


def test_an_honest_bomb_costs_a_directory_only():
    data = bomb(300_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(RefusedFile):
            bounds.kind_of(data)
        assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_name_is_not_believed():
    assert reading.read(GOOD).kind == "xlsx"
    assert reading.read(b"a;b\n1;2\n").kind == "csv"
