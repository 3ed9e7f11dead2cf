"""What is public is compressed, the same thing once opened; what is somebody's is not."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from bothorel.compression import Compressed, CompressionMiddleware
from commitments.models import Version

ASKS = {"accept-encoding": "gzip, deflate, br"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/promesses/", "/methode/", "/donnees/"])
def test_a_public_answer_is_smaller_and_says_the_same(client: Client, path: str) -> None:
    Version.bump()
    plain = client.get(path)
    small = client.get(path, headers=ASKS)
    assert "Accept-Encoding" in plain["Vary"]
    assert "Accept-Encoding" in small["Vary"]
    assert "Content-Encoding" not in plain
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert len(small.content) == int(small["Content-Length"]) < len(plain.content)
    assert small.get("ETag") == plain.get("ETag")
    again = client.get(path, headers={**ASKS, "if-none-match": small["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/static/css/bothorel.css", "/static/js/chart.js"])
def test_styles_and_scripts_are_compressed_too(client: Client, path: str) -> None:
    plain, small = client.get(path), client.get(path, headers=ASKS)
    body = b"".join(small)  # type: ignore[call-overload]
    assert gzip.decompress(body) == b"".join(plain)  # type: ignore[call-overload]
    assert int(small["Content-Length"]) == len(body)
    assert "ETag" not in small
    assert client.get(path, headers={**ASKS, "if-modified-since": small["Last-Modified"]}).status_code == 304


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "identity, gzip; q=0.0"])
def test_who_cannot_open_it_gets_it_plain(client: Client, accepted: str) -> None:
    response = client.get("/static/css/bothorel.css", headers={"accept-encoding": accepted})
    assert "Content-Encoding" not in response
    assert len(b"".join(response)) == int(response["Content-Length"])  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("status", "kind", "control", "length", "compressed"),
    [
        (200, "text/html; charset=utf-8", "public, max-age=60", 5000, True),
        (200, "text/html; charset=utf-8", "private, no-cache", 5000, False),
        (200, "text/html; charset=utf-8", "", 5000, False),
        (200, "application/pdf", "public", 5000, False),
        (200, "text/html", "public", 399, False),
        (404, "text/html", "public", 5000, False),
    ],
)
def test_only_what_anyone_may_read(status: int, kind: str, control: str, length: int, compressed: bool) -> None:
    made = HttpResponse(b"a" * length, status=status, content_type=kind)
    if control:
        made["Cache-Control"] = control
    response = CompressionMiddleware(lambda _: made)(RequestFactory().get("/", headers=ASKS))
    assert response.has_header("Content-Encoding") is compressed


def test_what_is_kept_is_bounded() -> None:
    kept = Compressed(most_bytes=1000)
    bodies = [bytes([n]) * 5000 for n in range(200)]
    for body in bodies:
        assert gzip.decompress(kept.of(body)) == body
    assert kept._bytes == sum(map(len, kept._kept.values())) <= 1000
    assert kept.of(bodies[-1]) is kept.of(bodies[-1])
