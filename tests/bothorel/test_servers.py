"""The server form, in the processes of docker-compose.yml, on a real PostgreSQL and a real Redis."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

BIN = Path(sys.executable).parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PAGES = ("/", "/promesses/", "/ministeres/", "/methode/", "/sante/", "/admin/login/", "/api/v1/status/")


def wait_until(condition: Callable[[], object], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not after {seconds} s"
        time.sleep(0.2)


def status_of(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.fixture
def server_environment(clean_environment, postgres_url, redis_url, free_port) -> dict[str, str]:
    return {
        **clean_environment,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "DATABASE_URL": postgres_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "k" * 50,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": f"http://127.0.0.1:{free_port}",
        "DATAGOUV_URL": "http://127.0.0.1:9",
    }


@pytest.fixture
def run(server_environment, tmp_path) -> Iterator[Callable[[str, list[str]], Path]]:
    """Start a process and return its log; at the end each must stop by itself, with code 0."""
    running: dict[str, subprocess.Popen[bytes]] = {}

    def start(name: str, command: list[str]) -> Path:
        log = tmp_path / f"{name}.log"
        with log.open("wb") as stream:
            running[name] = subprocess.Popen(
                command, cwd=ROOT, env=server_environment, stdout=stream, stderr=subprocess.STDOUT
            )
        return log

    yield start
    for process in running.values():
        process.terminate()
    try:
        assert {name: process.wait(20) for name, process in running.items()} == dict.fromkeys(running, 0)
    finally:
        for process in running.values():
            process.kill()


@pytest.mark.postgres
@pytest.mark.redis
def test_web_worker_and_beat_work_together(run, server_environment, free_port):
    migrate = COMPOSE["services"]["migrate"]["command"]
    subprocess.run(migrate, cwd=ROOT, env=server_environment, check=True, timeout=120)
    run("web", ["gunicorn", "bothorel.wsgi", "--bind", f"127.0.0.1:{free_port}", "--no-control-socket"])
    worker = run("worker", COMPOSE["services"]["worker"]["command"])
    beat = run("beat", COMPOSE["services"]["beat"]["command"])
    wait_until(lambda: status_of(f"http://127.0.0.1:{free_port}/sante/") == 200, 30, "the first page")
    wait_until(lambda: "dispatch_due" in worker.read_text() and "succeeded" in worker.read_text(), 30, "a task")
    wait_until(lambda: "beat: Starting" in beat.read_text(), 30, "beat")
    ping = shlex.split(COMPOSE["services"]["worker"]["healthcheck"]["test"][1].split(" --destination")[0])
    assert subprocess.run(ping, cwd=ROOT, env=server_environment, check=False, timeout=60).returncode == 0


def test_the_image_serves_its_pages_from_the_files_it_keeps(clean_environment, tmp_path):
    """No container engine runs here: its static build does, and no page misses a file."""
    ignored = re.findall(r"--ignore '([^']+)'", (ROOT / "Dockerfile").read_text())
    assert ignored
    environment = {**clean_environment, "STATIC_ROOT": str(tmp_path / "static"), "DATAGOUV_URL": "http://127.0.0.1:9"}

    def manage(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    collect = ["collectstatic", "--no-input", "--verbosity", "0"]
    manage("manage.py", *collect, *(f"--ignore={pattern}" for pattern in ignored))
    manage("manage.py", "migrate", "--verbosity", "0")
    ask = (
        "import django; django.setup(); from django.test import Client; "
        f"print(*(Client().get(page, HTTP_HOST='localhost').status_code for page in {PAGES!r}))"
    )
    environment["DJANGO_SETTINGS_MODULE"] = "bothorel.settings"
    assert manage("-W", "ignore", "-c", ask).split() == ["200"] * len(PAGES)
    size = sum(path.stat().st_size for path in (tmp_path / "static").rglob("*") if path.is_file())
    assert size < 60_000_000
    shutil.rmtree(tmp_path / "static")
