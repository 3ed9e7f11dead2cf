"""The writes on addresses: where a deliverable is looked for from a day on, and where no longer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from urllib.parse import urlsplit

from django.db import transaction

from commitments.days import paris_day
from commitments.models import Deliverable, Location, Version
from commitments.portals.addresses import DATASERVICE, DATASET, AddressError, parse
from commitments.watching import watch_new_locations

LONGEST = 1000


class NotLocated(ValueError):
    """An address that is not written, with the French sentence that says why."""


@transaction.atomic
def locate(
    deliverable: Deliverable,
    *,
    portal: str,
    url: str,
    by_function: str,
    now: datetime,
    identifier: str = "",
    publisher: str = "",
    note: str = "",
    replaces: Iterable[Location] = (),
) -> Location:
    """Look for a deliverable at this address from today on, and ask it at once. ``replaces`` close the same day.

    Raises NotLocated for what is no address of that portal, and for an address already open.
    """
    url = url.strip()
    _check(portal, identifier, url)
    today = paris_day(now)
    Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    if Location.objects.filter(deliverable=deliverable, portal=portal, url=url, until=None).exists():
        raise NotLocated("Cette adresse est déjà suivie pour ce livrable.")
    for former in replaces:
        close(former, until=today)
    location = Location.objects.create(
        deliverable=deliverable,
        portal=portal,
        identifier=identifier,
        url=url,
        publisher=publisher[:300],
        since=today,
        source=f"adresse donnée par : {by_function}, le {today:%d/%m/%Y}",
        confidence="high",
        note=note,
    )
    watch_new_locations(now)
    Version.bump()
    return location


@transaction.atomic
def close(location: Location, *, until: date) -> None:
    """Look there no more from ``until`` on; what was seen there stays.

    Raises NotLocated when it was closed already, or opened later than that.
    """
    if until < location.since:
        raise NotLocated(f"Cette adresse n'est suivie que depuis le {location.since:%d/%m/%Y}.")
    if not Location.objects.filter(pk=location.pk, until=None).update(until=until):
        raise NotLocated("Cette adresse n'est déjà plus suivie.")
    location.until = until
    Version.bump()


@transaction.atomic
def close_all(commitments: Collection[int], *, until: date) -> int:
    """Look no more, from ``until`` on, at any address of these promises (ids). Returns how many were closed."""
    closed = Location.objects.filter(deliverable__commitment__in=commitments, until=None).update(until=until)
    if closed:
        Version.bump()
    return closed


def _check(portal: str, identifier: str, url: str) -> None:
    if portal not in Location.Portal.values:
        raise NotLocated(f"« {portal} » n'est pas un portail connu.")
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        whole = False
    if not whole or len(url) > LONGEST or any(character.isspace() for character in url):
        raise NotLocated(f"« {url[:100]} » n'est pas une adresse http(s).")
    if portal in (DATASET, DATASERVICE):
        try:
            parse(portal, identifier, url)
        except AddressError as error:
            raise NotLocated(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
