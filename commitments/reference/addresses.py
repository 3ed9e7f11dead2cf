"""Writes addresses: a changed one closes the former and opens a new one; its description is only revised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from commitments.models import Deliverable, Location
from commitments.reference.evidence import LocationFact
from commitments.reference.report import Tally
from commitments.reference.streams import numbered
from commitments.reference.upserts import revise


def write_locations(
    facts: tuple[LocationFact, ...], deliverables: Mapping[tuple[str, str], Deliverable], tally: Tally, today: date
) -> None:
    """Add, move or describe better the addresses of the file. One that agents closed is not opened again."""
    history: dict[str, list[Location]] = {}
    for row in Location.objects.exclude(reference_key="").order_by("id"):
        history.setdefault(row.reference_key, []).append(row)
    keys = numbered(f"{fact.ref}|{fact.kind}" for fact in facts)
    tally.absent.extend(sorted(history.keys() - set(keys)))
    for key, fact in zip(keys, facts, strict=True):
        deliverable = deliverables[fact.ref, fact.kind]
        if key not in history:
            _open(fact, deliverable, key, fact.since)
            tally.add(key)
        elif _same_place(history[key][-1], fact, deliverable):
            _describe(history[key], fact, key, tally)
        else:
            _move(history[key][-1], fact, deliverable, key, today)
            tally.change(key)


def _open(fact: LocationFact, deliverable: Deliverable, key: str, since: date) -> None:
    same = Location.objects.filter(deliverable=deliverable, portal=fact.portal, url=fact.url, until=None)
    if same.update(reference_key=key):  # an agent gave this address first
        return
    Location.objects.create(
        deliverable=deliverable,
        portal=fact.portal,
        identifier=fact.identifier,
        url=fact.url,
        publisher=fact.publisher,
        since=since,
        source=fact.source,
        confidence=fact.confidence,
        note=fact.note,
        reference_key=key,
    )


def _same_place(row: Location, fact: LocationFact, deliverable: Deliverable) -> bool:
    """Whether it is where we looked already; an identifier that only says which record it was changes nothing."""
    return (row.deliverable_id, row.portal, row.url) == (deliverable.pk, fact.portal, fact.url) and (
        fact.identifier == row.identifier or (not row.identifier and row.resolved_identifier in ("", fact.identifier))
    )


def _describe(rows: list[Location], fact: LocationFact, key: str, tally: Tally) -> None:
    row = rows[-1]
    values: dict[str, object] = {
        "identifier": fact.identifier,
        "publisher": fact.publisher,
        "source": fact.source,
        "confidence": fact.confidence,
        "note": fact.note,
    }
    # Later addresses begin on the day they replaced the former one, whatever the file says of the first.
    if len(rows) == 1 and (row.until is None or fact.since <= row.until):
        values["since"] = fact.since
    revise(row, values, key, tally)


def _move(row: Location, fact: LocationFact, deliverable: Deliverable, key: str, today: date) -> None:
    if row.until is None:
        row.until = max(today, row.since)
        row.save(update_fields=["until"])
    _open(fact, deliverable, key, max(today, row.until))
