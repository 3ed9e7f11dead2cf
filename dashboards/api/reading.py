"""What the API reads in an address, beside the filters that it shares with pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.http import QueryDict
from django.utils import timezone

from commitments.days import PARIS
from dashboards.asking import Filter, NotUnderstood, Question, Wrong, understand
from ministries.models import Ministry

PAGE_SIZE, LARGEST_PAGE, LAST_PAGE = 50, 100, 10**9 - 1
PAGING = ("page", "page_size")
NUMBER = re.compile(r"[1-9][0-9]{0,8}")
CURSOR = re.compile(
    r"((?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))\.([0-9]{1,2})\.([1-9][0-9]{0,17})"
)
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
INSTANT = re.compile(
    r"((?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?)"
    r"(Z|[ +-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
)
Given = Mapping[str, str]


class Ministries(Mapping[str, str]):
    """Code → name, read from the base only when somebody asks: most addresses name no ministry."""

    @cached_property
    def _names(self) -> dict[str, str]:
        return dict(Ministry.objects.order_by("code").values_list("code", "name"))

    def __getitem__(self, code: str) -> str:
        return self._names[code]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class Asked:
    """A question that was understood. ``given`` holds the view's own parameters as they came, once each."""

    question: Question
    page: int
    page_size: int
    known_at: datetime | None
    given: Given
    ministries: Ministries

    @property
    def as_of(self) -> date:
        return self.question.as_of

    @property
    def words(self) -> str:
        return self.question.words

    def chosen(self, parameter: str) -> str:
        """The value of a filter, or nothing."""
        return self.question.chosen.get(parameter, "")


def read(
    query: QueryDict,
    *,
    available: Sequence[Filter] = (),
    own: Sequence[str] = (),
    paged: bool = False,
    searchable: bool = True,
    compares: bool = False,
    ministries: Ministries,
) -> Asked:
    """Understand an address whole, or raise NotUnderstood with everything that is wrong in it.

    ``own``: the view's other parameters (``connu_au``, ``promesse``, ``cursor``).
    """
    wrongs: list[Wrong] = []
    today = timezone.localdate()
    also = (*own, *(PAGING if paged else ()))
    question = Question(today)
    try:
        question = understand(
            query, today=today, available=available, also=also, searchable=searchable, compares=compares
        )
    except NotUnderstood as error:
        wrongs += error.wrongs
    given = {name: values[0] for name in also if len(values := query.getlist(name)) == 1 and values[0]}
    page = _number(given, "page", 1, LAST_PAGE, wrongs)
    page_size = _number(given, "page_size", PAGE_SIZE, LARGEST_PAGE, wrongs)
    known_at = _instant(given["connu_au"], wrongs) if "connu_au" in given else None
    if "promesse" in given and not REFERENCE.fullmatch(given["promesse"]):
        wrongs.append(Wrong("promesse", given["promesse"][:40], "la référence d'une promesse, comme O-30"))
    if wrongs:
        raise NotUnderstood(wrongs)
    return Asked(question, page, page_size, known_at, given, ministries)


def _number(given: Given, parameter: str, default: int, largest: int, wrongs: list[Wrong]) -> int:
    value = given.get(parameter)
    if value is None:
        return default
    if not NUMBER.fullmatch(value) or int(value) > largest:
        expected = "un nombre entier à partir de 1" if parameter == "page" else f"un nombre entier de 1 à {largest}"
        wrongs.append(Wrong(parameter, value[:40], expected))
        return default
    return int(value)


def _instant(value: str, wrongs: list[Wrong]) -> datetime | None:
    """``2026-11-24T08:00:00+01:00``; a ``+`` that the address turned into a space is one; no offset means Paris."""
    match = INSTANT.fullmatch(value)
    moment: datetime | None = None
    if match:
        try:
            moment = datetime.fromisoformat(match[1] + (match[2] or "").replace(" ", "+"))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=PARIS)
            late = moment > timezone.now()
        except (ValueError, OverflowError):
            moment = None
        else:
            if late:
                wrongs.append(Wrong("connu_au", value, "cet instant est à venir"))
                return None
            if moment.year < 1900:
                moment = None
    if moment is None:
        expected = "un instant écrit AAAA-MM-JJThh:mm:ss, avec son décalage (Z, +01:00), est attendu"
        wrongs.append(Wrong("connu_au", value[:40], expected))
    return moment
