"""``manage.py up`` in a process of its own, behind a terminal of its own."""

import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import ROOT

START_SECONDS = 60
STOP_SECONDS = 30
COMMAND = [sys.executable, "manage.py", "up"]


class Up:
    """The command behind a pseudo-terminal: a Ctrl-C typed there is a real one."""

    def __init__(self, environment: dict[str, str], *arguments: str) -> None:
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execve(sys.executable, [*COMMAND, *arguments], environment)
        self.said = ""
        self.code: int | None = None

    def listen(self, until: str, seconds: float = START_SECONDS) -> str:
        """Read what it says until some words, or its end."""
        deadline = time.monotonic() + seconds
        while until not in self.said and time.monotonic() < deadline:
            if select.select([self.terminal], [], [], 0.1)[0]:
                try:
                    self.said += os.read(self.terminal, 65536).decode(errors="replace")
                except OSError:
                    break
        return self.said

    def type(self, characters: bytes) -> None:
        os.write(self.terminal, characters)

    def end(self, seconds: float) -> int:
        """Wait for its end and return its exit code; kill it, and fail, when it takes longer."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.listen("\0", 0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
                return self.code
        pytest.fail(f"still running after {seconds} s:\n{self.said}")

    def close(self) -> None:
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.terminal)


@pytest.fixture
def up(clean_environment) -> Iterator[Callable[..., Up]]:
    started: list[Up] = []

    def start(*arguments: str, **variables: str) -> Up:
        # Nothing listens on the discard port: the portal is unreachable, and that must be normal.
        started.append(Up({**clean_environment, "DATAGOUV_URL": "http://127.0.0.1:9", **variables}, *arguments))
        return started[-1]

    yield start
    for one in started:
        one.close()


def get(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.status, answer.read().decode()


def address_of(said: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/", said)
    assert found, said
    return found.group()


@pytest.fixture(scope="module")
def var(tmp_path_factory) -> Path:
    """The product's folder: made by the first that starts there, found again by the next."""
    return Path(tmp_path_factory.mktemp("up"), "var")


@pytest.mark.parametrize("stop", ["Ctrl-C", pytest.param("SIGTERM", marks=pytest.mark.slow)])
def test_it_serves_then_stops_cleanly(up, var, stop):
    running = up("--port", "0", BOTHOREL_VAR=str(var))
    said = running.listen("Ctrl-C pour arrêter.")
    address = address_of(said)
    assert "portail suivi : http://127.0.0.1:9" in said
    assert str(var) in said
    assert get(address)[0] == 200
    if stop == "Ctrl-C":
        running.type(b"\x03")
    else:
        os.kill(running.pid, signal.SIGTERM)
    assert running.end(STOP_SECONDS) == 0
    assert "Arrêté." in running.said
    for noise in ("Traceback", "SecurityWarning", "shutdown"):
        assert noise not in running.said
    with pytest.raises(urllib.error.URLError):
        get(address)
    assert {path.name for path in var.iterdir()} <= {"bothorel.sqlite3", "secret_key"}


def test_a_taken_port_is_said_and_a_free_one_proposed(up):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        running = up("--port", str(port))
        assert running.end(START_SECONDS) == 1
    found = re.search(rf"Le port {port} est pris\. Essayez : --port (\d+)", running.said)
    assert found
    assert "Traceback" not in running.said
    with socket.create_server(("127.0.0.1", int(found.group(1)))):
        pass


def refusal(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("port", ["65536", "-1", "http", "80.5", "²"])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(CommandError, match=f"^--port vaut « {re.escape(port)} »"):
        call_command("up", f"--port={port}")


def test_a_refused_port_ends_it_in_one_line(clean_environment):
    said = refusal(clean_environment, "--port=²")
    assert "--port vaut « ² »" in said
    assert said.count("\n") == 1


@pytest.mark.slow
def test_with_servers_it_says_what_to_run(clean_environment):
    environment = {
        **clean_environment,
        "DATABASE_URL": "postgres://127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "SECRET_KEY": "k" * 50,
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": "http://localhost",
    }
    assert "docker-compose.yml" in refusal(environment)


def test_a_folder_that_cannot_be_written_is_said(clean_environment, tmp_path: Path):
    (tmp_path / "file").write_text("")
    said = refusal({**clean_environment, "BOTHOREL_VAR": str(tmp_path / "file")})
    assert "BOTHOREL_VAR" in said
    assert said.count("\n") == 1
