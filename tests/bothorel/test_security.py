"""What every answer says to the browser."""

import base64
import hashlib
import re

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from bothorel import settings as product
from bothorel.csp import csp_override
from commitments.models import Version
from tests.factories import AgentFactory


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


@csp_override({"default-src": ["'self'"], "style-src": ["'self'", "'unsafe-inline'"]})
def relaxed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


@csp_override({})
def without(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def for_everybody(request: HttpRequest) -> HttpResponse:
    return HttpResponse("", headers={"Cache-Control": "public, max-age=60"})


urlpatterns = [
    path("plain/", plain),
    path("relaxed/", relaxed),
    path("without/", without),
    path("public/", for_everybody),
]

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


def test_only_what_is_the_same_for_everybody_may_keep_the_window_that_opened_it(client):
    assert "Cross-Origin-Opener-Policy" not in client.get("/public/").headers


@pytest.mark.django_db
@pytest.mark.urls("bothorel.urls")
@pytest.mark.parametrize(
    ("path", "signed_in", "kept_apart"),
    [("/", False, False), ("/", True, True), ("/connexion/", False, True), ("/espace/", True, True)],
)
def test_whoever_signs_in_is_kept_apart_from_the_window_that_opened_theirs(client, path, signed_in, kept_apart):
    Version.bump()
    if signed_in:
        client.force_login(AgentFactory())
    assert ("Cross-Origin-Opener-Policy" in client.get(path).headers) is kept_apart


@pytest.mark.django_db
@pytest.mark.urls("bothorel.urls")
def test_the_styles_written_in_a_page_are_allowed_and_no_others(client):
    response = client.get("/methode/")
    (style,) = re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = response.headers["Content-Security-Policy"]
    assert f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy


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
