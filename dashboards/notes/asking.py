"""What a note's address asks: the day, the ministry, the last meeting, and what was known when it was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from commitments.days import paris_day
from commitments.models import Version
from commitments.rules import METHOD_VERSION
from dashboards.api.listing import some_filters
from dashboards.api.reading import Ministries, read
from dashboards.notes.content import Note, Room, note
from dashboards.notes.lines import Address
from dashboards.pages.pulse import moment
from dashboards.pages.words import day, typography
from ministries.models import Ministry
from ministries.standing import Standing, standings

BETWEEN_MEETINGS = timedelta(days=90)
QUIET = timedelta(seconds=2)


@dataclass(frozen=True)
class Asked:
    """A note that was understood. ``known_at``: what is recorded later is not in it, so that it can be made again."""

    as_of: date
    since: date
    ministry: Ministry | None
    known_at: datetime

    @property
    def params(self) -> dict[str, str]:
        """The parameters that give this very note again."""
        return {
            "au": self.as_of.isoformat(),
            **({"ministere": self.ministry.code} if self.ministry else {}),
            "du": self.since.isoformat(),
            "connu_au": self.known_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        }

    def permanent(self, path: str = "/note/") -> str:
        return f"{settings.SITE_URL.rstrip('/')}{path}?{urlencode(self.params, safe=':')}"

    def link(self, address: Address) -> str:
        """A page of the site, on the note's day."""
        return f"{settings.SITE_URL.rstrip('/')}{address.path}?{urlencode({**address.params, 'au': self.as_of})}"

    def page(self, path: str) -> str:
        return self.link(Address(path, {}))

    def standings(self) -> list[Standing]:
        found = standings(self.as_of, self.known_at)
        return [s for s in found if self.ministry is None or s.ministry == self.ministry]

    def compose(self, found: list[Standing], room: Room | None = None) -> Note:
        return note(found, as_of=self.as_of, since=self.since, ministry=self.ministry, room=room)

    @property
    def eyebrow(self) -> str:
        """What it is for, and as of when; of another day than that of what was known, both."""
        known = moment(self.known_at)
        state = known if paris_day(self.known_at) == self.as_of else f"{day(self.as_of)}, tel que connu le {known}"
        return f"Note pour la réunion interministérielle · état au {state}"

    @property
    def colophon(self) -> str:
        """The last line, before the address that gives this very note again."""
        return typography(
            f"Situation au {day(self.as_of)}, méthode version {METHOD_VERSION}. Ce qui a été enregistré après le "
            f"{moment(self.known_at)} n'y est pas : cette adresse donne toujours la même note."
        )

    @property
    def file(self) -> str:
        """The name of its files, without the extension: what it is about, and as of which day."""
        about = f"-{self.ministry.slug}" if self.ministry else ""
        return f"bothorel-note{about}-au-{self.as_of.isoformat()}"


def ask(request: HttpRequest) -> Asked:
    """Understand ``au``, ``ministere``, ``du`` and ``connu_au``; raises NotUnderstood naming all that is wrong."""
    ministries = Ministries()
    asked = read(
        request.GET,
        available=some_filters(ministries, "ministere"),
        own=("connu_au",),
        searchable=False,
        compares=True,
        ministries=ministries,
    )
    request.au = request.GET.get("au", "").strip()  # type: ignore[attr-defined]
    code = asked.chosen("ministere")
    return Asked(
        as_of=asked.as_of,
        since=asked.question.since or asked.as_of - BETWEEN_MEETINGS,
        ministry=Ministry.objects.get(code=code) if code else None,
        known_at=asked.known_at or now_known(),
    )


def now_known() -> datetime:
    """The instant up to which rows count: to the second, unless something was written in the last two."""
    now = timezone.now()
    changed = Version.objects.filter(pk=1).values_list("changed_at", flat=True).first()
    quiet = changed is None or changed < now - QUIET
    return now.replace(microsecond=0) if quiet and changed is not None else now
