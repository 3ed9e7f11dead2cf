"""The documents as entry points: recommendations, CITP, engagements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from drf_spectacular.types import OpenApiTypes

from commitments.models import Citp, Commitment, Engagement, Recommendation
from dashboards.api.base import Detail
from dashboards.api.listing import Listing
from dashboards.api.reading import Asked
from dashboards.api.shapes import documents as shapes
from ministries.standing import Standing, standings

ANSWERED = "Une promesse rattachée n'est pas une recommandation suivie : les comptes disent ce qui est constaté."
Standings = dict[Any, list[Standing]]


class Recommendations(Listing):
    shape = shapes.RecommendationShape
    operation = "recommendations_list"
    tag = "documents"
    title = "Les recommandations du rapport Bothorel et les promesses qui y répondent"
    explained = ANSWERED
    columns = shapes.RECOMMENDATION_COLUMNS
    own_cells = shapes.RECOMMENDATION_CELLS
    file = "recommandations"

    def items(self, asked: Asked) -> Any:
        return Recommendation.objects.prefetch_related("wordings").order_by("number")

    def tell(self, items: Sequence[Recommendation], asked: Asked) -> list[dict[str, Any]]:
        answering = _by_recommendation(asked)
        return [shapes.recommendation(found, answering[found.number]) for found in items]

    def cells(self, told: dict[str, Any]) -> dict[str, Any]:
        return {**told, "wording_codes": [wording["code"] for wording in told["wordings"]]}


class OneRecommendation(Detail):
    shape = shapes.RecommendationShape
    operation = "recommendations_read"
    tag = "documents"
    title = "Une recommandation et les promesses qui y répondent"
    explained = ANSWERED
    path_names = {"number": (OpenApiTypes.INT, "numéro dans le rapport, de 1 à 37")}

    def tell_one(self, asked: Asked, **kwargs: Any) -> dict[str, Any] | None:
        number = int(kwargs["number"])
        found = Recommendation.objects.prefetch_related("wordings").filter(number=number).first()
        return shapes.recommendation(found, _by_recommendation(asked)[number]) if found else None

    def missing(self, **kwargs: Any) -> str:
        return "Aucune recommandation ne porte ce numéro."


class Citps(Listing):
    shape = shapes.CitpShape
    operation = "citp_list"
    tag = "documents"
    title = "Les comités interministériels de la transformation publique"
    explained = "Les sessions tenues ce jour-là, avec les promesses publiques qui en viennent."
    columns = shapes.CITP_COLUMNS
    file = "citp"

    def items(self, asked: Asked) -> Any:
        return Citp.objects.filter(held_on__lte=asked.as_of).prefetch_related("engagements").order_by("number")

    def tell(self, items: Sequence[Citp], asked: Asked) -> list[dict[str, Any]]:
        coming: Standings = defaultdict(list)
        for standing in standings(asked.as_of):
            if standing.commitment.engagement:
                coming[standing.commitment.engagement.citp_id].append(standing)
        return [shapes.citp(found, coming[found.pk]) for found in items]


class Engagements(Listing):
    shape = shapes.EngagementShape
    operation = "engagements_list"
    tag = "documents"
    title = "Les engagements des CITP"
    explained = "Un texte vide n'est pas repris dans le référentiel. Les numéros recommencent à chaque session."
    columns = shapes.ENGAGEMENT_COLUMNS
    file = "engagements"

    def items(self, asked: Asked) -> Any:
        rows = Engagement.objects.filter(citp__held_on__lte=asked.as_of).select_related("citp")
        return rows.order_by("citp__number", "rank")

    def tell(self, items: Sequence[Engagement], asked: Asked) -> list[dict[str, Any]]:
        coming: Standings = defaultdict(list)
        for standing in standings(asked.as_of):
            coming[standing.commitment.engagement_id].append(standing)
        return [shapes.engagement(found, coming[found.pk]) for found in items]


def _by_recommendation(asked: Asked) -> Standings:
    answering: Standings = defaultdict(list)
    promises = Commitment.objects.public().prefetch_related("recommendations")
    for standing in standings(asked.as_of, commitments=promises):
        for recommendation in standing.commitment.recommendations.all():
            answering[recommendation.number].append(standing)
    return answering
