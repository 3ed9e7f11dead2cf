"""The files themselves, their schemas, their package and the catalogue: open from any origin, true or 304."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.http import Http404, HttpResponse
from django.utils.http import parse_etags
from rest_framework.request import Request

from commitments.models import Commitment
from commitments.rules import METHOD_VERSION
from dashboards.api.base import Detail, Public
from dashboards.api.caching import Answer, Stamp
from dashboards.api.listing import Listing
from dashboards.api.reading import Asked
from dashboards.api.rendering import JSON, json_bytes, json_pieces
from dashboards.api.shapes.common import site_url
from dashboards.asking import Filter
from dashboards.files import file_name
from dashboards.opendata.catalogue import catalogue
from dashboards.opendata.files import FILES, FOLDER, LICENCE_TITLE, LICENCE_URL, OpenFile
from dashboards.opendata.schemas import package, table


class Whole(Listing):
    """A list of the API, whole: it takes ``au`` and nothing else."""

    schema = None  # type: ignore[assignment]
    own = ()
    searchable = False
    open_file: OpenFile

    def available(self, ministries: Mapping[str, str]) -> Sequence[Filter]:
        return ()

    def read_at_length(self, request: Request) -> bool:
        return True

    def answer(self, request: Request, **kwargs: Any) -> Answer:
        if request.accepted_renderer.format != JSON.format:
            return super().answer(request, **kwargs)
        asked = self.read(request, own=())
        told = {
            "title": self.title,
            "as_of": asked.as_of,
            "method_version": METHOD_VERSION,
            "licence": {"title": LICENCE_TITLE, "url": LICENCE_URL},
            "columns": site_url(self.open_file.schema_path),
        }
        name = file_name(self.file, asked.as_of, extension="json")
        return Answer.of(json_pieces(told, self.everything(asked)), JSON.content_type, name)

    def links(self) -> Sequence[str]:
        described = f'<{site_url(self.open_file.schema_path)}>; rel="describedby"; type="application/json"'
        return (*super().links(), described, f'<{site_url(FOLDER)}>; rel="about"')


def whole(file: OpenFile) -> type[Listing]:
    """The view of a whole file: that of its list, less filters and pages."""
    return type(f"Whole{file.view.__name__}", (Whole, file.view), {"open_file": file, "__module__": __name__})


class Schema(Public):
    """The Table Schema of a file: it changes with the site, never with the data."""

    schema = None

    def get(self, request: Request, name: str, **kwargs: Any) -> HttpResponse:
        if name not in FILES:
            raise Http404(f"Aucun fichier ne s'appelle « {name[:40]} ».")
        body = orjson.dumps(table(FILES[name]), option=orjson.OPT_INDENT_2)
        mark = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        asked = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
        unchanged = "*" in asked or mark in asked or f"W/{mark}" in asked
        response = HttpResponse(status=304) if unchanged else HttpResponse(body, content_type=JSON.content_type)
        response["ETag"] = mark
        response["Cache-Control"] = "public, max-age=3600"
        return response


class Package(Detail):
    """``datapackage.json``: every file with its schema, for the day asked."""

    schema = None  # type: ignore[assignment]

    def tell_one(self, asked: Asked, **kwargs: Any) -> dict[str, Any]:
        return package(asked.as_of, asked.as_of.isoformat() if self.request.GET.get("au") else "", changed_at())


class Catalogue(Detail):
    """``catalogue.jsonld``: what another portal harvests."""

    schema = None  # type: ignore[assignment]

    def answer(self, request: Request, **kwargs: Any) -> Answer:
        asked = self.read(request)
        days = Commitment.objects.public().order_by("announced_on").values_list("announced_on", flat=True)
        first = days.first()
        told = catalogue(changed_at(), first.isoformat() if first else None, asked.as_of.isoformat())
        return Answer(json_bytes(told), "application/ld+json")


def changed_at() -> str | None:
    """When anything was last written, if anything was."""
    return Stamp.read().changed_at or None
