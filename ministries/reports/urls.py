"""Addresses of the reports, beside those of the promises."""

from django.urls import path

from ministries.reports import views

urlpatterns = [
    path("promesses/<promise:ref>/signaler/", views.signal, name="report"),
    path("promesses/<promise:ref>/signaler/merci/", views.thanks, name="report-thanks"),
]
