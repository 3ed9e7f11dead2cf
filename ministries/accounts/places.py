"""Whose account is tried, and from where: what the lock-out counts by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address that our own proxy saw when there is one; a header that a client wrote counts for nothing."""
    proxies = int(str(settings.REST_FRAMEWORK["NUM_PROXIES"]))
    forwarded = request.headers.get("X-Forwarded-For", "")
    if proxies and forwarded:
        hops = [hop.strip() for hop in forwarded.split(",")]
        return hops[-min(proxies, len(hops))]
    return str(request.META.get("REMOTE_ADDR", ""))


def account_named(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The e-mail address that was typed, however it was typed: capitals do not make another account.

    Empty when none was: who comes in by ProConnect lifts no lock, since it says nothing of who tries the passwords.
    """
    typed = (credentials or {}).get("username") or request.POST.get("username") or ""
    return str(typed).strip().lower()[:255]
