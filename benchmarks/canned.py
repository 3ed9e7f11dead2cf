"""``python -m benchmarks.canned PORT SECONDS COUNT``: a portal that answers after a latency, at little cost.

It says what the masked routes of datasets say: of one record, and of an organisation's list in pages of 100. Its
``COUNT`` followed records belong to organisations of 40 to 170 of them, each of which publishes a fifth more that
nobody follows; one record in fifty is archived, hence in no list. Organisations are said to exist. ``GET /lists/off``
and ``/lists/on`` close and open the lists; nothing else is served.
"""

from __future__ import annotations

import asyncio
import re
import sys
from functools import cache
from typing import Any

import orjson

RECORD = re.compile(rb"GET /api/2/datasets/65(\d{22})/ ")
LIST = re.compile(rb"GET /api/2/datasets/\?organization=65(\d{22})&page=(\d+)&page_size=100 ")
PUBLISHER = re.compile(rb"GET /api/1/organizations/(65\d{22})/ ")
SWITCH = re.compile(rb"GET /lists/(on|off) ")
END = b"\r\n\r\n"

SIZES = (40, 60, 100, 130, 170)
"""Followed records of the organisations, in turn."""
TOGETHER = sum(SIZES)
UNFOLLOWED = 10**9
ARCHIVED = 50
PAGE = 100


def organization(number: int) -> int:
    """The rank of the organisation that publishes a record."""
    turns, left = divmod(number % UNFOLLOWED, TOGETHER)
    rank = 0
    while left >= SIZES[rank]:
        left -= SIZES[rank]
        rank += 1
    return turns * len(SIZES) + rank


def listed(rank: int, count: int) -> list[int]:
    """The records that an organisation's list shows, last created first."""
    turns, place = divmod(rank, len(SIZES))
    first = turns * TOGETHER + sum(SIZES[:place])
    followed = range(first, min(first + SIZES[place], count))
    others = range(UNFOLLOWED + first, UNFOLLOWED + first + SIZES[place] // 5)
    return sorted((number for number in (*followed, *others) if number % ARCHIVED), key=lambda n: -(n % UNFOLLOWED))


def record(number: int) -> dict[str, Any]:
    """600 bytes, as the real software answers the fields that the robot asks for."""
    return {
        "id": f"65{number:022d}",
        "slug": f"65{number:022d}",
        "title": f"Jeu promis {number}",
        "organization": {"id": f"65{organization(number):022d}", "name": "Ministère de l'Exemple", "badges": []},
        "owner": None,
        "archived": None if number % ARCHIVED else "2023-01-31T12:00:00+00:00",
        "harvest": None,
        "access_type": "open",
        "license": "lov2",
        "frequency": "punctual",
        "last_update": "2021-12-20T08:00:00+00:00",
        "internal": {"created_at_internal": "2021-12-20T08:00:00+00:00"},
        # No file to try: the figure is that of the records.
        "resources": {"total": 0},
        "quality": {"all_resources_available": True},
        "badges": [],
        "page": f"https://www.data.gouv.fr/datasets/{number}",
    }


@cache
def page(rank: int, number: int, count: int) -> bytes:
    """A page of a list; empty when there is no such page. Made once: making it is not what is measured."""
    ids = listed(rank, count)
    rows = ids[(number - 1) * PAGE : number * PAGE]
    if not rows:
        return b""
    following = f"/api/2/datasets/?page={number + 1}" if number * PAGE < len(ids) else None
    return orjson.dumps({"data": [record(n) for n in rows], "total": len(ids), "next_page": following})


class Served:
    """What is served, and whether lists are."""

    def __init__(self, seconds: float, count: int) -> None:
        self.seconds, self.count, self.lists = seconds, count, True

    def answer(self, head: bytes) -> bytes:
        """The body for a request; empty when there is nothing there."""
        if found := RECORD.match(head):
            return orjson.dumps(record(int(found[1])))
        if self.lists and (found := LIST.match(head)):
            return page(int(found[1]), int(found[2]), self.count)
        if found := PUBLISHER.match(head):
            return orjson.dumps({"id": found[1].decode(), "deleted": None})
        if found := SWITCH.match(head):
            self.lists = found[1] == b"on"
            return b"{}"
        return b""


class Connection(asyncio.Protocol):
    """Keep-alive, one request after another."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._later = asyncio.get_running_loop().call_later

    def data_received(self, data: bytes) -> None:
        self._received += data
        while END in self._received:
            head, _, self._received = self._received.partition(END)
            found = self._served.answer(head)
            content = found or b'{"message": "unknown"}'
            status = b"200 OK" if found else b"404 NOT FOUND"
            self._later(
                self._served.seconds,
                self._transport.write,
                b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                % (status, len(content), content),
            )


async def serve(port: int, served: Served) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(served), "127.0.0.1", port, backlog=1000)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Served(float(sys.argv[2]), int(sys.argv[3]))))
