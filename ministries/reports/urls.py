"""Addresses of the reports, beside those of the promises."""

from django.urls import re_path

from ministries.reports import views

PROMISE = r"^promesses/(?P<ref>[A-Za-z]+-[0-9A-Za-z]+)(?:-(?P<slug>[-\w]*))?"

urlpatterns = [
    re_path(rf"{PROMISE}/signaler/$", views.signal, name="report"),
    re_path(rf"{PROMISE}/signaler/merci/$", views.thanks, name="report-thanks"),
]
