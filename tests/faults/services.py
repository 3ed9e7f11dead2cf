"""Servers and workers of our own, made to be killed: the machine's PostgreSQL and Redis are never touched."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg2
import redis

from tests.conftest import ROOT, unused_port

BIN = Path(sys.executable).parent
NAME = "bothorel"
T = TypeVar("T")


def identifier(number: int) -> str:
    """The id, on the portal, of the n-th record."""
    return f"65{number:022d}"


def until(condition: Callable[[], T], what: str, seconds: float = 30) -> T:
    """Wait for what other processes do, never longer than they need."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not after {seconds:g} s")
        time.sleep(0.02)
    return found


class Cluster:
    """A PostgreSQL cluster in a folder of its own, on a free port; as root it runs under the user ``postgres``."""

    def __init__(self) -> None:
        folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
        newest = max(folders, key=lambda path: int(path.parent.parent.name), default=None)
        self.bin = newest.parent if newest else Path(shutil.which("initdb") or "initdb").parent
        self.folder = Path(tempfile.mkdtemp(prefix="bothorel-cluster-"))
        self.port = unused_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/{NAME}"
        self._process: subprocess.Popen[bytes] | None = None
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._user = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self.folder, "postgres", "postgres")

    def create(self) -> None:
        """Make the cluster and an empty database."""
        subprocess.run(
            [
                *(str(self.bin / "initdb"), "-D", str(self.folder), "-A", "trust", "-U", "postgres"),
                *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            **self._user,
        )
        self.start()
        server = psycopg2.connect(self.url.replace(f"/{NAME}", "/postgres"))
        server.autocommit = True
        server.cursor().execute(f"CREATE DATABASE {NAME}")
        server.close()

    def start(self) -> None:
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "logging_collector": "off"}
        self._process = subprocess.Popen(
            [str(self.bin / "postgres"), "-D", str(self.folder), "-p", str(self.port)]
            + [word for name, text in options.items() for word in ("-c", f"{name}={text}")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **self._user,
        )
        until(self.answers, "PostgreSQL")

    def answers(self) -> bool:
        try:
            psycopg2.connect(self.url.replace(f"/{NAME}", "/postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """At once, as a machine that loses its power: what was not committed is lost."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query, on a connection of its own."""
        connection = psycopg2.connect(self.url, connect_timeout=5)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Queue:
    """A Redis that keeps nothing on disk, hence forgets everything when it is killed."""

    def __init__(self) -> None:
        self.port = unused_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", "/tmp"]  # noqa: S108
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(self.answers, "Redis")

    def answers(self) -> bool:
        try:
            return bool(redis.Redis(port=self.port, socket_connect_timeout=1).ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        self.kill()
        self.start()

    def flush(self) -> None:
        redis.Redis(port=self.port).flushall()


class Process:
    """One of the product's processes, with its children; ``log`` is a file."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.command, self.environment, self.log = command, environment, log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as stream:
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=dict(self.environment),
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pids(self) -> list[int]:
        """The process and its descendants."""
        found = [self._process.pid] if self._process and self.alive else []
        for pid in found:
            try:
                found += [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
            except OSError:
                continue
        return found

    def kill(self) -> None:
        """The whole tree at once, as the kernel does when memory is short."""
        if self._process and self.alive:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def kill_children(self) -> None:
        """The processes of the pool, not the one that feeds them."""
        for pid in self.pids[1:]:
            os.kill(pid, signal.SIGKILL)

    def stop(self, seconds: float = 20) -> None:
        if self._process and self.alive:
            self._process.terminate()
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()

    def said(self, pattern: str) -> int:
        """How many times its log matches."""
        return len(re.findall(pattern, self.log.read_text(errors="replace")))


def environment(database: str, broker: str, portal: str, **more: str) -> dict[str, str]:
    """What the server form is started with."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "SECRET_KEY": "k" * 50,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "http://127.0.0.1",
        "DATAGOUV_URL": portal,
        **more,
    }


def worker(env: Mapping[str, str], log: Path, *, processes: int = 2) -> Process:
    """A Celery worker as docker-compose.yml starts it."""
    pool = ["-P", "prefork", "-c", str(processes), "--loglevel", "INFO", "-n", f"{log.stem}@%h"]
    return Process(["celery", "-A", "bothorel", "worker", *pool], env, log)


def beat(env: Mapping[str, str], log: Path) -> Process:
    return Process(["celery", "-A", "bothorel", "beat", "--pidfile=", "--loglevel", "INFO"], env, log)


def manage(env: Mapping[str, str], *words: str) -> str:
    """What ``manage.py`` printed; raises RuntimeError, with its words, when it failed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=dict(env),
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def populate(env: Mapping[str, str], count: int) -> None:
    """Make the tables, and promises that are all due."""
    manage(env, "migrate", "--verbosity=0")
    needed = {"DJANGO_SETTINGS_MODULE": "bothorel.settings", "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-m", "tests.faults.populate", str(count)], cwd=ROOT, env={**env, **needed}, check=True
    )


@contextmanager
def servers() -> Iterator[tuple[Cluster, Queue]]:
    """A PostgreSQL and a Redis of our own, removed at the end."""
    cluster, queue = Cluster(), Queue()
    try:
        cluster.create()
        queue.start()
        yield cluster, queue
    finally:
        queue.kill()
        cluster.remove()
