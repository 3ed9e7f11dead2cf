"""The streams, row by row: what was announced, declared, seen, read and judged by a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from commitments.days import midnight_after
from commitments.models import Commitment
from dashboards.api import facts
from dashboards.api.listing import Listing, some_filters
from dashboards.api.reading import Asked
from dashboards.api.shapes import facts as shapes
from dashboards.asking import UNANSWERED, Filter, contradiction_filters
from ministries.standing import standings


class Facts(Listing):
    """Rows of public promises, in the order in which they were added."""

    tag = "faits"
    own = ("promesse",)
    also: Sequence[str] = ()

    def available(self, ministries: Mapping[str, str]) -> Sequence[Filter]:
        return some_filters(ministries, "ministere", *self.also)

    def ministry(self, asked: Asked, code: str) -> dict[str, str]:
        return {"code": code, "name": asked.ministries[code]}


class Deadlines(Facts):
    shape = shapes.DeadlineRowShape
    operation = "deadlines_list"
    title = "Toutes les échéances annoncées"
    explained = "Les échéances s'ajoutent : la première reste, chaque déplacement garde sa date, sa source, son motif."
    columns = shapes.DEADLINE_COLUMNS
    file = "echeances"

    def items(self, asked: Asked) -> Any:
        return facts.deadlines(asked)

    def tell(self, items: Sequence[Any], asked: Asked) -> list[dict[str, Any]]:
        """From the situations that hold them, so that a page and this list never differ."""
        concerned = Commitment.objects.filter(pk__in={row.commitment_id for row in items})
        found = standings(asked.as_of, commitments=concerned)
        told = {
            row["id"]: row for s in found for row in shapes.deadline_rows(s, self.ministry(asked, s.ministry.code))
        }
        return [told[row.pk] for row in items if row.pk in told]


class Contradictions(Facts):
    shape = shapes.ContradictionShape
    operation = "contradictions_list"
    title = "Les contradictions entre promis, déclaré et constaté, ouvertes et closes"
    explained = (
        "Un désaccord daté entre deux des trois flux : son début, ce sur quoi il reposait, sa fin, sa cause, "
        "sa durée. Close, une contradiction reste. Un constat indéterminé n'en ouvre ni n'en clôt aucune."
    )
    columns = shapes.CONTRADICTION_COLUMNS
    file = "contradictions"

    def available(self, ministries: Mapping[str, str]) -> Sequence[Filter]:
        return contradiction_filters(ministries)

    def items(self, asked: Asked) -> Any:
        return facts.contradictions(asked)

    def tell(self, items: Sequence[Any], asked: Asked) -> list[dict[str, Any]]:
        return [shapes.contradiction(row, self.ministry(asked, row.lead), asked.as_of) for row in items]


class Declarations(Facts):
    shape = shapes.DeclarationShape
    operation = "declarations_list"
    title = "Ce que les ministères ont déclaré"
    explained = "La fonction de qui déclare, jamais son nom ; le commentaire public, jamais la note privée."
    columns = shapes.DECLARATION_COLUMNS
    file = "declarations"
    also = ("declare",)

    def available(self, ministries: Mapping[str, str]) -> Sequence[Filter]:
        return [_but(one, UNANSWERED) for one in super().available(ministries)]

    def items(self, asked: Asked) -> Any:
        return facts.declarations(asked)

    def tell(self, items: Sequence[Any], asked: Asked) -> list[dict[str, Any]]:
        return [shapes.declaration(row, self.ministry(asked, row.lead)) for row in items]


class Observations(Facts):
    shape = shapes.ObservationShape
    operation = "observations_list"
    title = "Ce que le robot a vu, par intervalles"
    explained = (
        "Une réponse inchangée prolonge l'intervalle, une autre en ouvre un. « no_observation » dit pourquoi rien n'a "
        "pu être observé : ce n'est jamais une absence."
    )
    columns = shapes.OBSERVATION_COLUMNS
    file = "observations"

    def items(self, asked: Asked) -> Any:
        return facts.observations(asked)

    def tell(self, items: Sequence[Any], asked: Asked) -> list[dict[str, Any]]:
        end = midnight_after(asked.as_of)
        return [shapes.observation(row, self.ministry(asked, row.lead), asked.as_of, end) for row in items]


class Readings(Facts):
    shape = shapes.ReadingShape
    operation = "readings_list"
    title = "Les constats humains, datés et sourcés"
    explained = "Ce qu'une personne a vu. « not_verified » n'est pas un constat : il ne change aucun verdict."
    columns = shapes.READING_COLUMNS
    file = "constats humains"

    def items(self, asked: Asked) -> Any:
        return facts.readings(asked)

    def tell(self, items: Sequence[Any], asked: Asked) -> list[dict[str, Any]]:
        return [shapes.reading(row, self.ministry(asked, row.lead)) for row in items]


class Verdicts(Facts):
    shape = shapes.VerdictShape
    operation = "verdicts_list"
    title = "Les verdicts de chaque livrable, par intervalles"
    explained = (
        "Un verdict vaut jusqu'au suivant. Le vieillissement d'un constat (7 jours pour le robot, 365 pour une "
        "personne) n'est pas une ligne ici : la situation de la promesse le dit."
    )
    columns = shapes.VERDICT_COLUMNS
    own_cells = shapes.VERDICT_CELLS
    file = "verdicts"
    also = ("constat",)

    def items(self, asked: Asked) -> Any:
        return facts.verdicts(asked)

    def tell(self, items: Sequence[Any], asked: Asked) -> list[dict[str, Any]]:
        return [shapes.verdict(row, self.ministry(asked, row.lead), row.until_day) for row in items]

    def cells(self, told: dict[str, Any]) -> dict[str, Any]:
        return {**told, "reasons_text": [reason["text"] for reason in told["reasons"]]}


def _but(one: Filter, value: str) -> Filter:
    """The filter without one of its values: no declaration says that there is none."""
    if value not in one.choices:
        return one
    choices = {key: label for key, label in one.choices.items() if key != value}
    return Filter(one.parameter, one.label, choices, one.keeps)
