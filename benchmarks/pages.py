"""``python -m benchmarks.pages``: what a page costs its server and its reader, with 5,000 promises of 20 ministries.

Five years of life from ``benchmarks.history``. Interleaved, in each round: answers a second of our list page, of the
API's list and of « nothing changed » (304), of a plain Django ListView on the same rows (``peers/plain_list.py``), of
the same bytes as a file served by nginx, and of our page behind ``deploy/nginx.conf``; then our first screen and a
minimal Plotly Dash page with the same chart (``peers/dash_page.py``), each in a new window of a Chromium at rest that
keeps nothing: bytes, requests, time to the drawn chart. Needs nginx and Chromium of Debian; Dash is installed from
PyPI in an environment of its own, thrown away at the end unless ``--venv`` names one. Loads 127.0.0.1 only, eight
connections, a bounded time.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import sync_playwright

from benchmarks.browsing import Seen, seen
from benchmarks.load import Load, load
from benchmarks.measuring import cpu_seconds, gate, of
from benchmarks.serving import family, gunicorn, made, nginx, running
from tests.conftest import chromium, unused_port

PROMISES, MINISTRIES = 5000, 20
KILOBYTES = 150


def prepare(folder: Path, count: int) -> str:
    """A base with the life of five years. Returns its last day."""
    os.environ.update(DJANGO_SETTINGS_MODULE="bothorel.settings", BOTHOREL_VAR=str(folder / "var"))
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from benchmarks.history import DAYS, FIRST, fill
    from commitments.models import Version

    call_command("migrate", verbosity=0)
    print(f"{count} promises, {MINISTRIES} ministries: {fill(count, MINISTRIES)}", flush=True)
    Version.bump()
    connections.close_all()
    return (FIRST + timedelta(days=DAYS - 1)).isoformat()


def got(port: int, path: str) -> tuple[bytes, str]:
    """A body, opened, and its tag."""
    with urlopen(Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "gzip"})) as answer:
        body = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return gzip.decompress(body) if packed else body, answer.headers.get("ETag", "")


def told(rounds: list[dict[str, Load]]) -> None:
    for name in rounds[0]:
        found = [one[name] for one in rounds]
        size, p99 = found[0].size, median(load.p99 for load in found)
        cost = median(load.cost for load in found)
        print(
            f"{name}: {of([load.rate for load in found])} answers/s, {cost:.2g} ms of processor each, "
            f"{size:,} bytes, p99 {p99:.1f} ms"
        )


def ratios(rounds: list[dict[str, Load]], ours: str, theirs: str) -> list[float]:
    return [one[ours].rate / one[theirs].rate for one in rounds]


def judged(name: str, values: list[float], least: float, worst: float) -> bool:
    """Both the median and the worst round must hold."""
    print(f"    {name}: {of(values, '.2f')}")
    held = gate(f"{name}, median", median(values), at_least=least)
    return gate(f"{name}, worst round", min(values), at_least=worst) and held


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=PROMISES, help="promises")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5, help="of load on each, in each round")
    parser.add_argument("--venv", type=Path, help="where Dash is, or is to be installed and kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bothorel-pages-") as temporary, ExitStack() as stack:
        folder = Path(temporary)
        folder.chmod(0o755)
        python = made(options.venv or folder / "dash", "dash", "gunicorn")
        day = prepare(folder, options.count)
        listed, home, api = f"/promesses/?au={day}", f"/?au={day}", f"/api/v1/commitments/?au={day}"

        pids: dict[int, int] = {}

        def start(name: str, command: Callable[[int], list[str]], **env: str) -> int:
            port = unused_port()
            pids[port] = stack.enter_context(running(command(port), port, folder / f"{name}.log", env))
            return port

        def measure(port: int, path: str, more: dict[str, Any]) -> Load:
            before = cpu_seconds(family(pids[port]))
            found = load(port, path, **more, seconds=options.seconds)
            spent = cpu_seconds(family(pids[port])) - before
            return replace(found, cost=1000 * spent / found.answers)

        ours = start(
            "ours", lambda port: gunicorn("bothorel.wsgi", port), DJANGO_SETTINGS_MODULE="benchmarks.unthrottled"
        )
        plain = start(
            "plain",
            lambda port: gunicorn("benchmarks.peers.plain_list:application", port),
            DJANGO_SETTINGS_MODULE="benchmarks.peers.plain_settings",
        )
        body, mark = got(ours, listed)
        (folder / "www").mkdir()
        (folder / "www" / "list.html").write_bytes(body)
        (folder / "www" / "list.html.gz").write_bytes(gzip.compress(body, 6))
        static, front, pids[static] = stack.enter_context(nginx(folder, ours))
        pids[front] = pids[static]
        figure = json.loads(got(ours, f"/graphiques/ministeres.json?au={day}")[0])
        (folder / "figure.json").write_text(json.dumps(figure))
        dash = start(
            "dash",
            lambda port: gunicorn("benchmarks.peers.dash_page:server", port, python),
            PEER_FIGURE=str(folder / "figure.json"),
        )
        asked: dict[str, tuple[int, str, dict[str, Any]]] = {
            "our list page": (ours, listed, {}),
            "the API's list": (ours, api, {}),
            "our list page, nothing changed": (ours, listed, {"headers": {"If-None-Match": mark}, "status": 304}),
            "plain Django ListView": (plain, "/promesses/", {}),
            "nginx, the same page as a file": (static, "/list.html", {}),
            "our list page behind nginx": (front, listed, {}),
        }
        warm = [*((port, path) for port, path, _ in asked.values()), (ours, home), (dash, "/")]
        for port, path in warm:  # made once
            for _ in range(3):
                got(port, path)
        served: list[dict[str, Load]] = []
        shown: list[tuple[Seen, Seen]] = []
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            for _ in range(options.rounds + 1):
                shown.append(
                    (
                        seen(browser, f"http://127.0.0.1:{ours}{home}", "svg.bars rect"),
                        seen(browser, f"http://127.0.0.1:{dash}/", ".main-svg .barlayer .point path"),
                    )
                )
            del shown[0]  # the browser's own first pages
            browser.close()
        for _ in range(options.rounds):
            served.append({name: measure(*one) for name, one in asked.items()})
    told(served)
    for name, those in zip(("our first screen", "Dash"), zip(*shown, strict=True), strict=True):
        print(
            f"{name}: drawn in {of([one.drawn for one in those])} ms, "
            f"{median(one.size for one in those):,.0f} bytes, {median(one.requests for one in those):.0f} requests"
        )
    usual, file = "plain Django ListView", "nginx, the same page as a file"
    held = [
        judged("times ListView, our list page", ratios(served, "our list page", usual), 5, 3),
        judged("times ListView, the API's list", ratios(served, "the API's list", usual), 5, 3),
        judged("times ListView, nothing changed", ratios(served, "our list page, nothing changed", usual), 12, 8),
        judged(
            "times nginx's file, behind nginx",
            ratios(served, "our list page behind nginx", file),
            0.8,
            0.5,
        ),
        judged("times sooner than Dash, the chart", [theirs.drawn / our.drawn for our, theirs in shown], 15, 8),
        judged("times fewer bytes than Dash", [theirs.size / our.size for our, theirs in shown], 50, 50),
        gate("first screen, kB with its styles", max(our.size for our, _ in shown) / 1000, below=KILOBYTES),
    ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
