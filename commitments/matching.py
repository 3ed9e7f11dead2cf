"""Which records of a catalogue look like what was promised, and why, in words. Pure: no table, no clock, no network.

Two indexes made once of the whole catalogue, words and groups of three letters, choose some forty records a
promise; a finer reading then weighs those by common words, wording, publisher, day and year. A score is a help to
sort and to stay silent: it proves nothing, and a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commitments.findings import Reason

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
from commitments.indexing import UNTOLD, Index, Shelf, Wanted, all_words
from commitments.stems import EMPTY, akin, plain, stem, stems

MATCHING_VERSION = "1"
"""Grows when the same catalogue and promises would give other candidates or other scores."""
AT_MOST = 5
THRESHOLD = 0.45
"""Below it a record is not shown."""
NEAR_THE_BEST = 0.25
"""A record that far below the best one is not shown either: beside a sure answer, the doubtful ones are noise."""
RETRIEVED = 30
RETRIEVED_AT_PUBLISHERS = 15
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
LOCAL = re.compile(
    r"^(ville|commune|mairie|departement|conseil (departemental|regional|municipal)|region|metropole|agglomeration|"
    r"communaute|syndicat|pays|grand|eurometropole|open data|territoire)\b|\b(metropole|agglomeration|agglo)$"
)
"""How the names of local authorities begin or end, in plain text."""


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
    index = Index(shelf, wanted)
    return {one.key: _best(one, index, threshold) for one in wanted}


def _best(one: Wanted, index: Index, threshold: float) -> list[Proposal]:
    reading = _Reading(one, index)
    places = _retrieved(one, index, reading.named)
    found = [reading.weigh(place) for place in places if not _excluded(one, index.shelf, place)]
    kept = sorted((p for p in found if p.score >= threshold), key=lambda p: (-p.score, index.shelf.ids[p.place]))
    return [proposal for proposal in kept[:AT_MOST] if proposal.score >= kept[0].score - NEAR_THE_BEST]


def _excluded(one: Wanted, shelf: Shelf, place: int) -> bool:
    return shelf.ids[place] in one.excluded or shelf.slugs[place] in one.excluded


def _retrieved(one: Wanted, index: Index, named: Iterable[int]) -> list[int]:
    """The places worth a finer reading: the nearest of all, the nearest at its publishers, its lost records' names."""
    import numpy as np

    texts = [(plain(one.title), 0.6), (plain(one.wording), 0.4), *((plain(hint), 0.6) for hint in one.hints)]
    rough = index.likeness(texts) + index.words(plain(one.title)) + 0.5 * index.words(all_words(one))
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

    def __init__(self, one: Wanted, index: Index) -> None:
        self.one = one
        self.index = index
        self.names = [plain(text) for text in (one.title, *one.hints)]
        self.wording = plain(one.wording)
        self.title_words = [stems(name) for name in self.names]
        self.all_words = stems(all_words(one))
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
