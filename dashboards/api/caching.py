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

from commitments.models import Version
from commitments.rules import METHOD_VERSION

API_VERSION = "1"
CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
KEPT_BYTES = 16 * 1024 * 1024
KEPT_ANSWERS = 512


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
    body: bytes
    content_type: str
    disposition: str = ""


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
        if len(answer.body) > self.most_bytes // 4:
            return
        with self._lock:
            if (former := self._answers.pop(key, None)) is not None:
                self._bytes -= len(former.body)
            self._answers[key] = answer
            self._bytes += len(answer.body)
            while self._bytes > self.most_bytes or len(self._answers) > self.most_answers:
                _, oldest = self._answers.popitem(last=False)
                self._bytes -= len(oldest.body)

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()
            self._bytes = 0

    def __len__(self) -> int:
        return len(self._answers)


KEPT = Kept()
