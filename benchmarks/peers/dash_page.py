"""The usual way, as a peer: the least that Plotly Dash needs for the same chart, from the same traces, in production.

Runs in an environment of its own: ``PEER_FIGURE`` names the file of the chart (``/graphiques/ministeres.json``).
"""

import json
import os
from pathlib import Path

from dash import Dash, dcc, html

figure = json.loads(Path(os.environ["PEER_FIGURE"]).read_text())

app = Dash(__name__)
app.title = figure["title"]
app.layout = html.Main(
    [
        html.H1(figure["title"]),
        html.P(figure["sentence"]),
        dcc.Graph(figure={"data": figure["traces"], "layout": figure["layout"]}, config={"displayModeBar": False}),
    ]
)
server = app.server
