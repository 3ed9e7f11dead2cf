"""The ways in which a server, or what stands in front of it, fails: each writes its answer by hand."""

from __future__ import annotations

import gzip
import socket
import struct
import zlib
from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Protocol


class Exchange(Protocol):
    """What a fault may use of the request being served."""

    @property
    def handler(self) -> BaseHTTPRequestHandler: ...

    @property
    def closing(self) -> Event: ...

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None: ...


Fault = Callable[[Exchange], None]

HTML = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json"}
PAGE = "<!doctype html><html><body><h1>Service momentanément indisponible</h1></body></html>".encode()


def status(code: int, *, retry_after: str | int | None = None, body: bytes = PAGE, **headers: str) -> Fault:
    """A proxy's page with a status: 429, 502, 503…"""
    sent = HTML | {name.replace("_", "-"): text for name, text in headers.items()}
    if retry_after is not None:
        sent["Retry-After"] = str(retry_after)
    return lambda exchange: exchange.send(code, body, sent)


def html() -> Fault:
    """200, with a web page where data should be."""
    return status(200)


def answer(body: bytes, code: int = 200, content_type: str = "application/json", **headers: str) -> Fault:
    """Any body, said to be what one wants."""
    sent = {"Content-Type": content_type} | {name.replace("_", "-"): text for name, text in headers.items()}
    return lambda exchange: exchange.send(code, body, sent)


def truncated_json() -> Fault:
    """A whole answer whose JSON stops in the middle."""
    return answer(b'{"id": "65')


def wrong_length(body: bytes = b'{"id": "65') -> Fault:
    """More bytes announced than sent."""

    def fail(exchange: Exchange) -> None:
        _head(exchange, 200, JSON | {"Content-Length": "1000"})
        _write(exchange, body)
        exchange.handler.close_connection = True

    return fail


def slow(seconds: float = 60) -> Fault:
    """Nothing for a while, then an error; ends early when the portal stops."""

    def fail(exchange: Exchange) -> None:
        exchange.closing.wait(seconds)
        exchange.send(504, PAGE, HTML)

    return fail


def drip(every: float = 0.05, *, headers: bool = False) -> Fault:
    """One byte at a time, for ever: in the body, or in the headers."""

    def fail(exchange: Exchange) -> None:
        if headers:
            _write(exchange, b"HTTP/1.1 200 OK\r\nX-Slow: ")
        else:
            _head(exchange, 200, JSON | {"Content-Length": "1000000"})
        while not exchange.closing.wait(every) and _write(exchange, b" "):
            pass
        exchange.handler.close_connection = True

    return fail


def endless(piece: bytes = b" " * 65536, **headers: str) -> Fault:
    """A body without end nor announced length."""

    def fail(exchange: Exchange) -> None:
        _head(exchange, 200, JSON | {"Connection": "close"} | headers)
        while not exchange.closing.is_set() and _write(exchange, piece):
            pass
        exchange.handler.close_connection = True

    return fail


def endless_headers() -> Fault:
    def fail(exchange: Exchange) -> None:
        _write(exchange, b"HTTP/1.1 200 OK\r\n")
        while not exchange.closing.is_set() and _write(exchange, b"X-More: " + b"x" * 4000 + b"\r\n"):
            pass
        exchange.handler.close_connection = True

    return fail


def bomb(megabytes: int = 200, encoding: str = "gzip") -> Fault:
    """A thousandth on the wire of what it becomes when opened; packed when it is first thrown, then kept."""
    return lambda exchange: answer(_packed(megabytes, encoding), Content_Encoding=encoding)(exchange)


@cache
def _packed(megabytes: int, encoding: str) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | (16 if encoding == "gzip" else 0))
    return b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(megabytes)) + packer.flush()


def double_gzip(body: bytes = b'{"id": 1}', *, said: bool = False) -> Fault:
    """A gzip in a gzip, announced as such or not."""
    return answer(gzip.compress(gzip.compress(body)), Content_Encoding="gzip, gzip" if said else "gzip")


def redirect(location: str, code: int = 302) -> Fault:
    """To anywhere; what is not ASCII goes as the UTF-8 that servers write there."""
    sent = location.encode().decode("latin-1")
    return lambda exchange: exchange.send(code, b"", {"Location": sent})


def loop() -> Fault:
    """To itself."""
    return lambda exchange: exchange.send(302, b"", {"Location": exchange.handler.path})


def maze() -> Fault:
    """Always one step further."""
    return lambda exchange: exchange.send(302, b"", {"Location": exchange.handler.path.rstrip("/") + "/x/"})


def reset(*, in_body: bool = False) -> Fault:
    """The connection torn down, before the answer or in the middle of it."""

    def fail(exchange: Exchange) -> None:
        if in_body:
            _head(exchange, 200, JSON | {"Content-Length": "1000"})
            _write(exchange, b'{"id"')
        # Lingering zero seconds sends a reset rather than a polite end.
        exchange.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        exchange.handler.connection.close()
        exchange.handler.close_connection = True

    return fail


def raw(data: bytes) -> Fault:
    """Bytes as they are: not HTTP, for instance."""

    def fail(exchange: Exchange) -> None:
        _write(exchange, data)
        exchange.handler.close_connection = True

    return fail


def _head(exchange: Exchange, code: int, headers: dict[str, str]) -> None:
    exchange.handler.send_response_only(code)
    for name, text in headers.items():
        exchange.handler.send_header(name, text)
    exchange.handler.end_headers()


def _write(exchange: Exchange, data: bytes) -> bool:
    """False once the other side has gone."""
    try:
        exchange.handler.wfile.write(data)
        exchange.handler.wfile.flush()
    except OSError:
        return False
    return True
