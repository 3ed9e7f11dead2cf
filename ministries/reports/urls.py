"""Addresses of the reports, beside those of the promises."""

from django.urls import path

from ministries.reports import views

urlpatterns = [
    path("promesses/<titled:ref>/signaler/", views.signal, name="report"),
    path("promesses/<titled:ref>/signaler/merci/", views.thanks, name="report-thanks"),
]
