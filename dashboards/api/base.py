"""What every address of the API does alike: read the question, answer what is still true, list, page, refuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.views import APIView

from commitments.rules import METHOD_VERSION
from dashboards.api.caching import CACHE_CONTROL, KEPT, Answer, Stamp, tag
from dashboards.api.problems import handle
from dashboards.api.reading import Asked, Ministries, read
from dashboards.api.rendering import JSON, Negotiation
from dashboards.api.schema import Operation
from dashboards.api.throttling import PerAddress
from dashboards.asking import Filter

OWN_HEADERS = "Bothorel-As-Of, Bothorel-Method"
TRIES = 3
"""How many times a whole list is read again because a write came meanwhile."""
LICENCE = "https://spdx.org/licenses/etalab-2.0.html"


class Public(APIView):
    """Read by anyone, from anywhere, without a cookie. GET, HEAD and OPTIONS; nothing here writes."""

    http_method_names = ["get", "head", "options"]
    authentication_classes: Sequence[Any] = ()
    throttle_classes: Sequence[Any] = (PerAddress,)
    content_negotiation_class = Negotiation
    renderer_classes: Sequence[Any] = (JSON,)

    def get_exception_handler(self) -> Any:
        return handle

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        response = HttpResponse(status=204)
        del response["Content-Type"]
        response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
        response["Access-Control-Max-Age"] = "86400"
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        final["Access-Control-Allow-Origin"] = "*"
        final["Access-Control-Expose-Headers"] = f"ETag, Link, Content-Disposition, Retry-After, {OWN_HEADERS}"
        patch_vary_headers(final, ("Accept", "Accept-Encoding"))
        return final


class Resource(Public):
    """One kind of answer. ``shape`` declares it; ``own`` names the parameters that are not shared with pages."""

    schema = Operation()
    shape: type[Any]
    operation = ""
    title = ""
    explained = ""
    tag = ""
    listed = False
    searchable = True
    own: Sequence[str] = ()
    path_names: Mapping[str, tuple[Any, str]] = {}

    @property
    def parameters(self) -> Sequence[str]:
        return self.own

    def available(self, ministries: Mapping[str, str]) -> Sequence[Filter]:
        """The filters that this list takes among those of the pages."""
        return ()

    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """Answer from the version alone when it is enough, else read, tell and keep."""
        asked_tags = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
        stamp = Stamp.read()
        mark = tag(stamp, self._depends_on(request))
        if mark in asked_tags or mark.removeprefix("W/") in asked_tags:
            return self._fresh(HttpResponse(status=304), mark)
        answer = KEPT.get(mark) if stamp.number else None
        if answer is None:
            answer, stamp = self._steady(request, stamp, **kwargs)
            mark = tag(stamp, self._depends_on(request))
            if stamp.number:
                KEPT.put(mark, answer)
        if "*" in asked_tags:
            answer.close()
            return self._fresh(HttpResponse(status=304), mark)
        response = answer.response()
        response["Content-Language"] = "fr"
        response["Link"] = ", ".join(self.links())
        for name, value in self.told_beside(request).items():
            response[name] = value
        if answer.disposition:
            response["Content-Disposition"] = f'attachment; filename="{answer.disposition}"'
        return self._fresh(response, mark)

    def _steady(self, request: Request, stamp: Stamp, **kwargs: Any) -> tuple[Answer, Stamp]:
        """An answer of one state of the data, and which: read again when a write came while it was read at length."""
        for _ in range(TRIES - 1):
            answer = self.answer(request, **kwargs)
            if not self.read_at_length(request) or (now := Stamp.read()) == stamp:
                return answer, stamp
            answer.close()
            stamp = now
        return self.answer(request, **kwargs), stamp

    def answer(self, request: Request, **kwargs: Any) -> Answer:
        raise NotImplementedError

    def links(self) -> Sequence[str]:
        """What the answer is bound to, for the header ``Link``."""
        return (f'<{LICENCE}>; rel="license"',)

    def told_beside(self, request: Request) -> Mapping[str, str]:
        """What a file can't say inside: its day and its method, as headers."""
        day = request.GET.get("au", "").strip() or timezone.localdate().isoformat()
        return {"Bothorel-As-Of": day, "Bothorel-Method": METHOD_VERSION}

    def read_at_length(self, request: Request) -> bool:
        """Whether the answer takes so many queries that a write may come between two: it is then read again."""
        return False

    def read(self, request: Request, own: Sequence[str] | None = None) -> Asked:
        """Understand the address, or raise NotUnderstood."""
        ministries = Ministries()
        return read(
            request.GET,
            available=self.available(ministries),
            own=self.own if own is None else own,
            paged=own is None and self.listed and "cursor" not in self.own,
            searchable=self.searchable,
            ministries=ministries,
        )

    def _depends_on(self, request: Request) -> Iterable[object]:
        """Day, address, question in one order, format, language: two answers that differ never share a tag."""
        query = sorted((name, value) for name, values in request.GET.lists() for value in values)
        absolute = request.build_absolute_uri("/") if self.listed else ""
        return timezone.localdate(), absolute, request.path, urlencode(query), request.accepted_renderer.format, "fr"

    def _fresh(self, response: HttpResponseBase, mark: str) -> HttpResponseBase:
        response["ETag"] = mark
        response["Cache-Control"] = CACHE_CONTROL
        return response


class Detail(Resource):
    """One thing, by its key in the address."""

    def answer(self, request: Request, **kwargs: Any) -> Answer:
        told = self.tell_one(self.read(request), **kwargs)
        if told is None:
            raise Http404(self.missing(**kwargs))
        return Answer(JSON().render(told), JSON.content_type)

    def tell_one(self, asked: Asked, **kwargs: Any) -> dict[str, Any] | None:
        raise NotImplementedError

    def missing(self, **kwargs: Any) -> str:
        return "Rien à cette adresse ce jour-là."


__all__ = ["Detail", "Public", "Resource"]
