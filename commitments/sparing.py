"""Hosts that people decide to leave alone for a while: each decision has a reason and an end, and stays written."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from ipaddress import IPv6Address

from django.conf import settings
from django.db import transaction

from commitments.days import midnight_after, paris_day
from commitments.hosts import host_of
from commitments.models import HostException, HostExceptionEnd, Location, Version, Watch

LONGEST = timedelta(days=90)
"""Longer than that, nobody would remember why: it is decided again."""
_NAME = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)*")


class NotSpared(Exception):
    """An exception that can't be made or ended. ``field``: what is wrong; the message says why, in French."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def host_name(value: str) -> str:
    """A server's name alone, in lower case, as the robot counts it. Raises NotSpared, naming the value. Pure."""
    name = value.strip().lower()
    if name.startswith("[") and name.endswith("]"):
        name = name[1:-1]
    try:
        # An IPv6 address is written in brackets in an address, and bare here.
        whole = bool(IPv6Address(name)) if ":" in name else bool(_NAME.fullmatch(name))
    except ValueError:
        whole = False
    if not whole or len(name) > 253:
        raise NotSpared(
            "host",
            f"« {value.strip()[:80]} » n'est pas un nom de serveur : donnez-le seul, sans « https:// », port ni "
            "chemin, par exemple « www.data.gouv.fr ».",
        )
    return name


def followed_at(host: str) -> int:
    """How many followed addresses the robot asks at this host: what an exception would leave alone."""
    portal = host_of(settings.DATAGOUV_URL)
    records = (Location.Portal.DATASET, Location.Portal.DATASERVICE)
    watched = Location.objects.filter(until=None, watch__isnull=False)
    places = watched.values_list("portal", "url")
    return sum(1 for kind, url in places.iterator() if host == (portal if kind in records else host_of(url)))


@transaction.atomic
def spare(host: str, *, reason: str, until: date, decided_by: str, now: datetime) -> HostException:
    """Leave a host alone from now to the end of ``until``, in Paris. Raises NotSpared."""
    name = host_name(host)
    today = paris_day(now)
    if not reason.strip():
        raise NotSpared("reason", "Un motif est obligatoire : il est public.")
    if not decided_by.strip():
        raise NotSpared("decided_by", "La fonction de qui décide est obligatoire.")
    if until < today:
        raise NotSpared("until", f"Le {until:%d/%m/%Y} est passé : donnez un jour à venir.")
    if until > today + LONGEST:
        latest = today + LONGEST
        raise NotSpared(
            "until", f"Une exception dure {LONGEST.days} jours au plus : jusqu'au {latest:%d/%m/%Y}, pas au-delà."
        )
    end = midnight_after(until)
    standing = HostException.objects.in_force(now).filter(host=name, until__gte=end).order_by("-until").first()
    if standing is not None:
        last = paris_day(standing.until - timedelta(seconds=1))
        raise NotSpared("host", f"« {name} » est déjà laissé tranquille jusqu'au {last:%d/%m/%Y}.")
    made = HostException.objects.create(
        host=name, reason=reason.strip(), since=now, until=end, decided_by=decided_by.strip()[:200]
    )
    Version.bump()
    return made


@transaction.atomic
def resume(exception: HostException, *, reason: str, decided_by: str, now: datetime) -> HostExceptionEnd:
    """End an exception before its day: what it had put off is due at once. Raises NotSpared."""
    exception = HostException.objects.select_for_update().get(pk=exception.pk)
    if not reason.strip() or not decided_by.strip():
        raise NotSpared("reason", "Un motif et la fonction de qui décide sont obligatoires.")
    if HostExceptionEnd.objects.filter(exception=exception).exists():
        raise NotSpared("exception", f"L'exception de « {exception.host} » est déjà finie.")
    if exception.until <= now:
        raise NotSpared("exception", f"L'exception de « {exception.host} » est arrivée à son terme d'elle-même.")
    ended = HostExceptionEnd.objects.create(
        exception=exception, ended_at=now, reason=reason.strip(), decided_by=decided_by.strip()[:200]
    )
    Watch.objects.filter(next_check_at=exception.until).update(next_check_at=now)
    Version.bump()
    return ended
