"""Addresses of the public API, version 1. A list is also a file: ``commitments.csv``."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from dashboards.api.listing import Listing
from dashboards.api.views import about, activity, documents, facts, portfolios, promises

app_name = "api"

LISTS: dict[str, type[Listing]] = {
    "commitments": promises.Commitments,
    "ministries": portfolios.Ministries,
    "organizations": portfolios.Organizations,
    "recommendations": documents.Recommendations,
    "citp": documents.Citps,
    "engagements": documents.Engagements,
    "roadmaps": portfolios.Roadmaps,
    "deadlines": facts.Deadlines,
    "declarations": facts.Declarations,
    "observations": facts.Observations,
    "readings": facts.Readings,
    "verdicts": facts.Verdicts,
    "contradictions": facts.Contradictions,
    "events": activity.Events,
    "progress": activity.Progress,
}

urlpatterns: list[URLPattern] = [
    path("", about.Index.as_view(), name="index"),
    *(path(f"{name}/", view.as_view(), name=name) for name, view in LISTS.items()),
    *(
        path(f"{name}.csv", view.as_view(schema=None), {"format": "csv"}, f"{name}-csv")
        for name, view in LISTS.items()
    ),
    path("commitments/<str:ref>/", promises.OneCommitment.as_view(), name="commitment"),
    path("ministries/<str:code>/", portfolios.OneMinistry.as_view(), name="ministry"),
    re_path(
        r"^recommendations/(?P<number>[0-9]{1,4})/$", documents.OneRecommendation.as_view(), name="recommendation"
    ),
    path("status/", activity.Status.as_view(), name="status"),
    path("schema/", about.Schema.as_view(), name="schema"),
    path("docs/", about.Docs.as_view(), name="docs"),
    re_path(r"^.*$", about.Elsewhere.as_view(), name="elsewhere"),
]
