"""Content-Security-Policy, with the names of Django 6, which will replace this file.

A view relaxes its own page by setting ``response._csp_config`` to a dict like ``SECURE_CSP``, or
with ``csp_override``; an empty dict sends no policy.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Policy = Mapping[str, Sequence[str]]
View = Callable[..., HttpResponseBase]


def build_policy(config: Policy) -> str:
    """Write a policy as a header's value, in the order given."""
    return "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in config.items())


class ContentSecurityPolicyMiddleware:
    """Add the policy of ``SECURE_CSP``, or the response's own, to every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.default = build_policy(settings.SECURE_CSP)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        own = getattr(response, "_csp_config", None)
        policy = self.default if own is None else build_policy(own)
        if policy and "Content-Security-Policy" not in response.headers:
            response.headers["Content-Security-Policy"] = policy
        return response


def csp_override(config: Policy) -> Callable[[View], View]:
    """Give one view its own policy, in place of the default one."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(*args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(*args, **kwargs)
            response._csp_config = config  # type: ignore[attr-defined]
            return response

        return wrapped

    return decorate
