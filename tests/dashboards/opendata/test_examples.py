"""The examples that ``/api/`` shows are taken from the page and run, on a real server: what is shown works."""

import html
import re
import shutil
import subprocess
import sys

import pytest
from django.core.management import call_command

CODE = re.compile(r'<h3>(.*?)</h3>\s*<pre tabindex="0"><code class="(\w+)">(.*?)</code></pre>', re.S)
EXPECTED = {
    "Une promesse, un jour donné": '"ref":"O-30"',
    "Les promesses en retard, en CSV": "",
    "Ne télécharger que ce qui a changé": "304",
    "Compter les promesses par constat": "Counter({",
    "Lire tous les événements": "événements ; le dernier :",
    "Les échéances avec pandas": "O-",
    "Les promesses avec R": "MI",
}


@pytest.fixture
def shown(live_server, transactional_db, settings, client):
    """Title, language and code of each example, as copied from the page of a server that holds the reference."""
    settings.SITE_URL = live_server.url
    call_command("load_reference", verbosity=0)
    found = CODE.findall(client.get("/api/").content.decode())
    return [(re.sub(r"<.*?>", "", title).strip(), language, html.unescape(code)) for title, language, code in found]


def test_what_is_shown_works(shown, tmp_path):
    assert len(shown) == len(EXPECTED)
    ran = set()
    for title, language, code in shown:
        command = {
            "curl": ["bash", "-euc", code],
            "python": [sys.executable, "-c", code],
            "r": ["Rscript", "-e", code],
        }[language]
        if language == "r" and not shutil.which("Rscript"):
            continue  # two lines of base R, run where there is one
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"{title}: {done.stderr[-500:]}"
        [expected] = [words for beginning, words in EXPECTED.items() if title.startswith(beginning)]
        assert expected in done.stdout, f"{title}: {done.stdout[-500:]}"
        ran.add(language)
    assert {"curl", "python"} <= ran
    assert (tmp_path / "retards.csv").read_text().startswith("ref,title,")
    assert (tmp_path / "promesses.csv").read_text().count("\n") > 40
