"""Who may come in: signed in, with a mandate in force today. What is shown here is kept by no cache."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from commitments.days import paris_day
from ministries.authoring import Author
from ministries.models import Act, Agent
from ministries.permissions import Action, rights

View = Callable[..., HttpResponse]


def workspace(view: View) -> View:
    """A page of the workspace: the way to sign in, a closed door that says why, or the page."""

    @never_cache
    @login_required
    @wraps(view)
    def wrapped(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        request.rights = rights(request.user, paris_day(timezone.now()))
        if not request.rights.holds(Action.ENTER):
            ended = max((m.until for m in request.rights.former if m.until), default=None)
            return render(request, "workspace/closed.html", {"ended": ended}, status=403)
        return view(request, *args, **kwargs)

    return wrapped


def author(request: HttpRequest, form: str) -> Author:
    """Who writes, by which form."""
    agent = request.user
    assert isinstance(agent, Agent)  # noqa: S101 - the decorator let in nobody else
    return Author(agent, timezone.now(), Act.Channel.FORM, form)
