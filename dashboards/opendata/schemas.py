"""Table Schema of each file, and the data package that holds them together. What each says is read elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Any

from commitments.rules import METHOD_VERSION
from dashboards.api.shapes.common import site_url
from dashboards.opendata.files import (
    FILES,
    FOLDER,
    LICENCE_NAME,
    LICENCE_TITLE,
    LICENCE_URL,
    SCHEMA_VERSION,
    OpenFile,
)

SCHEMA_PROFILE = "https://specs.frictionlessdata.io/schemas/table-schema.json"
TITLE = "Bothorel : les ouvertures promises par les ministères, ce qu’ils déclarent, ce que l’on constate"
DESCRIPTION = (
    "Chaque promesse d’ouverture de données, d’API ou de code source, ses échéances successives, ce que le ministère "
    "en déclare et ce que l’on en constate : trois réponses qui ne sont jamais fondues en une. Les fichiers sont "
    "entiers, toujours à jour, et disent aussi la situation d’un jour passé (?au=AAAA-MM-JJ)."
)
KEYWORDS = ("open-data", "codes-sources", "api", "promesses", "rapport-bothorel", "feuilles-de-route", "ministeres")
_LICENCES = [{"name": LICENCE_NAME, "title": LICENCE_TITLE, "path": LICENCE_URL}]


def table(file: OpenFile) -> dict[str, Any]:
    """The Table Schema that the file's columns must follow, whatever the day."""
    return {
        "$schema": SCHEMA_PROFILE,
        "name": file.name,
        "title": file.title,
        "description": f"Une ligne : {file.line}. {file.description}",
        "version": SCHEMA_VERSION,
        "homepage": site_url(FOLDER),
        "path": site_url(file.schema_path),
        "licenses": _LICENCES,
        "fields": file.columns,
        "primaryKey": list(file.key),
        "missingValues": [""],
    }


def package(as_of: date, au: str, changed_at: str | None) -> dict[str, Any]:
    """The data package of a day. ``au``: the day as it was asked, empty for today: addresses carry it on."""
    return {
        "profile": "tabular-data-package",
        "name": "bothorel",
        "id": site_url(FOLDER),
        "title": TITLE,
        "description": DESCRIPTION,
        "homepage": site_url(FOLDER),
        "version": SCHEMA_VERSION,
        "as_of": as_of.isoformat(),
        "method_version": METHOD_VERSION,
        "created": changed_at or f"{as_of.isoformat()}T00:00:00Z",
        "keywords": list(KEYWORDS),
        "licenses": _LICENCES,
        "resources": [_resource(file, au) for file in FILES.values()],
    }


def _resource(file: OpenFile, au: str) -> dict[str, Any]:
    schema = table(file)
    if file.refers:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": name, "fields": [key]}}
            for column, (name, key) in file.refers.items()
        ]
    return {
        "profile": "tabular-data-resource",
        "name": file.name,
        "title": file.title,
        "description": schema["description"],
        "path": site_url(file.path() + (f"?au={au}" if au else "")),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n", "header": True},
        "schema": schema,
        "licenses": _LICENCES,
    }
