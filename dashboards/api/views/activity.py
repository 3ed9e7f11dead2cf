"""What happened, how far things are, how the robot is doing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from dashboards.api import events
from dashboards.api.base import Detail
from dashboards.api.listing import AT_ONCE, Listing, Page, address, some_filters
from dashboards.api.reading import Asked
from dashboards.api.rendering import JSON
from dashboards.api.shapes import activity as shapes
from dashboards.asking import Filter
from ministries.progress import Month, progress


class Events(Listing):
    shape = shapes.EventShape
    operation = "events_list"
    tag = "activité"
    title = "Ce qui s'est passé, du plus récent au plus ancien"
    explained = (
        "Promesses, échéances annoncées ou déplacées, déclarations, constats humains, constats changés, "
        "contradictions ouvertes ou closes, périmètres et définitions changés, réponses. On avance par curseur, en "
        "suivant « next » : les lignes ajoutées entre-temps n'en cachent ni n'en répètent aucune. "
        "« previous » est toujours null."
    )
    own = ("promesse", "cursor", "page_size")
    columns = shapes.EVENT_COLUMNS
    file = "evenements"

    def available(self, ministries: Mapping[str, str]) -> Sequence[Filter]:
        return some_filters(ministries, "ministere")

    def page(self, request: Request, asked: Asked) -> Page:
        after = events.mark(asked.given["cursor"]) if "cursor" in asked.given else None
        found, last = events.page(asked, asked.page_size, after)
        following = address(request, cursor=events.cursor(last)) if last else None
        rows = [events.row(event, asked.ministries) for event in found]
        return Page(rows, events.count(asked), following, None)

    def everything(self, asked: Asked) -> Iterator[dict[str, Any]]:
        return (events.row(event, asked.ministries) for event in events.whole(asked, AT_ONCE))

    def count(self, asked: Asked) -> int:
        return events.count(asked)


class Progress(Listing):
    shape = shapes.ProgressShape
    operation = "progress_list"
    tag = "activité"
    title = "Les promesses par ministère, par constat et par mois"
    explained = (
        "La situation à la fin de chaque mois depuis la première promesse, et le jour demandé pour le mois en cours. "
        "Un constat ancien y est indéterminé, comme partout."
    )
    searchable = False
    columns = shapes.PROGRESS_COLUMNS
    file = "progression"

    def available(self, ministries: Mapping[str, str]) -> Sequence[Filter]:
        return some_filters(ministries, "ministere")

    def items(self, asked: Asked) -> list[Month]:
        code = asked.chosen("ministere")
        return [month for month in progress(asked.as_of) if not code or month.ministry.code == code]

    def tell(self, items: Sequence[Month], asked: Asked) -> list[dict[str, Any]]:
        return [shapes.month(month) for month in items]


class Status(Detail):
    shape = shapes.StatusShape
    operation = "status_read"
    tag = "activité"
    title = "Comment va le robot"
    explained = "Dernier relevé, adresses à interroger, âge des observations, frein. Ce qui n'est pas gardé est null."

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Ages grow without any write: this answer bears no tag."""
        told = shapes.status(self.read(request).as_of)
        response = HttpResponse(JSON().render(told), content_type=JSON.content_type)
        response["Cache-Control"] = "no-cache"
        return response
