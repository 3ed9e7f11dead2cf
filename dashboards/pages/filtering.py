"""The filters of the list as fields of a plain form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboards.asking import Filter, Question

FEMININE = ("echeance", "vue", "nature")


@dataclass(frozen=True)
class Field:
    """A ``<select>``: its choices, the value asked, and the other filters, for the link that removes this one."""

    parameter: str
    label: str
    choices: tuple[tuple[str, str], ...]
    value: str
    others: dict[str, str]

    @property
    def everything(self) -> str:
        """The choice that asks for no value: « tous », or « toutes » as the label wants it."""
        return _("toutes") if self.parameter in FEMININE else _("tous")

    @property
    def chosen(self) -> str:
        """The label of the value asked."""
        return dict(self.choices).get(self.value, self.value)


def fields(question: Question, available: Sequence[Filter]) -> list[Field]:
    """Every filter, with the words searched first among those that a link keeps."""
    asked = {**({"q": question.words} if question.words else {}), **question.chosen}
    return [
        Field(
            parameter=f.parameter,
            label=f.label,
            choices=tuple(f.choices.items()),
            value=question.chosen.get(f.parameter, ""),
            others={key: value for key, value in asked.items() if key != f.parameter},
        )
        for f in available
    ]
