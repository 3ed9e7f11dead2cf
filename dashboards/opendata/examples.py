"""The examples of ``/api/``. A test takes them from the page and runs them: what is shown works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """``language``: how it is run; ``code``: what is copied, whole."""

    title: str
    language: str
    code: str

    @property
    def label(self) -> str:
        return {"curl": "curl", "python": "Python", "r": "R"}[self.language]


def examples(site: str) -> list[Example]:
    """``site``: the public address, without a slash at the end."""
    return [Example(title, language, code.replace("SITE", site).strip("\n")) for title, language, code in _EXAMPLES]


_EXAMPLES = (
    (
        "Une promesse, un jour donné",
        "curl",
        "curl 'SITE/api/v1/commitments/O-30/?au=2023-02-01'",
    ),
    (
        "Les promesses en retard, en CSV",
        "curl",
        "curl -o retards.csv 'SITE/api/v1/commitments.csv?vue=retard'",
    ),
    (
        "Ne télécharger que ce qui a changé",
        "curl",
        """
curl -s -o promesses.csv --etag-save promesses.etag 'SITE/donnees/promesses.csv'
curl -s -o promesses.csv --etag-compare promesses.etag --etag-save promesses.etag \\
     -w '%{http_code}\\n' 'SITE/donnees/promesses.csv'
""",
    ),
    (
        "Compter les promesses par constat, sans rien installer",
        "python",
        """
import csv
import io
from collections import Counter
from urllib.request import urlopen

with urlopen("SITE/donnees/promesses.csv") as answer:
    rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8", newline="")))
print(Counter(row["observed_state"] for row in rows))
""",
    ),
    (
        "Lire tous les événements, page après page",
        "python",
        """
import json
from urllib.request import urlopen

address, events = "SITE/api/v1/events/?page_size=100", []
while address:
    with urlopen(address) as answer:
        page = json.load(answer)
    events += page["results"]
    address = page["next"]
print(len(events), "événements ; le dernier :", events[0]["sentence"])
""",
    ),
    (
        "Les échéances avec pandas",
        "python",
        """
import pandas as pd

deadlines = pd.read_csv("SITE/donnees/echeances.csv", parse_dates=["last_day", "announced_on"])
print(deadlines.groupby("commitment")["days_moved"].sum().sort_values().tail())
""",
    ),
    (
        "Les promesses avec R",
        "r",
        """
promesses <- read.csv("SITE/donnees/promesses.csv", encoding = "UTF-8", na.strings = "")
table(promesses$ministry_code, promesses$observed_state)
""",
    ),
)
