"""What every answer says to the browser."""

import base64
import hashlib

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from bothorel import settings as product
from bothorel.csp import csp_override


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


@csp_override({"default-src": ["'self'"], "style-src": ["'self'", "'unsafe-inline'"]})
def relaxed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


@csp_override({})
def without(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("plain/", plain), path("relaxed/", relaxed), path("without/", without)]

pytestmark = pytest.mark.urls(__name__)


def test_nothing_is_allowed_but_what_we_serve(client):
    headers = client.get("/plain/").headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_one_page_may_have_its_own_policy(client):
    assert client.get("/relaxed/").headers["Content-Security-Policy"] == (
        "default-src 'self'; style-src 'self' 'unsafe-inline'"
    )
    assert "Content-Security-Policy" not in client.get("/without/").headers


def test_plotlys_empty_style_is_allowed_by_its_hash():
    digest = base64.b64encode(hashlib.sha256(b"").digest()).decode()
    assert f"'sha256-{digest}'" in settings.SECURE_CSP["style-src"]


def test_passwords_are_hashed_with_argon2_first():
    assert "Argon2" in product.PASSWORD_HASHERS[0]
