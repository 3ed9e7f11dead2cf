"""What every page is given: the site's name and address, the day asked, and the robot's pulse (read when shown)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe

from commitments.rules import METHOD_VERSION
from dashboards import languages
from dashboards.pages.pulse import pulse

FRENCH = mark_safe(f' lang="{languages.SOURCE}"')  # noqa: S308 - two letters of ours


@dataclass(frozen=True)
class Site:
    name: str
    url: str
    portal: str
    contact: str
    state_brand: bool
    method_version: str
    styles: SafeString


def site(request: HttpRequest) -> dict[str, Any]:
    """``au`` is the day as it was asked, empty for today: links carry it on. ``pulse`` costs its query when used.

    ``path``: that of the page without its language. ``versions``: the languages in which it exists. ``fr``: the
    attribute of an element whose words are never translated; nothing in a page that is in French.
    """
    return {
        "site": Site(
            name="Bothorel",
            url=settings.SITE_URL.rstrip("/"),
            portal=settings.DATAGOUV_URL,
            contact=settings.CONTACT,
            state_brand=settings.STATE_BRAND,
            method_version=METHOD_VERSION,
            styles=mark_safe(settings.STYLES),  # noqa: S308 - our own file
        ),
        "au": getattr(request, "au", ""),
        "path": languages.bare(request.path),
        "language": languages.current(),
        "versions": SimpleLazyObject(lambda: languages.versions(request.path)),
        "fr": "" if languages.in_source() else FRENCH,
        "pulse": getattr(request, "pulse", None) or SimpleLazyObject(pulse),
    }
