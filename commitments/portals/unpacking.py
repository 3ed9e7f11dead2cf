"""Opens compressed bodies by small pieces, so that 200 kB can't become 200 MB in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from commitments.portals.causes import Cause
from commitments.portals.guard import Refused

ACCEPTED = "gzip, deflate"
"""What we ask for. Others (br, zstd) are refused when a server sends them unasked."""

PIECE = 64 * 1024
MEMBERS = 64
GZIP = b"\x1f\x8b"


class Plain:
    """A body sent as it is."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        """Nothing tells the end of a plain body but its length, which the transport checks."""


class Inflater:
    """A gzip or deflate body; ``feed`` yields pieces of at most PIECE bytes, so the reader can stop in time."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16 if encoding == "gzip" else zlib.MAX_WBITS)
        self._fed = False
        self._started = False
        self._members = 1

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._fed = self._fed or bool(data)
        piece = b""
        # A full piece may leave some output inside zlib even when all the input is taken.
        while data or len(piece) == PIECE:
            data = self._next_member(data) if data else data
            piece = self._open(data)
            data = self._inner.unconsumed_tail or self._inner.unused_data
            if piece:
                yield piece

    def finish(self) -> None:
        """Called at the end of the body: a compressed one knows where it should have ended."""
        if self._fed and not self._inner.eof:
            raise Refused(Cause.TRUNCATED)

    def _open(self, data: bytes) -> bytes:
        try:
            piece = self._inner.decompress(data, PIECE)
        except zlib.error:
            if self._started or self._encoding != "deflate":
                raise Refused(Cause.BAD_ENCODING) from None
            # Half of the world's « deflate » has no zlib header.
            self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                piece = self._inner.decompress(data, PIECE)
            except zlib.error:
                raise Refused(Cause.BAD_ENCODING) from None
        if not self._started and piece:
            self._started = True
            if piece.startswith(GZIP):
                raise Refused(Cause.BAD_ENCODING, "la réponse est compressée deux fois : elle n'est pas ouverte")
        return piece

    def _next_member(self, data: bytes) -> bytes:
        """A gzip body may be several gzips end to end; anything else after the end is refused."""
        if not self._inner.eof:
            return data
        self._members += 1
        if self._encoding != "gzip" or self._members > MEMBERS or not data.startswith(GZIP[: len(data)]):
            raise Refused(Cause.BAD_ENCODING)
        self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return data


def opener(content_encoding: str) -> Plain | Inflater:
    """The reader that a ``Content-Encoding`` calls for; lists of encodings and unknown ones are refused."""
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if not names:
        return Plain()
    if len(names) > 1:
        raise Refused(Cause.BAD_ENCODING, "la réponse est compressée plusieurs fois : elle n'est pas ouverte")
    if names[0] in ("gzip", "x-gzip"):
        return Inflater("gzip")
    if names[0] == "deflate":
        return Inflater("deflate")
    raise Refused(Cause.BAD_ENCODING)
