"""Promises: the list that pages show too, and one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.types import OpenApiTypes

from commitments.models import Commitment
from dashboards.api.base import Detail, Listing
from dashboards.api.reading import REFERENCE, Asked
from dashboards.api.shapes import promises as shapes
from dashboards.asking import Filter, filters
from ministries.standing import Standing, standings

FOUR = (
    "Promis, déclaré, constaté et délai sont quatre réponses : aucune n'est fondue dans une autre. "
    "La première échéance annoncée est toujours donnée."
)


class Commitments(Listing):
    shape = shapes.CommitmentShape
    operation = "commitments_list"
    tag = "promesses"
    title = "Les promesses d'ouverture et leur situation un jour donné"
    explained = FOUR
    own = ("connu_au",)
    columns = shapes.COLUMNS
    file = "promesses"

    def available(self, ministries: Mapping[str, str]) -> Sequence[Filter]:
        return filters(ministries)

    def items(self, asked: Asked) -> list[Standing]:
        matching = Commitment.objects.public().matching(asked.words).prefetch_related("recommendations")
        found = standings(asked.as_of, asked.known_at, commitments=matching)
        chosen = [(one, value) for one in filters({}) if (value := asked.chosen(one.parameter))]
        return [s for s in found if all(one.keeps(s, value) for one, value in chosen)]

    def tell(self, items: Sequence[Standing], asked: Asked) -> list[dict[str, Any]]:
        return [{**shapes.commitment(standing), "known_at": asked.known_at} for standing in items]

    def cells(self, told: dict[str, Any]) -> dict[str, Any]:
        delivered = told["deliverables"]
        return {
            **told,
            "kinds": [d["kind"] for d in delivered],
            "accesses": [d["access_promised"] or "unsaid" for d in delivered],
        }


class OneCommitment(Detail):
    shape = shapes.CommitmentShape
    operation = "commitments_read"
    tag = "promesses"
    title = "Une promesse et sa situation un jour donné"
    explained = FOUR
    own = ("connu_au",)
    path_names = {"ref": (OpenApiTypes.STR, "référence de la promesse, comme O-30")}

    def tell_one(self, asked: Asked, **kwargs: Any) -> dict[str, Any] | None:
        ref = kwargs["ref"]
        if not REFERENCE.fullmatch(ref):
            return None
        found = standings(asked.as_of, asked.known_at, commitments=Commitment.objects.public().filter(ref=ref))
        return {**shapes.commitment(found[0]), "known_at": asked.known_at} if found else None

    def missing(self, **kwargs: Any) -> str:
        return "Aucune promesse publique ne portait cette référence ce jour-là."
