"""Which files there are: the lists of the API, whole, at addresses that never change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dashboards.api.listing import Listing
from dashboards.api.reading import Asked, Ministries
from dashboards.api.views import activity, documents, facts, portfolios, promises
from dashboards.asking import Question
from dashboards.opendata.columns import Column, columns

FOLDER = "/donnees/"
LICENCE_TITLE = "Licence Ouverte 2.0"
LICENCE_NAME = "etalab-2.0"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
SCHEMA_VERSION = "1.0.0"
"""To be raised with any change of columns: third figure, words only; second, a column more; first, anything else."""


@dataclass(frozen=True)
class OpenFile:
    """One file. ``line``: what a line is, in French. ``refers``: a column → the file and column that it names."""

    name: str
    view: type[Listing]
    line: str
    key: Sequence[str] = ("id",)
    refers: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.view.title

    @property
    def description(self) -> str:
        return self.view.explained

    @property
    def columns(self) -> list[Column]:
        return columns(self.view)

    def path(self, extension: str = "csv") -> str:
        return f"{FOLDER}{self.name}.{extension}"

    @property
    def schema_path(self) -> str:
        return f"{FOLDER}schemas/{self.name}.json"

    def count(self, as_of: date) -> int:
        """How many lines it has on a day: one query, without making the file."""
        return self.view().count(everything(as_of))


def everything(as_of: date) -> Asked:
    """The question that a whole file answers: all that is known on a day, and nothing left out."""
    return Asked(Question(as_of), page=1, page_size=1, known_at=None, given={}, ministries=Ministries())


_OF_A_PROMISE = {"commitment": ("promesses", "ref")}
FILES = {
    one.name: one
    for one in (
        OpenFile("promesses", promises.Commitments, "une promesse, et sa situation ce jour-là", ("ref",)),
        OpenFile(
            "echeances",
            facts.Deadlines,
            "une échéance annoncée, la première ou un déplacement",
            ("id",),
            _OF_A_PROMISE,
        ),
        OpenFile("declarations", facts.Declarations, "une déclaration d’un ministère", ("id",), _OF_A_PROMISE),
        OpenFile(
            "constats",
            facts.Verdicts,
            "ce qui est constaté d’un livrable, d’un jour à un autre",
            ("id",),
            _OF_A_PROMISE,
        ),
        OpenFile("constats-humains", facts.Readings, "ce qu’une personne a vu, un jour", ("id",), _OF_A_PROMISE),
        OpenFile(
            "observations",
            facts.Observations,
            "ce que le robot a vu à une adresse, d’un jour à un autre",
            ("id",),
            _OF_A_PROMISE,
        ),
        OpenFile("contradictions", facts.Contradictions, "un désaccord daté, ouvert ou clos", ("id",), _OF_A_PROMISE),
        OpenFile(
            "evenements",
            activity.Events,
            "quelque chose de daté : le journal de tout ce qui s’est passé",
            ("id",),
            {"commitment_ref": ("promesses", "ref")},
        ),
        OpenFile("ministeres", portfolios.Ministries, "un ministère, et les comptes de ses promesses", ("code",)),
        OpenFile(
            "recommandations",
            documents.Recommendations,
            "une recommandation du rapport Bothorel, et ce qui y répond",
            ("number",),
        ),
    )
}
"""In the order of the page. A name is a promise: it may be added, it is never changed nor taken away."""
