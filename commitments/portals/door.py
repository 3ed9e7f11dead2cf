"""The only way out: every request that the robot makes passes here, guarded, bounded and never raising.

What it holds to: http(s) only, no address of a private network (see ``guard``), redirects followed by hand and
judged hop by hop, bytes bounded before and after decompression, seconds bounded by the wall clock, a host that
asks for a pause left alone (see ``breaker``), no cookie, no variable of the environment, no unverified TLS.
A proxy is used only when it is given; names that it alone can resolve are then its own to guard.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import re
import ssl
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType, TracebackType
from typing import Literal, Self

import aiohttp
from yarl import URL

from commitments.portals import retry
from commitments.portals.breaker import Breaker
from commitments.portals.causes import Cause
from commitments.portals.guard import AddressBook, Lookup, Refused, host, origin, place
from commitments.portals.unpacking import ACCEPTED, opener

log = logging.getLogger(__name__)

Method = Literal["GET", "HEAD"]

REDIRECTS = frozenset({301, 302, 303, 307, 308})
LONGEST_ADDRESS = 4000
DRAINED = 16 * 1024  # a redirect's page, read so that the connection can serve again
ETAG = re.compile(r'(W/)?"[\x21\x23-\x7e]*"')
SECRET_HEADERS = frozenset({"authorization", "cookie", "private-token", "proxy-authorization"})


@dataclass(frozen=True)
class DoorSettings:
    """What an operator may decide. Durations in seconds; ``allow`` holds ``host:port``, ``trusted`` origins.

    ``resting``: hosts that are not to be asked for so many seconds more, for what is known of them already.
    """

    user_agent: str
    allow: frozenset[str] = frozenset()
    trusted: frozenset[str] = frozenset()
    concurrency: int = 20
    per_host: int = 4
    resting: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    connect: float = 5
    read: float = 10
    total: float = 20
    max_bytes: int = 5_000_000
    redirects: int = 3
    proxy: str = ""
    ca_bundle: str = ""


@dataclass(frozen=True)
class Answer:
    """What came back. ``cause`` is empty when a whole answer was received, whatever its status.

    ``headers`` has lower-case names; ``hops`` are the addresses that redirected, in order; ``url`` is the last one
    asked; ``truncated`` says that only the first bytes were wanted and more came.
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    body: bytes = b""
    url: str = ""
    hops: tuple[str, ...] = ()
    cause: str = ""
    detail: str = ""
    retry_after: int | None = None
    truncated: bool = False


class Door:
    """``async with Door(settings) as door: answer = await door.get(url)``, one door a batch.

    ``sent`` counts the requests really sent, by host. ``lookup`` replaces the system's name service in tests.
    """

    def __init__(
        self, settings: DoorSettings, *, lookup: Lookup | None = None, sent: Counter[str] | None = None
    ) -> None:
        self.settings = settings
        self._sent: Counter[str] = Counter() if sent is None else sent
        self._lookup = lookup
        self._proxy = URL(settings.proxy) if settings.proxy else None

    async def __aenter__(self) -> Self:
        settings = self.settings
        self._addresses = AddressBook(
            allow=frozenset(name.lower() for name in settings.allow),
            trusted=frozenset(origin(URL(address)) for address in settings.trusted),
            seconds=settings.connect,
            lookup=self._lookup,
        )
        self._breaker = Breaker()
        self._gate = asyncio.Semaphore(settings.concurrency)
        self._host_gates: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(settings.per_host)
        )
        self._session = aiohttp.ClientSession(
            # Both limits are ours: waiting for a turn must not eat the time given to a request.
            connector=aiohttp.TCPConnector(
                resolver=self._addresses, use_dns_cache=False, ssl=tls(settings.ca_bundle), limit=0
            ),
            headers={"User-Agent": settings.user_agent},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=settings.connect, sock_read=settings.read),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
        await self._addresses.close()

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        method: Method = "GET",
        max_bytes: int | None = None,
        first_bytes: int | None = None,
        etag: str = "",
        seconds: float | None = None,
    ) -> Answer:
        """Ask one address. What the world does wrong is told in the answer's ``cause``; nothing is raised.

        ``first_bytes`` stops there and is no fault; ``max_bytes`` (opened) is a limit whose excess is one;
        ``seconds`` is the time given to the whole, redirects included.
        """
        asked = {"Accept-Encoding": ACCEPTED, **(headers or {})}
        if ETAG.fullmatch(etag):
            asked["If-None-Match"] = etag
        try:
            return await self._follow(
                url,
                asked,
                method,
                max_bytes or self.settings.max_bytes,
                first_bytes,
                min(seconds or self.settings.total, self.settings.total),
            )
        except Refused as refused:
            return Answer(url=url, cause=refused.cause, detail=refused.detail)
        except Exception:
            # Servers find ways to fail that no list foresees; one of them must not cost the batch.
            log.exception("unforeseen failure at the door")
            return Answer(url=url, cause=Cause.INTERNAL, detail=Cause.INTERNAL.sentence)

    def is_exception(self, url: str) -> bool:
        """Whether the operator named this place: what is forbidden elsewhere (plain http) is then his choice."""
        try:
            return self._addresses.is_exception(URL(url))
        except ValueError:
            return False

    async def _follow(
        self, url: str, headers: dict[str, str], method: Method, max_bytes: int, first_bytes: int | None, left: float
    ) -> Answer:
        current = self._checked(url)
        hops: list[str] = []
        while True:
            async with self._host_gates[place(current)], self._gate:
                started = time.monotonic()
                answer = await self._hop(current, headers, method, max_bytes, first_bytes, left)
            left -= time.monotonic() - started
            answer = replace(answer, url=str(current), hops=tuple(hops))
            if answer.cause or answer.status not in REDIRECTS:
                return answer
            hops.append(str(current))
            try:
                following = self._redirected(current, answer, hops)
            except Refused as refused:
                return replace(answer, cause=refused.cause, detail=refused.detail)
            if origin(following) != origin(current):
                headers = {name: text for name, text in headers.items() if name.lower() not in SECRET_HEADERS}
            current = following

    def _checked(self, url: str) -> URL:
        """An address fit to be looked at: http(s), a host, nobody's name or password."""
        try:
            found = URL(url.strip())
            port = found.port
        except (ValueError, TypeError):
            raise Refused(Cause.BAD_ADDRESS) from None
        if found.scheme not in ("http", "https") or not found.raw_host or not port or len(url) > LONGEST_ADDRESS:
            raise Refused(Cause.BAD_ADDRESS)
        if found.raw_user is not None or found.raw_password is not None:
            raise Refused(Cause.BAD_ADDRESS, "l'adresse contient un nom d'utilisateur : elle n'est pas demandée")
        return found.with_fragment(None)

    def _redirected(self, current: URL, answer: Answer, hops: list[str]) -> URL:
        location = answer.headers.get("location", "").strip()
        if not location:
            raise Refused(Cause.BAD_REDIRECT)
        try:
            following = self._checked(str(current.join(URL(location))))
        except (ValueError, TypeError, Refused):
            raise Refused(Cause.BAD_REDIRECT) from None
        if str(following) in hops:
            raise Refused(Cause.REDIRECT_LOOP)
        if len(hops) > self.settings.redirects:
            raise Refused(Cause.TOO_MANY_HOPS)
        if current.scheme == "https" and following.scheme == "http" and not self._addresses.is_exception(following):
            raise Refused(Cause.BAD_REDIRECT, "le serveur redirige d'https vers http : la suite n'est pas demandée")
        return following

    async def _hop(
        self, url: URL, headers: dict[str, str], method: Method, max_bytes: int, first_bytes: int | None, left: float
    ) -> Answer:
        """One request to one host; its failures become causes, and the host's breaker hears of it."""
        where = place(url)
        rest = self.settings.resting.get(host(url))
        if rest is not None or self._breaker.is_closed(where):
            cause = Cause.HOST_BACKOFF
            return Answer(cause=cause, detail=cause.sentence, retry_after=rest or self._breaker.wait_of(where))
        try:
            async with asyncio.timeout(max(left, 0)):
                answer = await self._exchange(url, headers, method, max_bytes, first_bytes)
        except Refused as refused:
            answer = Answer(cause=refused.cause, detail=refused.detail)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            answer = Answer(cause=cause_of(error))
        except ValueError:  # what yarl, idna or a header refuse late
            answer = Answer(cause=Cause.BAD_ADDRESS)
        if answer.cause and not answer.detail:
            answer = replace(answer, detail=self._sentence(Cause(answer.cause)))
        self._breaker.note(where, status=answer.status, cause=answer.cause, retry_after=answer.retry_after)
        return answer

    async def _exchange(
        self, url: URL, headers: dict[str, str], method: Method, max_bytes: int, first_bytes: int | None
    ) -> Answer:
        proxy = self._proxy if self._proxy and not self._addresses.is_exception(url) else None
        await self._addresses.admit(url, proxied=proxy is not None)
        if proxy:
            await self._addresses.admit_proxy(proxy)
        self._sent[host(url)] += 1
        async with self._session.request(method, url, headers=headers, allow_redirects=False, proxy=proxy) as response:
            received = {name.lower(): text for name, text in response.headers.items()}
            answer = Answer(
                status=response.status,
                headers=MappingProxyType(received),
                retry_after=retry.seconds(received.get("retry-after", ""), received.get("date", "")),
            )
            if response.status in REDIRECTS:
                await response.content.read(DRAINED)
                return answer
            try:
                body, truncated = await self._read(response, method, max_bytes, first_bytes)
            except Refused as refused:
                return replace(answer, cause=refused.cause, detail=refused.detail)
            except aiohttp.ClientPayloadError:
                return replace(answer, cause=Cause.TRUNCATED)
            except aiohttp.ClientError as error:
                return replace(answer, cause=cause_of(error))
            return replace(answer, body=body, truncated=truncated)

    async def _read(
        self, response: aiohttp.ClientResponse, method: Method, max_bytes: int, first_bytes: int | None
    ) -> tuple[bytes, bool]:
        return await _body(response, method, max_bytes, first_bytes)

    def _sentence(self, cause: Cause) -> str:
        match cause:
            case Cause.TIMEOUT_CONNECT:
                return f"{cause.sentence} ({self.settings.connect:g} s)"
            case Cause.TIMEOUT_READ:
                return f"{cause.sentence} ({self.settings.read:g} s de silence)"
            case Cause.TIMEOUT_TOTAL:
                return f"{cause.sentence} ({self.settings.total:g} s)"
            case _:
                return cause.sentence


async def _body(
    response: aiohttp.ClientResponse, method: Method, max_bytes: int, first_bytes: int | None
) -> tuple[bytes, bool]:
    """The opened body and whether it was cut at ``first_bytes``; never more than asked for is held."""
    if method == "HEAD" or response.status in (204, 304):
        return b"", False
    reader = opener(response.headers.get("Content-Encoding", ""))
    opened = bytearray()
    raw = 0
    async for chunk in response.content.iter_any():
        raw += len(chunk)
        for piece in reader.feed(chunk):
            opened += piece
            if first_bytes is not None and len(opened) >= first_bytes:
                return bytes(opened[:first_bytes]), True
            if len(opened) > max_bytes:
                raise Refused(Cause.TOO_LARGE, f"la réponse dépasse {max_bytes // 1000} ko")
        if raw > max_bytes:
            raise Refused(Cause.TOO_LARGE, f"la réponse dépasse {max_bytes // 1000} ko")
    reader.finish()
    return bytes(opened), False


def cause_of(error: BaseException) -> Cause:
    """The code of a failure on the way, told from the class that aiohttp gives it."""
    match error:
        case aiohttp.ConnectionTimeoutError():
            return Cause.TIMEOUT_CONNECT
        case aiohttp.SocketTimeoutError() | aiohttp.ServerTimeoutError():
            return Cause.TIMEOUT_READ
        case TimeoutError() if not isinstance(error, aiohttp.ClientError):
            # errno tells the kernel's own connection timeout from our clock's.
            return Cause.TIMEOUT_CONNECT if error.errno else Cause.TIMEOUT_TOTAL
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError() | ssl.SSLError():
            return Cause.TLS
        case aiohttp.ClientConnectorDNSError():
            return Cause.DNS
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError():
            return Cause.PROXY
        case aiohttp.InvalidURL():
            return Cause.BAD_ADDRESS
        case aiohttp.ClientConnectorError():
            refused = isinstance(error.os_error, ConnectionRefusedError) or error.os_error.errno == errno.ECONNREFUSED
            return Cause.REFUSED_CONNECTION if refused else Cause.UNREACHABLE
        case aiohttp.ServerDisconnectedError() | ConnectionResetError() | BrokenPipeError():
            return Cause.RESET
        case aiohttp.ClientPayloadError():
            return Cause.TRUNCATED
        case aiohttp.ClientResponseError():
            return Cause.BAD_RESPONSE
        case aiohttp.ClientOSError():
            return Cause.RESET
        case _:
            return Cause.UNREACHABLE


@lru_cache(maxsize=4)
def tls(ca_bundle: str) -> ssl.SSLContext:
    """The system's authorities, and the operator's own beside them; reading them takes longer than a request."""
    context = ssl.create_default_context()
    if ca_bundle:
        context.load_verify_locations(cafile=ca_bundle)
    return context
