"""The catalogue that other portals harvest: DCAT-AP, in JSON-LD. One dataset, a distribution for each file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from dashboards.api.shapes.common import site_url
from dashboards.opendata.files import FILES, FOLDER, LICENCE_URL, OpenFile
from dashboards.opendata.schemas import DESCRIPTION, KEYWORDS, TITLE

EUROPE = "http://publications.europa.eu/resource/authority/"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
FORMATS = {"csv": "CSV", "json": "JSON"}
MEDIA_TYPES = {"csv": "text/csv", "json": "application/json"}


def catalogue(changed_at: str | None, first_day: str | None, last_day: str) -> dict[str, Any]:
    """``changed_at``: the last write (ISO); ``first_day``: the first promise's, ``last_day``: the day that is told."""
    publisher: dict[str, Any] = {"@id": site_url("/#editeur"), "@type": "foaf:Organization", "foaf:name": "Bothorel"}
    publisher["foaf:homepage"] = _at(site_url("/"))
    dataset: dict[str, Any] = {
        "@id": site_url(f"{FOLDER}#jeu"),
        "@type": "dcat:Dataset",
        "dct:identifier": site_url(f"{FOLDER}#jeu"),
        "dct:title": _french(TITLE),
        "dct:description": _french(DESCRIPTION),
        "dct:publisher": _at(publisher["@id"]),
        "dct:license": _at(LICENCE_URL),
        "dct:accessRights": _at(f"{EUROPE}access-right/PUBLIC"),
        "dct:accrualPeriodicity": _at(f"{EUROPE}frequency/DAILY"),
        "dct:language": _at(f"{EUROPE}language/FRA"),
        "dct:spatial": _at(f"{EUROPE}country/FRA"),
        "dcat:theme": _at(f"{EUROPE}data-theme/GOVE"),
        "dcat:keyword": [_french(word) for word in KEYWORDS],
        "dcat:landingPage": _at(site_url(FOLDER)),
        "dct:conformsTo": _at(site_url(f"{FOLDER}datapackage.json")),
        "foaf:page": [_at(site_url("/methode/")), _at(site_url("/api/"))],
        "dcat:distribution": [
            _distribution(file, extension, changed_at) for file in FILES.values() for extension in FORMATS
        ],
    }
    if first_day:
        dataset["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _date(first_day),
            "dcat:endDate": _date(last_day),
        }
    if settings.CONTACT:
        dataset["dcat:contactPoint"] = _contact(settings.CONTACT)
    dated = {"dct:modified": _instant(changed_at)} if changed_at else {}
    return {
        "@context": CONTEXT,
        "@graph": [
            {
                "@id": site_url(f"{FOLDER}catalogue.jsonld#catalogue"),
                "@type": "dcat:Catalog",
                "dct:title": _french("Bothorel : données ouvertes"),
                "dct:description": _french("Le suivi des promesses d’ouverture des ministères, en données ouvertes."),
                "dct:publisher": _at(publisher["@id"]),
                "dct:license": _at(LICENCE_URL),
                "dct:language": _at(f"{EUROPE}language/FRA"),
                "foaf:homepage": _at(site_url("/")),
                "dcat:dataset": _at(dataset["@id"]),
                **dated,
            },
            {**dataset, **dated},
            publisher,
        ],
    }


def _distribution(file: OpenFile, extension: str, changed_at: str | None) -> dict[str, Any]:
    address = site_url(file.path(extension))
    told: dict[str, Any] = {
        "@id": f"{address}#distribution",
        "@type": "dcat:Distribution",
        "dct:identifier": f"{file.name}.{extension}",
        "dct:title": _french(f"{file.name}.{extension} : {file.title}"),
        "dct:description": _french(f"Une ligne : {file.line}. {file.description}"),
        "dcat:accessURL": _at(address),
        "dcat:downloadURL": _at(address),
        "dct:format": _at(f"{EUROPE}file-type/{FORMATS[extension]}"),
        "dcat:mediaType": _at(f"https://www.iana.org/assignments/media-types/{MEDIA_TYPES[extension]}"),
        "dct:license": _at(LICENCE_URL),
        "dct:language": _at(f"{EUROPE}language/FRA"),
    }
    if extension == "csv":
        told["dct:conformsTo"] = _at(site_url(file.schema_path))
    if changed_at:
        told["dct:modified"] = _instant(changed_at)
    return told


def _contact(contact: str) -> Mapping[str, Any]:
    address = contact if contact.startswith(("http://", "https://")) else ""
    mail = {} if address or "@" not in contact else {"vcard:hasEmail": _at(f"mailto:{contact}")}
    page = {"vcard:hasURL": _at(address)} if address else {}
    return {"@type": "vcard:Organization", "vcard:fn": "Bothorel", **mail, **page}


def _at(address: str) -> dict[str, str]:
    return {"@id": address}


def _french(words: str) -> dict[str, str]:
    return {"@value": words, "@language": "fr"}


def _date(day: str) -> dict[str, str]:
    return {"@value": day, "@type": "xsd:date"}


def _instant(moment: str) -> dict[str, str]:
    return {"@value": moment, "@type": "xsd:dateTime"}
