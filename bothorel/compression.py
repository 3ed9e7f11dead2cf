"""gzip for what anyone may read, compressed once: pages, API, files, styles, scripts.

Only answers that are public (``Cache-Control``) are compressed: a page with somebody's secrets beside what somebody
else typed would tell its secrets by its length (BREACH). What was compressed is kept by its digest, so that an answer
made once costs no more the second time.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

LEAST, MOST = 400, 4 * 1024 * 1024
KEPT_BYTES = 8 * 1024 * 1024
LEVEL = 6
TEXT = re.compile(r"text/|application/(?:json|problem\+json|javascript|atom\+xml|vnd\.oai\.openapi|xml)|image/svg")
ACCEPTED = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


class Compressed:
    """The last bodies that were compressed, in this process, bounded in bytes."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self.most_bytes, self._bytes = most_bytes, 0
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, body: bytes) -> bytes:
        """The body in gzip, the same bytes each time."""
        key = hashlib.blake2b(body, digest_size=16).digest()
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = gzip.compress(body, LEVEL, mtime=0)
        with self._lock:
            if key not in self._kept and len(made) <= self.most_bytes:
                self._kept[key] = made
                self._bytes += len(made)
            while self._bytes > self.most_bytes:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest)
        return made


class CompressionMiddleware:
    """The outermost one: it sees the answer as it leaves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.compressed = Compressed()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not _may_be(response):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if not ACCEPTED.search(request.headers.get("Accept-Encoding", "")):
            return response
        if isinstance(response, FileResponse) and request.method == "HEAD":
            return response  # a file that was not opened has no length once compressed
        if isinstance(response, FileResponse):
            small = self.compressed.of(b"".join(response))
            response.streaming_content = [small]
        else:
            assert isinstance(response, HttpResponse)  # noqa: S101
            small = self.compressed.of(response.content)
            response.content = small
        response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(small))
        # A strong tag says « byte for byte », and these are other bytes; a weak one says the same thing as before.
        if not response.get("ETag", "W/").startswith("W/"):
            del response["ETag"]
        return response


def _may_be(response: HttpResponseBase) -> bool:
    if response.status_code != 200 or response.has_header("Content-Encoding"):
        return False
    if "public" not in response.get("Cache-Control", "") or not TEXT.match(response.get("Content-Type", "")):
        return False
    if isinstance(response, FileResponse):
        size = response.get("Content-Length", "")
        return size.isdigit() and LEAST <= int(size) <= MOST
    return isinstance(response, HttpResponse) and LEAST <= len(response.content) <= MOST
