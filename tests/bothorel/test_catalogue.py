"""The English catalogue: nothing forgotten, nothing doubtful, compiled by itself and only when it must be."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from bothorel import catalogue
from dashboards.pages import vocabulary

PARTS = re.compile(r"%\(\w+\)s|%%|\{\w*\}|</?\w+[^>]*>|<code>[^<]*</code>")


@pytest.fixture(scope="module")
def translated() -> dict[str, str]:
    return {message.id: message.string for message in catalogue.read() if message.id}


def test_it_holds_exactly_the_words_of_pages(translated: dict[str, str]) -> None:
    """After a change of words: « make messages », then translate what it names."""
    wanted = {message.id for message in catalogue.wanted() if message.id}
    assert wanted - translated.keys() == set(), "not in the catalogue"
    assert translated.keys() - wanted == set(), "in no page any more"


def test_brought_up_to_date_again_it_does_not_change(tmp_path: Path) -> None:
    """Neither the hour nor the machine is in it: two people who add words meet in the words alone."""
    again = tmp_path / "django.po"
    catalogue.write(catalogue.read(), again)
    assert again.read_bytes() == catalogue.SOURCE.read_bytes()


def test_everything_is_translated_and_nothing_is_a_guess(translated: dict[str, str]) -> None:
    assert [text for text, english in translated.items() if not english] == []
    assert [message.id for message in catalogue.read() if message.id and message.fuzzy] == []


def test_a_translation_has_the_same_parts(translated: dict[str, str]) -> None:
    """Values, links and tags: the same ones, as many times, in any order. Forms: one thing, and several."""
    different = {
        text: english
        for text, english in translated.items()
        if set(PARTS.findall(text)) != set(PARTS.findall(english)) and "<code>?au=" not in text
    }
    assert different == {}
    forms = [text for text in translated if re.fullmatch(r"[^,]+,[^, ][^,]*", text)]
    assert forms
    assert [text for text in forms if translated[text].count(",") != 1] == []


def test_english_typography(translated: dict[str, str]) -> None:
    wrong = [
        english
        for english in translated.values()
        if re.search(r"[«»\u00a0\u202f]|\s[:;?!]|\w'\w", english) and "data.gouv" not in english
    ]
    assert wrong == []


def test_an_edge_that_is_a_space_stays_one(translated: dict[str, str]) -> None:
    """Except before a sign, where French puts one and English none."""
    edges = {
        text: english
        for text, english in translated.items()
        if text[-1].isspace() != english[-1].isspace()
        or (text[0].isspace() != english[0].isspace() and english[0] not in ":;?")
    }
    assert edges == {}


def test_whole_sentences_are_those_of_the_rules() -> None:
    """A rule that changes its sentence would leave the old one translated, and the new one in French."""
    code = " ".join(
        re.sub(r'"\s*\n\s*f?"', "", path.read_text()) for path in Path(settings.BASE_DIR, "commitments").glob("*.py")
    )
    # Four of them begin with one of two words.
    ends = (re.sub(r"^(Le dépôt|La fiche|On ne sait pas si) ", "", sentence) for sentence in vocabulary.SENTENCES)
    assert [end for end in ends if end.rstrip(".") not in code] == []


class TestCompiling:
    @pytest.fixture
    def source(self, tmp_path: Path) -> Path:
        source = tmp_path / "django.po"
        source.write_bytes(catalogue.SOURCE.read_bytes())
        return source

    def test_it_is_compiled_once_and_again_when_its_source_is_newer(self, source: Path) -> None:
        made = catalogue.compile_once(source)
        first = made.stat()
        assert catalogue.compile_once(source).stat().st_mtime_ns == first.st_mtime_ns
        os.utime(source, (first.st_mtime + 10, first.st_mtime + 10))
        assert catalogue.compile_once(source).stat().st_ino != first.st_ino
        assert [path.name for path in sorted(source.parent.iterdir())] == ["django.mo", "django.po"]

    def test_a_folder_that_cannot_be_written_is_said_unless_an_older_one_serves(
        self, source: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def refused(**options: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(catalogue.tempfile, "mkstemp", refused)
        with pytest.raises(ImproperlyConfigured, match=r"manage\.py check"):
            catalogue.compile_once(source)
        made = source.with_suffix(".mo")
        made.write_bytes(b"older")
        os.utime(made, (0, 0))
        assert catalogue.compile_once(source).read_bytes() == b"older"
        assert "can't be written" in caplog.text

    def test_what_could_not_be_put_in_place_leaves_nothing_behind(self, source: Path) -> None:
        """A folder stands where the file should be."""
        made = source.with_suffix(".mo")
        made.mkdir()
        os.utime(made, (0, 0))
        catalogue.compile_once(source)
        assert [path.name for path in sorted(source.parent.iterdir())] == ["django.mo", "django.po"]

    def test_what_is_compiled_is_not_committed(self) -> None:
        assert "*.mo" in Path(settings.BASE_DIR, ".gitignore").read_text().split()
