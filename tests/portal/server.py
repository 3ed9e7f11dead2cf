"""A data.gouv.fr on the loopback interface: the record routes, as the portal's own software answers them.

``with Portal() as portal`` serves ``portal.url`` until the block ends; with a certificate it speaks TLS.
Where this and the real software differ, this is wrong: ``tests/commitments/portals/test_conformance.py``
compares them.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.portal import files, lists, masks
from tests.portal.catalogue import Catalogue, Dataservice, Dataset
from tests.portal.faults import HTML, JSON, Fault

NOT_FOUND = (
    "The requested URL was not found on the server. "
    "If you entered the URL manually please check your spelling and try again."
)
ROUTES = {"/api/1/datasets/": 1, "/api/2/datasets/": 2, "/api/1/dataservices/": 1}
REDIRECTING = '<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<a href="{0}">{0}</a>\n'


@dataclass(frozen=True)
class Seen:
    """A request as it came; header names in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]


@dataclass
class Planned:
    """A fault, where it strikes, and how many times more."""

    where: str
    fault: Fault
    left: int | None


class Portal:
    """The server, what it holds (``catalogue``), what it saw (``seen``) and how it fails (``fail``)."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.catalogue = Catalogue()
        self.seen: list[Seen] = []
        self.latency = 0.0
        self.connections = 0
        self.closing = threading.Event()
        self._planned: list[Planned] = []
        self._places: dict[str, Fault] = {}
        self._lock = threading.RLock()
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.portal = self
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            # The handshake belongs to the thread of its connection, not to the one that accepts them all.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
            self.url = f"https://portail.example:{self.port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def fail(self, where: str, fault: Fault, *, times: int | None = None) -> None:
        """From now on, answer so when the path contains ``where`` (``""``: always); the last one said wins."""
        with self._lock:
            self._planned.insert(0, Planned(where, fault, times))

    def put(self, path: str, answer: Fault, *, head: Fault | None = None) -> str:
        """Serve something of its own at this path (with its query when it is written): returns the address."""
        with self._lock:
            self._places[path] = answer
            if head:
                self._places[f"HEAD {path}"] = head
        return f"{self.url}{path}"

    def place(self, method: str, path: str, query: str) -> Fault | None:
        """What was put there, for HEAD first when HEAD has its own answer."""
        whole = f"{path}?{query}" if query else path
        for name in (whole, path):
            for key in (f"{method} {name}", name):
                if key in self._places:
                    return self._places[key]
        return None

    def recover(self) -> None:
        """No fault any more."""
        with self._lock:
            self._planned.clear()

    def count(self, where: str = "") -> int:
        """Requests whose path contains ``where``."""
        return sum(where in request.path for request in self.seen)

    def counts(self) -> Counter[str]:
        return Counter(request.path for request in self.seen)

    def forget(self) -> None:
        """Start counting again."""
        with self._lock:
            self.seen.clear()

    def planned(self, path: str) -> Fault | None:
        with self._lock:
            for plan in self._planned:
                if plan.where in path and plan.left != 0:
                    if plan.left is not None:
                        plan.left -= 1
                    return plan.fault
        return None

    def note(self, request: Seen) -> None:
        with self._lock:
            self.seen.append(request)


class Server(ThreadingHTTPServer):
    """Quiet: a client that goes away in the middle is what half of the tests are about."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    portal: Portal

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass

    def process_request(self, request: Any, client_address: Any) -> None:
        self.portal.connections += 1
        super().process_request(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection; it is also the Exchange that faults write to."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024  # one packet an answer
    server: Server

    @property
    def handler(self) -> BaseHTTPRequestHandler:
        return self

    @property
    def closing(self) -> threading.Event:
        return self.server.portal.closing

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        portal = self.server.portal
        address = urlsplit(self.path)
        portal.note(
            Seen(
                self.command or "",
                address.path,
                address.query,
                {name.lower(): text for name, text in self.headers.items()},
            )
        )
        if portal.latency:
            portal.closing.wait(portal.latency)
        if fault := portal.planned(address.path):
            fault(self)
        elif something := portal.place(self.command or "", address.path, address.query):
            something(self)
        else:
            self._answer(address.path, address.query)

    do_HEAD = do_GET

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        for name, text in headers.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Vary", "Origin, Cookie")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _json(self, status: int, content: Any) -> None:
        self.send(status, json.dumps(content).encode() + b"\n", JSON)

    def _redirect(self, location: str) -> None:
        self.send(308, REDIRECTING.format(location).encode(), {**HTML, "Location": location})

    def _missing(self, message: str) -> None:
        if self.headers.get("Accept", "*/*").startswith("text/html"):
            self.send(404, b"<!DOCTYPE html>\n<html><title>404</title></html>", HTML)
        else:
            self._json(404, {"message": message})

    def _answer(self, path: str, query: str) -> None:
        if path.startswith("/peer-files/"):
            files.serve(self, self.server.portal.url, path.rsplit("/", 1)[-1])
            return
        if listed := re.fullmatch(r"/api/2/datasets/([^/]+)/resources/", path):
            self._files(unquote(listed[1]), parse_qs(query))
            return
        if organization := re.fullmatch(r"/api/1/organizations/([0-9a-f]{24})/", path):
            self._organization(organization[1])
            return
        found = re.fullmatch(r"(/api/[12]/(?:datasets|dataservices)/)([^/]+)(/?)", path)
        if path in ROUTES and "X-API-KEY" not in self.headers:
            self._list(path, query)
        elif path not in ROUTES and (not found or found[1] not in ROUTES):
            # An unknown route: udata's own 404, in a shape of its own.
            self._json(404, {"error": NOT_FOUND, "status": 404})
        elif "X-API-KEY" in self.headers:
            self._json(401, {"message": "Invalid API token"})
        elif found and not found[3]:
            self._redirect(f"{self.server.portal.url}{path}/" + (f"?{query}" if query else ""))
        elif found:
            self._record(found[1], unquote(found[2]))

    def _record(self, route: str, name: str) -> None:
        catalogue = self.server.portal.catalogue
        shelf = catalogue.dataservices if "dataservices" in route else catalogue.datasets
        record: Dataset | Dataservice | str | None = shelf.find(name)
        if isinstance(record, str):
            self._redirect(f"{route}{record}/")  # the query is lost there too
        elif record is None or record.private:
            known = re.fullmatch(r"[0-9a-f]{24}", name)
            hint = f" You have requested this URI [{route}{name}/] but did you mean {route}licenses/ ?"
            self._missing(NOT_FOUND if known else NOT_FOUND + hint)
        elif record.deleted:
            self._json(410, {"message": f"{record.NOUN} has been deleted"})
        else:
            self._show(record, ROUTES[route])

    def _list(self, route: str, query: str) -> None:
        asked = {name: texts[0] for name, texts in parse_qs(query).items()}
        portal, mask = self.server.portal, self.headers.get("X-Fields", "")
        try:
            self._json(*lists.answer(portal.catalogue, portal.url, route, ROUTES[route], asked, mask))
        except masks.MaskError as error:
            self._json(400, {"message": f"Mask parse error: {error}"})

    def _organization(self, identifier: str) -> None:
        catalogue = self.server.portal.catalogue
        if identifier in catalogue.deleted_organizations:
            self._json(410, {"message": "Organization has been deleted"})
        elif identifier in catalogue.organizations:
            body = catalogue.organizations[identifier].body(self.server.portal.url) | {"deleted": None}
            self._json(200, masks.apply(masks.parse(self.headers.get("X-Fields", "")), body))
        else:
            self._missing(NOT_FOUND)

    def _files(self, name: str, query: dict[str, list[str]]) -> None:
        """The v2 list of a dataset's files: filtered by type, cut in pages; empty past the end."""
        base = self.server.portal.url
        record = self.server.portal.catalogue.datasets.find(name)
        if isinstance(record, str):
            self._redirect(f"/api/2/datasets/{record}/resources/")
            return
        if record is None or record.private:
            self._missing(NOT_FOUND)
            return
        if record.deleted:
            self._json(410, {"message": f"{record.NOUN} has been deleted"})
            return
        kinds = query.get("type", [])
        found = [file for file in record.files(base) if not kinds or file["type"] in kinds]
        page, size = (int(query.get(key, [default])[0]) for key, default in (("page", "1"), ("page_size", "50")))
        rows = found[(page - 1) * size : page * size]
        body = {"data": rows, "next_page": None, "previous_page": None, "page": page, "page_size": size}
        self._json(200, masks.apply(masks.parse(self.headers.get("X-Fields", "")), body | {"total": len(found)}))

    def _show(self, record: Dataset | Dataservice, version: int) -> None:
        try:
            mask = masks.parse(self.headers.get("X-Fields", ""))
        except masks.MaskError as error:
            self._json(400, {"message": f"Mask parse error: {error}"})
            return
        # A field not asked for is not read, so a broken licence harms nobody; the publisher is read in any case,
        # to know who may see the record.
        if record.broken == "organization" or (record.broken and masks.wants(mask, record.broken)):
            self._json(500, {"message": "Internal Server Error"})
            return
        try:
            self._json(200, masks.apply(mask, record.body(self.server.portal.url, version)))
        except masks.MaskError as error:
            self._json(400, {"message": f"Mask error: {error}"})


class Canary:
    """A listener that nothing should ever reach: ``visits`` counts who did."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._socket = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.port: int = self._socket.getsockname()[1]
        self.visits = 0

    def __enter__(self) -> Self:
        self._socket.setblocking(False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def check(self) -> int:
        """How many have connected: the kernel keeps them in the queue until they are taken."""
        while True:
            try:
                connection, _ = self._socket.accept()
            except BlockingIOError:
                return self.visits
            connection.close()
            self.visits += 1
