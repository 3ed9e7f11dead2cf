"""The sockets of the provider: requests as the library wants them, answers as it gives them, or as tests bend them."""

from __future__ import annotations

from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from tests.ministries.accounts import provider as op

ADDRESSES = {
    "/.well-known/openid-configuration": "description",
    "/jwks": "jwks",
    "/authorize": "authorize",
    "/verify": "verify",
    "/token": "token",
    "/userinfo": "userinfo",
    "/session/end": "end_session",
}


class Handler(BaseHTTPRequestHandler):
    provider: ClassVar[op.Provider]

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def _answer(self, words: str) -> None:
        name = ADDRESSES.get(urlsplit(self.path).path.removeprefix(op.PATH), "")
        said = dict(parse_qsl(words))
        self.provider.heard.append((name, said))
        bent = self.provider.instead.get(name)
        if callable(bent):
            bent(self)
            return
        if bent is None:
            headers = {key.lower(): value for key, value in self.headers.items()}
            cookies = [
                {"name": key, "value": morsel.value} for key, morsel in SimpleCookie(headers.get("cookie", "")).items()
            ]
            with self.provider.lock:
                bent = getattr(self.provider, name)(said, cookies, headers) if name else (404, {}, b"")
        status, headers, body = bent
        self.send_response(status)
        for key, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing: what was asked is in ``heard``."""
