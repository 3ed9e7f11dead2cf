"""Files with known manners, as the seeded peer serves them beside its own software: ``/peer-files/<name>.csv``."""

from __future__ import annotations

from tests.portal.faults import Exchange, slow, wrong_length

CSV = {"Content-Type": "text/csv; charset=utf-8"}
DATED = CSV | {"ETag": '"peer-1"', "Last-Modified": "Thu, 02 Sep 2021 10:20:30 GMT"}
PAGE = {"Content-Type": "text/html"}
BODY = b"a;b\n1;2\n"


def serve(exchange: Exchange, base: str, name: str) -> None:
    """Answer for one of these files; any other name is that of a good one."""
    handler = exchange.handler
    head = handler.command == "HEAD"
    match name:
        case "missing.csv":
            exchange.send(404, b"<h1>Not found</h1>", PAGE)
        case "redirect.csv" | "loop.csv":
            to = "ok.csv" if name == "redirect.csv" else name
            exchange.send(302, b"", CSV | {"Location": f"{base}/peer-files/{to}"})
        case "no-head.csv" if head:
            exchange.send(405, b"", CSV | {"Allow": "GET"})
        case "html-error.csv":
            exchange.send(200, b"<html><body>Site en maintenance</body></html>", PAGE)
        case "too-many.csv":
            exchange.send(429, b"", CSV | {"Retry-After": "2"})
        case "error.csv":
            exchange.send(500, b"boom", CSV)
        case "slow.csv":
            slow()(exchange)
        case "cut.csv":
            wrong_length(BODY)(exchange)
        case _ if handler.headers.get("If-None-Match") == '"peer-1"':
            exchange.send(304, b"", DATED)
        case _:
            exchange.send(200, BODY, DATED)
