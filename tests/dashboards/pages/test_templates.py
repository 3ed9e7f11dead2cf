"""House rules of templates: components say their parameters; French typography does not break."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
ALL = sorted(TEMPLATES.rglob("*.html"))
TAGS = re.compile(r"\{% comment %\}.*?\{% endcomment %\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL)


@pytest.mark.parametrize("path", sorted((TEMPLATES / "components").glob("*.html")), ids=lambda p: p.name)
def test_a_component_says_what_it_is_given(path: Path) -> None:
    assert "{% comment %}" in path.read_text()


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.name)
def test_spaces_before_signs_do_not_break(path: Path) -> None:
    text = TAGS.sub("¤", path.read_text())
    assert re.findall(r"[\w¤)] [:;?!»]|« ", text) == []
    assert re.findall(r"\w'\w", text) == []


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.name)
def test_nothing_is_marked_safe(path: Path) -> None:
    text = path.read_text()
    assert "|safe" not in text
    assert "autoescape off" not in text
