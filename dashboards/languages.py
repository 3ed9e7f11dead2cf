"""One address, one language: French pages keep their addresses, the English ones begin with ``/en/``.

Neither a cookie nor what the browser prefers changes an answer, so that any cache may keep it. What a machine reads
(files, feeds, the API), the note and the agents' pages exist in French only and have one address.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import is_valid_path
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

SOURCE = settings.LANGUAGE_CODE
PREFIXES = tuple(f"/{code}" for code, _ in settings.LANGUAGES if code != SOURCE)
IN_ONE_LANGUAGE = re.compile(
    r"/(?:api/v1|preuves|note|admin|connexion|espace|static)(?:/|$)|/(?:sante\.json|metrics|robots\.txt)$"
    r"|/donnees/.+|/promesses/[^/]+/signaler/|.*\.(?:csv|atom|ics|pdf|odt)$"
)


def current() -> str:
    """The code of the language that is being written."""
    return translation.get_language() or SOURCE


def in_source() -> bool:
    return current() == SOURCE


def bare(path: str) -> str:
    """A path without its language: the French one."""
    prefix = next((prefix for prefix in PREFIXES if path.startswith(f"{prefix}/")), "")
    return path.removeprefix(prefix)


def localized(path: str, language: str = "") -> str:
    """The same page in that language, the current one by default; a path that exists once is left as it is."""
    language, path = language or current(), bare(path)
    return path if language == SOURCE or IN_ONE_LANGUAGE.match(path) else f"/{language}{path}"


def verbatim(french: str) -> SafeString:
    """Words that are never translated, as HTML: marked as French in a page that is not. Nothing stays nothing."""
    return (
        conditional_escape(french)
        if in_source() or not french
        else format_html('<span lang="{}">{}</span>', SOURCE, french)
    )


def versions(path: str) -> tuple[tuple[str, str, str], ...]:
    """Each language of this page: its code, its own name, the path there. Empty for a page that has only one."""
    found = [(code, str(name), localized(path, code)) for code, name in settings.LANGUAGES]
    for code, _, there in found:
        with translation.override(code):
            if code != SOURCE and (there == bare(path) or not is_valid_path(there)):
                return ()
    return tuple(found)


class LanguageMiddleware:
    """Write in the language that the address says, from the first word to the page of an error.

    Django's own would look at cookies and at ``Accept-Language``, and make every answer vary with them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = translation.get_language_from_path(request.path_info) or SOURCE
        with translation.override(language):
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
        return response
