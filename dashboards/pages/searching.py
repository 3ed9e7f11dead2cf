"""What words name outright: a recommendation by its number, a promise by its reference, a ministry by its letters.

Anything else is words to look for in promises. Pure, but for the rows that it is given or asks by their key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from commitments.folding import fold
from commitments.models import Commitment, Recommendation
from dashboards.pages.words import acronym
from ministries.models import Ministry

NUMBER = re.compile(r"(?:reco(?:mmandation)?s?\s*)?(?:n\s*[°ºo.]?\s*)?0*(\d{1,2})")
REFERENCE = re.compile(r"([a-z]{1,6})[ -]?(\d{1,4}[a-z]?)")
ACRONYM = re.compile(r"\b[A-Z][A-Z0-9+]{1,11}\b")


@dataclass(frozen=True)
class Hit:
    """What the words name: what kind of thing it is (nothing for a ministry), its own French title, its address."""

    kind: str
    title: str
    address: str


def hits(words: str, ministries: Iterable[Ministry], as_of: date) -> list[Hit]:
    """What these words name on that day, surest first; nothing for ordinary words."""
    asked = " ".join(fold(words).split())
    found = []
    if (number := NUMBER.fullmatch(asked)) and (row := Recommendation.objects.filter(number=number[1]).first()):
        found.append(
            Hit(
                _("Recommandation n°\u00a0{number}").format(number=row.number),
                row.title,
                f"/recommandations/{row.number}/",
            )
        )
    if reference := REFERENCE.fullmatch(asked):
        ref = "-".join(reference.groups()).upper()
        promise = Commitment.objects.public().filter(ref=ref, announced_on__lte=as_of)
        found += [Hit(_("Promesse {ref}").format(ref=row.ref), row.title, row.get_absolute_url()) for row in promise]
    if asked:
        found += [
            Hit("", f"{row.name} ({acronym(row.code)})", row.get_absolute_url())
            for row in sorted(ministries, key=lambda row: fold(row.code) != asked)
            if asked in acronyms(row)
        ]
    return found


def acronyms(ministry: Ministry) -> set[str]:
    """Its letters, each part of them, and those that it has borne since, as its changes of name tell them."""
    since = ACRONYM.findall(ministry.renamings)
    return {fold(word) for word in (ministry.code, *re.split(r"[_\s/-]+", ministry.code), ministry.slug, *since)}
