"""Coming in, going out, choosing a password. Nothing tells whether an account exists."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerError

from ministries.accounts import tasks
from ministries.accounts.forms import ForgottenForm, SignInForm
from ministries.accounts.places import client_address
from ministries.accounts.proconnect import views as proconnect
from ministries.tries import tried

logger = logging.getLogger(__name__)

ASKED_AN_HOUR = 10
"""Links that one place may ask for in an hour, and that one address may be sent."""


class SignIn(auth.LoginView):
    """``next`` is followed only within this site; the session is renewed, so that none given beforehand is of use."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {**super().get_context_data(**kwargs), "proconnect": bool(settings.PROCONNECT)}
        # Django's own « site », a host name, would hide ours: no contact, no version, no brand in the frame.
        del context["site"]
        return context


class SignOut(auth.LogoutView):
    """By POST alone: a link elsewhere can't sign anybody out. Who came by ProConnect leaves it too, after us."""

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        held = request.session.get(proconnect.HELD)
        response = super().post(request, *args, **kwargs)
        return proconnect.leave(request, held) if held and held["end_session"] else response


@method_decorator(never_cache, name="dispatch")
class Forgotten(auth.PasswordResetView):
    template_name = "accounts/forgotten.html"
    form_class = ForgottenForm
    success_url = reverse_lazy("password-asked")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "mail": bool(settings.MAIL)}

    def form_valid(self, form: Any) -> HttpResponse:
        email = form.cleaned_data["email"].lower()
        if not settings.MAIL:
            form.add_error(None, "Aucun serveur de courrier n'est configuré ici : demandez à l'opérateur du site.")
            return self.form_invalid(form)
        if _too_often(f"place:{client_address(self.request)}") or _too_often(f"account:{email}"):
            form.add_error(None, "Trop de demandes en une heure : réessayez plus tard.")
            return self.form_invalid(form)
        try:
            tasks.send_link.delay(email)
        except (BrokerError, KombuError, OSError) as error:
            logger.warning("the queue did not take a mail: %s", error)
            form.add_error(None, "L'envoi est momentanément impossible : réessayez dans quelques minutes.")
            return self.form_invalid(form)
        return HttpResponse(status=302, headers={"Location": str(self.success_url)})


def _too_often(what: str) -> bool:
    # The cache takes no spaces and no long names.
    return tried(f"forgotten:{what.replace(' ', '')[:200]}", seconds=3600) > ASKED_AN_HOUR


class Asked(auth.PasswordResetDoneView):
    template_name = "accounts/asked.html"


class Choose(auth.PasswordResetConfirmView):
    """The link of the mail, good once and for an hour."""

    template_name = "accounts/choose.html"
    success_url = reverse_lazy("password-chosen")


class Chosen(auth.PasswordResetCompleteView):
    template_name = "accounts/chosen.html"


class Change(auth.PasswordChangeView):
    template_name = "accounts/change.html"
    success_url = reverse_lazy("password-changed")


class Changed(auth.PasswordChangeDoneView):
    template_name = "accounts/chosen.html"
