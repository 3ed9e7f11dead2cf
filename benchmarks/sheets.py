"""``python -m benchmarks.sheets``: a ministry's file of five thousand lines, each with a moved date and a new state.

By HTTP, as a browser does: sign in, send the file, confirm the columns, see the preview, ask for it to be applied.
Then the browser closes; a Celery worker writes, and its progress is looked at once a second from the cache, as the
page would. PostgreSQL, Redis, web server and worker are our own.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

from benchmarks.measuring import gate, of, peak_megabytes
from tests.conftest import ROOT, unused_port
from tests.faults.services import BIN, Cluster, Process, environment, manage, servers, until, worker

EMAIL, PASSWORD = "amdac@exemple.gouv.fr", "une phrase assez longue"
GOAL = 20.0

SEED = """
import sys
from tests.faults.populate import populate
from commitments.models import Commitment
from ministries.models import Agent, Declaration, Mandate, Ministry, Responsibility
populate(int(sys.argv[1]))
ministry = Ministry.objects.order_by("pk").first()
Responsibility.objects.update(ministry=ministry)
agent = Agent(email=sys.argv[2], function="AMDAC")
agent.set_password(sys.argv[3])
agent.save()
Mandate.objects.create(agent=agent, ministry=ministry, role="amdac", since="2021-02-05")
Declaration.objects.bulk_create(
    [
        Declaration(
            commitment=one, status="not_started", declared_on="2022-01-15", ministry=ministry, by_function="AMDAC"
        )
        for one in Commitment.objects.all()
    ],
    batch_size=500,
)
"""


class Browser:
    """Cookies, forms and their token: what a browser without JavaScript does."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.html = self.address = ""

    def get(self, path: str) -> None:
        self._went(self._opener.open(self.site + path, timeout=120))

    def post(self, path: str, **fields: str) -> None:
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": self._token(), **fields}).encode()
        self._went(self._opener.open(self.site + path, data, timeout=120))

    def send(self, path: str, name: str, content: bytes) -> None:
        edge = "bothorel-benchmark"
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self._token()}\r\n',
            f'--{edge}\r\nContent-Disposition: form-data; name="fichier"; filename="{name}"\r\n'
            "Content-Type: text/csv\r\n\r\n",
        ]
        body = "".join(parts).encode() + content + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        request = urllib.request.Request(self.site + path, body, kind)  # noqa: S310 - our own server
        self._went(self._opener.open(request, timeout=120))

    def columns(self) -> dict[str, str]:
        """What the page of columns proposes, as its form would be sent."""
        found = {}
        for name, options in re.findall(r'name="(colonne-\d+)">(.*?)</select>', self.html, re.DOTALL):
            chosen = re.search(r'value="([^"]*)" selected', options)
            found[name] = chosen[1] if chosen else ""
        return found

    def _token(self) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.html)
        if found is None:
            raise RuntimeError(f"no form on {self.address}")
        return found[1]

    def _went(self, answer: object) -> None:
        self.html = answer.read().decode()  # type: ignore[attr-defined]
        self.address = urllib.parse.urlsplit(answer.url).path  # type: ignore[attr-defined]


def file(count: int, turn: int) -> bytes:
    """Every line with another date and another state than the turn before."""
    state = ("en cours", "non démarré")[turn % 2]
    lines = [f"B-{n:05d};T3 {2031 + turn};décret attendu;{state};point {turn} sur la ligne {n}" for n in range(count)]
    return "\n".join(["référence;échéance;motif;état;commentaire", *lines]).encode()


@contextmanager
def web(env: Mapping[str, str], folder: Path) -> Iterator[str]:
    port = unused_port()
    command = [str(BIN / "gunicorn"), "bothorel.wsgi", "-b", f"127.0.0.1:{port}", "--threads", "4", "--timeout", "120"]
    process = Process([*command, "--no-control-socket"], env, folder / "web.log")
    process.start()
    try:

        def answers() -> bool:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/connexion/", timeout=5).close()
            except OSError:
                return False
            return True

        until(answers, "the web server", 60)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()


def turn(site: str, cluster: Cluster, count: int, number: int) -> tuple[float, float, list[int]]:
    """Seconds to the preview, seconds to apply, and the progress seen on the way."""
    browser = Browser(site)
    browser.get("/espace/")
    browser.post("/connexion/?next=/espace/tableaux/", username=EMAIL, password=PASSWORD)
    browser.get("/espace/tableaux/")
    started = time.monotonic()
    browser.send("/espace/tableaux/", "lignes.csv", file(count, number))
    path = browser.address
    browser.post(f"{path}colonnes/", **browser.columns())
    previewed = time.monotonic() - started
    changed = re.search(r'vue=changed"[^>]*>(\d+)', browser.html)
    if changed is None or int(changed[1]) != count:
        raise RuntimeError(f"{changed and changed[1]} lines of {count} would change")
    started = time.monotonic()
    browser.post(f"{path}appliquer/", **{"sans-le-reste": "1"})
    closed = Browser(site)
    closed._opener = browser._opener
    seen = [int(re.search(r'value="(\d+)">', browser.html)[1])] if "<progress" in browser.html else []  # type: ignore[index]
    del browser
    upload = int(path.strip("/").rpartition("/")[2])

    def applied() -> bool:
        state = cluster.ask("SELECT state, problems FROM ministries_upload WHERE id = %s", upload)[0]
        if state[0] == "previewed":
            raise RuntimeError(f"stopped: {state[1][:2]}")
        if state[0] == "applying" and (not seen or time.monotonic() - started > len(seen)):
            closed.get(path)
            found = re.search(r'<progress[^>]*value="(\d+)"', closed.html)
            seen.append(int(found[1]) if found else 100)
        return bool(state[0] == "applied")

    until(applied, "an applied file", 300)
    return previewed, time.monotonic() - started, seen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="lines")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with servers() as (cluster, queue), tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        env = environment(cluster.url, queue.url, "http://127.0.0.1:1", BOTHOREL_VAR=kept)
        manage(env, "migrate", "--verbosity=0")
        needed = {"DJANGO_SETTINGS_MODULE": "bothorel.settings", "PYTHONPATH": str(ROOT)}
        subprocess.run(
            [sys.executable, "-c", SEED, str(options.count), EMAIL, PASSWORD],
            cwd=ROOT,
            env={**env, **needed},
            check=True,
        )
        process = worker(env, folder / "worker.log")
        process.start()
        try:
            until(lambda: process.said("ready"), "the worker", 60)
            with web(env, folder) as site:
                rounds = [turn(site, cluster, options.count, n) for n in range(options.rounds)]
            peak = max(peak_megabytes(pid) for pid in process.pids)
        except BaseException:
            for log in sorted(folder.glob("*.log")):
                sys.stderr.write(log.read_text(errors="replace")[-3000:])
            raise
        finally:
            process.stop()
        moved = cluster.ask("SELECT count(*) FROM ministries_postponement")[0][0]
        said = cluster.ask("SELECT count(*) FROM ministries_declaration WHERE agent_id IS NOT NULL")[0][0]
    expected = options.count * options.rounds
    print(f"{options.count} lines, {os.cpu_count()} processors, {options.rounds} rounds")
    print(f"sent and previewed: {of([one[0] for one in rounds], '.1f')} s")
    print(f"applied: {of([one[1] for one in rounds], '.1f')} s; progress seen: {[one[2] for one in rounds]}")
    print(f"the worker's memory at most: {peak:.0f} MB; rows: {moved} dates and {said} statements of {expected}")
    whole = moved == said == expected
    together = max(one[0] + one[1] for one in rounds)
    return 0 if gate("preview and apply together, in seconds", together, below=GOAL) and whole else 1


if __name__ == "__main__":
    sys.exit(main())
