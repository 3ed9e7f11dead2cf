"""Which records of a catalogue look like what was promised, and why, in words. Pure: no table, no clock, no network.

Two indexes made once of the whole catalogue, words and groups of three letters, choose some forty records a
promise; a finer reading then weighs those by common words, wording, publisher, day and year. A score is a help to
sort and to stay silent: it proves nothing, and a person decides.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from commitments.findings import Reason

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MATCHING_VERSION = "1"
"""Grows when the same catalogue and promises would give other candidates or other scores."""

AT_MOST = 5
THRESHOLD = 0.45
"""Below it a record is not shown."""
NEAR_THE_BEST = 0.25
"""A record that far below the best one is not shown either: beside a sure answer, the doubtful ones are noise."""

NAMED = 0.6
"""The share of a publisher's name that a promise must tell to name it."""

RETRIEVED = 30
RETRIEVED_AT_PUBLISHERS = 15
TOO_COMMON = 0.08
"""Letters found in more than this share of the titles tell nothing apart."""

LETTERS = 37
WORD = re.compile(r"[a-z0-9]+")
ACCENTS = re.compile("[\u0300-\u036f]+")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
EMPTY = frozenset(
    WORD.findall(
        "a afin ainsi api au aux avec base ce ces chaque dans de des d donnee donnees du en entre est et etc fichier "
        "fichiers il ils jeu jeux l la le les leur leurs liste listes m n ne niveau nombre on ont open data ou par "
        "parmi pas plus pour qu que qui recense s sa se ses ses son sont source sur tout toute toutes tous un une y "
        "acces ayant librement recu ensemble fournies acteurs code codes mise oeuvre national nationale nationaux "
        "nationales france francais francaise "
    )
)
"""Words that name no subject, accents apart."""
UNTOLD = frozenset({"direction", "minister", "agenc", "delegation", "service", "general"})
"""Stems that no publisher is known by."""
LOCAL = re.compile(
    r"^(ville|commune|mairie|departement|conseil (departemental|regional|municipal)|region|metropole|agglomeration|"
    r"communaute|syndicat|pays|grand|eurometropole|open data|territoire)\b|\b(metropole|agglomeration|agglo)$"
)
"""How the names of local authorities begin or end, in plain text."""


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


@dataclass(frozen=True)
class Proposal:
    """A record of the shelf (its place there), how near it seems from 0 to 1, and why, in French."""

    place: int
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Quality:
    """What a method is worth on promises whose record is known: how many, and its two shares at five."""

    promises: int
    proposed: int
    found: int

    @property
    def precision(self) -> float | None:
        """The share of what was proposed that was right; None when nothing was."""
        return self.found / self.proposed if self.proposed else None

    @property
    def recall(self) -> float | None:
        """The share of the promises whose own record was proposed; None when there is none to look for."""
        return self.found / self.promises if self.promises else None


def quality(right: Mapping[Hashable, Iterable[int]], proposals: Mapping[Hashable, Sequence[Proposal]]) -> Quality:
    """``right``: the places of each promise's own records. A promise counts once, whichever of them was found."""
    proposed = found = 0
    for key, places in right.items():
        proposed += len(proposals.get(key, ()))
        found += bool(set(places) & {proposal.place for proposal in proposals.get(key, ())})
    return Quality(len(right), proposed, found)


def match(shelf: Shelf, wanted: Sequence[Wanted], *, threshold: float = THRESHOLD) -> dict[Hashable, list[Proposal]]:
    """At most five records for each promise, best first; a promise without any is in the answer too."""
    if not len(shelf):
        return {one.key: [] for one in wanted}
    index = _Index(shelf, wanted)
    return {one.key: _best(one, index, threshold) for one in wanted}


def plain(text: str) -> str:
    """Lower case, no accent, no ligature, nothing but letters and digits between single spaces."""
    lower = text.casefold().replace("œ", "oe").replace("æ", "ae")
    if not lower.isascii():
        lower = ACCENTS.sub("", unicodedata.normalize("NFKD", lower))
    return " ".join(WORD.findall(lower))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """What a word keeps in the plural and the feminine: « communales » and « communal » give the same."""
    if word.isdigit() or len(word) < 4:
        return word
    if word.endswith("aux"):
        return word[:-3] + "al"
    word = word[:-1] if word[-1] in "sx" else word
    while len(word) > 4 and word[-1] == "e":
        word = word[:-1]
    return word[:-1] if len(word) > 5 and word[-2:] in ("ll", "nn", "tt") else word


def akin(word: str, other: str) -> bool:
    """Whether two stems that differ share their root: « agricol » and « agricultur », « bio » and « biologiqu »."""
    short, long = sorted((word, other), key=len)
    if short.isdigit() or long.isdigit() or len(short) < 3:
        return False
    return long.startswith(short) or (len(short) > 4 and (short in long or short[:5] == long[:5]))


def stems(folded: str) -> set[str]:
    """The words that name something in a plain text."""
    return {stem(word) for word in folded.split() if word not in EMPTY}


class _Index:
    """The catalogue as the search reads it."""

    def __init__(self, shelf: Shelf, wanted: Sequence[Wanted]) -> None:
        import numpy as np

        self.shelf = shelf
        self.size = len(shelf)
        self.titles = [plain(title) for title in shelf.titles]
        self._index_words({word for one in wanted for word in stems(_all_words(one))})
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


def _all_words(one: Wanted) -> str:
    return plain(" ".join((one.title, one.wording, one.producer, *one.hints, *one.lost_titles)))


def _best(one: Wanted, index: _Index, threshold: float) -> list[Proposal]:
    reading = _Reading(one, index)
    places = _retrieved(one, index, reading.named)
    found = [reading.weigh(place) for place in places if not _excluded(one, index.shelf, place)]
    kept = sorted((p for p in found if p.score >= threshold), key=lambda p: (-p.score, index.shelf.ids[p.place]))
    return [proposal for proposal in kept[:AT_MOST] if proposal.score >= kept[0].score - NEAR_THE_BEST]


def _excluded(one: Wanted, shelf: Shelf, place: int) -> bool:
    return shelf.ids[place] in one.excluded or shelf.slugs[place] in one.excluded


def _retrieved(one: Wanted, index: _Index, named: Iterable[int]) -> list[int]:
    """The places worth a finer reading: the nearest of all, the nearest at its publishers, its lost records' names."""
    import numpy as np

    texts = [(plain(one.title), 0.6), (plain(one.wording), 0.4), *((plain(hint), 0.6) for hint in one.hints)]
    rough = index.likeness(texts) + index.words(plain(one.title)) + 0.5 * index.words(_all_words(one))
    found = dict.fromkeys(_highest(rough, RETRIEVED))
    known = [index.publisher_codes[name] for name in one.publishers if name in index.publisher_codes]
    for codes in filter(None, (known, list(named))):
        theirs = np.where(np.isin(index.publishers, codes), rough, 0.0)
        found.update(dict.fromkeys(_highest(theirs, RETRIEVED_AT_PUBLISHERS)))
    for slug in one.lost_slugs:
        found.update(dict.fromkeys(index.by_slug.get(slug, ())))
    for title in one.lost_titles:
        found.update(dict.fromkeys(index.by_title.get(plain(title), ())))
    return list(found)


def _highest(scores: NDArray[np.float64], count: int) -> list[int]:
    import numpy as np

    # Partitioning slows down tenfold on the zeros that most records have.
    places = np.flatnonzero(scores)
    if len(places) > count:
        places = places[np.argpartition(scores[places], -count)[-count:]]
    return [int(place) for place in places]


class _Reading:
    """One promise, read closely against one record at a time."""

    def __init__(self, one: Wanted, index: _Index) -> None:
        self.one = one
        self.index = index
        self.names = [plain(text) for text in (one.title, *one.hints)]
        self.wording = plain(one.wording)
        self.title_words = [stems(name) for name in self.names]
        self.all_words = stems(_all_words(one))
        self.spoken = _spoken(one)
        self.named = set(index.named(stems(plain(one.producer)) - UNTOLD))
        self.lost = {plain(title) for title in one.lost_titles}
        self.years = set(YEAR.findall(f"{one.title} {one.wording}"))

    def weigh(self, place: int) -> Proposal:
        shelf, index = self.index.shelf, self.index
        title = index.titles[place]
        words = stems(title)
        near = words | stems(plain(shelf.tags[place]))
        reasons: list[Reason] = []
        same = title in self.lost or shelf.slugs[place] in self.one.lost_slugs
        if same:
            reasons.append(Reason("meme-titre", "même titre que la fiche disparue"))
        common = self._common(near)
        if common:
            reasons.append(Reason("mots-communs", f"mots communs : {', '.join(common)}"))
        elif roots := self._roots(words):
            reasons.append(Reason("mots-proches", f"mots proches : {', '.join(roots)}"))
        elif not same:
            # A publisher alone says nothing of the subject.
            return Proposal(place, 0.0, ())
        score = self._likeness(title, words, near)
        score += self._publisher(place, reasons) + self._day(place, reasons) + self._year(shelf.titles[place], reasons)
        return Proposal(place, round(1.0 if same else min(max(score, 0.0), 0.99), 3), tuple(reasons))

    def _likeness(self, title: str, words: set[str], near: set[str]) -> float:
        """From 0 to about 0.85, by what the two titles say."""
        from rapidfuzz import fuzz

        covered = max(
            0.7 * self.index.share(asked, words) + 0.3 * self.index.share(asked, near) for asked in self.title_words
        )
        told = self.index.share(words, self.all_words)
        alike = max(fuzz.token_sort_ratio(name, title) for name in self.names) / 100
        within = max(fuzz.token_set_ratio(name, title) for name in (*self.names, self.wording)) / 100
        return 0.35 * covered + 0.2 * told + 0.15 * alike + 0.15 * within

    def _common(self, near: set[str]) -> list[str]:
        """The words in common, as the promise writes them, the rarest first; six at most."""
        common = [word for word in self.spoken if word in near]
        rarest = sorted(common, key=self.index.weight, reverse=True)[:6]
        return [self.spoken[word] for word in common if word in rarest]

    def _roots(self, words: set[str]) -> list[str]:
        """The promise's words whose root a title has, in another form."""
        return [spoken for word, spoken in self.spoken.items() if any(akin(word, other) for other in words)][:6]

    def _publisher(self, place: int, reasons: list[Reason]) -> float:
        """A promise of the State is seldom kept by a town; often by whom it names, or by its ministry's own."""
        shelf = self.index.shelf
        name = shelf.organizations[place]
        bonus = 0.0
        if shelf.organization_ids[place] in self.one.publishers:
            reasons.append(Reason("organisation", "publié par une organisation du ministère"))
            bonus = 0.18
        if self.index.publishers[place] in self.named:
            reasons.append(Reason("producteur", f"publié par « {name} », que la promesse nomme comme producteur"))
            bonus = max(bonus + 0.06, 0.22)
        if not bonus and LOCAL.search(plain(name)):
            reasons.append(Reason("collectivite", "publié par une collectivité territoriale"))
            return -0.3
        return bonus

    def _day(self, place: int, reasons: list[Reason]) -> float:
        created, announced = self.index.shelf.created_on[place], self.one.announced_on
        if created is None or announced is None:
            return 0.0
        if created >= announced:
            reasons.append(Reason("apres-la-promesse", "mis en ligne après la promesse"))
            return 0.03
        reasons.append(Reason("avant-la-promesse", "déjà en ligne avant la promesse"))
        return 0.0

    def _year(self, title: str, reasons: list[Reason]) -> float:
        """A promise that names a year wants that one; one that names none wants no old vintage."""
        told = set(YEAR.findall(title))
        if self.years & told:
            reasons.append(Reason("annee", f"même année : {min(self.years & told)}"))
            return 0.05
        announced = self.one.announced_on
        if told and (self.years or (announced and max(told) < str(announced.year - 1))):
            return -0.06
        return 0.0


def _spoken(one: Wanted) -> dict[str, str]:
    """Each telling word of the promise, by its stem, as it is written there; the title's words first."""
    found: dict[str, str] = {}
    for text in (one.title, one.wording, *one.hints):
        for word in re.findall(r"[^\W_]+", text):
            folded = plain(word)
            if folded and " " not in folded and folded not in EMPTY:
                found.setdefault(stem(folded), word if word.isupper() else word.lower())
    return found
