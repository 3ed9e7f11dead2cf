"""How the robot is doing, and the version of the data: one small query, asked by every page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from commitments.models import Commitment, Location, PollRun, Version, Watch
from dashboards.pages import words

OVERDUE = timedelta(hours=3)
MOMENTS = ("_at", "_since")
PORTAL = (Location.Portal.DATASET, Location.Portal.DATASERVICE)


@dataclass(frozen=True)
class Alert:
    """Something a reader must know before the figures. ``code`` names it for tests and styles.

    ``since``: the moment it tells, None when there was none. Its words are written as it is shown, in the language of
    the page: a pulse that was read serves them all.
    """

    code: str
    since: datetime | None = None

    @property
    def text(self) -> str:
        since = _("depuis le {moment}") if self.since else _("depuis que ce site est en service")
        when = moment(self.since)
        said = _(TEXTS[self.code]).format(moment=when, since=since.format(moment=when), portal=settings.DATAGOUV_URL)
        return words.typography(said)


TEXTS = {
    "brake": N_(
        "Le relevé du {moment} aurait mis fin à trop de constats à la fois : il est suspendu, aucun constat n’a "
        "changé, un opérateur doit trancher."
    ),
    "unreachable": N_(
        "Le portail {portal} ne peut pas être joint {since}. Aucun constat n’a changé : chacun reste affiché avec sa "
        "date."
    ),
    "stale": N_(
        "Le robot n’a rien vérifié {since}. Les constats affichés ne sont pas d’aujourd’hui : chacun porte sa date."
    ),
}


@dataclass(frozen=True)
class Pulse:
    """``observed_at``: the last definitive answer of any portal; ``checked_at``: the last try, whatever it gave.

    ``first_promised_on``: the day before which nothing is known to have been promised.
    """

    now: datetime
    version: int = 0
    changed_at: datetime | None = None
    watched: int = 0
    checked: int = 0
    failing: int = 0
    portal_checked: int = 0
    portal_failing: int = 0
    portal_observed_at: datetime | None = None
    due: int = 0
    checked_at: datetime | None = None
    observed_at: datetime | None = None
    waiting_since: datetime | None = None
    suspended_at: datetime | None = None
    first_promised_on: date | None = None
    alerts: tuple[Alert, ...] = field(default=())

    @property
    def stopped(self) -> bool:
        """Something has been due for hours and nothing was asked meanwhile."""
        limit = self.now - OVERDUE
        waiting = self.waiting_since is not None and self.waiting_since < limit
        return waiting and (self.checked_at is None or self.checked_at < limit)

    @property
    def unreachable(self) -> bool:
        """Every record of data.gouv.fr that was asked failed at its last try; other sites say nothing of it."""
        return self.portal_checked > 0 and self.portal_failing == self.portal_checked


def pulse() -> Pulse:
    """Read it: one query, which goes once over the addresses that are asked."""
    now = timezone.now()
    portal, failing = Q(location__portal__in=PORTAL), Q(failures__gt=0)
    asked = Watch.objects.filter(location__until=None).order_by().annotate(all=Value(1)).values("all")
    seen = JSONObject(
        watched=Count("pk"),
        checked=Count("checked_at"),
        failing=Count("pk", filter=failing),
        portal_checked=Count("checked_at", filter=portal),
        portal_failing=Count("pk", filter=failing & portal),
        portal_observed_at=Max("observed_at", filter=portal),
        due=Count("pk", filter=Q(next_check_at__lte=now)),
        checked_at=Max("checked_at"),
        observed_at=Max("observed_at"),
        waiting_since=Min("next_check_at", filter=Q(lease_until=None) | Q(lease_until__lte=now)),
    )
    suspended = PollRun.objects.filter(status=PollRun.Status.SUSPENDED).order_by("-started_at")
    promised = Commitment.objects.public().order_by("announced_on")
    row = (
        Version.objects.filter(pk=1)
        .annotate(
            seen=Subquery(asked.annotate(seen=seen).values("seen")),
            suspended_at=Subquery(suspended.values("started_at")[:1]),
            first_promised_on=Subquery(promised.values("announced_on")[:1]),
        )
        .first()
    )
    if row is None:
        return Pulse(now)
    read = Pulse(
        now,
        version=row.number,
        changed_at=row.changed_at,
        suspended_at=row.suspended_at,
        first_promised_on=row.first_promised_on,
        **_with_moments(row.seen),
    )
    return replace(read, alerts=tuple(_alerts(read)))


def _with_moments(seen: dict[str, Any] | None) -> dict[str, Any]:
    """What was counted, its moments read again from JSON: SQLite writes them without their zone, in UTC."""
    return {name: _moment(it) if name.endswith(MOMENTS) else it for name, it in (seen or {}).items()}


def _moment(written: str | None) -> datetime | None:
    read = datetime.fromisoformat(written) if written else None
    return read.replace(tzinfo=UTC) if read and read.tzinfo is None else read


def _alerts(read: Pulse) -> list[Alert]:
    found = []
    if read.suspended_at:
        found.append(Alert("brake", read.suspended_at))
    if read.unreachable:
        found.append(Alert("unreachable", read.portal_observed_at))
    elif read.stopped:
        found.append(Alert("stale", read.checked_at))
    return found


def moment(value: datetime | None) -> str:
    """« 3 juin 2026 à 06:12 », in Paris."""
    if value is None:
        return _("jamais")
    local = timezone.localtime(value)
    return _("{day} à\u00a0{time}").format(day=words.day(local.date()), time=f"{local:%H:%M}")


__all__ = ["Alert", "Pulse", "moment", "pulse"]
