"""Addresses of the pages, and of the API once it is there."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path, re_path

from dashboards import calendar, feeds, machines
from dashboards.notes import views as notes
from dashboards.pages.views import (
    about,
    campaigns,
    changes,
    charts,
    contradictions,
    deadlines,
    documents,
    evidence,
    home,
    ministries,
    opendata,
    promises,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("promesses/", promises.promises, name="promises"),
    re_path(r"^promesses/(?P<ref>[A-Za-z]+-[0-9A-Za-z]+)(?:-(?P<slug>[-\w]*))?/$", promises.promise, name="promise"),
    path("recherche/", promises.search, name="search"),
    path("preuves/<int:observation>/", evidence.evidence, name="evidence"),
    path("ministeres/", ministries.ministries, name="ministries"),
    path("ministeres/remaniements/", ministries.reshuffles, name="reshuffles"),
    path("ministeres/<slug:slug>/", ministries.ministry, name="ministry"),
    path("campagnes/", campaigns.campaigns, name="campaigns"),
    path("campagnes/<int:pk>/", campaigns.campaign, name="campaign"),
    re_path(r"^graphiques/constats/(?P<ref>[A-Za-z]+-[0-9A-Za-z]+)\.csv$", charts.spans_csv, name="spans-csv"),
    re_path(
        r"^graphiques/constats/(?P<ref>[A-Za-z]+-[0-9A-Za-z]+)/(?P<rank>[0-9]{1,4})\.json$",
        charts.spans_json,
        name="spans-json",
    ),
    path("graphiques/<slug:name>.csv", charts.as_csv, name="chart-csv"),
    path("graphiques/<slug:name>.json", charts.as_json, name="chart-json"),
    path("recommandations/", documents.recommendations, name="recommendations"),
    path("recommandations/<int:number>/", documents.recommendation, name="recommendation"),
    path("citp/", documents.citps, name="citps"),
    path("citp/<int:number>/", documents.citp, name="citp"),
    path("contradictions/", contradictions.contradictions, name="contradictions"),
    path("changements/", changes.changes, name="changes"),
    path("changements.csv", changes.changes_csv, name="changes-csv"),
    path("echeances/", deadlines.deadlines, name="deadlines"),
    path("changements.atom", feeds.changes, name="changes-feed"),
    path("ministeres/<slug:slug>/changements.atom", feeds.ministry, name="ministry-feed"),
    path("citp/<int:citp>/engagements/<str:number>/changements.atom", feeds.engagement, name="engagement-feed"),
    re_path(
        r"^promesses/(?P<ref>[A-Za-z]+-[0-9A-Za-z]+)(?:-(?P<slug>[-\w]*))?/changements\.atom$",
        feeds.promise,
        name="promise-feed",
    ),
    path("echeances.ics", calendar.deadlines, name="deadlines-calendar"),
    path("note/", notes.html, name="note"),
    path("note.pdf", notes.as_pdf, name="note-pdf"),
    path("note.odt", notes.as_odt, name="note-odt"),
    path("methode/", about.method, name="method"),
    path("sante/", about.health, name="health"),
    path("sante.json", machines.sante_json, name="health-json"),
    path("metrics", machines.metrics, name="metrics"),
    path("donnees/", opendata.data, name="data"),
    path("donnees/", include("dashboards.opendata.urls")),
    path("api/", opendata.api, name="api-page"),
    path("accessibilite/", about.plain, {"template": "pages/accessibility.html"}, name="accessibility"),
    path("mentions-legales/", about.plain, {"template": "pages/legal.html"}, name="legal"),
    path("robots.txt", about.robots, name="robots"),
]

if find_spec("dashboards.api.urls"):
    urlpatterns.append(path("api/v1/", include("dashboards.api.urls")))
