"""Addresses of the workspace, under ``/espace/``."""

from django.urls import URLPattern, URLResolver, include, path

from ministries.workspace.views import (
    campaigns,
    definition,
    drafts,
    findings,
    inbox,
    journal,
    promise,
    quick,
    reports,
    reshuffles,
    robot,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", inbox.inbox, name="workspace"),
    path("promesses/<str:ref>/", promise.promise, name="workspace-promise"),
    path("promesses/<str:ref>/constats/", findings.findings, name="workspace-findings"),
    path("promesses/<str:ref>/definition/", definition.definition, name="workspace-definition"),
    path("reponse-rapide/", quick.quick, name="workspace-quick"),
    path("brouillons/", drafts.drafts, name="workspace-drafts"),
    path("signalements/", reports.reports, name="workspace-reports"),
    path("signalements/<int:pk>/", reports.report, name="workspace-report"),
    path("journal/", journal.journal, name="workspace-journal"),
    path("journal.csv", journal.journal_csv, name="workspace-journal-csv"),
    path("campagnes/", campaigns.campaigns, name="workspace-campaigns"),
    path("campagnes/<int:pk>/", campaigns.campaign, name="workspace-campaign"),
    path("campagnes/<int:pk>/acte/", campaigns.act, name="workspace-campaign-act"),
    path("remaniements/", reshuffles.reshuffles, name="workspace-reshuffles"),
    path("robot/", robot.robot, name="workspace-robot"),
    path("tableaux/", include("ministries.workspace.sheets_urls")),
]
