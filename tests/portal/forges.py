"""What forges answer: git's own list of references, GitHub's and GitLab's APIs, Software Heritage's."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from tests.portal.faults import Exchange, Fault, answer
from tests.portal.server import Portal

SHA = "1f2e3d4c5b6a79880123456789abcdef01234567"
ADVERTISEMENT = "application/x-git-upload-pack-advertisement"
REFS = {"HEAD": SHA, "refs/heads/main": SHA, "refs/tags/v1.0": SHA, "refs/tags/v1.0^{}": SHA}


def line(text: str | bytes) -> bytes:
    """A packet line: its length in four hexadecimal digits, then itself."""
    data = text.encode() if isinstance(text, str) else text
    return b"%04x%s" % (len(data) + 4, data)


def advertised(refs: dict[str, str], branch: str = "main") -> bytes:
    """What git answers to ``info/refs``; an empty repository shows its capabilities alone."""
    capabilities = f"multi_ack side-band-64k symref=HEAD:refs/heads/{branch} agent=git/2.39"
    names = list(refs.items()) or [("capabilities^{}", "0" * 40)]
    lines = [
        line(f"{sha} {name}" + (f"\0{capabilities}" if not rank else "") + "\n")
        for rank, (name, sha) in enumerate(names)
    ]
    return line("# service=git-upload-pack\n") + b"0000" + b"".join(lines) + b"0000"


def put_repository(portal: Portal, path: str, refs: dict[str, str] | bytes = REFS) -> str:
    """Serve a repository by git's protocol: its references, or the bytes that git itself wrote."""
    body = refs if isinstance(refs, bytes) else advertised(refs)
    portal.put(f"/{path}/info/refs?service=git-upload-pack", answer(body, content_type=ADVERTISEMENT))
    return f"{portal.url}/{path}"


def put_github(portal: Portal, path: str, *, at: str = "", etag: str = "", left: int = 59, **changes: Any) -> None:
    """Serve GitHub's record of a repository, at its own path or at that of a former name (``at``)."""
    body = {
        "full_name": path,
        "html_url": f"https://github.com/{path}",
        "archived": False,
        "pushed_at": "2026-11-20T10:00:00Z",
        "license": {"key": "mit", "spdx_id": "MIT"},
    }
    portal.put(f"/repos/{at or path}", conditional(body | changes, etag, {"X-RateLimit-Remaining": str(left)}))


def put_gitlab(portal: Portal, path: str, *, etag: str = "", at: str = "", **changes: Any) -> None:
    """Serve GitLab's record of a project; the licence comes only when it is asked for."""
    body: dict[str, Any] = {
        "id": 7,
        "path_with_namespace": path,
        "web_url": f"{portal.url}/{path}",
        "archived": False,
        "last_activity_at": "2026-10-02T08:00:00.000Z",
        "license": {"key": "agpl-3.0", "name": "GNU AGPL 3.0"},
    }
    portal.put(f"/api/v4/projects/{quote(at or path, safe='')}?license=true", conditional(body | changes, etag, {}))


def conditional(body: Any, etag: str, headers: dict[str, str]) -> Fault:
    """JSON with an ETag, and « not modified » for who already has it."""

    def say(exchange: Exchange) -> None:
        sent = {"Content-Type": "application/json; charset=utf-8", **headers} | ({"ETag": etag} if etag else {})
        if etag and exchange.handler.headers.get("If-None-Match") == etag:
            exchange.send(304, b"", sent)
        else:
            exchange.send(200, json.dumps(body).encode(), sent)

    return say


def message(text: str, code: int = 404, **headers: str) -> Fault:
    """An API's refusal."""
    return answer(json.dumps({"message": text}).encode(), code, "application/json; charset=utf-8", **headers)
