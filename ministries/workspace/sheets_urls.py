"""Addresses of the spreadsheets, under ``/espace/tableaux/``."""

from django.urls import path

from ministries.workspace import sheets

urlpatterns = [
    path("", sheets.sheets, name="workspace-sheets"),
    path("export.<str:suffix>", sheets.export, name="workspace-sheet-export"),
    path("<int:pk>/", sheets.upload, name="workspace-sheet"),
    path("<int:pk>/colonnes/", sheets.columns, name="workspace-sheet-columns"),
    path("<int:pk>/trancher/", sheets.settle, name="workspace-sheet-settle"),
    path("<int:pk>/appliquer/", sheets.apply, name="workspace-sheet-apply"),
    path("<int:pk>/abandonner/", sheets.drop, name="workspace-sheet-drop"),
]
