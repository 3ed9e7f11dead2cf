"""A bounded load on one loopback address: a few connections kept open, one request after another on each."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CONNECTIONS = 8


@dataclass(frozen=True)
class Load:
    """What came back in a time: how many, how many a second, bytes of one (headers left out), slowest hundredth in ms.

    ``cost``: milliseconds of the server's processor for one, when it was looked at.
    """

    answers: int
    rate: float
    size: int
    p99: float
    cost: float = 0


class _Connection(asyncio.Protocol):
    def __init__(self, request: bytes, status: bytes, until: float) -> None:
        self.request, self.status, self.until = request, status, until
        self.received, self.whole, self.size = b"", 0, 0
        self.taken: list[float] = []
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._ask()

    def _ask(self) -> None:
        self.asked_at = time.perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        if not self.whole:
            head, found, _ = self.received.partition(b"\r\n\r\n")
            if not found:
                return
            if not head.startswith(b"HTTP/1.1 " + self.status):
                self._end(RuntimeError(f"answered {head[:200]!r}"))
                return
            length = LENGTH.search(head)
            if length is None and self.status != b"304":
                self._end(RuntimeError("an answer without a length"))
                return
            self.size = int(length[1]) if length and self.status != b"304" else 0
            self.whole = len(head) + 4 + self.size
        if len(self.received) < self.whole:
            return
        self.taken.append(time.perf_counter() - self.asked_at)
        self.received, self.whole = b"", 0
        if time.perf_counter() >= self.until:
            self._end()
        else:
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        self._end(error or ConnectionError("closed by the server"))

    def _end(self, error: Exception | None = None) -> None:
        if not self.ended.done():
            if error is None:
                self.ended.set_result(None)
            else:
                self.ended.set_exception(error)
        self.transport.close()


async def _load(port: int, request: bytes, status: bytes, seconds: float) -> Load:
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    made = [
        await loop.create_connection(lambda: _Connection(request, status, started + seconds), "127.0.0.1", port)
        for _ in range(CONNECTIONS)
    ]
    connections = [protocol for _, protocol in made]
    await asyncio.wait_for(asyncio.gather(*(one.ended for one in connections)), seconds + 30)
    spent = time.perf_counter() - started
    taken = sorted(one for connection in connections for one in connection.taken)
    return Load(len(taken), len(taken) / spent, connections[0].size, 1000 * taken[int(0.99 * (len(taken) - 1))])


def load(port: int, path: str, headers: Mapping[str, str] | None = None, *, status: int = 200, seconds: float) -> Load:
    """Ask a path of 127.0.0.1 for some seconds. Raises when an answer has another status, or none comes."""
    asked = {"Host": f"127.0.0.1:{port}", "Accept-Encoding": "gzip", **(headers or {})}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in asked.items())]
    return asyncio.run(_load(port, ("\r\n".join(lines) + "\r\n\r\n").encode(), str(status).encode(), seconds))
