"""« Who answers the campaigns? »: ministry × quarter. Rows first, then the drawing. Pure.

A ministry that answered nothing has « 0 de N »; one that was not asked has a blank, and the table says so in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from commitments.folding import fold
from dashboards.pages.words import counted
from ministries.campaigns.answering import Rate, total
from ministries.models import Campaign, Ministry

SHOWN_CAMPAIGNS = 4
"""Drawn cells hold their figures on the narrowest phone; older quarters are in the table and in the file."""

SHADES = 4
HEAD, LINE = 20, 26  # pixels down
GAP = 0.6  # per cent between two quarters


@dataclass(frozen=True)
class Cell:
    """A drawn cell: per cents across."""

    rate: Rate | None
    x: str
    middle: str

    @property
    def shade(self) -> int:
        return shade(self.rate) if self.rate else 0


@dataclass(frozen=True)
class Responses:
    """The newest quarter first, as in the table. A ministry's rates stand in the order of ``campaigns``."""

    as_of: date
    campaigns: tuple[Campaign, ...]
    rows: tuple[tuple[Ministry, tuple[Rate | None, ...]], ...]

    @property
    def title(self) -> str:
        return _("Qui répond aux campagnes")

    @property
    def totals(self) -> tuple[Rate, ...]:
        return tuple(
            total([rate for _who, rates in self.rows if (rate := rates[index])])
            for index in range(len(self.campaigns))
        )

    @property
    def sentence(self) -> str:
        """The last quarter: who answered all, some, nothing, of how many asked."""
        if not self.campaigns:
            return _("Aucune campagne n’était ouverte ce jour-là.")
        asked = [rate for _who, rates in self.rows if (rate := rates[0]) and rate.asked]
        last = self.campaigns[0]
        named = last.label if _over(last, self.as_of) else _("{campaign} (en cours)").format(campaign=last.label)
        if not asked:
            return _("{campaign}\u00a0: aucun ministère n’a été interrogé.").format(campaign=named)
        everything = sum(rate.answered == rate.asked for rate in asked)
        silent = sum(rate.silent for rate in asked)
        of_all = counted(len(asked), _("ministère interrogé,ministères interrogés"))
        if silent == len(asked):
            return _("{campaign}\u00a0: sur {ministries}, aucun n’a répondu.").format(
                campaign=named, ministries=of_all
            )
        whole = _("aucun n’a répondu à tout")
        if everything:
            one, many = _("{count} a répondu à tout"), _("{count} ont répondu à tout")
            whole = (one if everything == 1 else many).format(count=everything)
        return _("{campaign}\u00a0: sur {ministries}, {whole}, {some} en partie, {silent} à rien.").format(
            campaign=named, ministries=of_all, whole=whole, some=len(asked) - everything - silent, silent=silent
        )

    @property
    def table(self) -> Iterator[tuple[Ministry, list[tuple[Campaign, Rate | None]]]]:
        for ministry, rates in self.rows:
            yield ministry, list(zip(self.campaigns, rates, strict=True))

    @property
    def foot(self) -> list[tuple[Campaign, Rate]]:
        return list(zip(self.campaigns, self.totals, strict=True))

    def csv_rows(self) -> list[list[str]]:
        """The table, header first, total last: two figures a quarter, none where nothing was asked."""
        heads = [f"{one.label}{NAMED[what]}" for one in self.campaigns for what in ("answered", "asked")]
        rows = [[ministry.code, ministry.name, *_figures(rates)] for ministry, rates in self.rows]
        return [["Sigle", "Ministère", *heads], *rows, *([["", "Total", *_figures(self.totals)]] if rows else [])]

    @property
    def shown(self) -> tuple[Campaign, ...]:
        """The quarters drawn, oldest first: time goes to the right."""
        return self.campaigns[:SHOWN_CAMPAIGNS][::-1]

    @property
    def heads(self) -> list[tuple[Campaign, str]]:
        return [(one, f"{(index + 0.5) * self.width:.2f}") for index, one in enumerate(self.shown)]

    @property
    def width(self) -> float:
        """Of a drawn cell, in per cents: no wider than a quarter, so that one quarter alone is still a cell."""
        return 100 / SHOWN_CAMPAIGNS

    @property
    def width_drawn(self) -> str:
        return f"{self.width - GAP:.2f}"

    @property
    def height(self) -> int:
        return HEAD + LINE * len(self.rows)

    def drawing(self) -> list[tuple[Ministry, int, list[Cell]]]:
        """Each ministry with its place down and its cells, in the order of ``shown``."""
        return [
            (
                ministry,
                HEAD + LINE * line,
                [
                    Cell(rate, f"{index * self.width:.2f}", f"{(index + 0.5) * self.width - GAP / 2:.2f}")
                    for index, rate in enumerate(rates[:SHOWN_CAMPAIGNS][::-1])
                ],
            )
            for line, (ministry, rates) in enumerate(self.rows)
        ]


NAMED = {"answered": "\u00a0: lignes répondues", "asked": "\u00a0: lignes demandées"}


def responses(
    campaigns: Sequence[Campaign],
    rates: Sequence[Mapping[str, Rate]],
    ministries: Sequence[Ministry],
    as_of: date,
) -> Responses:
    """``rates``: each campaign's, by code of ministry. Ministries in the order of their names."""
    named = sorted(ministries, key=lambda ministry: fold(ministry.name))
    return Responses(
        as_of,
        tuple(campaigns),
        tuple((ministry, tuple(those.get(ministry.code) for those in rates)) for ministry in named),
    )


def shade(rate: Rate) -> int:
    """0 for no answer, 1 from the first one on, then by quarters of the lines: 4 is all of them."""
    return SHADES * rate.answered // rate.asked or min(1, rate.answered) if rate.asked else 0


def _over(campaign: Campaign, as_of: date) -> bool:
    return campaign.closed is not None and campaign.closed.closed_on <= as_of


def _figures(rates: Sequence[Rate | None]) -> list[str]:
    return [str(figure) for rate in rates for figure in ((rate.answered, rate.asked) if rate else ("", ""))]
