"""Servers that a benchmark starts on loopback and stops: gunicorn, nginx, the peers. Nothing else is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.conftest import ROOT, unused_port

PATIENCE = 60
NGINX = """
worker_processes 1;
daemon off;
error_log stderr error;
pid {folder}/nginx.pid;
{user}
events {{}}
http {{
    access_log off;
    include /etc/nginx/mime.types;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{ listen 127.0.0.1:{static}; root {folder}/www; gzip_static on; }}
    {front}
}}
"""


@contextmanager
def running(command: list[str], port: int, log: Path, env: Mapping[str, str] | None = None) -> Iterator[int]:
    """A server until the end of the block; its process. Raises when it does not answer in time."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(env or {})}, stdout=out, stderr=out)
    try:
        _until_it_answers(port, process, log)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def gunicorn(module: str, port: int, python: Path = Path(sys.executable)) -> list[str]:
    """One process of eight threads, as ``manage.py up`` has: an answer is made once, and the client has a core."""
    return [
        *(str(python), "-m", "gunicorn", module, "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "8"),
        *("--log-level", "error", "--no-control-socket", "--keep-alive", "75"),
    ]


@contextmanager
def nginx(folder: Path, behind: int) -> Iterator[tuple[int, int, int]]:
    """The ports of a server of ``folder/www`` and of ``deploy/nginx.conf`` before the port ``behind``; its process."""
    static, front = unused_port(), unused_port()
    text = NGINX.format(
        folder=folder,
        static=static,
        front=_deployed(folder, front, behind),
        user="user root;" if os.geteuid() == 0 else "",
    )
    (folder / "nginx.conf").write_text(text)
    found = shutil.which("nginx") or "/usr/sbin/nginx"
    with running([found, "-c", str(folder / "nginx.conf"), "-p", str(folder)], static, folder / "nginx.log") as pid:
        yield static, front, pid


def _deployed(folder: Path, port: int, behind: int) -> str:
    """The project's own example, less what only a public name can have: TLS and its redirection."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    head, _, rest = text.partition("server {\n    listen 80;")
    served = rest[rest.index("server {") :]
    kept = [line for line in served.splitlines() if not line.lstrip().startswith(("ssl_", "server_name"))]
    whole = head + "\n".join(kept)
    for old, new in (
        ("/var/cache/nginx/bothorel", f"{folder}/cache"),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{behind};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        ("$host;", "$http_host;"),
    ):
        assert old in whole, old
        whole = whole.replace(old, new)
    return whole


def family(pid: int) -> list[int]:
    """A process and its children."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def made(folder: Path, *packages: str) -> Path:
    """The interpreter of a virtual environment with these packages, made when it is not there yet."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
        subprocess.run(command, check=True)
    return python


def _until_it_answers(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            urlopen(f"http://127.0.0.1:{port}/", timeout=30).close()
            return
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"nothing answers on {port}: {log.read_text()[-2000:]}")
