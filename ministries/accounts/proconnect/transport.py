"""What is asked of ProConnect: bounded in time and size, never redirected, with the operator's proxy and authorities.

The address is the operator's own (``PROCONNECT_URL``), not one that a producer wrote: the guard against addresses
of private networks, which stands before the robot, is not for it.
"""

from __future__ import annotations

import time
from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings

CONNECT_SECONDS, READ_SECONDS = 3.05, 5.0
WHOLE_SECONDS = 10.0
"""For one answer, its headers apart: between two bytes of these ``READ_SECONDS`` may pass."""
WHOLE_BYTES = 256 * 1024
CHUNK = 16 * 1024


class TooMuch(requests.RequestException):
    """The answer is longer than any that means something here."""


class BoundedSession(OAuth2Session):
    """Authlib's session over requests. Raises ``requests.RequestException``: ``Timeout``, ``TooMuch`` among others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Neither the proxies of the environment nor a .netrc: OUTBOUND_PROXY says it, for this as for the robot.
        self.trust_env = False
        self.headers["Accept-Encoding"] = "identity"
        if settings.OUTBOUND_PROXY:
            self.proxies = {"http": settings.OUTBOUND_PROXY, "https": settings.OUTBOUND_PROXY}
        if settings.CA_BUNDLE:
            self.verify = settings.CA_BUNDLE

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        # A secret or a token is sent where it was meant to go, or nowhere.
        bounds = {"timeout": (CONNECT_SECONDS, READ_SECONDS), "allow_redirects": False}
        return super().request(method, url, *args, **{**kwargs, **bounds})

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        ends = time.monotonic() + WHOLE_SECONDS
        response: requests.Response = super().send(request, **{**kwargs, "stream": True})
        try:
            response._content = _read(response, ends)
        finally:
            response.close()
        return response


def _read(response: requests.Response, ends: float) -> bytes:
    body = b""
    try:
        # ``read1`` gives what has come: a server that drips is met by the clock, not waited for.
        while chunk := response.raw.read1(CHUNK):
            body += chunk
            if len(body) > WHOLE_BYTES:
                raise TooMuch("too long an answer")
            if time.monotonic() > ends:
                raise requests.Timeout("too slow an answer")
    except requests.RequestException:
        raise
    except Exception as error:
        # What urllib3 raises here has no common class with what requests raises elsewhere.
        raise requests.ConnectionError(type(error).__name__) from error
    return body
