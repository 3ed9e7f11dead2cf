"""In through ProConnect, and out of it. The way back is a GET that signs in: ``bothorel.readonly`` names it."""

from __future__ import annotations

import logging
import secrets
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth import views as auth
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from ministries.accounts.backends import PROCONNECT
from ministries.accounts.proconnect import openid
from ministries.accounts.proconnect.binding import agent_of
from ministries.accounts.proconnect.refusals import Refusal

logger = logging.getLogger(__name__)

HELD = "proconnect"
"""In the session: what signing out needs."""
LEAVING = "proconnect_leaving"


def address(name: str) -> str:
    """An address of this site as it is declared to ProConnect: the Host header of who asks changes nothing to it."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse(name)}"


@method_decorator(never_cache, name="dispatch")
class Configured(View):
    """Nothing is here until ProConnect is configured; only GET, so that nothing but a person's visit uses a code."""

    http_method_names = ["get"]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not settings.PROCONNECT:
            raise Http404
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refusal as refusal:
            logger.warning("ProConnect: nobody let in, %s", refusal)
            return render(
                request,
                "accounts/proconnect_refused.html",
                {"reason": refusal.reason, "email": refusal.email, "name": refusal.name},
                status=refusal.reason.status,
            )


class Ask(auth.RedirectURLMixin, Configured):
    """``next`` is followed only within this site, as after a password."""

    next_page = settings.LOGIN_REDIRECT_URL

    def get(self, request: HttpRequest) -> HttpResponse:
        back = address("proconnect-back")
        return HttpResponseRedirect(
            openid.ask(request, back, self.get_success_url(), again=request.GET.get("autre") == "1")
        )


class Back(Configured):
    """Not through Django's ``authenticate``: no password is tried here, so none is counted, and no lock is met."""

    def get(self, request: HttpRequest) -> HttpResponse:
        identity, next_ = openid.answered(request)
        login(request, agent_of(identity), backend=PROCONNECT)
        request.session[HELD] = {"id_token": identity.id_token, "end_session": identity.end_session}
        return redirect(next_)


def leave(request: HttpRequest, held: dict[str, str]) -> HttpResponse:
    """Signed out here already: a page that goes on to ProConnect by itself.

    A page, because browsers hold the redirections of a form to this policy's own addresses (``form-action``), and
    ProConnect sends on to identity providers that nobody knows beforehand.
    """
    state = secrets.token_urlsafe(32)
    request.session[LEAVING] = state
    hint = {"id_token_hint": held["id_token"], "state": state, "post_logout_redirect_uri": address("proconnect-left")}
    end = held["end_session"]
    response = render(
        request, "accounts/proconnect_leaving.html", {"address": f"{end}{'&' if '?' in end else '?'}{urlencode(hint)}"}
    )
    add_never_cache_headers(response)
    return response


class Left(Configured):
    """Where ProConnect sends who signed out of it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        state = request.session.pop(LEAVING, "")
        if not state or not secrets.compare_digest(state.encode(), request.GET.get("state", "").encode()):
            return redirect(settings.LOGOUT_REDIRECT_URL)
        return render(request, "accounts/proconnect_left.html")
