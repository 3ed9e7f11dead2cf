"""Addresses of the pages that are read by people: the same in every language, but for the language's prefix."""

from django.urls import URLPattern, path

from dashboards.pages.views import (
    about,
    campaigns,
    changes,
    charts,
    contradictions,
    deadlines,
    documents,
    home,
    ministries,
    opendata,
    promises,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("promesses/", promises.promises, name="promises"),
    path("promesses/<titled:ref>/", promises.promise, name="promise"),
    path("recherche/", promises.search, name="search"),
    path("ministeres/", ministries.ministries, name="ministries"),
    path("ministeres/remaniements/", ministries.reshuffles, name="reshuffles"),
    path("ministeres/<slug:slug>/", ministries.ministry, name="ministry"),
    path("campagnes/", campaigns.campaigns, name="campaigns"),
    path("campagnes/<int:pk>/", campaigns.campaign, name="campaign"),
    # What the interactive charts say is a part of its page.
    path("graphiques/constats/<reference:ref>/<int:rank>.json", charts.spans_json, name="spans-json"),
    path("graphiques/<slug:name>.json", charts.as_json, name="chart-json"),
    path("recommandations/", documents.recommendations, name="recommendations"),
    path("recommandations/<int:number>/", documents.recommendation, name="recommendation"),
    path("citp/", documents.citps, name="citps"),
    path("citp/<int:number>/", documents.citp, name="citp"),
    path("contradictions/", contradictions.contradictions, name="contradictions"),
    path("changements/", changes.changes, name="changes"),
    path("echeances/", deadlines.deadlines, name="deadlines"),
    path("methode/", about.method, name="method"),
    path("sante/", about.health, name="health"),
    path("donnees/", opendata.data, name="data"),
    path("api/", opendata.api, name="api-page"),
    path("accessibilite/", about.plain, {"template": "pages/accessibility.html"}, name="accessibility"),
    path("mentions-legales/", about.plain, {"template": "pages/legal.html"}, name="legal"),
]
