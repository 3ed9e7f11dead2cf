"""The pages on open data: the files with their columns, and the API by examples that run."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboards.opendata.columns import Column
from dashboards.opendata.examples import examples
from dashboards.opendata.files import FILES, LICENCE_URL
from dashboards.pages.asked import ask, page
from dashboards.pages.keeping import kept
from dashboards.pages.views.charts import KINDS as CHARTS

TITLES = {
    "ministeres": "Où en est chaque ministère",
    "rythme": "Tient-on le rythme annoncé",
    "echeances-deplacees": "Quelles échéances ont bougé, et de combien",
    "echeances-a-venir": "Les 90 prochains jours",
    "campagnes": "Qui répond aux campagnes",
}
"""Every chart, as its figure is titled: this page is in French alone, and counts nothing to name them."""

KINDS = {
    "string": "texte",
    "integer": "nombre entier",
    "boolean": "vrai ou faux",
    "date": "jour",
    "datetime": "instant",
    "object": "objet JSON",
}


@page
@kept
def data(request: HttpRequest) -> HttpResponse:
    """Every file, with how many lines it has on the day asked."""
    question = ask(request)
    files = [
        {
            "file": file,
            "csv": file.path("csv"),
            "json": file.path("json"),
            "lines": file.count(question.as_of),
            "columns": [_shown(column) for column in file.columns],
        }
        for file in FILES.values()
    ]
    charts = [{"path": f"/graphiques/{name}.csv", "title": TITLES[name]} for name in CHARTS]
    context = {"question": question, "files": files, "charts": charts, "licence": LICENCE_URL}
    return render(request, "pages/data.html", context)


def _shown(column: Column) -> dict[str, Any]:
    """A column in words: its kind, and the values that it takes when they are few."""
    values = [f"{one['value']} : {one['label']}" for one in column.get("categories", ())]
    kind = "adresse" if column.get("format") == "uri" else KINDS[column["type"]]
    return {**column, "kind": kind, "required": column["constraints"]["required"], "values": values}


@page
@kept
def api(request: HttpRequest) -> HttpResponse:
    """How to ask, by example."""
    shown = examples(settings.SITE_URL.rstrip("/"))
    return render(request, "pages/api.html", {"question": ask(request), "examples": shown})
