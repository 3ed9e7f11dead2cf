"""Addresses: the admin here, everything that is read in ``dashboards``."""

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
]
