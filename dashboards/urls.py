"""Addresses of the pages, and of the API once it is there."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path, re_path

from dashboards import machines
from dashboards.notes import views as notes
from dashboards.pages.views import about, documents, home, ministries, promises

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("promesses/", promises.promises, name="promises"),
    re_path(r"^promesses/(?P<ref>[A-Za-z]+-[0-9A-Za-z]+)(?:-(?P<slug>[-\w]*))?/$", promises.promise, name="promise"),
    path("ministeres/", ministries.ministries, name="ministries"),
    path("ministeres/remaniements/", ministries.reshuffles, name="reshuffles"),
    path("ministeres/<slug:slug>/", ministries.ministry, name="ministry"),
    path("graphiques/ministeres.csv", ministries.chart_csv, name="chart-csv"),
    path("graphiques/ministeres.json", ministries.chart_json, name="chart-json"),
    path("recommandations/", documents.recommendations, name="recommendations"),
    path("citp/", documents.citps, name="citps"),
    path("citp/<int:number>/", documents.citp, name="citp"),
    path("note/", notes.html, name="note"),
    path("note.pdf", notes.as_pdf, name="note-pdf"),
    path("note.odt", notes.as_odt, name="note-odt"),
    path("methode/", about.method, name="method"),
    path("sante/", about.health, name="health"),
    path("sante.json", machines.sante_json, name="health-json"),
    path("metrics", machines.metrics, name="metrics"),
    path("donnees/", about.plain, {"template": "pages/data.html"}, name="data"),
    path("api/", about.plain, {"template": "pages/api.html"}, name="api-page"),
    path("accessibilite/", about.plain, {"template": "pages/accessibility.html"}, name="accessibility"),
    path("mentions-legales/", about.plain, {"template": "pages/legal.html"}, name="legal"),
    path("robots.txt", about.robots, name="robots"),
]

if find_spec("dashboards.api.urls"):
    urlpatterns.append(path("api/v1/", include("dashboards.api.urls")))
