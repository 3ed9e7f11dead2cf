"""The same rows for the reader who asks for the interactive drawing: Plotly's traces and axes, as plain values. Pure.

One function a chart. The basic bundle is enough: bars and points only. Traces stand in the order of the page's legend,
those that the legend does not name have ``showlegend`` false. Text is escaped: Plotly reads tags in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

from django.utils.translation import gettext as _

from commitments.findings import State
from dashboards.by_ministry import COLOURS, PATTERNS, ByMinistry
from dashboards.figures import PLURALS
from dashboards.pace import Moves, Steps
from dashboards.pages.words import acronym, day, days
from dashboards.pages.words import state as state_of
from dashboards.responses import Responses, shade
from dashboards.spans import Span
from dashboards.upcoming import Coming

Trace = dict[str, Any]
Figure = dict[str, Any]
"""``traces`` and ``layout``, as Plotly takes them."""

INK, SOFT, KEPT = "#16202e", "#6b7480", COLOURS[State.KEPT]
A_DAY = 86_400_000  # milliseconds: the length of a bar on an axis of dates
SHADES = ("#fff", "#dbe5f3", "#a9c1e3", "#4a74b4", "#1d3f7c")
"""From no answer to all of them; the figures are in the cells."""


def ministries(chart: ByMinistry) -> Figure:
    """Horizontal stacked bars, one trace a state."""
    layout = {
        "barmode": "stack",
        "height": 60 + 24 * len(chart.rows),
        "xaxis": {"tickformat": "d", "nticks": 8, "title": {"text": _("promesses")}},
        "yaxis": {"autorange": "reversed"},
    }
    return {"traces": chart.traces(), "layout": layout}


def steps(chart: Steps) -> Figure:
    """Three steps, from the end of a quarter to the next one."""
    lines = {
        "first": (_("promises d’abord"), {"color": SOFT, "dash": "dot", "width": 2}),
        "current": (_("promises aujourd’hui"), {"color": INK, "dash": "dash", "width": 2}),
        "kept": (_("constatées"), {"color": KEPT, "width": 3}),
    }
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "line": {"shape": "hv", **line},
            "name": name,
            "x": [row.day.isoformat() for row in chart.rows if getattr(row, key) is not None],
            "y": [value for row in chart.rows if (value := getattr(row, key)) is not None],
            "hovertemplate": "%{y} " + name + "<extra></extra>",
        }
        for key, (name, line) in lines.items()
    ]
    axis = {"type": "date", "hoverformat": "%-d %B %Y"}
    return {
        "traces": traces,
        "layout": {"height": 320, "hovermode": "x unified", "xaxis": axis, "yaxis": {"rangemode": "tozero"}},
    }


def moves(chart: Moves) -> Figure:
    """A line from the first date to the current one, and a mark for each day; the promises of the table."""
    rows = chart.shown
    refs = [row.standing.ref for row in rows]
    titles = [escape(row.standing.commitment.title, quote=False) for row in rows]
    lines: Trace = {
        "type": "scatter",
        "mode": "lines",
        "x": [day for row in rows for day in (row.first.isoformat(), row.current.isoformat(), None)],
        "y": [ref for ref in refs for _time in range(3)],
        "line": {"color": INK, "width": 1},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    marks = {
        "first": (_("première échéance"), {"symbol": "circle-open", "color": INK}),
        "current": (_("échéance actuelle"), {"symbol": "circle", "color": INK}),
        "actual": (_("ouverture"), {"symbol": "square", "color": KEPT}),
    }
    return {
        "traces": [
            lines,
            *(
                _marks(name, mark, refs, titles, [getattr(row, key) for row in rows])
                for key, (name, mark) in marks.items()
            ),
        ],
        "layout": {
            "height": 70 + 24 * len(rows),
            "xaxis": {"type": "date"},
            "yaxis": {"type": "category", "autorange": "reversed"},
        },
    }


def _marks(name: str, mark: Trace, refs: list[str], titles: list[str], days: Sequence[date | None]) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [one.isoformat() if one else None for one in days],
        "y": refs,
        "customdata": titles,
        "marker": {"size": 10, **mark},
        "hovertemplate": "%{customdata}<br>" + name + _("\u00a0:") + " %{x|%-d %B %Y}<extra></extra>",
    }


def upcoming(chart: Coming) -> Figure:
    """A mark for each promise on its last day, those of one day above one another."""
    height: dict[date, int] = {}
    placed = []
    for row in chart.rows:
        height[row.day] = height.get(row.day, 0) + 1
        placed.append((row, height[row.day]))
    marks = {True: (_("au jour près"), "circle"), False: (_("dernier jour d’une période"), "circle-open")}
    traces = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": [row.day.isoformat() for row, _level in placed if row.exact is exact],
            "y": [level for row, level in placed if row.exact is exact],
            "customdata": [
                f"{escape(row.standing.commitment.title, quote=False)} ({acronym(row.standing.ministry.code)})<br>"
                f"{day(row.day)} : {escape(row.raw, quote=False)}"
                for row, _level in placed
                if row.exact is exact
            ],
            "marker": {"size": 12, "color": INK, "symbol": symbol},
            "hovertemplate": "%{customdata}<extra></extra>",
        }
        for exact, (name, symbol) in marks.items()
        if any(row.exact is exact for row in chart.rows)
    ]
    return {
        "traces": traces,
        "layout": {
            "height": 160 + 14 * max(height.values(), default=0),
            "xaxis": {"type": "date", "range": [chart.as_of.isoformat(), chart.until.isoformat()]},
            "yaxis": {"rangemode": "tozero", "tickformat": "d", "dtick": max(1, max(height.values(), default=0) // 4)},
        },
    }


def responses(chart: Responses) -> Figure:
    """A cell for each ministry and quarter, its figures inside; nothing where nothing was asked."""
    quarters = list(reversed(chart.campaigns))
    cells = [
        (place, ministry, rate)
        for ministry, rates in chart.rows
        for place, rate in enumerate(reversed(rates))
        if rate and rate.asked
    ]
    shades = [shade(rate) for _place, _who, rate in cells]
    trace = {
        "type": "bar",
        "orientation": "h",
        "base": [place for place, _who, _rate in cells],
        "x": [1] * len(cells),
        "y": [acronym(ministry.code) for _place, ministry, _rate in cells],
        "text": [f"{rate.answered} {_('de')} {rate.asked}" for _place, _who, rate in cells],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "customdata": [
            f"{escape(ministry.name, quote=False)}<br>{escape(quarters[place].label, quote=False)}"
            for place, ministry, _rate in cells
        ],
        "textfont": {"color": ["#fff" if dark > 2 else INK for dark in shades]},
        "marker": {"color": [SHADES[dark] for dark in shades], "line": {"color": SOFT, "width": 1}},
        "hovertemplate": "%{customdata}<br>%{text} " + _("lignes répondues") + "<extra></extra>",
        "showlegend": False,
    }
    return {
        "traces": [trace],
        "layout": {
            "barmode": "overlay",
            "bargap": 0.12,
            "height": 60 + 26 * len(chart.rows),
            "xaxis": {
                "side": "top",
                "tickvals": [place + 0.5 for place in range(len(quarters))],
                "ticktext": [one.label for one in quarters],
                "showgrid": False,
            },
            "yaxis": {
                "type": "category",
                "categoryarray": [acronym(ministry.code) for ministry, _rates in chart.rows],
                "autorange": "reversed",
                "showgrid": False,
            },
        },
    }


def spans(found: Sequence[Span]) -> Figure:
    """One strip, cut where what is observed changes; one trace a state, in the order of the legend."""
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": state_of(state),
            "y": ["" for span in found if span.state == state],
            "base": [span.first.isoformat() for span in found if span.state == state],
            "x": [span.days * A_DAY for span in found if span.state == state],
            "customdata": [
                _("du {first} au {last}, {days}").format(
                    first=day(span.first), last=day(span.last), days=days(span.days)
                )
                for span in found
                if span.state == state
            ],
            "hovertemplate": state_of(state) + "<br>%{customdata}<extra></extra>",
            "marker": {"color": COLOURS[state], **({"pattern": PATTERNS[state]} if state in PATTERNS else {})},
        }
        for state in PLURALS
        if any(span.state == state for span in found)
    ]
    return {
        "traces": traces,
        "layout": {"barmode": "overlay", "height": 130, "xaxis": {"type": "date"}, "yaxis": {"showticklabels": False}},
    }
