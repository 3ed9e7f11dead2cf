"""A catalogue indexed once, by words and by groups of three letters, to choose what is worth a finer reading. Pure."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
from commitments.stems import akin, plain, stems

NAMED = 0.6
"""The share of a publisher's name that a promise must tell to name it."""
UNTOLD = frozenset({"direction", "minister", "agenc", "delegation", "service", "general"})
"""Stems that no publisher is known by."""
TOO_COMMON = 0.08
"""Letters found in more than this share of the titles tell nothing apart."""
LETTERS = 37


@dataclass(frozen=True)
class Wanted:
    """A deliverable that was not found. ``publishers``: portal ids of the organisations known to publish it.

    ``lost_titles`` and ``lost_slugs`` are what its vanished records were called; ``hints`` are other names it is
    known by (an old address's last words); ``excluded`` are the ids and slugs that must not be proposed.
    """

    key: Hashable
    title: str
    wording: str = ""
    producer: str = ""
    announced_on: date | None = None
    publishers: frozenset[str] = frozenset()
    lost_titles: tuple[str, ...] = ()
    lost_slugs: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    excluded: frozenset[str] = frozenset()


@dataclass
class Shelf:
    """A catalogue by columns, all of one length. ``created_on``: the portal's own day, or None."""

    ids: list[str] = field(default_factory=list)
    slugs: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    organizations: list[str] = field(default_factory=list)
    organization_ids: list[str] = field(default_factory=list)
    created_on: list[date | None] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids)


class Index:
    """The catalogue as the search reads it."""

    def __init__(self, shelf: Shelf, wanted: Sequence[Wanted]) -> None:
        import numpy as np

        self.shelf = shelf
        self.size = len(shelf)
        self.titles = [plain(title) for title in shelf.titles]
        self._index_words({word for one in wanted for word in stems(all_words(one))})
        self._index_letters()
        self.by_slug: dict[str, list[int]] = defaultdict(list)
        self.by_title: dict[str, list[int]] = defaultdict(list)
        asked_slugs = {slug for one in wanted for slug in one.lost_slugs}
        asked_titles = {plain(title) for one in wanted for title in one.lost_titles}
        for place, (slug, title) in enumerate(zip(shelf.slugs, self.titles, strict=True)):
            if slug in asked_slugs:
                self.by_slug[slug].append(place)
            if title in asked_titles:
                self.by_title[title].append(place)
        codes = {name: code for code, name in enumerate(dict.fromkeys(shelf.organization_ids))}
        self.publisher_codes = codes
        self.publishers: NDArray[np.int32] = np.array([codes[name] for name in shelf.organization_ids], np.int32)
        self.publisher_words: list[set[str]] = [set() for _ in codes]
        for name, code in zip(shelf.organizations, self.publishers, strict=True):
            if name and not self.publisher_words[code]:
                self.publisher_words[code] = stems(plain(name)) - UNTOLD

    def _index_words(self, asked: set[str]) -> None:
        """How many records hold each word; and where, for the words of the promises only."""
        import numpy as np

        self.frequency: Counter[str] = Counter()
        where: dict[str, list[int]] = defaultdict(list)
        for place, title in enumerate(self.titles):
            found = stems(title)
            self.frequency.update(found)
            tagged = self.shelf.tags[place]
            for word in (found | stems(plain(tagged)) if tagged else found) & asked:
                where[word].append(place)
        self.where = {word: np.array(places, np.int32) for word, places in where.items()}

    def _index_letters(self) -> None:
        """Groups of three letters, each counted once a title: postings sorted by group, and titles' norms."""
        import numpy as np

        codes, places = letters(self.titles)
        key = _distinct(codes.astype(np.int64) * self.size + places)
        codes, places = key // self.size, (key % self.size).astype(np.int32)
        df = np.bincount(codes, minlength=LETTERS**3)
        self.rarity = np.log(self.size / np.maximum(df, 1)).astype(np.float32)
        self.starts = np.concatenate(([0], np.cumsum(df)))
        self.postings = places
        self.common = df > max(TOO_COMMON * self.size, 50)
        squares = self.rarity[codes] ** 2
        self.norms = np.sqrt(np.bincount(places, weights=squares, minlength=self.size)) + 1e-6

    def weight(self, word: str) -> float:
        """How rare a word is: from 0, in every title, to about 11 for one that no title holds."""
        return math.log((self.size + 1) / (self.frequency.get(word, 0) + 0.5))

    def share(self, asked: set[str], words: set[str]) -> float:
        """The share of ``asked`` that ``words`` hold, rare ones counting more; a word of the same root is half one."""
        whole = sum(self.weight(word) for word in asked)
        if not whole:
            return 0.0
        missing = asked - words
        found = whole - sum(self.weight(word) for word in missing)
        roots = sum(self.weight(word) for word in missing if any(akin(word, other) for other in words))
        return (found + 0.5 * roots) / whole

    def named(self, producer: set[str]) -> list[int]:
        """The publishers whose name a promise tells, by their code."""
        if not producer:
            return []
        return [
            code for code, words in enumerate(self.publisher_words)
            if not words.isdisjoint(producer) and self._tells(producer, words)
        ]  # fmt: skip

    def _tells(self, producer: set[str], words: set[str]) -> bool:
        whole = sum(self.weight(word) for word in words)
        return sum(self.weight(word) for word in words & producer) > NAMED * whole

    def likeness(self, texts: Iterable[tuple[str, float]]) -> NDArray[np.float64]:
        """Each title's likeness to these texts, by their letters; each text counts for its weight."""
        import numpy as np

        total = np.zeros(self.size)
        for text, share in texts:
            codes = _distinct(letters([text])[0])
            if not len(codes):
                continue
            own = float(np.sqrt((self.rarity[codes] ** 2).sum())) or 1.0
            telling = [code for code in codes if not self.common[code]]
            parts = [self.postings[self.starts[code] : self.starts[code + 1]] for code in telling]
            if not parts:
                continue
            weights = np.repeat(self.rarity[telling] ** 2, [len(part) for part in parts])
            found = np.bincount(np.concatenate(parts), weights=weights, minlength=self.size)
            total += share * found / (self.norms * own)
        return total

    def words(self, folded: str) -> NDArray[np.float64]:
        """Each record's share of this text's words, rare ones counting more."""
        import numpy as np

        total = np.zeros(self.size)
        asked = stems(folded)
        whole = sum(self.weight(word) for word in asked) or 1.0
        for word in asked & self.where.keys():
            total[self.where[word]] += self.weight(word)
        return total / whole


def letters(texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Every group of three letters of these plain texts, as a number, and the text that it comes from."""
    import numpy as np

    joined = np.frombuffer("".join(f" {text} " for text in texts).encode("ascii", "replace"), np.uint8)
    owner = np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) + 2 for text in texts])
    table = np.zeros(256, np.int32)
    table[ord("a") : ord("z") + 1] = np.arange(1, 27)
    table[ord("0") : ord("9") + 1] = np.arange(27, 37)
    numbers = table[joined]
    codes = (numbers[:-2] * LETTERS + numbers[1:-1]) * LETTERS + numbers[2:]
    whole = owner[:-2] == owner[2:]
    return codes[whole], owner[:-2][whole]


def _distinct(numbers: NDArray[Any]) -> NDArray[Any]:
    """Each number once, in order; ``np.unique`` hashes, which is ten times slower on some millions of them."""
    import numpy as np

    ordered = np.sort(numbers)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


def all_words(one: Wanted) -> str:
    return plain(" ".join((one.title, one.wording, one.producer, *one.hints, *one.lost_titles)))
