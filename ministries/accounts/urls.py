"""Addresses of accounts, under ``/connexion/``."""

from django.urls import path

from ministries.accounts import views
from ministries.accounts.proconnect import views as proconnect

urlpatterns = [
    path("", views.SignIn.as_view(), name="sign-in"),
    path("sortie/", views.SignOut.as_view(), name="sign-out"),
    path("sortie/retour/", proconnect.Left.as_view(), name="proconnect-left"),
    path("proconnect/", proconnect.Ask.as_view(), name="proconnect"),
    path("proconnect/retour/", proconnect.Back.as_view(), name="proconnect-back"),
    path("oubli/", views.Forgotten.as_view(), name="password-forgotten"),
    path("oubli/envoye/", views.Asked.as_view(), name="password-asked"),
    path("choisir/<uidb64>/<token>/", views.Choose.as_view(), name="password-choose"),
    path("choisi/", views.Chosen.as_view(), name="password-chosen"),
    path("mot-de-passe/", views.Change.as_view(), name="password-change"),
    path("mot-de-passe/change/", views.Changed.as_view(), name="password-changed"),
]
