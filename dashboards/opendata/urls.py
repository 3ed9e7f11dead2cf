"""Addresses of the open data, under ``/donnees/``: they never change."""

from __future__ import annotations

from django.urls import URLPattern, path

from dashboards.opendata import views
from dashboards.opendata.files import FILES

urlpatterns: list[URLPattern] = [
    *(
        path(f"{name}.{extension}", views.whole(file).as_view(), {"format": extension}, f"open-{name}-{extension}")
        for name, file in FILES.items()
        for extension in ("csv", "json")
    ),
    path("schemas/<str:name>.json", views.Schema.as_view(), {"format": "json"}, "open-schema"),
    path("datapackage.json", views.Package.as_view(), {"format": "json"}, "open-package"),
    path("catalogue.jsonld", views.Catalogue.as_view(), {"format": "json"}, "open-catalogue"),
]
