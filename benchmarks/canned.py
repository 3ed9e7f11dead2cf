"""``python -m benchmarks.canned PORT SECONDS``: a portal that answers every record after a latency, at little cost.

It says what a dataset's record says on the masked route, whatever the identifier; nothing else is served.
"""

from __future__ import annotations

import asyncio
import re
import sys

import orjson

ASKED = re.compile(rb"^GET /api/2/datasets/([^/ ]+)/ ")
END = b"\r\n\r\n"


def body(identifier: str) -> bytes:
    """600 bytes, as the real software answers the fields that the robot asks for."""
    return orjson.dumps(
        {
            "id": identifier,
            "slug": f"jeu-{identifier}",
            "title": f"Jeu promis {identifier}",
            "organization": {"id": "534fff8ea3a7292c64a77f02", "name": "Ministère de l'Exemple", "badges": []},
            "owner": None,
            "archived": None,
            "harvest": None,
            "access_type": "open",
            "license": "lov2",
            "frequency": "punctual",
            "last_update": "2021-12-20T08:00:00+00:00",
            "internal": {"created_at_internal": "2021-12-20T08:00:00+00:00"},
            # No file to try: the figure is that of the records, one request each.
            "resources": {"total": 0},
            "quality": {"all_resources_available": True},
            "badges": [],
            "page": f"https://www.data.gouv.fr/datasets/jeu-{identifier}/",
        }
    )


class Connection(asyncio.Protocol):
    """Keep-alive, one request after another."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._later = asyncio.get_running_loop().call_later

    def data_received(self, data: bytes) -> None:
        self._received += data
        while END in self._received:
            head, _, self._received = self._received.partition(END)
            asked = ASKED.match(head)
            content = body(asked[1].decode()) if asked else b'{"message": "unknown"}'
            status = b"200 OK" if asked else b"404 NOT FOUND"
            self._later(
                self._seconds,
                self._transport.write,
                b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                % (status, len(content), content),
            )


async def serve(port: int, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(seconds), "127.0.0.1", port, backlog=1000)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
