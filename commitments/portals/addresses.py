"""What to ask a portal for, from what a person wrote: an identifier, or the address of a public page."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

DATASET = "datagouv_dataset"
DATASERVICE = "datagouv_dataservice"
GIT = "git"
URL = "url"
ASKABLE = frozenset({DATASET, DATASERVICE, GIT, URL})
"""The portals that can be asked today."""

SECTIONS = {DATASET: "datasets", DATASERVICE: "dataservices"}
NAMES = {"datasets": "un jeu de données", "dataservices": "une API", "reuses": "une réutilisation"}
LANGUAGES = ("fr", "en", "es")
# Pages beside the records, in the place where a slug would be.
NOT_RECORDS = frozenset(
    {"r", "search", "suggest", "licenses", "frequencies", "badges", "schemas", "community_resources"}
)

IDENTIFIER = re.compile(r"[0-9a-f]{24}")
SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", re.IGNORECASE)


class AddressError(ValueError):
    """An address that names no record, with the French sentence that says why."""


def is_identifier(text: str) -> bool:
    """True for the portal's own 24-digit id, which never changes; False for a slug, which may."""
    return IDENTIFIER.fullmatch(text) is not None


def parse(portal: str, identifier: str, url: str) -> str:
    """The id or slug to ask for: the identifier when there is one, else what the page's address says."""
    if portal not in SECTIONS:
        raise AddressError(f"le robot ne sait pas encore interroger « {portal} »")
    if identifier := identifier.strip():
        return _record(identifier, identifier)
    return _record(_segment(portal, url.strip()), url.strip())


def _segment(portal: str, url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise AddressError(f"« {url} » n'est pas une adresse web") from None
    host = (parts.hostname or "").removeprefix("www.")
    if parts.scheme not in ("http", "https") or not host:
        raise AddressError(f"« {url} » n'est pas une adresse web")
    if host != "data.gouv.fr":
        raise AddressError(f"« {url} » n'est pas une page de www.data.gouv.fr")
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    if segments[:1] == ["api"]:
        segments = segments[2:]
    elif segments[:1] and segments[0] in LANGUAGES:
        segments = segments[1:]
    section = SECTIONS[portal]
    if len(segments) < 2 or segments[0] not in NAMES:
        raise AddressError(f"« {url} » n'est pas la page d'une fiche")
    if segments[0] != section:
        raise AddressError(f"« {url} » est la page d'{NAMES[segments[0]]}, pas d'{NAMES[section]}")
    return segments[1]


def _record(text: str, given: str) -> str:
    if is_identifier(text.lower()):
        return text.lower()
    if text.lower() in NOT_RECORDS:
        raise AddressError(f"« {given} » n'est pas la page d'une fiche : donner celle de la fiche elle-même")
    if len(text) > 255 or not SLUG.fullmatch(text):
        raise AddressError(f"« {given} » ne contient ni identifiant ni nom court de fiche")
    return text
