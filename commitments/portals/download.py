"""Brings a large file to disk through the same guarded door: nothing but one piece of it is ever held in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import aiohttp

from commitments.portals.causes import Cause
from commitments.portals.door import Answer, Door, DoorSettings, Method
from commitments.portals.guard import Refused
from commitments.portals.unpacking import opener

READ = 30
TOTAL = 900
"""Seconds of silence, and in all, that a file of some hundred megabytes is given."""


def download(
    url: str,
    path: Path,
    door_settings: DoorSettings,
    *,
    max_bytes: int,
    etag: str = "",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Ask ``url`` and write what a 200 holds, opened, to ``path``. The world's faults are in the answer's ``cause``.

    ``path`` is worth reading only when the status is 200 and ``cause`` is empty. Raises OSError when this machine
    cannot write.
    """
    patient = replace(door_settings, read=READ, total=TOTAL, max_bytes=max_bytes)

    async def once() -> Answer:
        with path.open("wb") as sink:
            async with _Downloading(patient, sink) as door:
                answer = await door.get(url, etag=etag, headers=headers)
        # The door takes every failure for the world's: a full disk is ours.
        if door.failure:
            raise door.failure
        return answer

    return asyncio.run(once())


class _Downloading(Door):
    """A door whose bodies go to a file."""

    def __init__(self, settings: DoorSettings, sink: BinaryIO) -> None:
        super().__init__(settings)
        self._sink = sink
        self.failure: OSError | None = None

    async def _read(
        self, response: aiohttp.ClientResponse, method: Method, max_bytes: int, first_bytes: int | None
    ) -> tuple[bytes, bool]:
        if response.status != 200:
            return await super()._read(response, method, 64 * 1024, 1024)
        reader = opener(response.headers.get("Content-Encoding", ""))
        written = raw = 0
        async for chunk in response.content.iter_chunked(256 * 1024):
            raw += len(chunk)
            for piece in reader.feed(chunk):
                written += len(piece)
                if written > max_bytes or raw > max_bytes:
                    raise Refused(Cause.TOO_LARGE, f"le fichier dépasse {max_bytes // 1_000_000} Mo")
                self._write(piece)
        reader.finish()
        return b"", False

    def _write(self, piece: bytes) -> None:
        try:
            self._sink.write(piece)
        except OSError as error:
            self.failure = error
            raise
