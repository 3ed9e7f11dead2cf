"""Which hosts the door may dial: names resolved once, every address checked, the checked one dialled.

aiohttp asks a custom resolver for names only and dials literal addresses as they come (``2130706433`` is one
for it), so hosts are judged here before any request, and its resolver hands out only what was judged.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from commitments.portals.causes import Cause

Lookup = Callable[[str, int], Awaitable[list[str]]]
"""Name and port → addresses, as text; raises OSError when there is none."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Public on paper, but a way to reach an IPv4 address that nobody checked, or never a web server.
NEVER_DIALLED = [
    ipaddress.ip_network(text)
    for text in ("2002::/16", "2001::/23", "2001:db8::/32", "3fff::/20", "192.88.99.0/24", "192.0.0.0/24")
]


class Refused(Exception):
    """The guard, or the name service, stops a request before it leaves."""

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__(detail or cause.sentence)
        self.cause = cause
        self.detail = detail or cause.sentence


def origin(url: URL) -> str:
    """``https://host:443``: scheme, host and port, all said."""
    return f"{url.scheme}://{place(url)}"


def host(url: URL) -> str:
    """The name, or the address, of who is asked; in lower case."""
    return (url.raw_host or "").lower()


def place(url: URL) -> str:
    """``host:port`` as in OUTBOUND_ALLOW; IPv6 in brackets."""
    name = host(url)
    return f"[{name}]:{url.port}" if ":" in name else f"{name}:{url.port}"


def is_public(address: Address) -> bool:
    """True for an address of the open internet and nothing else."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in NAT64:  # what IPv6-only networks make of a public IPv4 address
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in GLOBAL_UNICAST:  # mapped, compatible, link-local, site-local, multicast…
            return False
    if any(address in network for network in NEVER_DIALLED if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def literal(host: str) -> Address | None:
    """The address that a host writes out, or None for a name; refuses what only some readers take for one.

    ``127.1``, ``0177.0.0.1``, ``0x7f000001`` and ``2130706433`` are 127.0.0.1 for the C library.
    """
    if "%" in host:
        raise Refused(Cause.REFUSED_ADDRESS)
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    last = host.rstrip(".").rsplit(".", 1)[-1].lower()
    if ":" in host or last.isdigit() or _is_hexadecimal(last):
        raise Refused(Cause.REFUSED_ADDRESS, f"« {host[:80]} » est une adresse IP déguisée : elle n'est pas demandée")
    return None


def _is_hexadecimal(label: str) -> bool:
    return label.startswith("0x") and all(character in "0123456789abcdef" for character in label[2:])


class AddressBook(AbstractResolver):
    """The addresses found for each name, once for the life of a door, and the places judged fit to dial."""

    def __init__(
        self, *, allow: frozenset[str], trusted: frozenset[str], seconds: float, lookup: Lookup | None = None
    ) -> None:
        self._allow = allow
        self._trusted = trusted
        self._seconds = seconds
        self._threads: ThreadPoolExecutor | None = None
        self._lookup = lookup or self._system_lookup
        self._found: dict[str, asyncio.Task[list[str]]] = {}
        self._fit: set[tuple[str, int]] = set()

    def is_exception(self, url: URL) -> bool:
        """The operator's own word: the portal's address, or one of OUTBOUND_ALLOW."""
        return origin(url) in self._trusted or place(url) in self._allow

    async def admit(self, url: URL, *, proxied: bool = False) -> None:
        """Let this place be dialled, or raise Refused. With a proxy, a name that only the proxy knows passes."""
        host, port = url.raw_host or "", url.port or 0
        if self.is_exception(url):
            if not _is_ip(host):
                await self._addresses(host, port)
        elif address := literal(host):
            if not is_public(address):
                raise Refused(Cause.REFUSED_ADDRESS)
        else:
            try:
                found = await self._addresses(host, port)
            except Refused:
                if not proxied:
                    raise
                return
            # One private address among public ones is a mistake or a trap: neither is dialled.
            if not all(is_public(ipaddress.ip_address(text.partition("%")[0])) for text in found):
                raise Refused(Cause.REFUSED_ADDRESS)
        self._fit.add((host, port))

    async def admit_proxy(self, url: URL) -> None:
        """The proxy is the operator's word too: resolved, not judged."""
        host, port = url.raw_host or "", url.port or 0
        if not _is_ip(host):
            await self._addresses(host, port)
        self._fit.add((host, port))

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """What aiohttp dials: only what ``admit`` has judged, without asking the name service again."""
        if (host, port) not in self._fit:
            raise OSError(f"{host}:{port} was never admitted")
        return [
            ResolveResult(
                hostname=host,
                host=text,
                port=port,
                family=socket.AF_INET6 if ":" in text else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for text in await self._addresses(host, port)
        ]

    async def close(self) -> None:
        for task in self._found.values():
            task.cancel()
        if self._threads:
            # A name service that hangs must not hold the batch: its threads end by themselves.
            self._threads.shutdown(wait=False, cancel_futures=True)

    async def _addresses(self, host: str, port: int) -> list[str]:
        task = self._found.get(host)
        if task is None:
            task = self._found[host] = asyncio.create_task(self._ask(host, port))
        # Shielded: the one who asked first may give up without spoiling the answer for the others.
        return await asyncio.shield(task)

    async def _ask(self, host: str, port: int) -> list[str]:
        try:
            async with asyncio.timeout(self._seconds):
                found = await self._lookup(host, port)
        except TimeoutError:
            raise Refused(Cause.DNS, "l'annuaire des noms (DNS) n'a pas répondu à temps") from None
        except (OSError, UnicodeError):
            raise Refused(Cause.DNS) from None
        if not found:
            raise Refused(Cause.DNS)
        return found

    async def _system_lookup(self, host: str, port: int) -> list[str]:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(8, thread_name_prefix="door-names")
        rows = await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(row[4][0]) for row in rows))


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
