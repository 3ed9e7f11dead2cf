"""What is looked for in the catalogues: promises not found, and those whose record is known, to measure by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from commitments.ageing import expired
from commitments.findings import Kind, Outcome, State
from commitments.indexing import Shelf, Wanted
from commitments.judging import LASTING, as_judgment
from commitments.models import Decision, Deliverable, Location, Observation, Publisher, Verdict
from commitments.portals.addresses import DATASERVICE, DATASET, AddressError, is_identifier, parse

Answer = Decision.Answer


@dataclass(frozen=True)
class Promises:
    """The deliverables of one kind, and all that tells what to look for. Maps are by deliverable, publishers by
    promise, ``seen`` (the last definitive observation) and ``titles`` (what was last found there) by address."""

    deliverables: Sequence[Deliverable]
    locations: Mapping[int, Sequence[Location]]
    publishers: Mapping[int, frozenset[str]]
    seen: Mapping[int, Observation]
    titles: Mapping[int, Mapping[str, str]]
    rejected: Mapping[int, frozenset[str]]
    today: date

    @classmethod
    def read(cls, kind: Kind, today: date) -> Promises:
        """A fixed number of queries, whatever the number of promises."""
        deliverables = list(Deliverable.objects.filter(kind=kind).select_related("commitment").order_by("pk"))
        locations: dict[int, list[Location]] = defaultdict(list)
        for location in Location.objects.filter(deliverable__kind=kind).order_by("pk"):
            locations[location.deliverable_id].append(location)
        publishers: dict[int, set[str]] = defaultdict(set)
        for commitment, portal_id in Publisher.objects.values_list("commitment", "portal_id"):
            publishers[commitment].add(portal_id)
        observed = Observation.objects.filter(location__deliverable__kind=kind, dismissed_at=None)
        observed = observed.exclude(outcome=Outcome.NO_OBSERVATION).order_by("last_seen_at", "pk")
        seen: dict[int, Observation] = {}
        titles: dict[int, dict[str, str]] = {}
        for observation in observed.only("location_id", "outcome", "facts"):
            seen[observation.location_id] = observation
            if observation.outcome == Outcome.FOUND:
                titles[observation.location_id] = {
                    name: str(observation.facts.get(name) or "") for name in ("title", "slug")
                }
        rejected: dict[int, set[str]] = defaultdict(set)
        answers: dict[tuple[int, str], str] = {}
        decisions = Decision.objects.filter(candidate__deliverable__kind=kind).order_by("pk")
        for deliverable, identifier, answer in decisions.values_list(
            "candidate__deliverable", "candidate__identifier", "answer"
        ):
            answers[deliverable, identifier] = answer
        for (deliverable, identifier), answer in answers.items():
            if answer == Answer.NO:
                rejected[deliverable].add(identifier)
        return cls(
            deliverables,
            locations,
            {commitment: frozenset(ids) for commitment, ids in publishers.items()},
            seen,
            titles,
            {deliverable: frozenset(ids) for deliverable, ids in rejected.items()},
            today,
        )

    def wanted(self, portal: str) -> list[Wanted]:
        """What is looked for: deliverables neither kept nor kept in part, as far as is known today."""
        kept = _kept(self.deliverables, self.today)
        return [self._wanted(one, portal) for one in self.deliverables if one.pk not in kept]

    def truth(self, portal: str, shelf: Shelf) -> tuple[list[Wanted], dict[Hashable, list[int]]]:
        """Promises whose record the reference knows and the catalogue holds, as if it were unknown."""
        places: dict[str, int] = {}
        for place, (identifier, slug) in enumerate(zip(shelf.ids, shelf.slugs, strict=True)):
            places[identifier] = places[slug] = place
        wanted: list[Wanted] = []
        right: dict[Hashable, list[int]] = {}
        for deliverable in self.deliverables:
            known = [
                location for location in self.locations.get(deliverable.pk, ())
                if location.portal == portal and location.reference_key and location.until is None
            ]  # fmt: skip
            found = [places[name] for location in known if (name := _name(location)) in places]
            if found:
                key = ("truth", deliverable.pk)
                wanted.append(self._described(deliverable, key))
                right[key] = found
        return wanted, right

    def _described(self, deliverable: Deliverable, key: Hashable, **more: object) -> Wanted:
        commitment = deliverable.commitment
        return Wanted(
            key=key,
            title=commitment.title,
            wording=commitment.wording,
            producer=commitment.producer,
            announced_on=commitment.announced_on,
            publishers=self.publishers.get(commitment.pk, frozenset()),
            **more,  # type: ignore[arg-type]
        )

    def _wanted(self, deliverable: Deliverable, portal: str) -> Wanted:
        excluded = set(self.rejected.get(deliverable.pk, ()))
        titles, slugs, hints = [], [], []
        for location in self.locations.get(deliverable.pk, ()):
            name = _name(location)
            if location.portal != portal:
                hints += _hints(location) if location.until is None else []
                continue
            lost = location.pk in self.seen and self.seen[location.pk].outcome != Outcome.FOUND
            if location.until is None and (is_identifier(name) or not lost):
                excluded.add(name)
            if lost or location.until is not None:
                last = self.titles.get(location.pk, {})
                titles.append(last.get("title", ""))
                slugs += [last.get("slug", ""), _slug(location)]
        return self._described(
            deliverable,
            deliverable.pk,
            lost_titles=tuple(filter(None, titles)),
            lost_slugs=tuple(filter(None, slugs)),
            hints=tuple(hints),
            excluded=frozenset(filter(None, excluded)),
        )


def _kept(deliverables: Iterable[Deliverable], today: date) -> set[int]:
    """The deliverables whose last verdict is kept or partial: by the robot, or by a reading that still stands."""
    last: dict[int, Verdict] = {}
    for verdict in Verdict.objects.known(today).select_related("reading").order_by("since", "id"):
        last[verdict.deliverable_id] = verdict
    kept = set()
    for deliverable in deliverables:
        found = last.get(deliverable.pk)
        if found is not None and State(found.state) in LASTING and not _aged(found, today):
            kept.add(deliverable.pk)
    return kept


def _aged(verdict: Verdict, today: date) -> bool:
    if verdict.reading is None:
        return False
    return expired(as_judgment(verdict), seen_on=verdict.reading.read_on, by="reading", today=today) is not None


def _name(location: Location) -> str:
    """The id of the record at an address, else its slug; nothing for another kind of address."""
    if location.known_identifier or location.portal not in (DATASET, DATASERVICE):
        return location.known_identifier
    return _slug(location)


def _slug(location: Location) -> str:
    if location.portal not in (DATASET, DATASERVICE):
        return ""
    try:
        name = parse(location.portal, "", location.url)
    except AddressError:
        return ""
    return "" if is_identifier(name) else name


def _hints(location: Location) -> list[str]:
    """What the last words of an address call the thing: « api-statut-etudiant »."""
    last = urlsplit(location.url).path.rstrip("/").rsplit("/", 1)[-1].replace("_", "-")
    return [last.replace("-", " ")] if last.count("-") >= 2 else []
