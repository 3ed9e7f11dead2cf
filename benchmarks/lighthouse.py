"""``python -m benchmarks.lighthouse``: Lighthouse's four scores, on a phone, of the pages that are opened most.

Starts the product on a base of its own that holds the reference and asks nobody (or takes ``--url``), and prints each
page's scores: the median of ``--runs``. Ends with 1 under 100. Lighthouse is the npm package, installed in a folder of
its own, thrown away at the end unless ``--npm`` names one; it drives the machine's Chromium and sends nothing out.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.serving import running
from tests.conftest import chromium, unused_port

PAGES = ("/", "/promesses/", "/promesses/O-10-affelnet-lycee-code/", "/ministeres/menjs/")
ASPECTS = ("performance", "accessibility", "best-practices", "seo")
VERSION = "lighthouse@12"


def installed(folder: Path) -> Path:
    """The command, fetched when it is not there yet."""
    command = folder / "node_modules" / ".bin" / "lighthouse"
    if not command.exists():
        folder.mkdir(parents=True, exist_ok=True)
        npm = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder), VERSION]
        subprocess.run(npm, check=True)
    return command


def report(command: Path, address: str, folder: Path) -> dict[str, Any]:
    """What Lighthouse says of one page, at its own settings for phones."""
    written = folder / "report.json"
    asked = [
        str(command),
        address,
        "--quiet",
        "--output=json",
        f"--output-path={written}",
        "--no-enable-error-reporting",
    ]
    asked += [f"--only-categories={','.join(ASPECTS)}", "--chrome-flags=--headless=new --no-sandbox"]
    subprocess.run(asked, check=True, timeout=300, env={**os.environ, "CHROME_PATH": chromium()})
    return dict(json.loads(written.read_text()))


def failing(found: dict[str, Any]) -> list[str]:
    """The audits that count and are not at their best, with what Lighthouse measured."""
    counted = {ref["id"] for aspect in ASPECTS for ref in found["categories"][aspect]["auditRefs"] if ref["weight"]}
    audits = [audit for name, audit in found["audits"].items() if name in counted]
    return [
        f"{audit['title']} {audit.get('displayValue', '')}".strip()
        for audit in audits
        if audit["score"] is not None and audit["score"] < 1
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--url", default="", help="a product that already runs, else one is started")
    parser.add_argument("--npm", type=Path, help="where Lighthouse is, or is to be installed and kept")
    options = parser.parse_args()
    held = True
    with tempfile.TemporaryDirectory(prefix="bothorel-lighthouse-") as temporary, ExitStack() as stack:
        folder = Path(temporary)
        command = installed(options.npm or folder / "npm")
        url = options.url.rstrip("/")
        if not url:
            port = unused_port()
            up = [sys.executable, "manage.py", "up", "--port", str(port)]
            env = {"BOTHOREL_VAR": str(folder / "var"), "OUTBOUND_PROXY": "http://127.0.0.1:9"}
            stack.enter_context(running(up, port, folder / "up.log", env))
            url = f"http://127.0.0.1:{port}"
        for page in PAGES:
            runs = [report(command, url + page, folder) for _ in range(options.runs)]
            scores = {
                aspect: round(100 * median(run["categories"][aspect]["score"] for run in runs)) for aspect in ASPECTS
            }
            print(page, ", ".join(f"{aspect} {score}" for aspect, score in scores.items()), flush=True)
            if min(scores.values()) < 100:
                held = False
                print(*sorted({f"    {one}" for run in runs for one in failing(run)}), sep="\n", flush=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
