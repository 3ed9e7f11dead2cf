"""Five hundred promises on two sheets of A4, tagged, black and white, the same in each file."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest
from django.test import Client

from tests.dashboards.notes.composing import said, written
from tests.dashboards.notes.many import DAY

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("five_hundred")]
ASKED = f"au={DAY}&du=2021-10-01"


@pytest.mark.pango
def test_the_pdf_has_two_pages_of_a4(client: Client) -> None:
    response = client.get(f"/note.pdf?{ASKED}")
    assert response["Content-Type"] == "application/pdf"
    read_back = pypdf.PdfReader(io.BytesIO(response.content))
    assert len(read_back.pages) == 2
    assert [round(float(side) * 25.4 / 72) for side in read_back.pages[0].mediabox[2:]] == [210, 297]


@pytest.mark.pango
def test_the_pdf_is_tagged_in_french_with_a_title(client: Client) -> None:
    read_back = pypdf.PdfReader(io.BytesIO(client.get(f"/note.pdf?{ASKED}").content))
    root = read_back.trailer["/Root"].get_object()
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "fr"
    assert "Promesses d’ouverture" in str(read_back.metadata.title if read_back.metadata else "")
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


@pytest.mark.pango
def test_the_pdf_is_black_and_white(client: Client) -> None:
    read_back = pypdf.PdfReader(io.BytesIO(client.get(f"/note.pdf?{ASKED}").content))
    for page in read_back.pages:
        contents = page.get_contents()
        assert contents is not None
        for red, green, blue in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b", contents.get_data()):
            assert red == green == blue


@pytest.mark.pango
def test_page_pdf_and_odt_tell_the_same_lines(client: Client) -> None:
    note = client.get(f"/note/?{ASKED}").context["note"]
    texts = (written(client.get(f"/note.pdf?{ASKED}").content), said(client.get(f"/note.odt?{ASKED}").content))
    for text in texts:
        for section in (note.late, *note.second_page):
            assert " ".join(section.title.split()) in text
            for line in section.lines:
                assert " ".join(line.title.split())[:20] in text
            for rest in section.rests:
                assert " ".join(rest.text.split()) in text
        for row in note.rows:
            assert " ".join(map(str, (row.total, *row.values))) in text


@pytest.mark.office
def test_libreoffice_opens_the_odt_on_two_pages(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "note.odt"
    file.write_bytes(client.get(f"/note.odt?{ASKED}").content)
    office = shutil.which("soffice")
    assert office
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert len(pypdf.PdfReader(tmp_path / "note.pdf").pages) == 2
