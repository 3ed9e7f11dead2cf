"""What comes from elsewhere is what its README says, and draws nothing out of the site."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = (ROOT / "static" / "vendor", ROOT / "tests" / "e2e" / "vendor")
ROW = re.compile(r"^\| `(?P<file>[^`]+)` \|.*\| `(?P<sha256>[0-9a-f]{64})` \|$", re.MULTILINE)


@pytest.mark.parametrize("folder", FOLDERS, ids=["static", "e2e"])
def test_each_file_is_the_one_published(folder: Path) -> None:
    readme = (folder / "README.md").read_text()
    told = {row["file"]: row["sha256"] for row in ROW.finditer(readme)}
    held = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "README.md"
    }
    assert held == told
    assert "://" not in readme


def test_the_chart_sends_nothing_out() -> None:
    script = (ROOT / "static" / "js" / "chart.js").read_text()
    for setting in (
        "showSendToCloud: false",
        'plotlyServerURL: ""',
        "displaylogo: false",
        "documentElement.lang",
    ):
        assert setting in script
    assert "://" not in script


def test_the_style_is_small_and_fetches_nothing() -> None:
    style = (ROOT / "static" / "css" / "bothorel.css").read_text()
    assert len(style.encode()) < 15_000
    assert "://" not in style
    assert "@import" not in style
    assert "marianne" not in style.lower()
