"""Addresses of what exists once, in French or for machines: files, feeds, the note and the API."""

from django.urls import URLPattern, URLResolver, include, path

from dashboards import calendar, feeds, machines
from dashboards.notes import views as notes
from dashboards.pages.views import about, changes, charts, evidence

urlpatterns: list[URLPattern | URLResolver] = [
    path("preuves/<int:observation>/", evidence.evidence, name="evidence"),
    path("graphiques/constats/<reference:ref>.csv", charts.spans_csv, name="spans-csv"),
    path("graphiques/<slug:name>.csv", charts.as_csv, name="chart-csv"),
    path("changements.csv", changes.changes_csv, name="changes-csv"),
    path("changements.atom", feeds.changes, name="changes-feed"),
    path("ministeres/<slug:slug>/changements.atom", feeds.ministry, name="ministry-feed"),
    path("citp/<int:citp>/engagements/<str:number>/changements.atom", feeds.engagement, name="engagement-feed"),
    path("promesses/<titled:ref>/changements.atom", feeds.promise, name="promise-feed"),
    path("echeances.ics", calendar.deadlines, name="deadlines-calendar"),
    path("note/", notes.html, name="note"),
    path("note.pdf", notes.as_pdf, name="note-pdf"),
    path("note.odt", notes.as_odt, name="note-odt"),
    path("sante.json", machines.sante_json, name="health-json"),
    path("metrics", machines.metrics, name="metrics"),
    path("donnees/", include("dashboards.opendata.urls")),
    path("api/v1/", include("dashboards.api.urls")),
    path("robots.txt", about.robots, name="robots"),
]
