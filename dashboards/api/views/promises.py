"""Promises: the list that pages show too, and one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes

from commitments.models import Commitment
from dashboards.api import facts
from dashboards.api.base import Detail
from dashboards.api.listing import Listing, batched
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
    own_cells = shapes.OWN_CELLS
    file = "promesses"

    def available(self, ministries: Mapping[str, str]) -> Sequence[Filter]:
        return filters(ministries)

    def items(self, asked: Asked) -> Any:
        """The promises themselves when the base can tell which: only those of a page are then judged."""
        if asked.known_at is None and set(asked.question.chosen) <= {"ministere"}:
            return facts.promises(asked).order_by("ref")
        return list(self._kept(asked))

    def tell(self, items: Sequence[Any], asked: Asked) -> list[dict[str, Any]]:
        return [{**shapes.commitment(standing), "known_at": asked.known_at} for standing in self._judged(items, asked)]

    def everything(self, asked: Asked) -> Iterator[dict[str, Any]]:
        for some in batched(self._kept(asked)):
            yield from self.tell(some, asked)

    def _kept(self, asked: Asked) -> Iterator[Standing]:
        """The situations that pass every filter, judged a few at a time."""
        matching = Commitment.objects.public().matching(asked.words).filter(announced_on__lte=asked.as_of)
        chosen = [(one, value) for one in filters({}) if (value := asked.chosen(one.parameter))]
        for some in batched(matching.order_by("ref").values_list("pk", flat=True)):
            for standing in standings(asked.as_of, asked.known_at, commitments=_told(some)):
                if all(one.keeps(standing, value) for one, value in chosen):
                    yield standing

    def _judged(self, items: Sequence[Commitment | Standing], asked: Asked) -> list[Standing]:
        known = [one for one in items if isinstance(one, Standing)]
        others = [one.pk for one in items if isinstance(one, Commitment)]
        if not others:
            return known
        return standings(asked.as_of, commitments=_told(others))

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


def _told(ids: Sequence[int]) -> QuerySet[Commitment]:
    """Promises with what their shape tells beside their situation."""
    return Commitment.objects.filter(pk__in=ids).prefetch_related("recommendations")
