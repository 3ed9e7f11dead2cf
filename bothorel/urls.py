"""Addresses: the admin here, everything that is read in ``dashboards``, the pages once in each language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

admin.site.site_title = admin.site.site_header = "Bothorel · administration"
admin.site.index_title = "Ce que tient la base"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("connexion/", include("ministries.accounts.urls")),
    path("espace/", include("ministries.workspace.urls")),
    path("", include("ministries.reports.urls")),
    path("", include("dashboards.urls")),
    *i18n_patterns(path("", include("dashboards.pages.urls")), prefix_default_language=False),
]
