"""Cross-Origin-Opener-Policy, where there is something to keep from the window that opened ours.

A browser learns it from the answer, and must then start another process for the page: a third of the time to the first
picture, for whoever comes from another site. An answer that says it is public is the same for everybody, so it goes
without; those of people who are signed in, or sign in, never do.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class OpenerPolicyMiddleware:
    """In place of ``SECURE_CROSS_ORIGIN_OPENER_POLICY``, which is for all answers or none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if "public" not in response.headers.get("Cache-Control", ""):
            response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response
