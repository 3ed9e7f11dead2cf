"""What every address of the API does alike: read the question, answer what is still true, list, page, refuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.views import APIView

from dashboards.api.caching import CACHE_CONTROL, KEPT, Answer, Stamp, tag
from dashboards.api.problems import handle
from dashboards.api.reading import PAGING, Asked, Ministries, read
from dashboards.api.rendering import CSV, JSON, Negotiation
from dashboards.api.schema import Operation
from dashboards.api.throttling import PerAddress
from dashboards.asking import Filter, NotUnderstood, Wrong, filters
from dashboards.files import file_name

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
        final["Access-Control-Expose-Headers"] = "ETag, Link, Content-Disposition, Retry-After"
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

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Answer from the version alone when it is enough, else read, tell and keep."""
        asked_tags = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
        stamp = Stamp.read()
        mark = tag(stamp, self._depends_on(request))
        if mark in asked_tags or mark.removeprefix("W/") in asked_tags:
            return self._fresh(HttpResponse(status=304), mark)
        answer = KEPT.get(mark) if stamp.number else None
        if answer is None:
            answer = self.answer(request, **kwargs)
            if stamp.number:
                KEPT.put(mark, answer)
        if "*" in asked_tags:
            return self._fresh(HttpResponse(status=304), mark)
        response = HttpResponse(answer.body, content_type=answer.content_type)
        response["Content-Language"] = "fr"
        response["Link"] = f'<{LICENCE}>; rel="license"'
        if answer.disposition:
            response["Content-Disposition"] = f'attachment; filename="{answer.disposition}"'
        return self._fresh(response, mark)

    def answer(self, request: Request, **kwargs: Any) -> Answer:
        raise NotImplementedError

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

    def _fresh(self, response: HttpResponse, mark: str) -> HttpResponse:
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


@dataclass(frozen=True)
class Page:
    rows: list[dict[str, Any]]
    count: int
    next: str | None
    previous: str | None


class Listing(Resource):
    """Many things: a page in JSON, all of them in CSV."""

    listed = True
    renderer_classes = (JSON, CSV)
    columns: Sequence[str] = ()
    file = ""

    @property
    def parameters(self) -> Sequence[str]:
        return self.own if "cursor" in self.own else (*self.own, *PAGING)

    def items(self, asked: Asked) -> Sequence[Any] | QuerySet[Any]:
        """Everything that answers, in a stable order; only the page's part is told."""
        raise NotImplementedError

    def tell(self, items: Sequence[Any], asked: Asked) -> list[dict[str, Any]]:
        raise NotImplementedError

    def cells(self, told: dict[str, Any]) -> dict[str, Any]:
        """One row for a table: what JSON nests may need a cell of its own."""
        return told

    def answer(self, request: Request, **kwargs: Any) -> Answer:
        if request.accepted_renderer.format == CSV.format:
            return self._file(request)
        asked = self.read(request)
        page = self.page(request, asked)
        body = {"count": page.count, "next": page.next, "previous": page.previous, "results": page.rows}
        return Answer(JSON().render(body), JSON.content_type)

    def page(self, request: Request, asked: Asked) -> Page:
        items = self.items(asked)
        count = items.count() if isinstance(items, QuerySet) else len(items)
        start = (asked.page - 1) * asked.page_size
        if start >= count and asked.page > 1:
            last = max(1, -(-count // asked.page_size))
            raise Http404(f"La page {asked.page} n'existe pas : la dernière est la page {last}.")
        rows = self.tell(list(items[start : start + asked.page_size]), asked)
        following = address(request, page=asked.page + 1) if start + asked.page_size < count else None
        before = address(request, page=asked.page - 1) if asked.page > 1 else None
        return Page(rows, count, following, before)

    def everything(self, asked: Asked) -> list[dict[str, Any]]:
        return self.tell(list(self.items(asked)), asked)

    def _file(self, request: Request) -> Answer:
        paging = [name for name in (*PAGING, "cursor") if name in request.GET and name in self.parameters]
        if paging:
            expected = "le CSV donne toute la liste : sans page ni curseur"
            raise NotUnderstood([Wrong(name, request.GET[name][:40], expected) for name in paging])
        asked = self.read(request, own=tuple(name for name in self.own if name not in (*PAGING, "cursor")))
        body = CSV().render((self.columns, [self.cells(told) for told in self.everything(asked)]))
        chosen = [*asked.question.chosen.values(), asked.words]
        return Answer(body, CSV.content_type, file_name(self.file, asked.as_of, *chosen))


def address(request: Request, **changed: object) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = str(value)
    return str(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))


def some_filters(ministries: Mapping[str, str], *names: str) -> list[Filter]:
    return [one for one in filters(ministries) if one.parameter in names]


__all__ = ["Detail", "Listing", "Page", "Public", "Resource", "address", "some_filters"]
