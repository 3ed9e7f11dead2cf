"""Ministries, publishers, roadmaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from drf_spectacular.types import OpenApiTypes

from dashboards.api.base import Detail
from dashboards.api.listing import Listing, some_filters
from dashboards.api.reading import Asked
from dashboards.api.shapes import portfolios as shapes
from dashboards.asking import Filter
from ministries.models import Ministry, Organization, Roadmap, RoadmapAction
from ministries.standing import Standing, standings

EVERY_ONE_ONCE = (
    "Une promesse est comptée une fois, pour le ministère qui en répond ce jour-là : la somme des ministères est le "
    "total. Aucun taux n'est donné : numérateurs et dénominateurs le sont."
)


def _told(ministries: Sequence[Ministry], asked: Asked) -> list[dict[str, Any]]:
    """Each ministry with what it answers for: the same queries for one or for all."""
    led: dict[str, list[Standing]] = defaultdict(list)
    joint: dict[str, list[Standing]] = defaultdict(list)
    for standing in standings(asked.as_of):
        led[standing.ministry.code].append(standing)
        for partner in standing.joint:
            joint[partner.code].append(standing)
    publishers: dict[int, list[Organization]] = defaultdict(list)
    for organization in Organization.objects.filter(ministry__in=ministries).order_by("portal_id"):
        publishers[organization.ministry_id or 0].append(organization)
    return [shapes.ministry(m, asked.as_of, led[m.code], joint[m.code], publishers[m.pk]) for m in ministries]


class Ministries(Listing):
    shape = shapes.MinistryShape
    operation = "ministries_list"
    tag = "ministères"
    title = "Les ministères et les promesses dont ils répondent"
    explained = EVERY_ONE_ONCE
    columns = shapes.MINISTRY_COLUMNS
    file = "ministeres"

    def items(self, asked: Asked) -> Any:
        return Ministry.objects.order_by("code")

    def tell(self, items: Sequence[Ministry], asked: Asked) -> list[dict[str, Any]]:
        return _told(items, asked)


class OneMinistry(Detail):
    shape = shapes.MinistryShape
    operation = "ministries_read"
    tag = "ministères"
    title = "Un ministère et les promesses dont il répond"
    explained = EVERY_ONE_ONCE
    path_names = {"code": (OpenApiTypes.STR, "sigle, comme MI")}

    def tell_one(self, asked: Asked, **kwargs: Any) -> dict[str, Any] | None:
        code = kwargs["code"]
        found = list(Ministry.objects.filter(code=code)) if code.isprintable() else []
        return _told(found, asked)[0] if found else None

    def missing(self, **kwargs: Any) -> str:
        return "Aucun ministère ne porte ce sigle."


class Organizations(Listing):
    shape = shapes.OrganizationShape
    operation = "organizations_list"
    tag = "ministères"
    title = "Les organisations de data.gouv.fr et leur ministère"
    explained = "Une organisation est reconnue à son identifiant : ses noms et ses adresses changent."
    searchable = False
    columns = shapes.ORGANIZATION_COLUMNS
    file = "organisations"

    def available(self, ministries: Mapping[str, str]) -> Sequence[Filter]:
        return some_filters(ministries, "ministere")

    def items(self, asked: Asked) -> Any:
        rows = Organization.objects.select_related("ministry").order_by("portal_id")
        code = asked.chosen("ministere")
        return rows.filter(ministry__code=code) if code else rows

    def tell(self, items: Sequence[Organization], asked: Asked) -> list[dict[str, Any]]:
        return [shapes.organization(found) for found in items]


class Roadmaps(Listing):
    shape = shapes.RoadmapShape
    operation = "roadmaps_list"
    tag = "ministères"
    title = "Les feuilles de route des ministères et leurs actions connues"
    explained = (
        "Les actions sont montrées avec leur document et ne sont pas comptées comme des promesses. La dernière "
        "entrée, sans ministère, rassemble celles dont le texte n'en nomme aucun."
    )
    searchable = False
    columns = shapes.ROADMAP_COLUMNS
    own_cells = shapes.ROADMAP_CELLS
    file = "feuilles de route"

    def available(self, ministries: Mapping[str, str]) -> Sequence[Filter]:
        return some_filters(ministries, "ministere")

    def items(self, asked: Asked) -> list[tuple[Roadmap | None, date, list[RoadmapAction]]]:
        code = asked.chosen("ministere")
        documents = Roadmap.objects.filter(published_on__lte=asked.as_of).select_related("ministry")
        rows = RoadmapAction.objects.filter(roadmap_on__lte=asked.as_of).select_related("ministry", "commitment")
        if code:
            documents, rows = documents.filter(ministry__code=code), rows.filter(ministry__code=code)
        lines: dict[tuple[int | None, date], list[RoadmapAction]] = defaultdict(list)
        for action in rows.order_by("code"):
            lines[action.ministry_id, action.roadmap_on].append(action)
        found: list[tuple[Roadmap | None, date, list[RoadmapAction]]] = [
            (document, document.published_on, lines.pop((document.ministry_id, document.published_on), []))
            for document in documents.order_by("published_on", "number", "id")
        ]
        orphans = sorted(lines.items(), key=lambda item: (item[0][1], item[0][0] or 0))
        return found + [(None, day, actions) for (_, day), actions in orphans]

    def tell(
        self, items: Sequence[tuple[Roadmap | None, date, list[RoadmapAction]]], asked: Asked
    ) -> list[dict[str, Any]]:
        return [shapes.roadmap(document, day, actions, asked.as_of) for document, day, actions in items]

    def cells(self, told: dict[str, Any]) -> dict[str, Any]:
        return {**told, "action_codes": [action["code"] for action in told["actions"]]}
