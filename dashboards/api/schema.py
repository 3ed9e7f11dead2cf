"""What each address takes and answers, for the OpenAPI document: read from the views, errors included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from dashboards.api.problems import CONTENT_TYPE
from dashboards.api.reading import CURSOR, INSTANT, LARGEST_PAGE, LAST_PAGE, PAGE_SIZE, REFERENCE
from dashboards.asking import LONGEST_SEARCH

AU = "la situation de ce jour-là (AAAA-MM-JJ), aujourd'hui par défaut ; un jour à venir est refusé"
OWN: dict[str, tuple[Any, str]] = {
    "page": (
        {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "default": 1},
        "numéro de page ; sans objet pour le CSV, qui donne toute la liste",
    ),
    "page_size": (
        {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
        "lignes par page ; sans objet pour le CSV",
    ),
    "cursor": ({"type": "string", "pattern": f"^{CURSOR.pattern}$"}, "le curseur donné par « next », tel quel"),
    "promesse": ({"type": "string", "pattern": f"^{REFERENCE.pattern}$"}, "la référence d'une promesse, comme O-30"),
    "connu_au": (
        {"type": "string", "pattern": f"^{INSTANT.pattern}$"},
        "ce qui était enregistré à cet instant (AAAA-MM-JJThh:mm:ss+01:00) : la même réponse, plus tard",
    ),
}
ERRORS = {
    400: "un paramètre inconnu, répété ou mal écrit : chacun est nommé, avec ce qui est permis",
    404: "rien à cette adresse, ou plus de page",
    405: "seuls GET, HEAD et OPTIONS sont servis",
    406: "aucun des formats demandés n'est servi",
    414: "une adresse de plus de 8 000 caractères : le serveur la refuse avant de la lire",
    429: "trop de demandes : l'en-tête Retry-After dit quand revenir",
}


UNREAD = 414


class WrongShape(serializers.Serializer):
    parameter = serializers.CharField()
    value = serializers.CharField(allow_blank=True)
    expected = serializers.CharField()


class ProblemShape(serializers.Serializer):
    """An error (RFC 9457), in French."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = WrongShape(many=True, required=False)  # type: ignore[assignment]


class Operation(AutoSchema):
    """Reads what our views (``dashboards.api.base.Resource``) say of themselves."""

    view: Any

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """A parameter left empty, as a form sends it, is one that is not asked."""
        operation = super().get_operation(*args, **kwargs)
        for parameter in operation["parameters"] if operation else ():
            if parameter["in"] == "query":
                parameter["allowEmptyValue"] = True
        return operation

    def get_operation_id(self) -> str:
        return str(self.view.operation)

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_summary(self) -> str:
        return str(self.view.title)

    def get_description(self) -> str:  # type: ignore[override]
        return str(self.view.explained)

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        return str(super().get_serializer_name(serializer, direction)).removesuffix("Shape")

    def get_auth(self) -> list[Any]:
        return []

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False

    def get_override_parameters(self) -> list[Any]:
        return [*self._path(), *self._query(), *self._headers()]

    def get_response_serializers(self) -> Any:
        said: dict[Any, Any] = {}
        shape = self.view.shape
        if self.view.listed:
            shape = inline_serializer(
                f"{shape.__name__.removesuffix('Shape')}List",
                {
                    "count": serializers.IntegerField(help_text="longueur de toute la liste"),
                    "next": serializers.URLField(allow_null=True, help_text="page suivante"),
                    "previous": serializers.URLField(allow_null=True, help_text="page précédente"),
                    "results": shape(many=True),
                },
            )
            said[200, "text/csv"] = OpenApiResponse(str, description="toute la liste, une ligne par rang")
        said = {(200, "application/json"): OpenApiResponse(shape, description=self.view.title), **said}
        said[304] = OpenApiResponse(description="rien n'a changé depuis l'ETag donné par If-None-Match")
        for code, description in ERRORS.items():
            if code == UNREAD:
                said[code] = OpenApiResponse(description=description)
            else:
                said[code, CONTENT_TYPE] = OpenApiResponse(ProblemShape, description=description)
        return said

    def _path(self) -> Iterator[OpenApiParameter]:
        for name, (kind, description) in self.view.path_names.items():
            yield OpenApiParameter(name, kind, OpenApiParameter.PATH, description=description)

    def _query(self) -> Iterator[OpenApiParameter]:
        yield OpenApiParameter("au", OpenApiTypes.DATE, description=AU)
        filters = self.view.available(_Unread())
        for one in filters:
            values = list(one.choices)
            yield OpenApiParameter(one.parameter, str, description=one.label, enum=values or None)
        if filters and self.view.searchable:
            words = {"type": "string", "maxLength": LONGEST_SEARCH, "pattern": "^[^\\x00]*$"}
            yield OpenApiParameter("q", words, description="mots cherchés, sans accents, tous présents")
        for name in self.view.parameters:
            kind, description = OWN[name]
            yield OpenApiParameter(name, kind, description=description)

    def _headers(self) -> Iterator[OpenApiParameter]:
        told = {
            "ETag": "version de cette réponse, à redonner dans If-None-Match",
            "Cache-Control": "durée pendant laquelle la réponse peut être gardée",
        }
        for name, description in told.items():
            yield OpenApiParameter(
                name, str, OpenApiParameter.HEADER, description=description, response=[200, 304], required=False
            )
        retry = "secondes à attendre"
        yield OpenApiParameter("Retry-After", int, OpenApiParameter.HEADER, description=retry, response=[429])
        allow = "méthodes servies"
        yield OpenApiParameter("Allow", str, OpenApiParameter.HEADER, description=allow, response=[405])


class _Unread(Mapping[str, str]):
    """No ministry: the document does not change with the data."""

    def __getitem__(self, code: str) -> str:
        raise KeyError(code)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The OpenAPI document, made once."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found
