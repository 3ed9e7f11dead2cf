"""What every test may lean on; services that are missing are left out, and named.

A test says what it needs with a marker (``postgres``, ``redis``, ``browser``, ``pango``, ``office``,
``portal``). Where that is missing the test is skipped and the summary says so; with ``CI=true`` or
``BOTHOREL_TEST_STRICT=1`` it fails instead. The real portal alone may be missing there, unless its address was given.
"""

import gc
import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import hypothesis
import psycopg2
import pytest
import redis

pytest_plugins = ["tests.portal.plugin"]

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = "part left out: "
POSTGRES = os.environ.get("BOTHOREL_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("BOTHOREL_TEST_REDIS", "")
PORTAL = os.environ.get("BOTHOREL_TEST_PORTAL", "").rstrip("/")
STRICT = "true" in {os.environ.get("CI"), os.environ.get("BOTHOREL_TEST_STRICT")} or bool(
    os.environ.get("BOTHOREL_TEST_STRICT", "0").strip("0")
)

# A slow machine is no counter-example; and CI asks the same questions twice.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=STRICT)
hypothesis.settings.load_profile("steady")


def chromium() -> str:
    """Return where Chromium is, or nothing."""
    names = (os.environ.get("BOTHOREL_TEST_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), "")


@cache
def postgres_missing() -> str:
    try:
        psycopg2.connect(POSTGRES, connect_timeout=2).close()
    except psycopg2.OperationalError:
        return "no PostgreSQL answers (BOTHOREL_TEST_POSTGRES)"
    return ""


@cache
def redis_missing() -> str:
    if REDIS:
        try:
            redis.Redis.from_url(REDIS, socket_timeout=2).ping()
        except redis.RedisError:
            return "no Redis answers at BOTHOREL_TEST_REDIS"
        return ""
    return "" if shutil.which("redis-server") else "redis-server is not installed"


@cache
def portal_missing() -> str:
    if not PORTAL:
        return "BOTHOREL_TEST_PORTAL is not set"
    parts = urlsplit(PORTAL)
    try:
        socket.create_connection((parts.hostname, parts.port or 80), timeout=5).close()
    except OSError:
        return f"nothing answers at {PORTAL}"
    return ""


@cache
def pango_missing() -> str:
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        return f"WeasyPrint cannot load it ({str(error).splitlines()[0]})"
    return ""


class Part(NamedTuple):
    """Something that the machine may lack: its name, and why it is missing (empty when it is not)."""

    name: str
    missing: Callable[[], str]
    required_when_strict: bool = True


PARTS = {
    "postgres": Part("PostgreSQL", postgres_missing),
    "redis": Part("Redis", redis_missing),
    "browser": Part("Chromium", lambda: "" if chromium() else "chromium is not installed"),
    "pango": Part("Pango", pango_missing),
    "office": Part("LibreOffice", lambda: "" if shutil.which("soffice") else "soffice is not installed"),
    "slow": Part("the slow tests", lambda: "" if STRICT else "left to CI; BOTHOREL_TEST_STRICT=1 runs them"),
    "portal": Part("real portal software", portal_missing, required_when_strict=bool(PORTAL)),
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """At home one more than there are processors: some tests wait for a server that says nothing, others work."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + (not STRICT)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Thousands of tests are made, and none is garbage: looking for some took a quarter of that time, then went on."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, part in PARTS.items():
        if item.get_closest_marker(marker) and (why := part.missing()):
            if STRICT and part.required_when_strict:
                pytest.fail(f"{part.name} is required here: {why}", pytrace=False)
            pytest.skip(f"{LEFT_OUT}{part.name}: {why}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if LEFT_OUT in reason:
            left_out[reason.split(LEFT_OUT, 1)[1]] += 1
    if left_out:
        terminalreporter.section("parts left out")
        for part, count in sorted(left_out.items()):
            terminalreporter.line(f"{part} ({count} tests)", yellow=True)


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """CI migrates from nothing. At home each process makes its tables from the models, in a tenth of the time."""
    return STRICT


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is; for tests marked ``browser``."""
    return chromium()


@pytest.fixture(scope="session")
def portal_url() -> str:
    """The real portal software's address, without a last slash; for tests marked ``portal``."""
    return PORTAL


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database of its own, dropped afterwards; for tests marked ``postgres``."""
    name = f"bothorel_{uuid.uuid4().hex[:12]}"
    server = psycopg2.connect(POSTGRES)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()
    finally:
        with server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        server.close()


def unused_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def free_port() -> int:
    return unused_port()


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """An empty Redis of its own (or ``BOTHOREL_TEST_REDIS``, flushed); for tests marked ``redis``."""
    if REDIS:
        redis.Redis.from_url(REDIS).flushdb()
        yield REDIS
        return
    port = unused_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis(port=port)
        for _ in range(100):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.05)
        client.close()
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait()


@pytest.fixture
def clean_environment(tmp_path: Path) -> dict[str, str]:
    """What to start the product with in a process of its own: no variable of ours but its folder."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
    # Nothing listens there: whatever the reference looks for outside stays inside, and fails at once.
    nowhere = {"OUTBOUND_PROXY": "http://127.0.0.1:9"}
    return {**kept, **nowhere, "BOTHOREL_VAR": str(tmp_path / "var"), "PYTHONUNBUFFERED": "1"}
