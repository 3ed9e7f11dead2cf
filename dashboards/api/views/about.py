"""The way in, the document that describes the API, and what answers elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, reverse
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.request import Request

from commitments.rules import METHOD_VERSION
from dashboards.api.base import Detail, Public
from dashboards.api.problems import handle
from dashboards.api.reading import Asked
from dashboards.api.rendering import JSON, json_bytes
from dashboards.api.schema import document
from dashboards.api.shapes.common import site_url

ROUTES = (
    *("commitments", "ministries", "organizations", "recommendations", "citp", "engagements", "roadmaps"),
    *("deadlines", "declarations", "observations", "readings", "verdicts", "contradictions", "events"),
    *("progress", "status", "schema", "docs"),
)
SWAGGER_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
}


class IndexShape(serializers.Serializer):
    name = serializers.CharField()
    description = serializers.CharField()
    documentation = serializers.URLField()
    licence = serializers.CharField()
    method_version = serializers.CharField()
    as_of = serializers.DateField()
    routes = serializers.DictField(child=serializers.URLField())


class Index(Detail):
    shape = IndexShape
    operation = "index_read"
    tag = "à propos"
    title = "Les adresses de l'API"
    explained = "Par où commencer. Toutes les adresses prennent « au », la situation d'un jour donné."

    def tell_one(self, asked: Asked, **kwargs: Any) -> dict[str, Any]:
        return {
            "name": "Bothorel",
            "description": "Ce que les ministères ont promis d'ouvrir, ce qu'ils déclarent, ce que l'on constate.",
            "documentation": site_url("/api/"),
            "licence": "Licence Ouverte 2.0 (etalab-2.0)",
            "method_version": METHOD_VERSION,
            "as_of": asked.as_of,
            "routes": {name: site_url(reverse(f"api:{name}")) for name in ROUTES},
        }


class OpenApiJson(JSON):
    media_type = "application/vnd.oai.openapi+json"
    format = "json"


class OpenApiYaml(OpenApiYamlRenderer):
    media_type = "application/vnd.oai.openapi"


class OpenApiPlainYaml(OpenApiYamlRenderer):
    media_type = "application/yaml"


class Schema(Public):
    """The OpenAPI 3.1 document, the same as ``openapi.yaml``. Described nowhere else than in itself."""

    schema = None
    renderer_classes = (JSON, OpenApiJson, OpenApiYaml, OpenApiPlainYaml)

    def get(self, request: Request) -> HttpResponse:
        chosen = request.accepted_renderer
        told = document()
        body: str | bytes = json_bytes(told) if isinstance(chosen, JSON) else chosen.render(told, renderer_context={})
        response = HttpResponse(body, content_type=chosen.media_type)
        response["Cache-Control"] = "public, max-age=3600"
        return response


class Docs(SpectacularSwaggerSplitView):
    """Swagger UI, from our own files; the accessible page is ``/api/``. It alone needs inline styles."""

    url_name = "api:schema"
    title = "Bothorel · API"

    @property
    def url_self(self) -> str:  # type: ignore[override]
        return reverse("api:docs")

    def _get_schema_url(self, request: Request) -> str:
        return reverse("api:schema")

    def get_exception_handler(self) -> Any:
        return handle

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        final._csp_config = SWAGGER_CSP  # type: ignore[attr-defined]
        return final


class Elsewhere(Public):
    """Every other address: a missing slash is added, the rest is a 404 in the API's own form."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.check_throttles(request)

    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        if not request.path.endswith("/"):
            try:
                view = resolve(request.path + "/").func
            except Resolver404:
                view = None
            if getattr(view, "cls", None) not in (None, Elsewhere):
                query = request.META.get("QUERY_STRING", "")
                return HttpResponsePermanentRedirect(f"{request.path}/{'?' * bool(query)}{query}")
        raise Http404(f"Rien à l'adresse {request.path} : les adresses de l'API sont listées à {reverse('api:index')}")


__all__ = ["Docs", "Elsewhere", "Index", "Schema"]
