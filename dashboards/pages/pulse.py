"""How the robot is doing, and the version of the data: one small query, asked by every page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from commitments.models import Location, PollRun, Version, Watch
from dashboards.pages import words

OVERDUE = timedelta(hours=3)
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
    """``observed_at``: the last definitive answer of any portal; ``checked_at``: the last try, whatever it gave."""

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
    """Read it: one query, whatever the size of the base."""
    now = timezone.now()
    watches = Watch.objects.filter(location__until=None)
    portal = watches.filter(location__portal__in=PORTAL)
    rows = (
        Version.objects.filter(pk=1)
        .values("number", "changed_at")
        .annotate(
            watched=_one(watches, Count("pk")),
            checked=_one(watches.filter(checked_at__isnull=False), Count("pk")),
            failing=_one(watches.filter(failures__gt=0), Count("pk")),
            portal_checked=_one(portal.filter(checked_at__isnull=False), Count("pk")),
            portal_failing=_one(portal.filter(failures__gt=0), Count("pk")),
            portal_observed=_one(portal, Max("observed_at")),
            due=_one(watches.filter(next_check_at__lte=now), Count("pk")),
            checked_last=_one(watches, Max("checked_at")),
            observed_last=_one(watches, Max("observed_at")),
            waiting=_one(watches.filter(Q(lease_until=None) | Q(lease_until__lte=now)), Min("next_check_at")),
            suspended=Subquery(
                PollRun.objects.filter(status=PollRun.Status.SUSPENDED)
                .order_by("-started_at")
                .values("started_at")[:1]
            ),
        )
    )
    row = rows.first()
    if row is None:
        return Pulse(now)
    read = Pulse(
        now,
        version=row["number"],
        changed_at=row["changed_at"],
        watched=row["watched"] or 0,
        checked=row["checked"] or 0,
        failing=row["failing"] or 0,
        portal_checked=row["portal_checked"] or 0,
        portal_failing=row["portal_failing"] or 0,
        portal_observed_at=row["portal_observed"],
        due=row["due"] or 0,
        checked_at=row["checked_last"],
        observed_at=row["observed_last"],
        waiting_since=row["waiting"],
        suspended_at=row["suspended"],
    )
    return Pulse(**{**read.__dict__, "alerts": tuple(_alerts(read))})


def _one(rows: Any, aggregate: Any) -> Subquery:
    """An aggregate over all the rows, as one value of another query."""
    return Subquery(rows.order_by().annotate(all=Value(1)).values("all").annotate(it=aggregate).values("it"))


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
