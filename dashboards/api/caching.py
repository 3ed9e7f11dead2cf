"""Answers that are still true: an ETag made of the data's version, and the bytes already made for it.

An unchanged answer costs one query: the version. It is read before the data, so that an answer is never older
than its tag says.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO
from wsgiref.util import FileWrapper

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from commitments.models import Version
from commitments.rules import METHOD_VERSION

API_VERSION = "1"
CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
KEPT_BYTES = 16 * 1024 * 1024
KEPT_ANSWERS = 512
LARGEST_KEPT = KEPT_BYTES // 4
SENT_AT_ONCE = 64 * 1024


@dataclass(frozen=True)
class Stamp:
    """The state of the data: its number, and when it changed (a restored base may bear an old number again)."""

    number: int
    changed_at: str

    @classmethod
    def read(cls) -> Stamp:
        row = Version.objects.filter(pk=1).values_list("number", "changed_at").first()
        return cls(row[0], row[1].isoformat()) if row else cls(0, "")


def tag(stamp: Stamp, parts: Iterable[object]) -> str:
    """A weak tag: ``W/"v12-…"``. ``parts``: all that an answer depends on besides the data."""
    whole = "\n".join([API_VERSION, METHOD_VERSION, stamp.changed_at, *map(str, parts)])
    digest = hashlib.blake2b(whole.encode("utf-8", "backslashreplace"), digest_size=12).hexdigest()
    return f'W/"v{stamp.number}-{digest}"'


@dataclass(frozen=True)
class Answer:
    """``body``: bytes, or an open file for what is too large to be held in memory."""

    body: bytes | IO[bytes]
    content_type: str
    disposition: str = ""
    size: int = 0

    @classmethod
    def of(cls, pieces: Iterable[bytes], content_type: str, disposition: str = "") -> Answer:
        """Written whole before it is sent, in memory while it is small, else in a file that ends with the answer."""
        spool = SpooledTemporaryFile(LARGEST_KEPT)  # noqa: SIM115 — a large one is closed with its response
        try:
            for piece in pieces:
                spool.write(piece)
            size = spool.tell()
            spool.seek(0)
            if size <= LARGEST_KEPT:
                with spool:
                    return cls(spool.read(), content_type, disposition, size)
        except BaseException:
            spool.close()
            raise
        return cls(spool, content_type, disposition, size)

    def close(self) -> None:
        """Nobody will be sent this answer."""
        if not isinstance(self.body, bytes):
            self.body.close()

    def response(self) -> HttpResponseBase:
        """The answer, sent: a large one a piece at a time."""
        if isinstance(self.body, bytes):
            return HttpResponse(self.body, content_type=self.content_type)
        response = StreamingHttpResponse(FileWrapper(self.body, SENT_AT_ONCE), content_type=self.content_type)
        response["Content-Length"] = str(self.size)
        return response


class Kept:
    """The last answers, in this process, bounded in number and in bytes."""

    def __init__(self, *, most_bytes: int = KEPT_BYTES, most_answers: int = KEPT_ANSWERS) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()
        self._bytes = 0
        self.most_bytes, self.most_answers = most_bytes, most_answers

    def get(self, key: str) -> Answer | None:
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, key: str, answer: Answer) -> None:
        if not isinstance(answer.body, bytes) or len(answer.body) > self.most_bytes // 4:
            return
        with self._lock:
            if (former := self._answers.pop(key, None)) is not None:
                self._bytes -= _size(former)
            self._answers[key] = answer
            self._bytes += len(answer.body)
            while self._bytes > self.most_bytes or len(self._answers) > self.most_answers:
                _, oldest = self._answers.popitem(last=False)
                self._bytes -= _size(oldest)

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()
            self._bytes = 0

    def __len__(self) -> int:
        return len(self._answers)


def _size(answer: Answer) -> int:
    return len(answer.body) if isinstance(answer.body, bytes) else 0


KEPT = Kept()
