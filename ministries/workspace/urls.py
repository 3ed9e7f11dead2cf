"""Addresses of the workspace, under ``/espace/``."""

from django.urls import URLPattern, URLResolver, path

from ministries.workspace.views import inbox, journal, promise

urlpatterns: list[URLPattern | URLResolver] = [
    path("", inbox.inbox, name="workspace"),
    path("promesses/<str:ref>/", promise.promise, name="workspace-promise"),
    path("journal/", journal.journal, name="workspace-journal"),
]
